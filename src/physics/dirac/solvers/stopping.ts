import { z } from "zod";

/** When a solver of A x = b is done. Where both limits are given, both must hold. */
export interface Stopping {
  /** |r| / |b| at most this. */
  readonly relative?: number;
  /** |r|^2 at most this: the `eps` of LatticeQCD.jl, which grows harder to reach with the volume. */
  readonly absolute?: number;
  /** Most iterations before the solver gives up. */
  readonly iterations: number;
}

/** What actions solve with where a run file says nothing else: the numbers of LatticeQCD.jl. */
export const defaultStopping: Stopping = { absolute: 1e-19, iterations: 3000 };

/**
 * `solver` of a run file, see Stopping: with `limit` where neither limit is given, and 3000 iterations where no number is.
 */
export const stoppingWith = (limit: Pick<Stopping, "relative" | "absolute">) =>
  z
    .strictObject({
      relative: z.number().positive().lt(1).optional().describe("|r|/|b| at which a solver stops"),
      absolute: z.number().positive().optional().describe("|r|^2 at which a solver stops"),
      iterations: z.int().positive().default(defaultStopping.iterations).describe("most iterations of a solver"),
    })
    .transform(
      ({ relative, absolute, iterations }): Stopping => ({
        ...(relative === undefined && absolute === undefined ? limit : {}),
        ...(relative === undefined ? {} : { relative }),
        ...(absolute === undefined ? {} : { absolute }),
        iterations,
      }),
    )
    .prefault({ ...limit, iterations: defaultStopping.iterations })
    .describe("when the solver of the Dirac equation stops; where both limits are given, both must hold");

/** The limits of actions: |r|^2 of 1e-19, as in LatticeQCD.jl. */
export const stoppingSchema = stoppingWith({ absolute: 1e-19 });

/** What a solver did. */
export interface SolveReport {
  readonly iterations: number;
  /** |b - A x| / |b|, computed from the solution and not by the recursion of the solver. */
  readonly residual: number;
}

/** A solver stopped before its residual was small enough. The message says why and what to do. */
export class NotConverged extends Error {
  override readonly name = "NotConverged";
  /** Which solver. */
  readonly solver: string;
  /** |r| / |b| reached (eigensolvers: |A v - lambda v| / |A|); NaN where numbers were lost. */
  readonly residual: number;
  /** |r|^2 reached. */
  readonly absolute: number;
  /** Iterations (eigensolvers: applications of A) done. */
  readonly iterations: number;

  constructor(solver: string, reached: { residual: number; absolute: number; iterations: number }, message: string) {
    super(`${solver}: ${message}`);
    this.solver = solver;
    this.residual = reached.residual;
    this.absolute = reached.absolute;
    this.iterations = reached.iterations;
  }
}

/**
 * The error of a linear solver with |r|^2 = rr for |b|^2 = bb.
 * @param why what stopped the solver and what to do about it, where it is not the number of iterations.
 */
export function notSolved(
  solver: string,
  { rr, bb, iterations }: { rr: number; bb: number; iterations: number },
  stopping: Stopping,
  why = tooSlow,
): NotConverged {
  const residual = Math.sqrt(rr / bb);
  const message =
    `|r|/|b| = ${residual.toPrecision(3)}, |r|^2 = ${rr.toPrecision(3)} after ${iterations} of ` +
    `${stopping.iterations} iterations, ${wanted(stopping)} was asked for. ${why}`;
  return new NotConverged(solver, { residual, absolute: rr, iterations }, message);
}

const tooSlow =
  "Allow more iterations, ask for less, or take heavier quarks: the operator is nearly singular on this gauge field.";

function wanted({ relative, absolute }: Stopping): string {
  const limits = [
    relative === undefined ? [] : [`|r|/|b| <= ${relative}`],
    absolute === undefined ? [] : [`|r|^2 <= ${absolute}`],
  ];
  return limits.flat().join(" and ");
}

/**
 * The |r|^2 at which a solver is done, for a right-hand side of norm squared bb. Throws a RangeError where a limit is
 * missing or no positive number.
 */
export function targetNorm2({ relative, absolute, iterations }: Stopping, bb: number): number {
  if (relative === undefined && absolute === undefined)
    throw new RangeError("stopping: neither a relative limit (|r|/|b|) nor an absolute one (|r|^2) is given");
  for (const limit of [relative, absolute])
    if (limit !== undefined && !(limit > 0)) throw new RangeError(`stopping: a limit must be positive, not ${limit}`);
  if (!(iterations > 0)) throw new RangeError(`stopping: iterations must be positive, not ${iterations}`);
  return Math.min(absolute ?? Number.POSITIVE_INFINITY, relative === undefined ? Infinity : relative ** 2 * bb);
}

/** |b|^2, or NotConverged where b holds NaN or Infinity. */
export function checkedNorm2(solver: string, bb: number, stopping: Stopping): number {
  if (Number.isFinite(bb)) return bb;
  throw notSolved(solver, { rr: Number.NaN, bb: Number.NaN, iterations: 0 }, stopping, lost("the right-hand side"));
}

/** Says where numbers were lost. */
export const lost = (where: string): string =>
  `${where} holds NaN or Infinity: look at the gauge field and at the step size that led to it.`;

/**
 * |r|^2 that rounding alone leaves in r = b - A x with float64, for an operator of norm `norm` and a solution of norm
 * squared xx. No solver can do better, so a residual this small counts as converged whatever was asked for.
 */
export function roundingNorm2(norm: number, xx: number, bb: number): number {
  const each = 8 * Number.EPSILON * (norm * Math.sqrt(xx) + Math.sqrt(bb));
  return Math.min(each ** 2, WORST_ROUNDING ** 2 * bb);
}

/** |r|/|b| above which rounding is no excuse: the operator is singular to working precision. */
const WORST_ROUNDING = 1e-8;
