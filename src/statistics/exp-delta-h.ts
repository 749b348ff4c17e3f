import { erfc } from "../numerics/index.ts";
import { type Chains, countOf } from "./chains.ts";
import type { Estimated } from "./estimate.ts";
import { type GammaOptions, gammaMethod } from "./gamma-method.ts";

/** <exp(-deltaH)>, which is 1 for every exact update (Creutz, PRD 38 (1988) 1228). */
export interface ExpDeltaH {
  readonly estimate: Estimated;
  /** (estimate - 1)/error; absent where the error was refused. */
  readonly pull?: number;
}

/** <exp(-deltaH)> with its error and its distance from 1, over proposals accepted and rejected alike. */
export function expDeltaH(deltaH: Chains, options: GammaOptions = {}): ExpDeltaH {
  const estimate = gammaMethod(
    deltaH.map((chain) => Float64Array.from(chain, (x) => Math.exp(-x))),
    options,
  );
  if (estimate.refused) return { estimate };
  const distance = estimate.mean - 1;
  return { estimate, pull: distance === 0 ? 0 : distance / estimate.error };
}

/** Acceptance: the fraction accepted, with two errors. */
export interface Acceptance {
  readonly rate: number;
  /**
   * Error as if the decisions were independent: the posterior standard deviation of the rate for a flat prior, so that
   * it is not 0 where everything was accepted.
   */
  readonly binomialError: number;
  /** By the Gamma method, with the autocorrelation of the decisions. */
  readonly estimate: Estimated;
  readonly n: number;
}

/** Acceptance from series of decisions (1 or true: accepted). NaN without decisions. */
export function acceptance(accepted: readonly ArrayLike<number | boolean>[], options: GammaOptions = {}): Acceptance {
  const chains = accepted.map((chain) => Float64Array.from(chain, Number));
  const n = countOf(chains);
  const hits = chains.reduce((sum, chain) => sum + chain.reduce((s, x) => s + x, 0), 0);
  const p = (hits + 1) / (n + 2);
  return {
    rate: hits / n,
    binomialError: Math.sqrt((p * (1 - p)) / (n + 3)),
    estimate: gammaMethod(chains, options),
    n,
  };
}

/**
 * The acceptance expected for a mean deltaH: erfc(sqrt(<deltaH>)/2), exact where deltaH is normal with
 * <exp(-deltaH)> = 1, which makes its variance 2 <deltaH> (Gupta, Irbaeck, Karsch, Petersson, PLB 242 (1990) 437).
 */
export function expectedAcceptance(meanDeltaH: number): number {
  return erfc(Math.sqrt(Math.max(0, meanDeltaH)) / 2);
}
