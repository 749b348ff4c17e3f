import { describe, expect, test } from "vitest";
import type { GaugeData } from "../../../lattice/gauge-data.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import type { Noise } from "../../../lattice/spinors/spinors.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { logDeterminant } from "../../dirac/exact/determinant.ts";
import { traceOfInverse } from "../../dirac/exact/trace.ts";
import { charges, type FreeQuark, staggeredTrace, wilsonTrace } from "../../dirac/free.contract.ts";
import { buildQuark, diracOperator, fermionSchema } from "../../dirac/quark.ts";
import { describeObservable, measureAll } from "../../observable.contract.ts";
import { constantLinks } from "../../solvable.contract.ts";
import {
  type Case,
  configuration,
  expectClose,
  hasSharedData,
  linkSpace,
  roughLinks,
  smoothLinks,
  storedLinks,
} from "../../testing.contract.ts";
import { chiralCondensate } from "./chiral-condensate.ts";
import { exactTrace } from "./exact.ts";
import { type DrawSource, traceEstimates } from "./stochastic.ts";

const even: readonly Case[] = [
  { group: "SU(3)", extents: [4, 2, 2, 4] },
  { group: "SU(2)", extents: [2, 4, 4] },
  { group: "U(1)", extents: [4, 6] },
];
const quarks = [
  { fermion: { name: "staggered", mass: 0.7 }, trace: (at: FreeQuark) => staggeredTrace(at, 0.7), cases: even },
  {
    fermion: { name: "wilson", kappa: 0.1 },
    trace: (at: FreeQuark) => wilsonTrace(at, 0.1),
    cases: [even[0]!, even[2]!, { group: "SU(2)", extents: [3, 4] }],
  },
];

for (const { fermion, trace, cases } of quarks)
  describe(fermion.name, () => {
    describeObservable({
      definition: chiralCondensate,
      cases,
      parameters: { fermion, exact: true, solver: { relative: 1e-14 } },
      cold: (_, { group, lattice }) => (group.n * trace({ extents: lattice.extents })) / lattice.volume,
      solvable(space) {
        const { data, angle } = constantLinks(space);
        const { extents, volume } = space.lattice;
        const traces = charges(space.group).map((charge) =>
          trace({ extents, angles: extents.map((_, mu) => charge * angle(mu)) }),
        );
        const value = traces.reduce((a, b) => a + b, 0) / volume;
        return [{ name: "constant links", data, value: () => value }];
      },
    });
  });

const condensate = (space: LinkSpace, data: GaugeData, given: object): number =>
  measureAll(chiralCondensate, space, data, { exact: true, ...given }).get("condensate")!;

describe("free quarks of SU(3) on unit links", () => {
  const space = linkSpace({ group: "SU(3)", extents: [4, 4, 4, 4] });
  const cold = space.store(space.field());

  test.each([
    [0.1, 0.0678457336127],
    [0.3, 0.188196014903],
    [0.4, 0.23617120117],
    [0.5, 0.275324675325],
    [1, 0.368253968254],
  ])("staggered, m = %d: %d a colour", (mass, expected) => {
    expectClose(condensate(space, cold, { fermion: { name: "staggered", mass } }) / 3, expected, 1e-11);
  });
});
test.skipIf(!hasSharedData).each([
  [1.0, 1.2501951856395896],
  [0.5, 1.1432448206498669],
  [0.3, 0.9475033142965454],
  [0.1, 0.5016820174840002],
])(
  "stored configuration, staggered quarks of mass %d: (1/V) Tr D^-1 = %d by dense linear algebra",
  (mass, expected) => {
    const extents = [4, 4, 4, 4];
    const space = linkSpace({ group: "SU(3)", extents });
    const data = storedLinks("latticeqcd-jl/testconf.txt", "SU(3)", extents);
    const fermion = { name: "staggered", mass };
    expectClose(condensate(space, data, { fermion }), expected, 1e-11);
    expectClose(condensate(space, data, { fermion, flavours: 2 }), expected / 2, 1e-11);
  },
);

