import { chiSquaredQ } from "../numerics/index.ts";
import { autocorrelationErrors, autocovariance } from "./autocovariance.ts";
import { type Chains, checkAligned, checkChains, countOf, meanOf } from "./chains.ts";
import type { Autocorrelation, Estimate, Estimated, Refusal, ReplicaConsistency } from "./estimate.ts";

/** Options of the Gamma method. */
export interface GammaOptions {
  /** S, the assumed ratio of the slowest time to tau_int in the choice of the window; default 1.5. */
  readonly s?: number;
  /** Fewer measurements than this many tau_int are refused; default 50. */
  readonly minimumTaus?: number;
  /** Fewer measurements than this are refused; default 10. */
  readonly minimumPoints?: number;
}

/** Options for a function of several means. */
export interface DerivedOptions extends GammaOptions {
  /** Its gradient at the means; by central differences where absent. */
  readonly gradient?: (means: readonly number[]) => readonly number[];
}

/**
 * Mean of a Markov chain (or several replicas) with its error by the Gamma method: U. Wolff, "Monte Carlo errors with
 * less errors", Comput. Phys. Commun. 156 (2004) 143, hep-lat/0306017. The window is chosen automatically (section
 * 3.3), the bias of the autocovariance corrected (eq. 49). Refuses where the chain is too short for an error.
 */
export function gammaMethod(chains: Chains, options: GammaOptions = {}): Estimated {
  checkChains(chains);
  const mean = meanOf(chains);
  const fluctuations = chains.map((chain) => Float64Array.from(chain, (x) => x - mean));
  return analyse(
    mean,
    fluctuations,
    chains.map((chain) => meanOf([chain])),
    options,
  );
}

/**
 * The same for F(<a_1>, <a_2>, …), a function of the means of observables measured together (`observables[k]` are the
 * chains of a_k). With two replicas or more the leading bias of F is estimated from them and taken away.
 */
export function gammaMethodDerived(
  observables: readonly Chains[],
  f: (means: readonly number[]) => number,
  options: DerivedOptions = {},
): Estimated {
  checkAligned(observables);
  const means = observables.map(meanOf);
  const slopes = options.gradient?.(means) ?? gradientByDifferences(observables, means, f);
  const fluctuations = observables[0]!.map((chain, r) =>
    Float64Array.from({ length: chain.length }, (_, i) =>
      observables.reduce((sum, a, k) => sum + slopes[k]! * (a[r]![i]! - means[k]!), 0),
    ),
  );
  const ofReplicas = observables[0]!.map((_, r) => f(observables.map((a) => meanOf([a[r]!]))));
  return analyse(f(means), fluctuations, ofReplicas, options);
}

/** Central differences with steps of a quarter of the naive errors. */
function gradientByDifferences(
  observables: readonly Chains[],
  means: readonly number[],
  f: (means: readonly number[]) => number,
): number[] {
  return observables.map((chains, k) => {
    const n = countOf(chains);
    const mean = means[k]!;
    const h = Math.sqrt(meanOf(chains.map((chain) => Float64Array.from(chain, (x) => (x - mean) ** 2))) / n) / 4;
    return h > 0 ? (f(means.with(k, mean + h)) - f(means.with(k, mean - h))) / (2 * h) : 0;
  });
}

/** Error of `value` from the fluctuations projected on it, one array for each replica. */
function analyse(
  value: number,
  fluctuations: readonly Float64Array[],
  replicaValues: readonly number[],
  options: GammaOptions,
): Estimated {
  const { s = 1.5, minimumTaus = 50, minimumPoints = 10 } = options;
  const n = countOf(fluctuations);
  const refuse = (reason: string, autocorrelation?: Autocorrelation): Refusal => ({
    refused: true,
    method: "gamma",
    reason,
    mean: value,
    n,
    ...(autocorrelation && { autocorrelation }),
  });
  if (n < minimumPoints)
    return refuse(`only ${n} measurement${n === 1 ? "" : "s"}: an error needs at least ${minimumPoints}`);
  if (!Number.isFinite(value)) return refuse(`the function of the means is ${value}`);
  const limit = Math.floor(Math.max(...fluctuations.map((delta) => delta.length)) / 2);
  const gamma = autocovariance(fluctuations, limit);
  if (!Number.isFinite(gamma[0])) return refuse("the function of the means has no finite gradient there");
  if (fluctuations.every((delta) => delta.every((x) => x === 0))) return constant(value, n);

  const window = automaticWindow(gamma, n, s);
  const shown = autocorrelation(gamma, Math.min(limit, window ? 2 * window : 500), window ?? limit, n);
  if (window === undefined)
    return refuse(
      `the chain is too short: the autocorrelation does not die out within ${limit} measurements, half of the longest chain`,
      shown,
    );
  const variance = gamma[0]! + 2 * gamma.slice(1, window + 1).reduce((sum, x) => sum + x, 0);
  if (!(variance > 0))
    return refuse("the chain is too short: its measurements anticorrelate so much that no error is left over", shown);
  const corrected = variance * (1 + (2 * window + 1) / n); // every Gamma(t) is low by variance/n (eq. 49)
  const tauInt = corrected / (2 * (gamma[0]! + variance / n));
  if (n < minimumTaus * tauInt)
    return refuse(
      `the chain is too short: ${n} measurements are about ${Math.floor(n / tauInt)} autocorrelation times ` +
        `(tau_int about ${tauInt.toPrecision(2)}), an error needs at least ${minimumTaus}`,
      shown,
    );
  return {
    refused: false,
    method: "gamma",
    ...withReplicas(value, replicaValues, fluctuations, corrected),
    error: Math.sqrt(corrected / n),
    errorOfError: Math.sqrt((corrected / n) * ((window + 0.5) / n)),
    tauInt,
    tauIntError: 2 * tauInt * Math.sqrt(Math.max(0, window + 0.5 - tauInt) / n), // eq. 42
    window,
    n,
    autocorrelation: shown,
  } satisfies Estimate;
}

