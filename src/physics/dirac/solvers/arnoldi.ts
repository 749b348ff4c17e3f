import type { Field } from "../../../lattice/field.ts";
import type { SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import { identity } from "../../../numerics/complex-matrix.ts";
import { schur } from "../../../numerics/general-eigen.ts";
import { orderSchur, schurVectors } from "../../../numerics/schur-order.ts";
import type { DiracOperator } from "../operator.ts";
import { KrylovBasis } from "./krylov.ts";
import { type Propagator, propagator } from "./solve.ts";
import { NotConverged, type Stopping } from "./stopping.ts";

/** Eigenvalues of a Dirac operator with normalised eigenvectors on all sites. */
export interface Spectrum {
  readonly space: SpinorSpace;
  /** [re, im] of each eigenvalue by ascending modulus, as often as its multiplicity. */
  readonly values: readonly (readonly [number, number])[];
  readonly vectors: readonly Field[];
  /** |D v - lambda v| of each, computed from the vector. */
  readonly residuals: Float64Array;
  /** Releases the vectors. */
  release(): void;
}

export interface ArnoldiOptions {
  /** How many eigenvalues. */
  readonly count: number;
  /** |v / lambda - D^{-1} v| at most this times 1 / |smallest lambda|. Default 1e-10. */
  readonly tolerance?: number;
  /** Vectors held at a time. Default 2 count + 20. */
  readonly basis?: number;
  /** Most solves of the Dirac equation. Default 5000. */
  readonly solves?: number;
  /** Limits of those solves; at most a tenth of `tolerance`. Default |r|/|b| <= 1e-13 in 20000 iterations. */
  readonly stopping?: Stopping;
}

/**
 * The eigenvalues of smallest modulus of D on all sites, at the field that the operator has loaded: Krylov-Schur (G. W.
 * Stewart, SIAM J. Matrix Anal. Appl. 23 (2002) 601) on D^{-1}, whose solves go through the normal equations.
 *
 * As in `lanczos`, the search starts again from random vectors until it finds no more copies of degenerate eigenvalues.
 * @throws NotConverged where the solves run out, RangeError for more eigenvalues than there are.
 */
export function arnoldi(op: DiracOperator, options: ArnoldiOptions): Spectrum {
  const inverse = propagator(op, options.stopping ?? { relative: 1e-13, iterations: 20000 });
  try {
    const search = new Arnoldi(op, inverse, options);
    try {
      search.run();
      return search.spectrum();
    } finally {
      search.release();
    }
  } finally {
    inverse.release();
  }
}

class Arnoldi {
  private readonly op: DiracOperator;
  private readonly inverse: Propagator;
  private readonly count: number;
  private readonly tolerance: number;
  private readonly size: number;
  private readonly complete: boolean;
  private readonly limit: number;
  private readonly basis: KrylovBasis;
  /** V^dagger D^{-1} V, size x size, complex. */
  private readonly h: Float64Array;
  private solves = 0;

  constructor(op: DiracOperator, inverse: Propagator, options: ArnoldiOptions) {
    const { count, tolerance = 1e-10, basis = 2 * count + 20, solves = 5000 } = options;
    const dimension = KrylovBasis.dimension(op.space, "all");
    if (!(Number.isInteger(count) && count >= 1 && count <= dimension))
      throw new RangeError(`arnoldi: ${count} eigenvalues of an operator that has ${dimension}`);
    this.op = op;
    this.inverse = inverse;
    this.count = count;
    this.tolerance = tolerance;
    this.size = Math.min(Math.max(basis, count + 3), dimension);
    this.complete = this.size === dimension;
    this.limit = solves;
    this.basis = new KrylovBasis(op.space, "all", this.size);
    this.h = new Float64Array(2 * this.size ** 2);
  }

  /** Ends with Schur vectors of the wanted eigenvalues in the first places of the basis and their triangle in h. */
  run(): void {
    const { basis, count, size } = this;
    basis.random(0);
    /** Modulus of the innermost wanted eigenvalue of D^{-1} when the last search from a random vector had converged. */
    let known: number | undefined;
    for (let kept = 0; ; ) {
      const beta = this.expand(kept);
      const form = orderSchur(schur(this.h), (re, im) => -Math.hypot(re, im));
      const modulus = (i: number) => Math.hypot(form.t[2 * (i * size + i)]!, form.t[2 * (i * size + i) + 1]!);
      const ends = form.q.subarray(2 * (size - 1) * size);
      const residual = (i: number) => beta * Math.hypot(ends[2 * i]!, ends[2 * i + 1]!);
      const limit = this.tolerance * modulus(0);
      let worst = 0;
      for (let i = 0; i < count; i++) worst = Math.max(worst, residual(i));
      const found = worst <= limit;
      const last = modulus(count - 1);
      const unchanged = known !== undefined && last - known <= 10 * limit;
      const settled = () => residual(count) <= Math.max(limit, 0.1 * (last - modulus(count)));
      if (found && (this.complete || (unchanged && settled()))) {
        this.keep(count, 0, form);
        return;
      }
      if (this.solves >= this.limit) throw this.failure(worst / modulus(0));
      const fresh = found && !unchanged;
      if (found) known = last;
      kept = fresh ? count : Math.min(count + Math.ceil((size - count) / 2), size - 2);
      this.keep(kept, fresh ? 0 : beta, form);
      if (fresh) basis.random(kept);
    }
  }

  /** Adds vectors from number `kept` on until the basis is full; returns the length of what is left of the last one. */
  private expand(kept: number): number {
    const { inverse, op, basis, size, h } = this;
    let beta = 0;
    for (let j = kept; j < size; j++) {
      op.space.zero("all", basis.vectors[j + 1]!);
      inverse.solve(basis.vectors[j + 1]!, basis.vectors[j]!);
      this.solves++;
      const column = basis.orthogonalise(j + 1);
      for (let i = 0; i <= j; i++) h.set([column[2 * i]!, column[2 * i + 1]!], 2 * (i * size + j));
      beta = basis.normalise(j + 1);
      if (beta <= 1e-13 * Math.hypot(...column)) {
        // the space is closed under D^{-1}: go on somewhere else
        beta = 0;
        if (j + 1 < size) basis.random(j + 1);
      }
      if (j + 1 < size) h.set([beta, 0], 2 * ((j + 1) * size + j));
    }
    return beta;
  }

  /** Restarts with the first Schur vectors, joined to the next vector by beta times the end of each. */
  private keep(kept: number, beta: number, { t, q }: { t: Float64Array; q: Float64Array }): void {
    const { basis, size, h } = this;
    basis.rotate(size, kept, (j, i) => [q[2 * (j * size + i)]!, q[2 * (j * size + i) + 1]!]);
    h.fill(0);
    for (let i = 0; i < kept; i++) {
      h.set(t.subarray(2 * i * size, 2 * (i * size + kept)), 2 * i * size);
      if (beta === 0) continue;
      const end = 2 * ((size - 1) * size + i);
      h.set([beta * q[end]!, beta * q[end + 1]!], 2 * (kept * size + i));
    }
  }

  /** Eigenvectors out of the Schur vectors, with values and residuals computed from them. */
  spectrum(): Spectrum {
    const { op, basis, count, size, h } = this;
    const { space } = op;
    const t = new Float64Array(2 * count ** 2);
    for (let i = 0; i < count; i++) t.set(h.subarray(2 * i * size, 2 * (i * size + count)), 2 * i * count);
    const rows = schurVectors({ n: count, t, q: identity(count) });
    basis.rotate(count, count, (j, i) => [rows[2 * (i * count + j)]!, rows[2 * (i * count + j) + 1]!]);
    const work = basis.vectors[count]!;
    const found = basis.vectors.slice(0, count).map((vector) => {
      if (op.evenOdd) op.evenOdd.whole(work, vector);
      else op.apply(work, vector);
      const [re, im] = space.dot("all", vector, work);
      space.complexAxpy("all", work, -re!, -im!, vector);
      return { vector, value: [re!, im!] as const, residual: Math.sqrt(space.norm2("all", work)) };
    });
    basis.take(count);
    found.sort((x, y) => Math.hypot(...x.value) - Math.hypot(...y.value));
    const vectors = found.map(({ vector }) => vector);
    return {
      space,
      values: found.map(({ value }) => value),
      vectors,
      residuals: Float64Array.from(found, ({ residual }) => residual),
      release: () => vectors.forEach((vector) => vector.release()),
    };
  }

  private failure(residual: number): NotConverged {
    const { solves, count, tolerance, size } = this;
    const message =
      `|D^{-1} v - v / lambda| = ${residual.toPrecision(3)} |D^{-1}| for the worst of ${count} eigenvalues after ` +
      `${solves} solves with ${size} vectors, ${tolerance} was asked for. ` +
      "Hold more vectors (basis), allow more solves, or ask for less.";
    return new NotConverged("Arnoldi", { residual, absolute: residual ** 2, iterations: solves }, message);
  }

  release(): void {
    this.basis.release();
  }
}
