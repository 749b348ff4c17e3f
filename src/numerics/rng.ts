/**
 * Randomness is addressed, never consumed in an order: every number is a function of
 * (seed, chain, purpose, step, site) and of its place in the stream found there.
 */
export interface Rng {
  readonly seed: string;
  readonly chain: number;
  /** The stream at an address; `site` defaults to 0 (a draw for the whole field). */
  at(purpose: string, step: number, site?: number): Stream;
  /** The two 32-bit key words of Philox4x32-10 for a purpose, for kernels that draw for themselves. */
  key(purpose: string): readonly [number, number];
}

/** Numbers at one address. */
export interface Stream {
  /** Uniform in [0, 1), 52 bits. */
  uniform(): number;
  /** Normal with mean 0 and variance 1. */
  normal(): number;
  /** Uniform integer in [0, n). */
  below(n: number): number;
}

/** The same random numbers under purposes of their own, "prefix purpose", from which nothing else draws. */
export const apart = (rng: Rng, prefix: string): Rng => ({
  seed: rng.seed,
  chain: rng.chain,
  at: (purpose, step, site) => rng.at(prefix + purpose, step, site),
  key: (purpose) => rng.key(prefix + purpose),
});
