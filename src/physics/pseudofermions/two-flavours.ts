import { z } from "zod";
import { type Bench, linksOf } from "../../lattice/bench.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import type { DifferentiableAction } from "../action.ts";
import { diracOperator, type Fermion } from "../dirac/quark.ts";
import {
  hasenbuschSchema,
  limitsOf,
  type NamedTerm,
  solverKeys,
  splittingNames,
  sumOfPseudofermions,
} from "./parameters.ts";
import type { SolverLimits } from "./pseudofermion.ts";
import { quadratic, ratio } from "./quadratic.ts";

/** Keys of a run file that every two-flavour action takes; `heavier` says what the list of heavier quarks holds. */
export const twoFlavourKeys = (heavier: string) => ({
  preconditioning: z
    .enum(["even-odd", "none"])
    .default("even-odd")
    .describe("even-odd works on half of the sites and needs even extents; none takes the operator as it is"),
  hasenbusch: hasenbuschSchema(heavier),
  ...solverKeys,
});

/** Keys that say how two flavours are simulated, besides those of the operator. */
export interface HowTwoFlavours {
  readonly preconditioning: "even-odd" | "none";
  readonly solver: SolverLimits["action"];
  readonly "force-solver": SolverLimits["force"];
  readonly history: number;
  readonly precision?: SolverLimits["precision"];
}

/**
 * Two flavours of a quark: det D^dagger D, split into ratios at the heavier quarks of the list (light first), the last of
 * which stands by itself; with `regulator` (Pauli-Villars) it is divided by that one, too.
 */
export function twoFlavours(
  space: LinkSpace,
  fermions: readonly Fermion[],
  how: HowTwoFlavours,
  key: string,
  regulator?: Fermion,
): DifferentiableAction {
  const domain = how.preconditioning === "even-odd" ? "even" : "all";
  if (domain === "even" && !space.lattice.geometry.checkerboard)
    throw new RangeError(
      `preconditioning: "even-odd" needs even extents, and the lattice is [${space.lattice.extents.join(", ")}]; write "none"`,
    );
  const limits = limitsOf(how);
  const names = splittingNames(fermions.length);
  const terms = fermions.map((fermion, i): NamedTerm => {
    const op = diracOperator(space, fermion, domain);
    const below = fermions[i + 1] ?? regulator;
    return {
      name: names[i]!,
      term: below ? ratio(op, diracOperator(space, below, domain), limits) : quadratic(op, limits),
    };
  });
  return sumOfPseudofermions(space, terms, key);
}

/** The links of a bench and the name of an action in the run. */
export const linksAndKey = (bench: Bench, name: string) => ({
  space: linksOf(bench, name),
  key: `${name}${bench.label ?? ""}`,
});
