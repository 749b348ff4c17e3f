/**
 * A number with its error in the last digits: 0.59422(8), 12.3(1.4), 1.52(3)e-7. The error is rounded by the rule of the
 * Particle Data Group: two digits where its first three are 100 to 354, one digit from 355 to 949, and 950 to 999 become
 * 1000 with two. An error of 0, or of no more than rounding, is written (0), one that is not finite (?).
 */
export function formatWithError(value: number, error: number): string {
  if (!Number.isFinite(value)) return `${value}`;
  if (!Number.isFinite(error) || error < 0) return `${Number(value.toPrecision(6))}(?)`;
  if (error <= ROUNDING * Math.abs(value)) return `${Number(value.toPrecision(10))}(0)`;
  const size = Math.max(Math.abs(value), error);
  const last = lastDigit(error);
  const power = Math.floor(Math.log10(size));
  if (power >= -4 && power <= 5 && last <= 0) return plain(value, error, -last);
  return `${plain(value / 10 ** power, error / 10 ** power, Math.max(0, power - last))}e${power}`;
}

/** Relative error below which the digits of a float64 end. */
const ROUNDING = 1e-15;

/** Power of ten of the last digit of the rounded error. */
function lastDigit(error: number): number {
  const power = Math.floor(Math.log10(error));
  const three = Math.round(error / 10 ** (power - 2));
  if (three >= 950) return power; // 0.0096 -> 0.0100, two digits of one power more
  return three < 355 ? power - 1 : power;
}

function plain(value: number, error: number, decimals: number): string {
  const digits = error.toFixed(decimals);
  // an error of 1 or more keeps its point: 12.3(1.4)
  return `${value.toFixed(decimals)}(${Number(digits) < 1 || decimals === 0 ? Number(digits.replace(".", "")) : digits})`;
}
