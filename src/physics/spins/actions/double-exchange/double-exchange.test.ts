import { describe, expect, test } from "vitest";
import { Field } from "../../../../lattice/field.ts";
import type { SpinData } from "../../../../lattice/spins/spin-data.ts";
import { describeSpinAction } from "../../spin-action.contract.ts";
import {
  permutedSpins,
  reflectedSpins,
  rotatedSpins,
  type spinConfiguration,
  spinSpace,
  translatedSpins,
} from "../../testing.contract.ts";
import { doubleExchange, doubleExchangeAction } from "./double-exchange.ts";
import { derivatives, levels, lnWeights } from "./reference.contract.ts";
import { electronsIn, named } from "./testing.contract.ts";
import { fermi, lnWeight, occupation } from "./weight.ts";

describeSpinAction("double-exchange", {
  make: (space, temperature) => doubleExchange(space, { t: 1, J: 1.3, mu: -0.2, temperature, boundary: "periodic" }),
  cases: [
    { spins: "O(3)", extents: [4, 4] },
    { spins: "O(3)", extents: [3, 5] },
    { spins: "O(3)", extents: [2, 3, 2] },
    { spins: "XY", extents: [6] },
    { spins: "Ising", extents: [4, 2] },
  ],
  temperature: 0.2,
  changes: 12,
});

describe("reference values", () => {
  test("ln W of every configuration, coupling and chemical potential of the tables, to 1e-11", () => {
    for (const [extents, configuration, J, beta, mu, lnW] of lnWeights) {
      const { action, c } = electronsIn(extents, configuration, { J, beta, mu });
      const where = `${extents} ${configuration} J ${J} beta ${beta} mu ${mu}`;
      expect(Math.abs(-action.value(c) - lnW), where).toBeLessThan(1e-11 * Math.max(1, Math.abs(lnW)));
    }
  });

  test("levels, to 1e-13", () => {
    for (const { extents, levels: expected } of levels) {
      const { action, c } = electronsIn(extents, "golden(0)");
      const found = action.spectrum(c);
      expected.forEach((level, k) => expect(Math.abs(found[k]! - level)).toBeLessThan(1e-13 * 8));
    }
  });

  test("derivatives, filling and energy", () => {
    for (const { extents, J, beta, mu, lnW, filling, energy, sites } of derivatives) {
      const { action, c, space } = electronsIn(extents, "golden(0)", { J, beta, mu });
      expect(-action.value(c)).toBeCloseTo(lnW, 10);
      const { number, energy: total } = occupation(action.spectrum(c), beta, mu);
      expect(number / space.lattice.volume).toBeCloseTo(filling, 12);
      expect(total / space.lattice.volume).toBeCloseTo(energy, 12);
      const gradient = derivativeOf(action, c, space);
      for (const [site, expected] of Object.entries(sites))
        expected.forEach((x, a) => expect(gradient[3 * Number(site) + a]).toBeCloseTo(x, 11));
    }
  });
});

/** d ln W/dS as the numbers of a field. */
function derivativeOf(
  action: ReturnType<typeof doubleExchange>,
  c: ReturnType<typeof spinConfiguration>,
  space: ReturnType<typeof spinSpace>,
): Float64Array {
  const gradient = new Field(space.lattice.device, space.length);
  gradient.zero();
  action.addDerivative(c, -1, gradient);
  return gradient.view().slice();
}

