import { describe, expect, test } from "vitest";
import { openDevice } from "../../../../kernels/node.ts";
import { Lattice } from "../../../../lattice/lattice.ts";
import { shellsOf } from "../../../../lattice/shells.ts";
import { golden, goldenOf } from "../../../../lattice/spins/configurations.contract.ts";
import type { SpinKind } from "../../../../lattice/spins/spin-data.ts";
import { SpinSpace } from "../../../../lattice/spins/spins.ts";
import { hermitianEigenvalues } from "../../../../numerics/hermitian.ts";
import { describeSpinModel } from "../../model.contract.ts";
import { linearSpinsDefinition } from "./definition.ts";
import { fitCouplings } from "./fit.ts";
import { type LinearSpins, linearSpins } from "./linear-spins.ts";

const device = openDevice({ workers: 1 });
const spaceOf = (extents: readonly number[], spins: SpinKind = "O(3)") =>
  new SpinSpace(new Lattice(device, extents), spins);

function at(space: SpinSpace, values: Float64Array) {
  const field = space.field();
  field.view().set(values);
  return { space, field, auxiliary: new Map() };
}

const start = (model: { parameters: Float64Array }) => {
  for (const i of model.parameters.keys()) model.parameters[i] = 0.3 * Math.cos(1 + 2 * i);
};
for (const [spins, extents, shells] of [
  ["O(3)", [6, 6], 9],
  ["XY", [3, 4, 2], 3],
  ["Ising", [5], 2],
  ["O(3)", [4, 5], 4],
] as const)
  describeSpinModel(`linear-spins, ${spins} on ${extents.join("x")}`, {
    spins,
    extents,
    make: (space, temperature) => {
      const model = linearSpins(space, { shells, temperature });
      start(model);
      model.assign();
      return model;
    },
  });

describe("pair sums of the golden configuration (physics sheet, 5.6)", () => {
  test.each([
    [
      [2, 2],
      [-0.5550305904, -0.8567584746],
    ],
    [
      [4, 4],
      [-15.3694522363, 10.3020065843, 4.494734027, -7.6259209718, 1.1016773715],
    ],
    [
      [6, 6],
      [
        -38.8748728327, 25.2722829204, 19.7041583705, -24.4789770544, 4.4435468971, -6.3487987383, 6.2098033963,
        -5.3898138979, 2.0388991118,
      ],
    ],
  ])("%j", (extents, expected) => {
    const space = spaceOf(extents);
    const model = linearSpins(space, { shells: expected.length, temperature: 1 });
    const sums = model.pairSums(at(space, golden(space.lattice.volume)));
    for (const [n, c] of expected.entries()) expect(sums[n]).toBeCloseTo(c, 9);
  });
});

test("the couplings are those of the sum over pairs, live", () => {
  const space = spaceOf([4, 4]);
  const model = linearSpins(space, { shells: 2, temperature: 0.5, J: [1, -2] });
  const { couplings } = model;
  expect([...couplings.shells]).toEqual([2, -4]);
  model.parameters[0] = 3;
  model.assign();
  expect([...couplings.shells]).toEqual([6, -4]);
  const c = at(space, golden(16));
  const sums = model.pairSums(c);
  expect(model.value(c)).toBeCloseTo(-6 * sums[0]! + 4 * sums[1]!, 12);
});

/** ln W of the double-exchange model with J = t = 1, mu = 0, from the spectrum (physics sheet, 1.2 and 1.3). */
function logWeight(extents: readonly [number, number], spins: Float64Array, temperature: number): number {
  const size = spins.length / 3;
  const n = 2 * size;
  const h = new Float64Array(2 * n * n);
  const add = (i: number, j: number, re: number, im = 0) => {
    h[2 * (n * i + j)]! += re;
    h[2 * (n * i + j) + 1]! += im;
  };
  for (let i = 0; i < size; i++) {
    const [x, y] = [i % extents[0], Math.floor(i / extents[0])];
    for (const j of [((x + 1) % extents[0]) + extents[0] * y, x + extents[0] * ((y + 1) % extents[1])])
      for (const s of [0, 1]) {
        add(2 * i + s, 2 * j + s, -1);
        add(2 * j + s, 2 * i + s, -1);
      }
    const [sx, sy, sz] = [spins[3 * i]! / 2, spins[3 * i + 1]! / 2, spins[3 * i + 2]! / 2];
    add(2 * i, 2 * i, sz);
    add(2 * i + 1, 2 * i + 1, -sz);
    add(2 * i, 2 * i + 1, sx, -sy);
    add(2 * i + 1, 2 * i, sx, sy);
  }
  return hermitianEigenvalues(h).reduce((sum, e) => {
    const x = -e / temperature;
    return sum + Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
  }, 0);
}

