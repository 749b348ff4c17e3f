import { histogram, histogramFigure } from "./histogram.ts";

/** The distribution of the topological charge; along the gradient flow it gathers near the integers. */
export function chargeFigure(name: string, charges: readonly number[]): string {
  return histogramFigure(
    { title: `Histogram of ${name}`, description: "distribution of the topological charge in the production phase" },
    name,
    histogram(charges, true),
  );
}