describe("traces that are solved for, one component after the other", () => {
  const where = { group: "U(1)", extents: [4, 4] };
  const space = linkSpace(where);
  const rough = roughLinks(where.group, where.extents);
  const { field } = configuration(space, rough);
  const trace = (fermion: object) => 16 * condensate(space, rough, { fermion, solver: { relative: 1e-13 } });

  test.each([
    { name: "domain-wall", ls: 4 },
    { name: "domain-wall", ls: 3, b: 2, c: 1, height: -1.2 },
  ])("%o: the derivative of log det D with respect to the mass", (fermion) => {
    const log = (mass: number) => {
      const op = diracOperator(space, fermionSchema.parse({ ...fermion, mass }), "even");
      op.load(field);
      return logDeterminant(op).logModulus;
    };
    const h = 1e-3;
    const differences = (8 * (log(0.3 + h) - log(0.3 - h)) - (log(0.3 + 2 * h) - log(0.3 - 2 * h))) / (12 * h);
    expectClose(trace({ ...fermion, mass: 0.3 }), differences, 1e-9); // the truncation error is h^4 times a constant
  });

  test("clover: dense linear algebra on all sites", () => {
    const fermion = { name: "clover", kappa: 0.17, "c-sw": 1.1 };
    const op = diracOperator(space, fermionSchema.parse(fermion), "all");
    op.load(field);
    expectClose(trace(fermion), traceOfInverse(op), 1e-11);
  });

  test("are refused where there are too many", () => {
    const large = linkSpace({ group: "SU(3)", extents: [8, 8, 8, 8] });
    const build = (fermion: object) => () =>
      chiralCondensate.build(chiralCondensate.parameters.parse({ fermion, exact: true }), { space: large });
    expect(build({ name: "clover", kappa: 0.1 })).toThrow(/49152 components, .* is for 4096 at most/);
    expect(build({ name: "staggered", mass: 0.1 })).toThrow(/a matrix of 6144 rows; .* 4096 at most/);
  });
});

describe("noise sources", () => {
  const where = { group: "SU(2)", extents: [4, 4] };
  const space = linkSpace(where);
  const { field } = configuration(space, smoothLinks(space, 0.2));
  const sources = 400;

  /** Distance of the mean of many estimates from the exact trace, in standard deviations of the mean. */
  function pull(fermion: object, draw: DrawSource): number {
    const solver = { relative: 1e-10, iterations: 1000 };
    const quark = buildQuark(space, { fermion: fermionSchema.parse(fermion), solver });
    quark.load(field);
    const estimates = traceEstimates(quark, solver, sources, draw);
    const mean = estimates.reduce((a, b) => a + b, 0) / sources;
    const variance = estimates.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (sources - 1);
    const exact = exactTrace(quark);
    quark.release();
    expect(variance).toBeGreaterThan(0);
    return (mean - exact) / Math.sqrt(variance / sources);
  }
  const rng = addressedRng("condensate");
  const drawn =
    (noise: Noise): DrawSource =>
    (spinors, sites, eta, k) =>
      spinors.draw(sites, eta, noise, rng, `test ${k}`, 0);

  const fermions = [
    { name: "staggered", mass: 0.3 },
    { name: "wilson", kappa: 0.15 },
  ];
  test.each(
    fermions.flatMap((fermion) => (["z2", "z4", "gaussian"] as const).map((noise) => [fermion, noise] as const)),
  )("%o with %s noise: the mean is the exact trace within 4 standard deviations", (fermion, noise) =>
    expect(Math.abs(pull(fermion, drawn(noise)))).toBeLessThan(4),
  );

  test.each(fermions)("phases with a mean, as LatticeQCD.jl draws them, are noticed: %o", (fermion) => {
    const biased: DrawSource = (spinors, sites, eta, k) => {
      spinors.draw(sites, eta, "gaussian", rng, `biased ${k}`, 0);
      const values = eta.view();
      const { lanes } = spinors.lattice.geometry;
      const stream = rng.at("phase", k);
      for (let i = 0; i < values.length; i += 2 * lanes)
        for (let lane = 0; lane < lanes; lane++) {
          const phase = (stream.below(4) * Math.PI) / 4;
          values[i + lane] = Math.cos(phase);
          values[i + lanes + lane] = Math.sin(phase);
        }
    };
    expect(Math.abs(pull(fermion, biased))).toBeGreaterThan(8);
  });

  test("draw anew in every step, and the same again", () => {
    const observable = chiralCondensate.build(chiralCondensate.parameters.parse({ sources: 2 }), { space });
    const at = (step: number) =>
      observable.measure({ space, field, auxiliary: new Map() }, addressedRng("run", 0), step)[0]!.values[0];
    expect(at(1)).toBe(at(1));
    expect(at(1)).not.toBe(at(2));
  });
});

test("a lattice that cannot have the quark is refused with a sentence", () => {
  const build = (extents: readonly number[], fermion: object) => () =>
    chiralCondensate.build(chiralCondensate.parameters.parse({ fermion }), {
      space: linkSpace({ group: "U(1)", extents }),
    });
  expect(build([3, 4], { name: "staggered", mass: 1 })).toThrow(/staggered quarks need even extents .* \[3, 4\]/);
  expect(build([4, 4, 4], { name: "wilson", kappa: 0.1 })).toThrow(/2 or 4 dimensions/);
  expect(build([4, 4], { name: "wilson", kappa: 0.1, boundary: [1] })).toThrow(/boundary: 1 phases for 2 directions/);
});
