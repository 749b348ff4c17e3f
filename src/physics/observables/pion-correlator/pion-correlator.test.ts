import { describe, expect, test } from "vitest";
import type { GaugeData } from "../../../lattice/gauge-data.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { coulombFixed } from "../../dirac/clover/coulomb.contract.ts";
import { charges, type FreeQuark, staggeredPion, wilsonPion } from "../../dirac/free.contract.ts";
import { stout } from "../../maps/stout/stout.ts";
import { describeObservable, measureAll } from "../../observable.contract.ts";
import { constantLinks } from "../../solvable.contract.ts";
import {
  type Case,
  configuration,
  expectClose,
  gaugeTransformed,
  hasSharedData,
  linkSpace,
  roughLinks,
  storedLinks,
} from "../../testing.contract.ts";
import { pionCorrelatorObservable } from "./pion-correlator.ts";

const correlator = (space: LinkSpace, data: GaugeData, given: object, name = "C") => {
  const all = measureAll(pionCorrelatorObservable, space, data, given);
  return [...all].flatMap(([label, value]) => (label.startsWith(`${name}(`) ? [value] : []));
};

const tight = { relative: 1e-15 };
const even: readonly Case[] = [
  { group: "SU(3)", extents: [4, 2, 2, 4] },
  { group: "SU(2)", extents: [2, 4, 4] },
  { group: "U(1)", extents: [4, 6] },
];
const quarks = [
  { fermion: { name: "staggered", mass: 0.7 }, free: (at: FreeQuark) => staggeredPion(at, 0.7), cases: even },
  {
    fermion: { name: "wilson", kappa: 0.1 },
    free: (at: FreeQuark) => wilsonPion(at, 0.1),
    cases: [even[0]!, even[2]!, { group: "SU(2)", extents: [3, 4] }],
  },
];

for (const { fermion, free, cases } of quarks)
  describe(fermion.name, () => {
    const at = (values: number[], label: string) => values[Number(/\d+/.exec(label))]!;
    describeObservable({
      definition: pionCorrelatorObservable,
      cases,
      parameters: { fermion, solver: tight },
      moved: (step, extents) => ({
        fermion,
        solver: tight,
        source: step.map((a, mu) => (extents[mu]! - (a % extents[mu]!)) % extents[mu]!),
      }),
      cold: (label, { group, lattice }) => group.n * at(free({ extents: lattice.extents }), label),
      solvable(space) {
        const { data, angle } = constantLinks(space);
        const { extents } = space.lattice;
        const colours = charges(space.group).map((charge) =>
          free({ extents, angles: extents.map((_, mu) => charge * angle(mu)) }),
        );
        const value = (label: string) => colours.reduce((sum, c) => sum + at(c, label), 0);
        return [{ name: "constant links", data, value }];
      },
    });
  });

describe.skipIf(!hasSharedData)("stored configurations (../shared/configs, skipped where absent)", () => {
  const extents = [4, 4, 4, 4];
  const space = linkSpace({ group: "SU(3)", extents });
  const data = storedLinks("latticeqcd-jl/testconf.txt", "SU(3)", extents);

  test("staggered quarks of mass 1: the correlator by dense linear algebra, and what LatticeQCD.jl prints", () => {
    const given = { fermion: { name: "staggered", mass: 1 }, "latticeqcd-jl": true, solver: { relative: 1e-12 } };
    const exact = [1.01536813, 0.11213556, 0.01660014, 0.10936171];
    correlator(space, data, given).forEach((c, t) => expect(Math.abs(c - exact[t]!)).toBeLessThan(5.1e-9));
    const printed = [2.1636035881194005, 0.16856724359459918, 0.014541121451087925, 0.08703476828695988];
    correlator(space, data, given, "latticeqcd-jl").forEach((c, t) => expectClose(c, printed[t]!, 1e-9));
  });

  test("a Gaussian source in Coulomb gauge: Wilson and clover quarks, and what MILC prints", () => {
    const periodic = [1, 1, 1, 1];
    const { data: fixed } = coulombFixed(storedLinks("milc/lat.sample.l4444", "SU(3)", extents));
    const measured = (fermion: object) =>
      correlator(space, fixed, { fermion: { ...fermion, boundary: periodic }, width: 1.5 });
    // half a unit of the last digit given
    measured({ name: "wilson", kappa: 0.1 }).forEach((c, t) =>
      expect(Math.abs(c - [260.663, 15.0644, 3.12202, 14.2474][t]!)).toBeLessThan([5e-4, 5e-5, 5e-6, 5e-5][t]!),
    );
    const clover = measured({ name: "clover", kappa: 0.1, "c-sw": 1.2 });
    clover.forEach((c, t) =>
      expect(Math.abs(c - [282.1277, 17.83287, 3.974425, 16.8404][t]!)).toBeLessThan([5e-5, 5e-6, 1e-6, 5e-6][t]!),
    );
    // MILC stops at a residual of 1e-5
    clover.forEach((c, t) => expectClose(c, [282.128, 17.83301, 3.974405, 16.84037][t]!, 1e-5));
  });
});

