/** Modified Bessel functions of the first kind, I_n(x), for whole orders n and real x. */

/**
 * exp(-|x|) I_k(x) for k = 0 … order. Miller's downward recurrence, normalised with exp(x) = I_0 + 2 sum_k I_k
 * (Abramowitz and Stegun 9.6.37). For x > 0 every term is positive, so nothing cancels: the relative error stays
 * near 1e-15 (values that fall below 1e-308 of the largest come out as 0).
 */
export function besselIScaledOrders(order: number, x: number): Float64Array {
  if (!Number.isInteger(order) || order < 0 || !Number.isFinite(x))
    throw new RangeError(`Bessel I: order ${order} at x = ${x}; expected whole orders from 0 and a finite x`);
  const values = new Float64Array(order + 1);
  const y = Math.abs(x);
  if (y < 1e-150) {
    values[0] = 1;
    if (order > 0) values[1] = x / 2;
    return values;
  }
  let above = 0;
  let here = 1;
  let sum = 0;
  for (let k = startingOrder(order, y); k > 0; k--) {
    if (k <= order) values[k] = here;
    sum += 2 * here;
    [here, above] = [above + ((2 * k) / y) * here, here];
    if (here > 1e100) {
      const scale = 1 / here;
      for (let j = k; j <= order; j++) values[j] = (values[j] ?? 0) * scale;
      [here, above, sum] = [1, above * scale, sum * scale];
    }
  }
  values[0] = here;
  sum += here;
  for (let k = 0; k <= order; k++) {
    const sign = x < 0 && k % 2 === 1 ? -1 : 1;
    values[k] = (sign * (values[k] ?? 0)) / sum;
  }
  return values;
}

/** Order from which the recurrence may start with nothing above: I_M is below 1e-20 I_0, and below 1e-20 I_order. */
function startingOrder(order: number, x: number): number {
  let logRatio = 0;
  let m = 0;
  let target = -46;
  while (m <= order || logRatio > target) {
    if (m === order) target = Math.min(target, logRatio - 46);
    const k = m + 0.5;
    logRatio += Math.log(x / (k + Math.sqrt(x * x + k * k))); // bound of I_{m+1}/I_m, Amos, Math. Comp. 28 (1974) 239
    m++;
  }
  return m;
}

/** exp(-|x|) I_n(x), for orders of either sign. */
export function besselIScaled(n: number, x: number): number {
  return besselIScaledOrders(Math.abs(n), x)[Math.abs(n)] ?? 0;
}

/** I_n(x), for orders of either sign. Overflows to infinity near |x| = 713, as the function itself does. */
export function besselI(n: number, x: number): number {
  const half = Math.exp(Math.abs(x) / 2); // two halves keep the exponential finite as long as the product is
  return besselIScaled(n, x) * half * half;
}
