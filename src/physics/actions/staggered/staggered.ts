import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import type { RationalFunction } from "../../../numerics/remez/rational-function.ts";
import { degreeFor, rationalPower } from "../../../numerics/remez/rational-power.ts";
import type { DifferentiableAction } from "../../action.ts";
import { type Boundary, boundaryFor } from "../../dirac/boundary.ts";
import { staggeredKeys } from "../../dirac/keys.ts";
import { checkStaggered, Staggered } from "../../dirac/staggered/staggered.ts";
import { tastes } from "../../dirac/staggered/tastes.ts";
import {
  checkHeavier,
  hasenbuschSchema,
  limitsOf,
  type NamedTerm,
  solverKeys,
  splittingNames,
  sumOfPseudofermions,
} from "../../pseudofermions/parameters.ts";
import type { SolverLimits } from "../../pseudofermions/pseudofermion.ts";
import { quadratic } from "../../pseudofermions/quadratic.ts";
import { rational, shifted } from "../../pseudofermions/rational.ts";

const parameters = z.strictObject({
  ...staggeredKeys,
  flavours: z
    .int()
    .min(1)
    .max(8)
    .default(4)
    .describe(
      "number of flavours; det D is 4 of them in four dimensions (2 in two), others are roots of it (rational)",
    ),
  sites: z
    .enum(["even", "all"])
    .optional()
    .describe("where the pseudofermion lives: even sites carry det D, all sites its square; even where that is enough"),
  hasenbusch: hasenbuschSchema("heavier masses, increasing"),
  accuracy: z
    .number()
    .min(1e-14)
    .lt(1e-3)
    .default(1e-10)
    .describe("largest relative error of a rational approximation in heat bath and accept/reject"),
  "force-accuracy": z
    .number()
    .min(1e-14)
    .lt(1e-1)
    .default(1e-7)
    .describe("the same for forces; does not enter the result"),
  ...solverKeys,
});
type Parameters = z.output<typeof parameters>;

interface Quark {
  readonly space: LinkSpace;
  readonly given: Parameters;
  readonly boundary: Boundary;
  readonly domain: "even" | "all";
  readonly limits: SolverLimits;
}

const operator = ({ space, boundary, domain }: Quark, mass: number) => new Staggered(space, { mass, boundary, domain });

/** Dslash^2 lies between -d^2 and 0 for any unitary links. */
const spectrum = ({ space }: Quark, mass: number) => ({
  lower: mass ** 2,
  upper: mass ** 2 + space.lattice.dimension ** 2,
});

/** (x/(x + shift))^power on the spectrum of D^dagger D to a relative accuracy. */
function approximation(quark: Quark, mass: number, power: number, accuracy: number, shift = 0): RationalFunction {
  const { lower, upper } = spectrum(quark, mass);
  const degree = degreeFor(power, lower, upper, accuracy, shift);
  return rationalPower({ power, degree, lower, upper, shift });
}

/** One or two whole fields of tastes: phi^dagger (D^dagger D)^{-1} phi, with the determinant split at heavier masses. */
function whole(quark: Quark): NamedTerm[] {
  const { given, limits } = quark;
  const masses = [given.mass, ...given.hasenbusch];
  const names = splittingNames(masses.length);
  return masses.map((mass, i) => {
    const op = operator(quark, mass);
    const heavier = masses[i + 1];
    if (heavier === undefined) return { name: names[i]!, term: quadratic(op, limits) };
    const difference = heavier ** 2 - mass ** 2;
    const draw = approximation(quark, mass, 1 / 2, given.accuracy, difference);
    return { name: names[i]!, term: shifted(op, difference, draw, limits) };
  });
}

/** A root of the determinant: |(D^dagger D)^{-power/2} phi|^2. */
function rooted(quark: Quark, power: number): NamedTerm[] {
  const { given, limits } = quark;
  const of = (p: number, accuracy: number) => approximation(quark, given.mass, p, accuracy);
  const powers = {
    draw: of(power / 2, given.accuracy),
    action: of(-power / 2, given.accuracy),
    force: of(-power, given["force-accuracy"]),
  };
  return [{ name: "rational", term: rational(operator(quark, given.mass), powers, limits) }];
}

/**
 * Staggered quarks of any number of flavours. On the even sites D^dagger D has the determinant of D, T tastes (4 in four
 * dimensions): `flavours` up to T live there, more on all sites, which are 2 T. A whole field has its exact inverse, any
 * other number is a rational power of it (physics of the fourth root aside).
 */
export function staggeredAction(space: LinkSpace, given: Parameters, key = "staggered"): DifferentiableAction {
  checkStaggered(space);
  const { dimension } = space.lattice;
  const fields = given.flavours / tastes(dimension);
  if (fields > 2)
    throw new RangeError(
      `flavours: ${given.flavours} is more than the ${2 * tastes(dimension)} of two fields in ${dimension} dimensions; add a second staggered action`,
    );
  checkHeavier("mass", given.mass, given.hasenbusch, "larger");
  const boundary = boundaryFor(given.boundary, dimension);
  const domain = given.sites ?? (fields > 1 ? "all" : "even");
  const power = domain === "all" ? fields / 2 : fields;
  if (power > 1)
    throw new RangeError(
      `sites: the even sites carry ${tastes(dimension)} flavours, not ${given.flavours}; write "all"`,
    );
  if (power < 1 && given.hasenbusch.length > 0)
    throw new RangeError(
      "hasenbusch: mass splitting needs a whole field, 4 flavours on even sites or 8 on all (half of that in two dimensions); leave it out here",
    );
  if (power < 1 && given.history > 0)
    throw new RangeError("history: a root of the determinant has no use for past solutions; leave it out");
  const quark: Quark = { space, given, boundary, domain, limits: limitsOf(given) };
  const terms = power === 1 ? whole(quark) : rooted(quark, power);
  return sumOfPseudofermions(space, terms, key);
}

export const staggeredActionDefinition: Definition<typeof parameters, DifferentiableAction, Bench> = {
  name: "staggered",
  title: "Staggered quarks, any number of flavours (rational hybrid Monte Carlo for roots)",
  cite: [
    "J. Kogut, L. Susskind, Phys. Rev. D 11 (1975) 395",
    "M. A. Clark, A. D. Kennedy, Phys. Rev. Lett. 98 (2007) 051601",
  ],
  parameters,
  build: (given, bench) => staggeredAction(linksOf(bench, "staggered"), given, `staggered${bench.label ?? ""}`),
};
