/**
 * Values in the running mean of a noisy series of n, where nothing else was asked for: a tenth of them, at most 100. The
 * loss of a training is followed with it, while it trains and in its figures.
 */
export const meanWindow = (n: number): number => Math.min(100, Math.max(1, Math.round(n / 10)));
