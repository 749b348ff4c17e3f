/** What an analysis of a Markov chain returns: an estimate with its error, or a refusal that says why there is none. */
export type Estimated<E extends { readonly refused: false } = Estimate> = E | Refusal;

/** A mean with its error, named by the method that made the error. */
export interface MethodEstimate {
  readonly refused: false;
  readonly method: "gamma" | "binning" | "jackknife" | "bootstrap";
  readonly mean: number;
  /** One standard deviation of the mean. */
  readonly error: number;
  /** One standard deviation of `error`. */
  readonly errorOfError: number;
  /** Number of measurements used. */
  readonly n: number;
  /** A sentence for the reader where the numbers alone mislead (constant data, biased function). */
  readonly note?: string;
}

/** The Gamma method's estimate. tauInt is 1/2 for uncorrelated data, in units of the distance of measurements. */
export interface Estimate extends MethodEstimate {
  readonly method: "gamma";
  readonly tauInt: number;
  readonly tauIntError: number;
  /** Lag to which the autocovariance was summed. */
  readonly window: number;
  readonly autocorrelation: Autocorrelation;
  /** Present for two replicas or more. */
  readonly replicas?: ReplicaConsistency;
}

/** An estimate from bins of consecutive measurements. */
export interface BinnedEstimate extends MethodEstimate {
  readonly method: "binning" | "jackknife" | "bootstrap";
  readonly binSize: number;
  readonly bins: number;
  /** Estimated <estimator> - truth, not subtracted from `mean` (jackknife and bootstrap of derived quantities). */
  readonly bias?: number;
}

/** No error can be given. `reason` is a sentence for the user. */
export interface Refusal {
  readonly refused: true;
  readonly method: MethodEstimate["method"];
  readonly reason: string;
  readonly mean: number;
  readonly n: number;
  /** What could be seen of it, for a figure; not to be trusted. */
  readonly autocorrelation?: Autocorrelation;
}

/** The normalised autocorrelation function rho(t), t = 0, 1, 2 …, and its errors. */
export interface Autocorrelation {
  readonly rho: readonly number[];
  readonly error: readonly number[];
}

/** Do the replicas agree with each other within their errors? */
export interface ReplicaConsistency {
  /** The mean (or the function of means) of every replica. */
  readonly means: readonly number[];
  readonly chiSquared: number;
  /** Probability of a larger chi-squared with (replicas - 1) degrees of freedom: suspicious below 0.01. */
  readonly q: number;
}