describe("the source", () => {
  const where = { group: "SU(2)", extents: [4, 2, 4] };
  const space = linkSpace(where);
  const rough = roughLinks(where.group, where.extents);
  const fermion = { name: "staggered", mass: 0.7 };

  test("the source-diagonal correlator depends on the gauge, the true one does not", () => {
    const at = (data: GaugeData, name: string) =>
      correlator(space, data, { fermion, solver: tight, "latticeqcd-jl": true }, name)[1]!;
    const turned = gaugeTransformed(rough);
    expectClose(at(rough, "C"), at(turned, "C"), 1e-11);
    expect(Math.abs(at(rough, "latticeqcd-jl") / at(turned, "latticeqcd-jl") - 1)).toBeGreaterThan(1e-3);
  });

  test("a very narrow Gaussian is a point; a wide one is another correlator", () => {
    const given = { fermion, solver: tight };
    const point = correlator(space, rough, given);
    const wide = correlator(space, rough, { ...given, width: 1 });
    correlator(space, rough, { ...given, width: 0.1 }).forEach((c, t) => expectClose(c, point[t]!, 1e-12));
    expect(Math.abs(wide[0]! / point[0]! - 1)).toBeGreaterThan(0.01);
  });

  test("one that is no site is refused with a sentence", () => {
    const build = (source: number[]) => () =>
      pionCorrelatorObservable.build(pionCorrelatorObservable.parameters.parse({ fermion, source }), { space });
    expect(build([0, 2, 0])).toThrow(/source: \[0, 2, 0\] is no site of the lattice \[4, 2, 4\]/);
    expect(build([0, 0])).toThrow(/no site/);
  });

  test("a solver that does not converge says so", () => {
    const given = { fermion: { ...fermion, mass: 0.01 }, solver: { relative: 1e-10, iterations: 3 } };
    expect(() => correlator(space, rough, given)).toThrow(/\|r\|\/\|b\| = .* after 3 of 3 iterations/);
  });
});

test("smeared links: a quark through a map is a quark on the mapped links", () => {
  const where = { group: "SU(3)", extents: [2, 2, 2, 4] };
  const space = linkSpace(where);
  const { field } = configuration(space, roughLinks(where.group, where.extents));
  const image = stout(space, { layers: 2, loops: ["plaquette"], rho: 0.1 }).apply(field);
  const fermion = { name: "wilson", kappa: 0.12 };
  const [rough, smeared] = [space.store(field), space.store(image.field)];
  const through = { name: "stout", layers: 2, rho: 0.1 };
  const direct = correlator(space, smeared, { fermion });
  correlator(space, rough, { fermion, through }).forEach((c, t) => expectClose(c, direct[t]!, 1e-12));
  expect(Math.abs(correlator(space, rough, { fermion })[1]! / direct[1]! - 1)).toBeGreaterThan(1e-3);
});
