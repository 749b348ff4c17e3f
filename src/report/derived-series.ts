import { combine, type Series } from "./series.ts";

/**
 * Series that follow from measured ones configuration by configuration: |P| of the Polyakov loop, and Q^2/V of every
 * topological charge, whose mean is the topological susceptibility (<Q> = 0 by symmetry). `volume` in lattice sites.
 */
export function derivedSeries(series: readonly Series[], volume: number | undefined): Series[] {
  return series.flatMap((one) => {
    if (one.observable === "topological-charge" && volume !== undefined)
      return [combine([one], "topological-susceptibility", one.label, (q) => (q * q) / volume)];
    if (one.observable !== "polyakov-loop" || one.label !== "re") return [];
    const imaginary = series.find(
      ({ observable, label, flowTime }) => observable === one.observable && label === "im" && flowTime === one.flowTime,
    );
    const measured = series.some(({ observable, label }) => observable === one.observable && label === "abs");
    return imaginary && !measured ? [combine([one, imaginary], one.observable, "abs", Math.hypot)] : [];
  });
}
