/**
 * Fixed-point real numbers of 256 fractional bits (77 decimal digits) as BigInt: the value of f is f / 2^256. Numbers
 * may be as large as wanted; one of size 10^-k has 77 - k correct digits. Sums, differences and signs are those of the
 * integers. Slow (about 0.2 microseconds a product) and meant for set-up work such as the Remez algorithm.
 */
export type Fixed = bigint;

const bits = 256n;
/** The number 1. */
export const one: Fixed = 1n << bits;

const word = new DataView(new ArrayBuffer(8));

/** The exact value of a finite double (what lies below 2^-256 is cut off); throws a RangeError for NaN and infinity. */
export function toFixed(x: number): Fixed {
  if (!Number.isFinite(x)) throw new RangeError(`${x} has no fixed-point value: expected a finite number`);
  word.setFloat64(0, x);
  const field = word.getBigUint64(0);
  const exponent = (field >> 52n) & 0x7ffn;
  const fraction = field & 0xfffffffffffffn;
  const mantissa = exponent === 0n ? fraction : fraction | (1n << 52n);
  const shift = (exponent === 0n ? 1n : exponent) - 1075n + bits;
  const magnitude = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  return field >> 63n ? -magnitude : magnitude;
}

/** The nearest double. */
export function toNumber(a: Fixed): number {
  return Number(a) * 2 ** -256;
}

/** a b */
export function times(a: Fixed, b: Fixed): Fixed {
  return (a * b) >> bits;
}

/** a / b; throws a RangeError where b = 0. */
export function over(a: Fixed, b: Fixed): Fixed {
  return (a << bits) / b;
}

/** |a| */
export function magnitude(a: Fixed): Fixed {
  return a < 0n ? -a : a;
}

/** The square root; throws a RangeError where a < 0. */
export function squareRoot(a: Fixed): Fixed {
  if (a < 0n) throw new RangeError(`square root of ${toNumber(a)}: expected a number >= 0`);
  if (a === 0n) return 0n;
  // integer Newton iteration for sqrt(a 2^256), from above
  const n = a << bits;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** atanh(1/m) = sum over k of m^-(2k+1) / (2k+1) */
function inverseAtanh(m: bigint): Fixed {
  let [sum, term] = [0n, one / m];
  for (let k = 1n; term !== 0n; k += 2n) {
    sum += term / k;
    term /= m * m;
  }
  return sum;
}

/** ln 2 by a formula of Machin's kind, from ln(27/25), ln(4802/4800) and ln(8750/8748). */
const ln2 = 18n * inverseAtanh(26n) - 2n * inverseAtanh(4801n) + 8n * inverseAtanh(8749n);

/** e^a: a = k ln 2 + r, Taylor series of e^(r/2^16), sixteen squarings. */
export function exponential(a: Fixed): Fixed {
  const k = (a + ln2 / 2n) / ln2;
  const small = (a - k * ln2) >> 16n;
  let [sum, term] = [one, one];
  for (let j = 1n; (term = times(term, small) / j) !== 0n && term !== -1n; j++) sum += term;
  for (let j = 0; j < 16; j++) sum = times(sum, sum);
  return k >= 0n ? sum << k : sum >> -k;
}

/** ln a for a > 0, by two steps of Halley's method on e^y = a from a double; throws a RangeError elsewhere. */
export function logarithm(a: Fixed): Fixed {
  if (a <= 0n) throw new RangeError(`logarithm of ${toNumber(a)}: expected a positive number`);
  let y = toFixed(Math.log(toNumber(a)));
  for (let step = 0; step < 2; step++) {
    const e = exponential(y);
    y += over(2n * (a - e), a + e);
  }
  return y;
}

/** a^p for a > 0 and any real p. */
export function power(a: Fixed, p: Fixed): Fixed {
  return exponential(times(p, logarithm(a)));
}

/**
 * Solves a x = b in place by elimination with partial pivoting and returns x (in b). Rows of `a` are destroyed. Throws a
 * RangeError where the matrix is singular.
 */
export function solveFixed(a: Fixed[][], b: Fixed[]): Fixed[] {
  const n = b.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (magnitude(a[i]![k]!) > magnitude(a[pivot]![k]!)) pivot = i;
    [a[k], a[pivot]] = [a[pivot]!, a[k]!];
    [b[k], b[pivot]] = [b[pivot]!, b[k]!];
    const row = a[k]!;
    if (row[k] === 0n) throw new RangeError(`singular linear system: no pivot in column ${k} of ${n}`);
    for (let i = k + 1; i < n; i++) {
      const other = a[i]!;
      const factor = over(other[k]!, row[k]!);
      if (factor === 0n) continue;
      for (let j = k + 1; j < n; j++) other[j] = other[j]! - times(factor, row[j]!);
      b[i] = b[i]! - times(factor, b[k]!);
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    let sum = b[k]!;
    for (let j = k + 1; j < n; j++) sum -= times(a[k]![j]!, b[j]!);
    b[k] = over(sum, a[k]![k]!);
  }
  return b;
}
