import { formatWithError } from "../../statistics/index.ts";
import type { PointAnalysis, Quantity } from "../analysis.ts";
import { quantityName } from "../names.ts";

/** A number of a run. */
export interface Found {
  /** How it is written: "acceptance", "plaquette", "τ_int of Re P", "β of plaquette". */
  readonly name: string;
  /** NaN where the run has no such number. */
  readonly mean: number;
  /** One standard deviation; absent where the data allow none. */
  readonly error?: number;
  /** Why there is no error, or no number. */
  readonly reason?: string;
}

const tau = "tau_int ";
const coupling = "coupling ";

/**
 * A number of a run by its word: "acceptance", "observable.label" as in the events ("polyakov-loop.re"), the same with
 * "tau_int " before it, "coupling " and a family of loops, or "mse", of an effective action.
 */
export function findQuantity(point: PointAnalysis, word: string): Found {
  if (word === "acceptance") return acceptanceOf(point);
  if (word === "mse") return mseOf(point);
  if (word.startsWith(tau)) return tauIntOf(point, word.slice(tau.length));
  if (word.startsWith(coupling)) return couplingOf(point, word.slice(coupling.length));
  const name = nameOf(word);
  const estimated = observed(point, word)?.estimated;
  if (!estimated) return { name, mean: Number.NaN, reason: "it was not measured" };
  const { mean } = estimated;
  return estimated.refused ? { name, mean, reason: estimated.reason } : { name, mean, error: estimated.error };
}

/**
 * The mean of min(1, exp(-deltaH)) where it can be told; else of the decisions, with their autocorrelation where that can
 * be told, and never less than for independent ones.
 */
function acceptanceOf({ updates: { acceptance, acceptanceProbability } }: PointAnalysis): Found {
  const name = "acceptance";
  if (acceptanceProbability && !acceptanceProbability.refused)
    return { name, mean: acceptanceProbability.mean, error: acceptanceProbability.error };
  if (!acceptance) return { name, mean: Number.NaN, reason: "nothing is accepted or rejected" };
  const { rate, binomialError, estimate } = acceptance;
  return { name, mean: rate, error: estimate.refused ? binomialError : Math.max(binomialError, estimate.error) };
}

function mseOf({ updates: { guideMse } }: PointAnalysis): Found {
  const name = "MSE of S_eff";
  if (!guideMse) return { name, mean: Number.NaN, reason: "no effective action proposes" };
  const { mean } = guideMse;
  return guideMse.refused ? { name, mean, reason: guideMse.reason } : { name, mean, error: guideMse.error };
}

/** In updates. */
function tauIntOf(point: PointAnalysis, word: string): Found {
  const name = `τ_int of ${nameOf(word)}`;
  const quantity = observed(point, word);
  if (!quantity) return { name, mean: Number.NaN, reason: "it was not measured" };
  const { estimated, every = 1 } = quantity;
  if (estimated.refused) return { name, mean: Number.NaN, reason: estimated.reason };
  return { name, mean: every * estimated.tauInt, error: every * estimated.tauIntError };
}

function couplingOf({ updates: { tuned = {} } }: PointAnalysis, family: string): Found {
  const name = `β of ${family}`;
  const [mean, error] = [tuned[`beta ${family}`], tuned[`error ${family}`]];
  if (mean === undefined) return { name, mean: Number.NaN, reason: "no such coupling was fitted" };
  return error === undefined ? { name, mean, reason: "too little was seen for an error" } : { name, mean, error };
}

const observed = ({ quantities }: PointAnalysis, word: string): Quantity | undefined =>
  quantities.find(({ observable, label, flowTime }) => flowTime === undefined && `${observable}.${label}` === word);

function nameOf(word: string): string {
  const [observable = "", label = ""] = word.split(".");
  return quantityName(observable, label);
}

/** "0.7025(1)", "0.40" without an error, "0.703(?)" where it was refused, a dash for none. */
export function foundText({ mean, error }: { readonly mean: number; readonly error?: number }): string {
  return Number.isNaN(mean) ? "–" : formatWithError(mean, error ?? Number.NaN);
}
