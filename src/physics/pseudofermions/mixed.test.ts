import { describe, expect, test } from "vitest";
import { addressedRng } from "../../numerics/addressed-random.ts";
import type { DifferentiableAction } from "../action.ts";
import { cloverActionDefinition } from "../actions/clover/clover.ts";
import { staggeredActionDefinition } from "../actions/staggered/staggered.ts";
import { wilsonActionDefinition } from "../actions/wilson/wilson.ts";
import { type Case, configuration, expectClose, linkSpace } from "../testing.contract.ts";
import { describePseudofermion, testLinks } from "./pseudofermion.contract.ts";

const limit = { relative: 1e-12, iterations: 2000 };
const solvers = { solver: limit, "force-solver": limit };
const staggered = (space: ReturnType<typeof linkSpace>, more: object) =>
  staggeredActionDefinition.build(staggeredActionDefinition.parameters.parse({ mass: 0.2, ...solvers, ...more }), {
    space,
  }) as DifferentiableAction;
const wilson = (space: ReturnType<typeof linkSpace>, more: object) =>
  wilsonActionDefinition.build(wilsonActionDefinition.parameters.parse({ kappa: 0.13, ...solvers, ...more }), {
    space,
  }) as DifferentiableAction;

const four: Case = { group: "SU(3)", extents: [2, 4, 4, 4] };
const two: Case = { group: "SU(2)", extents: [4, 4] };

describe.each([
  ["staggered", staggered, { flavours: 4 }, four],
  ["staggered, split", staggered, { flavours: 4, hasenbusch: [0.6] }, four],
  ["Wilson", wilson, { history: 2 }, two],
  ["Wilson, split", wilson, { hasenbusch: [0.11] }, four],
] as const)("%s in mixed precision", (_, make, more, where) => {
  const evaluated = (precision: "double" | "mixed") => {
    const space = linkSpace(where);
    const action = make(space, { ...more, precision });
    const c = configuration(space, testLinks(space));
    action.refresh!(c, addressedRng("mixed", 0), 0);
    const p = space.momenta();
    action.addForce(c, 1, p);
    return { value: action.value(c), force: p.view().slice() };
  };

  test("action and forces agree with float64 to the limit of the solver, and are not the same bits", () => {
    const [plain, mixed] = [evaluated("double"), evaluated("mixed")];
    expectClose(mixed.value, plain.value, 1e-10);
    const size = Math.hypot(...plain.force);
    const off = Math.hypot(...mixed.force.map((f, i) => f - plain.force[i]!));
    expect(off / size).toBeLessThan(1e-10);
    expect(off).toBeGreaterThan(0);
  });
});

describePseudofermion("staggered in mixed precision", {
  make: (space) => staggered(space, { precision: "mixed", flavours: 2 * (space.lattice.dimension / 2) }),
  cases: [two],
});

describe("refusals", () => {
  const mixed = { precision: "mixed" };
  test("clover quarks, lattices without quads, rational approximations", () => {
    const clover = cloverActionDefinition.parameters.parse({ kappa: 0.1, ...mixed });
    expect(() => cloverActionDefinition.build(clover, { space: linkSpace(two) })).toThrow(
      /precision: .*clover has no float32 form; write "double"/,
    );
    const small = linkSpace({ group: "SU(2)", extents: [6, 4] });
    expect(() => wilson(small, mixed)).toThrow(/\[6, 4\] is none; write "double"/);
    expect(() => staggered(linkSpace(two), { ...mixed, flavours: 1 })).toThrow(/rational approximation/);
  });
});
