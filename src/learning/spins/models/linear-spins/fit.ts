/** Couplings that least squares found, with standard errors. */
export interface CouplingFit {
  /** J_1 … J_n, E_0: the parameters of the linear model. */
  readonly parameters: Float64Array;
  /** Their standard errors, for observations that are independent of one another. */
  readonly errors: Float64Array;
  /** Mean of the squared residuals of ln W. */
  readonly mse: number;
}

/**
 * Ordinary least squares ln W = sum_n (J_n / T) C_n - E_0 / T + noise.
 *
 * Modified Gram-Schmidt on the columns of pair sums about their means, which is as stable as Householder reflections
 * (Bjoerck, BIT 7 (1967) 1), because sums of squares of the large and hardly varying ln W would lose the digits that
 * matter.
 * @param sums C_1 … C_n of observation b at [n b …].
 * @param logWeights ln W of each.
 * Throws a RangeError with no more observations than unknowns, or where the observations do not tell two shells apart.
 */
export function fitCouplings(sums: Float64Array, logWeights: Float64Array, temperature: number): CouplingFit {
  const count = logWeights.length;
  const shells = count === 0 ? 0 : sums.length / count;
  if (!(Number.isInteger(shells) && shells >= 1))
    throw new RangeError(
      `fit of couplings: ${sums.length} pair sums of ${count} configurations are no whole number each`,
    );
  if (count < shells + 2)
    throw new RangeError(
      `fit of couplings: ${count} configurations for ${shells + 1} unknowns; give ${shells + 2} or more, or fit fewer shells`,
    );
  const { columns, means } = centredColumns(sums, shells, count);
  const level = mean(logWeights);
  const left = logWeights.map((y) => y - level);
  const { upper, projections } = gramSchmidt(columns, left);
  const slopes = backSubstituted(upper, projections);
  const mse = left.reduce((sum, r) => sum + r * r, 0) / count;
  const variance = (mse * count) / (count - shells - 1);
  const inverse = inverseRows(upper);
  // (X^T X)^-1 = R^-1 R^-T; the constant has that of the mean besides
  const along = (row: readonly number[]) => row.reduce((sum, x) => sum + x * x, 0);
  const offset = upper.map((_, k) => inverse.reduce((sum, row, i) => sum + means[i]! * row[k]!, 0));
  const constant = slopes.reduce((sum, b, i) => sum - b * means[i]!, level);
  return {
    parameters: Float64Array.from([...slopes.map((b) => temperature * b), -temperature * constant]),
    errors: Float64Array.from(
      [...inverse.map(along), 1 / count + along(offset)].map((v) => temperature * Math.sqrt(variance * v)),
    ),
    mse,
  };
}

const mean = (x: Float64Array): number => x.reduce((a, b) => a + b, 0) / x.length;

function centredColumns(sums: Float64Array, shells: number, count: number) {
  const means: number[] = [];
  const columns = Array.from({ length: shells }, (_, n) => {
    const column = Float64Array.from({ length: count }, (_, b) => sums[shells * b + n]!);
    const middle = mean(column);
    means.push(middle);
    return column.map((x) => x - middle);
  });
  return { columns, means };
}

/** A column of which this little is left beside the ones before it is one of them up to rounding. */
const DEPENDENT = 1e-10;

/** Orthonormalises the columns in place and takes their parts out of y. `upper` is R of X = Q R, `projections` Q^T y. */
function gramSchmidt(columns: readonly Float64Array[], y: Float64Array) {
  const upper = columns.map(() => columns.map(() => 0));
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const takeOut = (part: number, unit: Float64Array, from: Float64Array) => {
    for (let i = 0; i < from.length; i++) from[i]! -= part * unit[i]!;
  };
  const sizes = columns.map((x) => Math.sqrt(dot(x, x)));
  const projections = columns.map((column, k) => {
    const norm = Math.sqrt(dot(column, column));
    if (!(norm > DEPENDENT * sizes[k]!))
      throw new RangeError(
        `fit of couplings: the configurations do not tell shell ${k + 1} from those before it; add configurations that differ more, or fit fewer shells`,
      );
    upper[k]![k] = norm;
    for (let i = 0; i < column.length; i++) column[i]! /= norm;
    for (let later = k + 1; later < columns.length; later++) {
      const part = dot(column, columns[later]!);
      upper[k]![later] = part;
      takeOut(part, column, columns[later]!);
    }
    const part = dot(column, y);
    takeOut(part, column, y);
    return part;
  });
  return { upper, projections };
}

/** x with R x = b. */
function backSubstituted(upper: readonly (readonly number[])[], b: readonly number[]): number[] {
  const x = [...b];
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = i + 1; j < x.length; j++) x[i]! -= upper[i]![j]! * x[j]!;
    x[i]! /= upper[i]![i]!;
  }
  return x;
}

/** The rows of R^-1. */
function inverseRows(upper: readonly (readonly number[])[]): number[][] {
  const columns = upper.map((_, k) =>
    backSubstituted(
      upper,
      upper.map((_, i) => (i === k ? 1 : 0)),
    ),
  );
  return upper.map((_, i) => columns.map((column) => column[i]!));
}
