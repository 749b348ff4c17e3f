import { z } from "zod";
import type { LinkSpace } from "../../lattice/links/links.ts";
import { type DifferentiableAction, isDifferentiable, sumOf } from "../action.ts";
import { stoppingSchema } from "../dirac/solvers/stopping.ts";
import { type PseudofermionTerm, pseudofermion, type SolverLimits } from "./pseudofermion.ts";

/** Keys of a run file that every pseudofermion action takes. */
export const solverKeys = {
  solver: stoppingSchema.describe("when the solver stops: for the heat bath and for accept/reject"),
  "force-solver": stoppingSchema.describe(
    "when the solver stops for forces; a looser limit spoils reversibility before it saves time",
  ),
  history: z
    .int()
    .min(0)
    .max(12)
    .default(0)
    .describe("solutions kept along a trajectory to guess the next one from (chronological guess); 0 for none"),
  precision: z
    .enum(["double", "mixed"])
    .default("double")
    .describe("mixed iterates in float32 and corrects in float64 to the same limits (staggered and Wilson quarks)"),
};

/** Masses or hopping parameters of heavier quarks, from light to heavy. */
export const hasenbuschSchema = (what: string) =>
  z
    .array(z.number().positive())
    .default([])
    .describe(`${what}, that split the determinant into factors with smaller forces (mass splitting)`);

/** `solverKeys` as an action takes them. */
export const limitsOf = (given: {
  readonly solver: SolverLimits["action"];
  readonly "force-solver": SolverLimits["force"];
  readonly history: number;
  readonly precision?: SolverLimits["precision"];
}): SolverLimits => ({
  action: given.solver,
  force: given["force-solver"],
  history: given.history,
  precision: given.precision ?? "double",
});

/** A pseudofermion of an action, and its name among them. */
export interface NamedTerm {
  readonly name: string;
  readonly term: PseudofermionTerm;
}

/**
 * The sum of pseudofermion terms, each with a field and noise of its own, as an action whose parts can stand on different time
 * scales. `key` names the action in the run.
 */
export function sumOfPseudofermions(space: LinkSpace, terms: readonly NamedTerm[], key: string): DifferentiableAction {
  const parts = terms.map(({ name, term }) => ({ name, action: pseudofermion(space, term, `${key}.${name}`) }));
  const whole = sumOf(parts.map(({ action }) => action));
  if (!isDifferentiable(whole)) throw new TypeError("a sum of pseudofermions has lost its derivative");
  return parts.length > 1 ? { ...whole, parts } : whole;
}

/** Names of the terms of mass splitting: the ratios from the light quark on, then the heaviest quark itself. */
export const splittingNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => (i < count - 1 ? `hasenbusch-${i + 1}` : "heaviest"));

/** Throws a RangeError where a list of masses does not get heavier. */
export function checkHeavier(
  key: string,
  light: number,
  heavier: readonly number[],
  heavierIs: "larger" | "smaller",
): void {
  const all = [light, ...heavier];
  all.slice(1).forEach((value, i) => {
    const fits = heavierIs === "larger" ? value > all[i]! : value < all[i]!;
    if (!fits)
      throw new RangeError(`hasenbusch: every ${key} must be ${heavierIs} than the one before (${all.join(", ")})`);
  });
}
