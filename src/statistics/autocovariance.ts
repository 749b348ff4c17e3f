import { fft } from "../numerics/index.ts";

/**
 * Autocovariance Gamma(t), t = 0 … lags, of fluctuations around a common mean: the average of delta_i delta_{i+t} over
 * all pairs inside the replicas (Wolff, hep-lat/0306017). By FFT with zero padding, O(n log n).
 */
export function autocovariance(fluctuations: readonly Float64Array[], lags: number): Float64Array {
  const gamma = new Float64Array(lags + 1);
  const pairs = new Float64Array(lags + 1);
  for (const delta of fluctuations) {
    const reach = Math.min(lags, delta.length - 1);
    const products = laggedProducts(delta, reach);
    for (let t = 0; t <= reach; t++) {
      gamma[t]! += products[t]!;
      pairs[t]! += delta.length - t;
    }
  }
  return gamma.map((sum, t) => (pairs[t]! > 0 ? sum / pairs[t]! : 0));
}

/** sum_i delta_i delta_{i+t} for t = 0 … reach (longer in the array returned). */
function laggedProducts(delta: Float64Array, reach: number): Float64Array {
  const size = 2 ** Math.ceil(Math.log2(delta.length + reach + 1));
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  re.set(delta);
  fft(re, im);
  for (let k = 0; k < size; k++) {
    re[k] = (re[k]! ** 2 + im[k]! ** 2) / size;
    im[k] = 0;
  }
  fft(re, im); // the power spectrum is even, so forward and backward transforms agree
  return re;
}

/**
 * Errors of rho(t), t = 0 … last: delta rho(t)^2 = (1/n) sum_k [rho(k+t) + rho(k-t) - 2 rho(k) rho(t)]^2 with the sum cut
 * at k = t + window (Luescher, hep-lat/0409106, eq. E.11).
 */
export function autocorrelationErrors(rho: ArrayLike<number>, last: number, window: number, n: number): number[] {
  const at = (t: number): number => rho[Math.abs(t)] ?? 0;
  return Array.from({ length: last + 1 }, (_, t) => {
    let sum = 0;
    for (let k = Math.max(1, t - window); k <= t + window; k++) sum += (at(k + t) + at(k - t) - 2 * at(t) * at(k)) ** 2;
    return t === 0 ? 0 : Math.sqrt(sum / n);
  });
}