describe("least squares on golden configurations (physics sheet, 5.6)", () => {
  const data = (extents: readonly [number, number], count: number, shells: number) => {
    const space = spaceOf(extents);
    const model = linearSpins(space, { shells, temperature: 0.1 });
    const spins = Array.from({ length: count }, (_, k) => golden(space.lattice.volume, k * space.lattice.volume));
    const sums = Float64Array.from(spins.flatMap((s) => [...model.pairSums(at(space, s))]));
    return { sums, logWeights: Float64Array.from(spins, (s) => logWeight(extents, s, 0.1)) };
  };
  const known = (fit: ReturnType<typeof fitCouplings>, couplings: readonly number[], constant: number, mse: number) => {
    for (const [n, j] of couplings.entries()) expect(Math.abs(fit.parameters[n]! - j)).toBeLessThan(1e-10);
    expect(Math.abs(fit.parameters[couplings.length]! - constant)).toBeLessThan(2e-11 * Math.abs(constant));
    expect(fit.mse).toBeCloseTo(mse, 8);
  };

  test("4x4, T = 0.1, two and five shells", () => {
    const { sums, logWeights } = data([4, 4], 200, 5);
    const two = sums.filter((_, i) => i % 5 < 2);
    known(fitCouplings(two, logWeights, 0.1), [-0.0725393948, 0.0098901535], -25.6031695368, 0.2830186);
    known(
      fitCouplings(sums, logWeights, 0.1),
      [-0.0051386221, 0.0055308476, 0.0085332724, -0.013312501, 0.0611344282],
      -26.43136084024,
      0.00187764,
    );
  });

  test("6x6, T = 0.1, one and six shells", () => {
    const { sums, logWeights } = data([6, 6], 300, 6);
    const one = sums.filter((_, i) => i % 6 === 0);
    known(fitCouplings(one, logWeights, 0.1), [-0.03478077], -59.80895322493, 0.05711371);
    known(
      fitCouplings(sums, logWeights, 0.1),
      [-0.0243668046, 0.0073046706, -0.0075795826, -0.0070944266, -0.0017777314, 0.0015969139],
      -60.00083390789,
      0.03210434,
    );
  });
});

describe("standard errors", () => {
  const truth = [0.7, -0.2, 1.5];
  /** Pulls (fit - truth) / error of a regression on normal noise. */
  const pulls = (inflate: number) => {
    const found = [0, 0, 0];
    const rounds = 200;
    for (let r = 0; r < rounds; r++) {
      const count = 30;
      let seed = 1 + r;
      const uniform = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
      const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
      for (let skip = 0; skip < 5; skip++) uniform();
      const sums = Float64Array.from({ length: 2 * count }, () => 5 + normal());
      const y = Float64Array.from(
        { length: count },
        (_, b) => truth[0]! * sums[2 * b]! + truth[1]! * sums[2 * b + 1]! - truth[2]! + 0.4 * normal(),
      );
      const fit = fitCouplings(sums, y, 1);
      for (const i of found.keys())
        found[i]! += ((fit.parameters[i]! - truth[i]!) / (inflate * fit.errors[i]!)) ** 2 / rounds;
    }
    return found;
  };
  // squares of pulls with 27 degrees of freedom: mean 27/25 = 1.08, of 200 known to 0.11; false alarms about 1e-4 each
  test("are those of repeated experiments", () => {
    for (const square of pulls(1)) expect(Math.abs(square - 1.08)).toBeLessThan(0.45);
  });
  test("and errors one and a half times too large are noticed", () => {
    for (const square of pulls(1.5)) expect(Math.abs(square - 1.08)).toBeGreaterThan(0.45);
  });
});

test("fits that cannot be made say why", () => {
  expect(() => fitCouplings(new Float64Array(6), new Float64Array(3), 1)).toThrow(/3 configurations for 3 unknowns/);
  const twice = Float64Array.from({ length: 20 }, (_, i) => Math.sin(Math.floor(i / 2)));
  expect(() => fitCouplings(twice, new Float64Array(10), 1)).toThrow(/do not tell shell 2/);
});

test("the definition builds, and says what does not fit", () => {
  const space = spaceOf([6, 6]);
  const given = linearSpinsDefinition.parameters.parse({ shells: 2, temperature: 0.1, J: [0.1, 0.2] });
  expect(linearSpinsDefinition.parameters.parse(given)).toEqual(given);
  const model = linearSpinsDefinition.build(given, { space }) as LinearSpins;
  expect([...model.parameters]).toEqual([0.1, 0.2, 0]);
  expect(linearSpinsDefinition.parameters.safeParse({ temperature: 1, shells: 2, J: [1] }).success).toBe(false);
  expect(() => linearSpins(space, { shells: shellsOf([6, 6]).length, temperature: 1 })).toThrow(/has 9/);
  expect(goldenOf("XY", [2, 2]).values.length).toBe(8);
});
