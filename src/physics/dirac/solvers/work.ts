import type { NormalSolver } from "./conjugate-gradient.ts";
import type { SolveReport } from "./stopping.ts";

let iterations = 0;

/**
 * Iterations of all solvers of sea quarks so far, of several shifts at once counted once. Updates run to their end without
 * a pause, so that the difference before and after one is its own.
 */
export const iterationsSoFar = (): number => iterations;

/** Takes what a solver did into the count. */
export function count(report: SolveReport): SolveReport {
  iterations += report.iterations;
  return report;
}

/** The same solver, whose iterations are counted. */
export const counted = (solver: NormalSolver): NormalSolver => ({
  solve: (a, x, b, stopping) => count(solver.solve(a, x, b, stopping)),
  release: () => solver.release(),
});
