import type { Field } from "../../../lattice/field.ts";
import type { Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import { hermitianEigen } from "../../../numerics/hermitian.ts";
import type { NormalOperator } from "../operator.ts";
import { KrylovBasis } from "./krylov.ts";
import { NotConverged } from "./stopping.ts";

/** Eigenvalues of a Hermitian operator with orthonormal eigenvectors. */
export interface Eigenmodes {
  readonly space: SpinorSpace;
  readonly sites: Sites;
  /** From the wanted end of the spectrum inwards, each as often as its multiplicity. */
  readonly values: Float64Array;
  readonly vectors: readonly Field[];
  /** |A v - value v| of each, computed from the vector; the eigenvalue is at most this far from the value. */
  readonly residuals: Float64Array;
  /** Releases the vectors. */
  release(): void;
}

export interface LanczosOptions {
  /** How many eigenvalues. */
  readonly count: number;
  /** Which end of the spectrum. Default "lowest". */
  readonly end?: "lowest" | "largest";
  /** |A v - lambda v| / |A| at most this. Default 1e-10. */
  readonly tolerance?: number;
  /** Vectors held at a time; more of them need fewer applications of A. Default 2 count + 20. */
  readonly basis?: number;
  /** Most applications of A. Default 20000. */
  readonly applications?: number;
}

/**
 * Eigenvalues and eigenvectors at an end of the spectrum of a Hermitian operator by thick-restart Lanczos with full
 * reorthogonalisation (K. Wu, H. Simon, SIAM J. Matrix Anal. Appl. 22 (2000) 602).
 *
 * One Krylov space holds one vector of a degenerate eigenspace only. So the search, once it has converged, starts again
 * from a random vector orthogonal to what it has found, until nothing is found any more that belongs among them.
 * @throws NotConverged where the applications run out or numbers are lost, RangeError for more eigenvalues than there are.
 */
export function lanczos(a: NormalOperator, options: LanczosOptions): Eigenmodes {
  const search = new Lanczos(a, options);
  try {
    search.run();
    return search.modes();
  } finally {
    search.release();
  }
}

/**
 * x <- V Lambda^{-1} V^dagger b, the part of the solution of A x = b along known low modes: with it as first guess,
 * conjugate gradients see only the rest of the spectrum (L. Giusti et al., Comput. Phys. Commun. 153 (2003) 31).
 */
export function deflated(x: Field, b: Field, { space, sites, values, vectors }: Eigenmodes): void {
  space.zero(sites, x);
  vectors.forEach((v, i) => {
    const z = space.dot(sites, v, b);
    space.complexAxpy(sites, x, z[0]! / values[i]!, z[1]! / values[i]!, v);
  });
}

/**
 * An interval that holds the spectrum of a Hermitian operator: its outermost eigenvalues, each moved outwards by its
 * residual (at most `tolerance` times the largest) and by rounding.
 */
export function spectralRange(
  a: NormalOperator,
  tolerance = 1e-8,
): { readonly lowest: number; readonly largest: number } {
  const edge = (end: "lowest" | "largest") => {
    const modes = lanczos(a, { count: 1, end, tolerance, basis: 40 });
    modes.release();
    return { value: modes.values[0]!, residual: modes.residuals[0]! };
  };
  const [low, high] = [edge("lowest"), edge("largest")];
  const rounding = 100 * Number.EPSILON * high.value;
  return { lowest: low.value - low.residual - rounding, largest: high.value + high.residual + rounding };
}

/** Eigenvalues and eigenvectors of the projected operator. */
interface Ritz {
  value(i: number): number;
  entry(j: number, i: number): number;
}

class Lanczos {
  private readonly a: NormalOperator;
  private readonly count: number;
  private readonly sign: 1 | -1;
  private readonly tolerance: number;
  private readonly size: number;
  private readonly complete: boolean;
  private readonly limit: number;
  private readonly basis: KrylovBasis;
  /** V^dagger A V, size x size. */
  private readonly t: Float64Array;
  private applications = 0;
  /** Largest modulus of an eigenvalue known of. */
  private scale = 0;

  constructor(a: NormalOperator, options: LanczosOptions) {
    const { count, end = "lowest", tolerance = 1e-10, basis = 2 * count + 20, applications = 20000 } = options;
    const dimension = KrylovBasis.dimension(a.space, a.sites);
    if (!(Number.isInteger(count) && count >= 1 && count <= dimension))
      throw new RangeError(`lanczos: ${count} eigenvalues of an operator that has ${dimension}`);
    this.a = a;
    this.count = count;
    this.sign = end === "lowest" ? 1 : -1;
    this.tolerance = tolerance;
    this.size = Math.min(Math.max(basis, count + 3), dimension);
    this.complete = this.size === dimension;
    this.limit = applications;
    this.basis = new KrylovBasis(a.space, a.sites, this.size);
    this.t = new Float64Array(this.size ** 2);
  }

  run(): void {
    const { basis, count, size, sign } = this;
    basis.random(0);
    /** Innermost of the wanted values when the last search from a random vector had converged. */
    let known: number | undefined;
    for (let kept = 0; ; ) {
      const beta = this.expand(kept);
      const pairs = this.ritz();
      const { value, entry } = pairs;
      const residual = (i: number) => Math.abs(beta * entry(size - 1, i));
      const limit = this.tolerance * this.scale;
      let worst = 0;
      for (let i = 0; i < count; i++) worst = Math.max(worst, residual(i));
      const found = worst <= limit;
      const last = value(count - 1);
      const unchanged = known !== undefined && sign * (last - known) >= -10 * limit;
      const settled = () => residual(count) <= Math.max(limit, 0.1 * Math.abs(value(count) - last));
      if (found && (this.complete || (unchanged && settled()))) {
        this.keep(count, 0, pairs);
        return;
      }
      if (this.applications >= this.limit) throw this.failure(worst);
      const fresh = found && !unchanged;
      if (found) known = last;
      kept = fresh ? count : Math.min(count + Math.ceil((size - count) / 2), size - 2);
      this.keep(kept, fresh ? 0 : beta, pairs);
      if (fresh) basis.random(kept);
    }
  }

  /** Adds vectors from number `kept` on until the basis is full; returns the length of what is left of the last one. */
  private expand(kept: number): number {
    const { a, basis, size, t } = this;
    let beta = 0;
    for (let j = kept; j < size; j++) {
      const value = a.apply(basis.vectors[j + 1]!, basis.vectors[j]!);
      this.applications++;
      if (!Number.isFinite(value)) throw this.failure(Number.NaN);
      t[j * size + j] = value;
      this.scale = Math.max(this.scale, Math.abs(value));
      basis.orthogonalise(j + 1, j === kept ? 0 : j - 1);
      beta = basis.normalise(j + 1);
      if (beta <= 1e-13 * this.scale) {
        // the space is closed under A: go on somewhere else
        beta = 0;
        if (j + 1 < size) basis.random(j + 1);
      }
      if (j + 1 < size) t[j * size + j + 1] = t[(j + 1) * size + j] = beta;
    }
    return beta;
  }

  /** Eigenvalues of V^dagger A V from the wanted end; entry(j, i) is component j of eigenvector i. */
  private ritz(): Ritz {
    const { size, sign, t } = this;
    const complex = new Float64Array(2 * size ** 2);
    t.forEach((x, i) => (complex[2 * i] = x));
    const { values, vectors } = hermitianEigen(complex);
    for (const value of values) this.scale = Math.max(this.scale, Math.abs(value));
    const row = (i: number) => (sign === 1 ? i : size - 1 - i);
    return {
      value: (i) => values[row(i)]!,
      // real, as the matrix is
      entry: (j, i) => vectors[2 * (row(i) * size + j)]!,
    };
  }

  /** Restarts with the first Ritz vectors, joined to the next vector by beta times the end of each. */
  private keep(kept: number, beta: number, { value, entry }: Ritz): void {
    const { basis, size, t } = this;
    basis.rotate(size, kept, (j, i) => [entry(j, i), 0]);
    t.fill(0);
    for (let i = 0; i < kept; i++) {
      t[i * size + i] = value(i);
      if (beta === 0) continue;
      const arm = beta * entry(size - 1, i);
      t[i * size + kept] = t[kept * size + i] = arm;
    }
  }

  /** The eigenvectors in the first places of the basis, with values and residuals computed from them. */
  modes(): Eigenmodes {
    const { a, basis, count, sign } = this;
    const { space, sites } = a;
    const work = basis.vectors[count]!;
    const found = basis.vectors.slice(0, count).map((vector) => {
      const value = a.apply(work, vector);
      space.axpy(sites, work, -value, vector);
      return { vector, value, residual: Math.sqrt(space.norm2(sites, work)) };
    });
    basis.take(count);
    found.sort((x, y) => sign * (x.value - y.value));
    const vectors = found.map(({ vector }) => vector);
    return {
      space,
      sites,
      values: Float64Array.from(found, ({ value }) => value),
      vectors,
      residuals: Float64Array.from(found, ({ residual }) => residual),
      release: () => vectors.forEach((vector) => vector.release()),
    };
  }

  private failure(worst: number): NotConverged {
    const { applications, count, tolerance, size, scale } = this;
    const residual = worst / scale;
    const message =
      `|A v - lambda v| / |A| = ${residual.toPrecision(3)} for the worst of ${count} eigenvalues after ${applications} ` +
      `applications of A with ${size} vectors, ${tolerance} was asked for. ` +
      (Number.isNaN(worst)
        ? "A v holds NaN or Infinity: look at the gauge field."
        : "Hold more vectors (basis), allow more applications, or ask for less.");
    return new NotConverged("Lanczos", { residual, absolute: worst ** 2, iterations: applications }, message);
  }

  release(): void {
    this.basis.release();
  }
}
