import { describe, expect, test } from "vitest";
import { coordinatesOf } from "../../../../lattice/shells.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import { describeSpinAction } from "../../spin-action.contract.ts";
import { spinCases, spinConfiguration, spinSpace } from "../../testing.contract.ts";
import { isingAction } from "./ising.ts";

const make = (space: SpinSpace, parameters: object) =>
  isingAction.build(isingAction.parameters.parse(parameters), { space });
const cases = spinCases.filter(({ spins, extents }) => spins === "Ising" && extents.length > 1);
const small = { spins: "Ising", extents: [2, 2] } as const;

describeSpinAction("ising", { make: (space, temperature) => make(space, { temperature }), cases: [...cases, small] });
describeSpinAction("ising with squares", {
  make: (space, temperature) => make(space, { temperature, J: 0.9, square: 0.35 }),
  cases: [...cases, small],
});
describeSpinAction("ising with squares in a field", {
  make: (space, temperature) => make(space, { temperature, J: -0.4, square: -0.7, field: 0.3 }),
  cases: [...cases, small],
  rotations: false,
});

/** All states of a lattice by a Gray code, one flip from each to the next; S from the changes alone. */
function spectrum(extents: readonly number[], parameters: object): Map<number, number> {
  const space = spinSpace({ spins: "Ising", extents });
  const action = make(space, { temperature: 1, ...parameters });
  const c = spinConfiguration(space);
  const spins = c.field.view().slice();
  let value = action.value(c);
  action.local.begin(c);
  const states = new Map([[value, 1]]);
  for (let state = 1; state < 2 ** spins.length; state++) {
    const site = Math.log2(state & -state);
    spins[site] = -spins[site]!;
    value += action.local.change(site, spins.subarray(site, site + 1));
    action.local.accept();
    states.set(value, (states.get(value) ?? 0) + 1);
  }
  // every change was exact: whole numbers
  expect(value).toBe(action.value(c));
  return new Map([...states].sort(([a], [b]) => a - b));
}

test("the states of 4 x 4 spins by energy are those of the literature", () => {
  // P. D. Beale, Phys. Rev. Lett. 76 (1996) 78; symmetric in E
  const half = [[-32, 2], [-24, 32], [-20, 64], [-16, 424], [-12, 1728], [-8, 6688], [-4, 13568], [0, 20524]]; // biome-ignore format: a table
  const all = [...half, ...half.slice(0, -1).map(([e, g]) => [-e!, g!]).reverse()]; // biome-ignore format: a table
  expect([...spectrum([4, 4], {})]).toEqual(all.map(([e, g]) => [e! + 0, g!]));
});

test("the partition function of a ring is that of the transfer matrix, in a field too", () => {
  const [n, k, h] = [10, 0.625, 0.25];
  const z = [...spectrum([n], { J: k, field: h })].reduce((sum, [s, states]) => sum + states * Math.exp(-s), 0);
  const root = Math.sqrt(Math.sinh(h) ** 2 + Math.exp(-4 * k));
  const eigenvalue = (sign: number) => Math.exp(k) * (Math.cosh(h) + sign * root);
  expect(z / (eigenvalue(1) ** n + eigenvalue(-1) ** n)).toBeCloseTo(1, 12);
});

/** E of a state by its bonds and squares as sets of sites. */
function energyOf(spins: Float64Array, extents: readonly number[], [j, k, h]: readonly number[]): number {
  const bonds = new Set<string>();
  const squares = new Set<string>();
  const site = (x: readonly number[]) => extents.reduceRight((sum, n, mu) => sum * n + (((x[mu]! % n) + n) % n), 0);
  const key = (...sites: number[]) => sites.sort((a, b) => a - b).join();
  spins.forEach((_, i) => {
    const x = coordinatesOf(i, extents);
    const ahead = (...steps: number[]) => site(x.map((c, mu) => c + (steps.includes(mu) ? 1 : 0)));
    extents.forEach((_, mu) => {
      bonds.add(key(i, ahead(mu)));
      for (let nu = 0; nu < mu; nu++) squares.add(key(i, ahead(mu), ahead(nu), ahead(mu, nu)));
    });
  });
  const sum = (sets: Set<string>) =>
    [...sets].reduce((total, set) => total + set.split(",").reduce((p, i) => p * spins[Number(i)]!, 1), 0);
  return -(j! * sum(bonds) + k! * sum(squares) + h! * spins.reduce((a, b) => a + b, 0));
}

describe.each(
  [
    [2, 2],
    [2, 3],
    [3, 3],
    [2, 4],
    [2, 2, 2],
  ].map((extents) => ({ extents })),
)("every state of $extents", ({ extents }) => {
  test("bonds and squares are counted once each", () => {
    const space = spinSpace({ spins: "Ising", extents });
    const couplings = [1, 0.5, 0.25];
    const action = make(space, { temperature: 2, J: 1, square: 0.5, field: 0.25 });
    const c = spinConfiguration(space);
    for (let state = 0; state < 2 ** space.length; state++) {
      const spins = Float64Array.from({ length: space.length }, (_, i) => ((state >> i) & 1 ? -1 : 1));
      c.field.view().set(spins);
      if (action.value(c) !== energyOf(spins, extents, couplings) / 2)
        expect.fail(`${spins}: ${action.value(c)} is not ${energyOf(spins, extents, couplings) / 2}`);
    }
  });
});

test("what does not fit is refused in a sentence", () => {
  expect(() => make(spinSpace({ spins: "XY", extents: [4, 4] }), { temperature: 1 })).toThrow(
    /ising is for spins = "Ising"; this run has XY spins/,
  );
  expect(() => make(spinSpace({ spins: "Ising", extents: [4] }), { temperature: 1, square: 1 })).toThrow(
    /no squares in 1 dimension/,
  );
  expect(isingAction.parameters.safeParse({ temperature: 0 }).error?.issues[0]?.message).toMatch(/must be positive/);
});
