import type { PointAnalysis, Quantity } from "../analysis.ts";
import { tauText } from "../estimates.ts";
import { autocorrelationFigure } from "../figures/autocorrelation.ts";
import { chargeFigure } from "../figures/charge.ts";
import { historyFigure } from "../figures/history.ts";
import { observableTitle } from "../names.ts";
import { productionValues } from "../series.ts";
import { captioned } from "./captioned.ts";
import { type Markup, markup } from "./markup.ts";

/** Values of one observable that get figures; the others are in its table only. */
const drawn = 3;

/** Histories and autocorrelation functions, observable by observable. */
export function observablesSection({ quantities, updates }: PointAnalysis, replicas: number): Markup {
  const shown = quantities.filter(
    ({ observable, flowTime, derived }) =>
      !derived &&
      observable !== "topological-susceptibility" &&
      (flowTime === undefined || observable === "topological-charge"),
  );
  const observables = [...new Set(shown.map(({ observable }) => observable))];
  const thermalise = Math.round(updates.thermalisation / Math.max(1, replicas));
  return markup`<p class="note">Left the history${replicas > 1 && ` of ${replicas} replicas`}${
    thermalise > 0 && ", up to the dotted line its thermalisation"
  }, with the estimate as a band of the width of its error. Right the autocorrelation function, in units of the distance between measurements, and the window W up to which it is summed to τ<sub>int</sub>.</p>
${observables.map((observable) => {
  const all = shown.filter((quantity) => quantity.observable === observable);
  const rest = all.length - drawn;
  return markup`<h3>${observableTitle(observable)}</h3>
${all.slice(0, drawn).map((quantity) => quantityFigures(quantity, thermalise))}
${rest > 0 && markup`<p class="note">${rest} more in <code>measurements/${observable}.csv</code>.</p>`}`;
})}`;
}

function quantityFigures({ name, estimated, series, observable }: Quantity, thermalise: number): Markup {
  if (!estimated.refused && estimated.error === 0)
    return markup`<p class="note">${name} is ${Number(estimated.mean.toPrecision(10))} in all ${estimated.n} measurements.</p>`;
  const replicas = series.replicas.map(({ thermalisation, production }) => [...thermalisation, ...production]);
  const estimate = estimated.refused ? {} : { estimate: { mean: estimated.mean, error: estimated.error } };
  const history = captioned(historyFigure({ name, replicas, thermalise, ...estimate }));
  const charges = productionValues(series).flat();
  return markup`<div class="record">${history}${beside(name, estimated)}</div>
${observable === "topological-charge" && captioned(chargeFigure(name, charges))}`;
}

/** The autocorrelation function where it could be summed; otherwise why not. */
function beside(name: string, estimated: Quantity["estimated"]): Markup | undefined {
  if (estimated.refused) return markup`<p class="note refusal">No error for ${name}: ${estimated.reason}.</p>`;
  const { rho, error } = estimated.autocorrelation;
  const { window } = estimated;
  if (rho.length < 3) return undefined;
  return captioned(autocorrelationFigure({ name, rho, rhoError: error, window, tauInt: tauText(estimated) }));
}