function constant(mean: number, n: number): Estimate {
  return {
    refused: false,
    method: "gamma",
    mean,
    error: 0,
    errorOfError: 0,
    tauInt: 0.5,
    tauIntError: 0,
    window: 0,
    n,
    autocorrelation: { rho: [1], error: [0] },
    note: `all ${n} measurements are equal: the error 0 says nothing about what a longer chain would show`,
  };
}

/**
 * The first W where exp(-W/tau) - tau/sqrt(W n) turns negative, tau = S/ln((2 tau_int + 1)/(2 tau_int - 1)) being the
 * slowest time (section 3.3); undefined where none does. Anticorrelated data, tau_int <= 1/2, have no tau in this formula,
 * and Wolff stops there at once, which makes their error too small by more than half where rho alternates; so tau is
 * then taken from the sum of |rho|.
 */
function automaticWindow(gamma: Float64Array, n: number, s: number): number | undefined {
  let excess = 0; // tau_int - 1/2
  let absolute = 0;
  for (let w = 1; w < gamma.length; w++) {
    excess += gamma[w]! / gamma[0]!;
    absolute += Math.abs(gamma[w]! / gamma[0]!);
    const tau = s / Math.log(1 + 1 / (excess > 0 ? excess : absolute));
    if (Math.exp(-w / tau) <= tau / Math.sqrt(w * n)) return w;
  }
  return undefined;
}

function autocorrelation(gamma: Float64Array, last: number, window: number, n: number): Autocorrelation {
  const rho = Array.from(gamma, (x) => x / gamma[0]!);
  return { rho: rho.slice(0, last + 1), error: autocorrelationErrors(rho, last, Math.min(window, 1000), n) };
}

/** Value with the bias seen by the replicas removed (section 3.1; a plain mean has none), and their consistency. */
function withReplicas(
  value: number,
  replicaValues: readonly number[],
  fluctuations: readonly Float64Array[],
  variance: number,
): { mean: number; replicas?: ReplicaConsistency; note?: string } {
  const lengths = fluctuations.map((delta) => delta.length);
  const filled = replicaValues.flatMap((f, r) => (lengths[r]! > 0 ? [{ f, length: lengths[r]! }] : []));
  if (filled.length < 2) return { mean: value };
  const n = countOf(fluctuations);
  // F of a replica is biased n/length times as much as F of all, hence their average by (number of replicas) times
  const bias = filled.reduce((sum, { f, length }) => sum + ((f - value) * length) / n, 0) / (filled.length - 1);
  const mean = value - bias;
  const unbiased = filled.map(({ f, length }) => ({ f: f - (bias * n) / length, length }));
  const chiSquared = unbiased.reduce((sum, { f, length }) => sum + ((f - mean) ** 2 * length) / variance, 0);
  const means = unbiased.map(({ f }) => f);
  if (!Number.isFinite(chiSquared))
    return { mean: value, replicas: { means: filled.map(({ f }) => f), chiSquared, q: 0 } };
  const replicas = { means, chiSquared, q: chiSquaredQ(chiSquared, filled.length - 1) };
  const large = Math.abs(bias) > Math.sqrt(variance / n) / 4;
  return {
    mean,
    replicas,
    ...(large && { note: `a bias of ${bias.toPrecision(2)} was removed, which is not small against the error` }),
  };
}