describe("properties", () => {
  test("sum_i S_i x d ln W/dS_i = 0", () => {
    const { action, c, space } = electronsIn([6, 6], "golden(0)", { beta: 20, mu: -0.4 });
    const [s, g] = [c.field.view(), derivativeOf(action, c, space)];
    const torque = [0, 0, 0];
    for (let i = 0; i < s.length; i += 3)
      for (let a = 0; a < 3; a++) {
        const [b, d] = [(a + 1) % 3, (a + 2) % 3];
        torque[a]! += s[i + b]! * g[i + d]! - s[i + d]! * g[i + b]!;
      }
    for (const x of torque) expect(Math.abs(x)).toBeLessThan(1e-12);
  });

  test("ln W has the symmetries of spins and torus to 1e-12, with twisted boundaries those that are left", () => {
    const data = named("golden(0)", [4, 4]);
    const value = (d: SpinData, boundary: "periodic" | readonly number[] = "periodic") => {
      const { action, c } = electronsIn(d.extents, d, { mu: -0.3, boundary });
      return action.value(c);
    };
    const same = (a: number, b: number) => expect(Math.abs(a / b - 1)).toBeLessThan(1e-12);
    const s = value(data);
    same(value(rotatedSpins(data)), s);
    same(value(translatedSpins(data, [1, 2])), s);
    same(value(permutedSpins(reflectedSpins(data, 0), [1, 0])), s); // a quarter turn
    for (const boundary of [
      [1, 0],
      [0.3, -0.7],
    ]) {
      const twisted = value(data, boundary);
      expect(Math.abs(twisted / s - 1)).toBeGreaterThan(1e-6);
      // this rotation inverts the spins: time reversal, which turns the twist round
      const back = boundary.map((x) => -x);
      same(value(rotatedSpins(data), back), twisted);
      same(value(translatedSpins(data, [3, 1]), boundary), twisted); // the twist may sit on any bond
      const turned = [boundary[1]!, boundary[0]!];
      same(value(permutedSpins(data, [1, 0]), turned), twisted);
      same(
        value(
          data,
          boundary.map((x) => x + 2),
        ),
        twisted,
      );
    }
  });

  test("the other sign of the exponent is a constant: sum ln(1 + exp(beta (eps - mu))) = ln W - 2N beta mu", () => {
    for (const [extents, mu] of [
      [[4, 4], -1],
      [[3, 5], 0.7],
    ] as const) {
      const { action, c } = electronsIn(extents, "golden(0)", { mu });
      const mirrored = action.spectrum(c).reduce((sum, e) => sum + Math.log1p(Math.exp(10 * (e - mu))), 0);
      const n = action.electrons.hamiltonian.n;
      expect(Math.abs(mirrored + action.value(c) + n * 10 * mu)).toBeLessThan(1e-11);
    }
  });

  test("mu = 0 on even extents: symmetric levels, one electron a site, ln W by the positive levels, at least 2N ln 2", () => {
    for (const extents of [[4, 6], [6], [2, 4, 2]]) {
      const { action, c } = electronsIn(extents, "golden(0)", { beta: 7, boundary: extents.map((_, mu) => mu % 2) });
      const found = action.spectrum(c);
      const n = found.length;
      found.forEach((e, k) => expect(Math.abs(e + found[n - 1 - k]!)).toBeLessThan(1e-13 * 10));
      expect(occupation(found, 7, 0).number).toBeCloseTo(n / 2, 12);
      const positive = found.slice(n / 2).reduce((sum, e) => sum + 7 * e + 2 * Math.log1p(Math.exp(-7 * e)), 0);
      expect(-action.value(c)).toBeCloseTo(positive, 10);
      expect(-action.value(c)).toBeGreaterThan(n * Math.LN2);
      expect(-action.valuesAt(c, [1e9])[0]!).toBeCloseTo(n * Math.LN2, 8);
    }
  });

  test("J and -J, S and -S have the same weight", () => {
    const data = named("golden(0)", [3, 5]);
    const values = [1.7, -1.7].map((J) => {
      const { action, c } = electronsIn([3, 5], data, { J, mu: 0.3 });
      return action.value(c);
    });
    expect(values[0]).toBeCloseTo(values[1]!, 10);
  });

  test("spins in the plane are O(3) spins there, Ising spins those along z", () => {
    for (const [kind, axes] of [
      ["XY", [0, 1]],
      ["Ising", [2]],
    ] as const) {
      const extents = [4, 2];
      const values = Float64Array.from({ length: 8 * axes.length }, (_, i) =>
        kind === "Ising" ? (i % 3 === 0 ? -1 : 1) : i % 2 === 0 ? Math.cos(i >> 1) : Math.sin(i >> 1),
      );
      const full = new Float64Array(24);
      for (let site = 0; site < 8; site++)
        axes.forEach((axis, a) => (full[3 * site + axis] = values[axes.length * site + a]!));
      const flat = electronsIn(extents, { spins: kind, extents, values });
      const round = electronsIn(extents, { spins: "O(3)", extents, values: full });
      expect(flat.action.value(flat.c)).toBeCloseTo(round.action.value(round.c), 11);
      const [g, whole] = [flat, round].map(({ action, c, space }) => derivativeOf(action, c, space)) as [
        Float64Array,
        Float64Array,
      ];
      for (let site = 0; site < 8; site++)
        axes.forEach((axis, a) => expect(g[axes.length * site + a]).toBeCloseTo(whole[3 * site + axis]!, 11));
    }
  });

  test("another temperature shares the spectrum", () => {
    const { action, c } = electronsIn([4, 4], "golden(0)");
    const cold = action.at(0.02);
    expect(cold.temperature).toBe(0.02);
    expect(cold.value(c)).toBe(action.valuesAt(c, [0.02])[0]);
    expect(cold.electrons).toBe(action.electrons);
  });

  test("weights neither overflow nor cancel", () => {
    expect(lnWeight(Float64Array.of(-1, 1), 1e6, 0)).toBe(1e6);
    expect(lnWeight(Float64Array.of(1), 50, 0)).toBeCloseTo(Math.exp(-50), 60);
    expect(fermi(1, 1e6, 0)).toBe(0);
    expect(fermi(-1, 1e6, 0)).toBe(1);
    expect(fermi(0.5, 40, 0) / Math.exp(-20)).toBeCloseTo(1, 8);
  });
});

