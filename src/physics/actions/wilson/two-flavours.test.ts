import { describe, expect, test } from "vitest";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { forceAgainstDifferences } from "../../action.contract.ts";
import { diracOperator, type Fermion } from "../../dirac/quark.ts";
import { describePseudofermion, held, testLinks, wrongForce } from "../../pseudofermions/pseudofermion.contract.ts";
import { type Case, linkSpace } from "../../testing.contract.ts";
import { cloverActionDefinition } from "../clover/clover.ts";
import { domainWallActionDefinition } from "../domain-wall/domain-wall.ts";
import { wilsonActionDefinition } from "./wilson.ts";

const tight = { solver: { relative: 1e-13, iterations: 4000 }, "force-solver": { relative: 1e-13, iterations: 4000 } };
const cases: readonly Case[] = [
  { group: "SU(2)", extents: [2, 4, 2, 2] },
  { group: "SU(3)", extents: [2, 2, 2, 4] },
  { group: "SU(2)", extents: [4, 4] },
];
const odd: readonly Case[] = [{ group: "SU(2)", extents: [3, 2, 2, 2] }];

/** |xi|^2 of the noise of the heat bath at step 7, and the local factors of the operator, which do not depend on phi. */
function drawnBy(space: LinkSpace, fermion: Fermion, domain: "even" | "all", purpose: string, regulator?: Fermion) {
  const local = (of: Fermion) => {
    const op = diracOperator(space, of, domain);
    const u = space.field();
    space.load(u, testLinks(space));
    op.load(u);
    return op.local?.logDeterminant() ?? 0;
  };
  const { space: spinors } = diracOperator(space, fermion, domain);
  const xi = spinors.field();
  spinors.draw(domain, xi, "gaussian", addressedRng("drawn", 0), purpose, 7);
  const constant = -2 * (local(fermion) - (regulator ? local(regulator) : 0));
  return { norm2: spinors.norm2(domain, xi), constant };
}

describe.each(["even-odd", "none"] as const)("preconditioning %s", (preconditioning) => {
  const domain = preconditioning === "even-odd" ? "even" : "all";
  const where = preconditioning === "even-odd" ? cases : [...cases.slice(1), ...odd];
  const parse = <T>(definition: { parameters: { parse(x: unknown): T } }, given: object) =>
    definition.parameters.parse({ preconditioning, ...tight, ...given });

  describePseudofermion("wilson", {
    make: (space) =>
      wilsonActionDefinition.build(parse(wilsonActionDefinition, { kappa: 0.12, history: 3 }), { space }),
    cases: where,
    drawn: (space) => drawnBy(space, { name: "wilson", kappa: 0.12, r: 1 }, domain, "wilson.heaviest"),
  });

  describePseudofermion("wilson with r = 0.7, split at heavier quarks", {
    make: (space) =>
      wilsonActionDefinition.build(parse(wilsonActionDefinition, { kappa: 0.13, r: 0.7, hasenbusch: [0.11, 0.08] }), {
        space,
      }),
    cases: where.slice(0, 2),
  });

  describePseudofermion("clover", {
    make: (space) =>
      cloverActionDefinition.build(parse(cloverActionDefinition, { kappa: 0.11, "c-sw": 1.3 }), { space }),
    cases: where,
    drawn: (space) => drawnBy(space, { name: "clover", kappa: 0.11, "c-sw": 1.3, r: 1 }, domain, "clover.heaviest"),
  });

  describePseudofermion("clover split at a heavier quark", {
    make: (space) =>
      cloverActionDefinition.build(parse(cloverActionDefinition, { kappa: 0.11, hasenbusch: [0.09] }), { space }),
    cases: where.slice(0, 1),
  });

  describePseudofermion("clover with twisted boundary conditions", {
    make: (space) =>
      cloverActionDefinition.build(
        parse(cloverActionDefinition, { kappa: 0.11, boundary: [1, { angle: 0.3 }, { angle: -1.7 }, -1] }),
        { space },
      ),
    cases: where.filter(({ extents }) => extents.length === 4).slice(0, 1),
  });

  const wall = { name: "domain-wall", mass: 0.2, height: -1.3, ls: 4, b: 1, c: 1 } as const;
  const { name: _, ...shamir } = wall;
  describePseudofermion("domain wall", {
    make: (space) => domainWallActionDefinition.build(parse(domainWallActionDefinition, shamir), { space }),
    cases: where.slice(0, 2),
    drawn: (space) => drawnBy(space, wall, domain, "domain-wall.heaviest", { ...wall, mass: 1 }),
  });

  describePseudofermion("Moebius split at a heavier quark", {
    make: (space) =>
      domainWallActionDefinition.build(
        parse(domainWallActionDefinition, { ...shamir, b: 2, c: 1, hasenbusch: [0.5] }),
        {
          space,
        },
      ),
    cases: where.slice(0, 1),
  });
});

test("a wrong force is caught", () => {
  const space = linkSpace(cases[0]!);
  const action = held(
    space,
    wilsonActionDefinition.build(wilsonActionDefinition.parameters.parse({ kappa: 0.12, ...tight }), { space }),
  );
  const { exact, differences } = forceAgainstDifferences(space, wrongForce(action));
  expect(Math.abs(exact / differences - 1)).toBeGreaterThan(1e-7);
});

describe("refusals", () => {
  const on = (extents: readonly number[], given: object) => () =>
    wilsonActionDefinition.build(wilsonActionDefinition.parameters.parse({ kappa: 0.12, ...given }), {
      space: linkSpace({ group: "SU(2)", extents }),
    });
  test.each([
    ["odd extents", on([3, 2, 2, 2], {}), /preconditioning: "even-odd" needs even extents, .*write "none"/],
    ["three dimensions", on([2, 2, 2], {}), /Wilson quarks live in 2 or 4 dimensions; this lattice has 3/],
    ["quarks that get lighter", on([2, 2, 2, 2], { hasenbusch: [0.13] }), /every kappa must be smaller/],
  ])("%s", (_, attempt, sentence) => expect(attempt).toThrow(sentence));
});
