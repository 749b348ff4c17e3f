import {
  type Chains,
  countOf,
  type Estimated,
  formatWithError,
  gammaMethod,
  type Refusal,
} from "../statistics/index.ts";

/** The Gamma method, where measurements that are not finite are a reason to refuse rather than an exception. */
export function estimate(chains: Chains): Estimated {
  try {
    return gammaMethod(chains);
  } catch (error) {
    if (error instanceof RangeError) return refusal("gamma", error.message, countOf(chains));
    throw error;
  }
}

export const refusal = (method: Refusal["method"], reason: string, n: number, mean = Number.NaN): Refusal => ({
  refused: true,
  method,
  reason,
  mean,
  n,
});

interface Shown {
  readonly refused: boolean;
  readonly mean: number;
  readonly error?: number;
}

/** "0.59422(8)"; "0.594221(?)" where the error was refused, and a dash where there is no mean either. */
export function valueText({ mean, error }: Shown): string {
  return Number.isNaN(mean) ? "–" : formatWithError(mean, error ?? Number.NaN);
}

/** tau_int with its error, "1.52(12)"; empty where it was refused. */
export const tauText = (estimated: Estimated): string =>
  estimated.refused ? "" : formatWithError(estimated.tauInt, estimated.tauIntError);

/** The sentence that belongs to an estimate: why it was refused, or what to know about it; undefined for none. */
export function remark(estimated: Estimated): string | undefined {
  if (estimated.refused) return estimated.reason;
  const q = estimated.replicas?.q;
  const disagree = q !== undefined && q < 0.01 ? `the replicas disagree: probability ${q.toExponential(1)}` : undefined;
  return [estimated.note, disagree].filter((sentence) => sentence !== undefined).join("; ") || undefined;
}
