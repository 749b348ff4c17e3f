import { chiSquaredQ } from "../numerics/index.ts";

/** Result of a chi-squared test. */
export interface ChiSquared {
  readonly chiSquared: number;
  /** Degrees of freedom. */
  readonly dof: number;
  /** Probability of a larger chi-squared where the hypothesis holds. */
  readonly pValue: number;
}

/** Options of the chi-squared tests. */
export interface ChiSquaredOptions {
  /** Neighbouring bins are merged until each is expected to hold this many; default 5. */
  readonly minimum?: number;
}

/** Are independent draws, counted in bins, drawn with these probabilities (which sum to 1)? */
export function chiSquaredTest(
  counts: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: ChiSquaredOptions = {},
): ChiSquared {
  const total = sum(counts);
  const p = sum(probabilities);
  if (counts.length !== probabilities.length || !(Math.abs(p - 1) < 1e-6))
    throw new RangeError(
      `${counts.length} counts against ${probabilities.length} probabilities of sum ${p}: expected as many, of sum 1`,
    );
  const expected = Float64Array.from(probabilities, (x) => x * total);
  const groups = merge(expected, options);
  const chiSquared = groups.reduce((s, g) => {
    const e = sum(g.map((k) => expected[k]!));
    return s + (sum(g.map((k) => counts[k]!)) - e) ** 2 / e;
  }, 0);
  return result(chiSquared, groups.length - 1);
}

/** Are two sets of independent draws, counted in the same bins, drawn from one distribution? */
export function chiSquaredTwoSamples(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: ChiSquaredOptions = {},
): ChiSquared {
  if (a.length !== b.length) throw new RangeError(`${a.length} bins against ${b.length}: expected the same bins`);
  const [na, nb] = [sum(a), sum(b)];
  const share = Math.min(na, nb) / (na + nb);
  const groups = merge(
    Float64Array.from(a, (x, k) => (x + b[k]!) * share),
    options,
  );
  const chiSquared = groups.reduce((s, g) => {
    const [x, y] = [sum(g.map((k) => a[k]!)), sum(g.map((k) => b[k]!))];
    return s + (x * Math.sqrt(nb / na) - y * Math.sqrt(na / nb)) ** 2 / (x + y);
  }, 0);
  return result(chiSquared, groups.length - 1);
}

function result(chiSquared: number, dof: number): ChiSquared {
  if (dof < 1) throw new RangeError("a chi-squared test needs two bins or more that are filled well enough");
  return { chiSquared, dof, pValue: chiSquaredQ(chiSquared, dof) };
}

function sum(values: ArrayLike<number>): number {
  let s = 0;
  for (let i = 0; i < values.length; i++) s += values[i]!;
  return s;
}

/** Groups of neighbouring bins that are each expected to hold enough; a rest at the end joins the last group. */
function merge(expected: Float64Array, { minimum = 5 }: ChiSquaredOptions): number[][] {
  const groups: number[][] = [];
  let open: number[] = [];
  let held = 0;
  expected.forEach((e, k) => {
    open.push(k);
    held += e;
    if (held < minimum || held === 0) return;
    groups.push(open);
    [open, held] = [[], 0];
  });
  const last = groups.at(-1);
  if (last) last.push(...open);
  return groups;
}
