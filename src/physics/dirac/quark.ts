import { z } from "zod";
import type { Field } from "../../lattice/field.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import type { SpinorSpace } from "../../lattice/spinors/spinors.ts";
import type { FieldMap } from "../maps/field-map.ts";
import { stoutDefinition } from "../maps/stout/stout.ts";
import { boundaryFor } from "./boundary.ts";
import { Clover } from "./clover/clover.ts";
import { DomainWall } from "./domain-wall/domain-wall.ts";
import { spins } from "./gamma.ts";
import { cloverKeys, domainWallKeys, staggeredKeys, wilsonKeys } from "./keys.ts";
import type { DiracOperator } from "./operator.ts";
import { type Propagator, propagator } from "./solvers/solve.ts";
import { type SolveReport, type Stopping, stoppingWith } from "./solvers/stopping.ts";
import { Staggered } from "./staggered/staggered.ts";
import { Wilson } from "./wilson/wilson.ts";

const word = <W extends string>(name: W) => z.literal(name).describe("the lattice Dirac operator");

/** `fermion` of a run file: a lattice Dirac operator with its parameters. */
export const fermionSchema = z.discriminatedUnion("name", [
  z.object({ name: word("staggered"), ...staggeredKeys }),
  z.object({ name: word("wilson"), ...wilsonKeys }),
  z.object({ name: word("clover"), ...cloverKeys }),
  z.object({ name: word("domain-wall"), ...domainWallKeys }),
]);

export type Fermion = z.output<typeof fermionSchema>;

/** `through` of a run file: a map of the links that the operator sees. */
const throughSchema = z
  .discriminatedUnion("name", [
    stoutDefinition.parameters.safeExtend({ name: z.literal("stout").describe("the map of the links") }),
  ])
  .optional()
  .describe(
    "map of the links that the quark sees, as a table { name = …, parameters }; the links themselves where left out",
  );

/** Keys of everything that measures quarks, without `fermion`, whose default each names for itself. */
export const quarkKeys = {
  through: throughSchema,
  solver: stoppingWith({ relative: 1e-10 }).describe("when the solver of the Dirac equation stops"),
};

/** A quark as a run file gives it. */
export interface QuarkGiven {
  readonly fermion: Fermion;
  readonly through?: z.output<typeof throughSchema>;
  readonly solver: Stopping;
}

/**
 * The operator of a fermion, on one set of sites: "all" is D itself, "even" the preconditioned one. Throws a RangeError
 * where the lattice cannot have it.
 */
export function diracOperator(space: LinkSpace, fermion: Fermion, domain: "even" | "all"): DiracOperator {
  const boundary = boundaryFor(fermion.boundary, space.lattice.dimension);
  switch (fermion.name) {
    case "staggered":
      return new Staggered(space, { mass: fermion.mass, boundary, domain });
    case "wilson":
      return new Wilson(space, { kappa: fermion.kappa, r: fermion.r, boundary, domain });
    case "clover":
      return new Clover(space, { kappa: fermion.kappa, cSW: fermion["c-sw"], r: fermion.r, boundary, domain });
    case "domain-wall": {
      const { mass, height, ls, b, c } = fermion;
      return new DomainWall(space, { mass, M: height, L5: ls, b, c, boundary, domain });
    }
  }
}

/** The preconditioned operator where the lattice has even and odd sites, else D itself. */
export const fastestOperator = (space: LinkSpace, fermion: Fermion): DiracOperator =>
  diracOperator(space, fermion, space.lattice.geometry.checkerboard ? "even" : "all");

/** A quark on a lattice, ready to be put on gauge fields. */
export interface Quark {
  /** Vectors of the quark field in the dimensions of the lattice, [spin][colour]; one spin for staggered quarks. */
  readonly space: SpinorSpace;
  readonly spins: number;
  /** The (preconditioned) operator. */
  readonly operator: DiracOperator;
  /** Takes over a gauge field, through the map where there is one. */
  load(u: Field): void;
  /**
   * psi = S eta on all sites: S = D^{-1}; for domain wall quarks that of the light quark between the walls. psi is
   * overwritten, eta is kept.
   * @throws NotConverged
   */
  solve(psi: Field, eta: Field): SolveReport;
  release(): void;
}

/** Builds a quark. Throws a RangeError where the lattice cannot have it. */
export function buildQuark(space: LinkSpace, given: QuarkGiven): Quark {
  const operator = fastestOperator(space, given.fermion);
  const solver = propagator(operator, given.solver);
  const links = linksSeen(space, given);
  const wall = operator instanceof DomainWall ? lightQuark(operator, solver) : undefined;
  return {
    space: wall?.space ?? operator.space,
    spins: given.fermion.name === "staggered" ? 1 : spins(space.lattice.dimension),
    operator,
    load: (u) => links.load(operator, u),
    solve(psi, eta) {
      if (wall) return wall.solve(psi, eta);
      operator.space.zero("all", psi);
      return solver.solve(psi, eta);
    },
    release() {
      wall?.release();
      solver.release();
      links.release();
      operator.release();
    },
  };
}

/** Throws a RangeError where the lattice cannot have this quark, without keeping anything. */
export function checkQuark(space: LinkSpace, given: QuarkGiven): void {
  buildQuark(space, given).release();
}

/** Puts an operator on the links that the quark sees: mapped ones where there is a map. */
export function linksSeen(space: LinkSpace, { through }: Pick<QuarkGiven, "through">) {
  const map: FieldMap | undefined = through && stoutDefinition.build(through, { space });
  return {
    load(operator: DiracOperator, u: Field): void {
      const image = map?.apply(u);
      operator.load(image?.field ?? u);
      image?.release();
    },
    release: () => map?.release(),
  };
}

/** The quark between domain walls: S = sink D5^{-1} source. */
function lightQuark(operator: DomainWall, solver: Propagator) {
  const { space, quarks } = operator;
  const [source, psi5] = [space.field(), space.field()];
  return {
    space: quarks,
    solve(psi: Field, eta: Field): SolveReport {
      operator.wallSource(source, eta);
      space.zero("all", psi5);
      const report = solver.solve(psi5, source);
      operator.wallSink(psi, psi5);
      return report;
    },
    release(): void {
      source.release();
      psi5.release();
    },
  };
}