test("the run file's keys of single-spin changes build them, and parsing them again changes nothing", () => {
  const { parameters } = doubleExchangeAction;
  const temperature = 0.1;
  expect(parameters.parse({ temperature })).toMatchObject({ local: "diagonalise" });
  for (const given of [{ local: "matsubara" }, { local: "matsubara", frequencies: 9 }]) {
    const parsed = parameters.parse({ temperature, ...given });
    expect(parsed).toMatchObject(given);
    expect(parameters.parse(parsed)).toEqual(parsed);
    const space = spinSpace({ spins: "O(3)", extents: [4, 4] });
    const built = doubleExchangeAction.build(parsed, { space });
    expect(built.parameters).toMatchObject(given);
    expect(built.local).toHaveProperty("drift");
  }
});

describe("what makes no sense is refused, in a sentence", () => {
  const build =
    (extents: readonly number[], given: object = {}) =>
    () =>
      doubleExchangeAction.build(doubleExchangeAction.parameters.parse({ temperature: 1, ...given }), {
        space: spinSpace({ spins: "O(3)", extents }),
      });
  test("an extent of 1, too many sites, twists that do not fit", () => {
    expect(build([4, 1])).toThrow(/extent 2 of the lattice \[4, 1\] is 1/);
    expect(build([64, 64])).toThrow(/has 4096 sites; its dense matrix is diagonalised for up to 2048/);
    expect(build([4, 4], { boundary: [1] })).toThrow(/boundary has 1 twists for 2 directions/);
    expect(build([4, 4], { boundary: "open" })).toThrow(/periodic/);
    expect(build([4, 4], { temperature: 0 })).toThrow(/temperature must be positive/);
  });

  test("frequencies beside diagonalise, too few of them, more sites than there is memory for", () => {
    const local = "matsubara";
    expect(build([4, 4], { frequencies: 9 })).toThrow(/is for local = ."matsubara."/);
    expect(build([4, 4], { local: "diagonalise", frequencies: 9 })).toThrow(/is for local = ."matsubara."/);
    expect(build([4, 4], { local, frequencies: 0 })).toThrow(/>=1/);
    expect(build([4, 4], { local, frequencies: 81 })).toThrow(/<=80/);
    expect(build([4, 4], { local, frequencies: 4, temperature: 0.05 })).toThrow(
      /frequencies = 4 may leave an error of 0\.044 in a change of ln W at temperature 0\.05, above 0\.000001; give 9 or more/,
    );
    expect(build([34, 34], { local })).toThrow(/up to 1024 sites, this lattice has 1156; take local = "diagonalise"/);
  });

  test("accept without a question", () => {
    for (const local of ["diagonalise", "matsubara"] as const) {
      const { action, c } = electronsIn([2, 2], "golden(0)", { local });
      action.local.begin(c);
      expect(() => action.local.accept()).toThrow(/call change first/);
    }
  });
});
