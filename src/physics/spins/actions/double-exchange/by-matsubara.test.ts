import { expect, test } from "vitest";
import { golden } from "../../../../lattice/spins/configurations.contract.ts";
import { describeSpinAction } from "../../spin-action.contract.ts";
import type { LocalAction } from "../../spin-action.ts";
import { byMatsubara } from "./by-matsubara.ts";
import { doubleExchange } from "./double-exchange.ts";
import {
  compressedFrequencies,
  type FrequencyRule,
  frequenciesFor,
  plainFrequencies,
  ruleError,
} from "./frequencies.ts";
import { complexGreen } from "./green/complex.ts";
import { quaternionGreen } from "./green/quaternion.ts";
import { oneChange } from "./reference.contract.ts";
import { electronsIn } from "./testing.contract.ts";

describeSpinAction('double-exchange, local = "matsubara"', {
  make: (space, temperature) =>
    doubleExchange(space, {
      t: 1,
      J: 1.3,
      mu: -0.2,
      temperature,
      boundary: space.lattice.extents.map((_, mu) => 0.3 * mu),
      local: "matsubara",
    }),
  cases: [
    { spins: "O(3)", extents: [4, 4] },
    { spins: "XY", extents: [3, 5] },
    { spins: "Ising", extents: [2, 4] },
  ],
  temperature: 0.2,
  changes: 40,
  rotations: false, // the inversion needs the twist turned round
  translations: false,
});

describeSpinAction('double-exchange at half filling, local = "matsubara"', {
  make: (space, temperature) => {
    const boundary = space.lattice.extents.map(() => 1);
    return doubleExchange(space, { t: 1, J: 1.3, mu: 0, temperature, boundary, local: "matsubara" });
  },
  cases: [
    { spins: "O(3)", extents: [4, 4] },
    { spins: "O(3)", extents: [2, 2] },
    { spins: "XY", extents: [6, 2] },
    { spins: "Ising", extents: [4, 2, 2] },
  ],
  temperature: 0.2,
  changes: 40,
});

const set = { beta: 10, mu: -0.3 };
const spin = Float64Array.of(0.6, 0, -0.8);

/** The change of ln W that the reference knows, by a rule. */
function changeBy(rule: FrequencyRule): number {
  const { action, c } = electronsIn([4, 4], "golden(0)", set);
  const local = byMatsubara(action.electrons, set.beta, set.mu, () => rule, 100);
  local.begin(c);
  return -local.change(5, spin);
}

test("the change of one spin: exactly, and by the first frequencies as the reference has it", () => {
  const { action, c } = electronsIn([4, 4], "golden(0)", set);
  action.local.begin(c);
  expect(-action.local.change(5, spin)).toBeCloseTo(oneChange.exact, 12);
  for (const [count, expected] of Object.entries(oneChange.frequencies))
    expect(changeBy(plainFrequencies(1 / set.beta, Number(count)))).toBeCloseTo(expected, 13);
});

test("nine gathered frequencies do better than 800 of the first", () => {
  const rule = frequenciesFor(1 / set.beta, 4.8, 1e-10);
  expect(rule.values.length).toBeLessThan(10);
  expect(Math.abs(changeBy(rule) - oneChange.exact)).toBeLessThan(1e-11);
});

test("the error of a short rule stays below its bound, and comes near it", () => {
  const [beta, mu, reach] = [20, -0.4, 4.9];
  const rule = compressedFrequencies(1 / beta, reach, 6);
  const bound = ruleError(rule, 1 / beta, reach);
  const { action, c } = electronsIn([4, 4], "golden(0)", { beta, mu });
  const local = byMatsubara(action.electrons, beta, mu, () => rule, 100);
  const moves = golden(60, 3000);
  action.local.begin(c);
  local.begin(c);
  const errors = Array.from({ length: 60 }, (_, k) => {
    const to = moves.subarray(3 * k, 3 * k + 3);
    return Math.abs(local.change(k % 16, to) - action.local.change(k % 16, to));
  });
  expect(Math.max(...errors)).toBeLessThan(bound);
  expect(Math.max(...errors)).toBeGreaterThan(bound / 1000);
});

test("real quaternions and complex matrices are the same Green's functions", () => {
  const { action, c } = electronsIn([4, 6], "golden(0)", { J: 1.7 });
  const { hamiltonian } = action.electrons;
  const rule = frequenciesFor(0.1, hamiltonian.bound, 1e-10);
  const both = [quaternionGreen(hamiltonian, rule), complexGreen(hamiltonian, 0, rule)] as const;
  const { values, vectors } = action.electrons.decompose(c);
  for (const green of both) green.fill(values, vectors);
  const before = c.field.view().slice();
  const moves = golden(100, 500);
  for (let k = 0; k < 100; k++) {
    const site = (7 * k) % 24;
    const vector = before.subarray(3 * site, 3 * site + 3).map((x, a) => 0.85 * (moves[3 * k + a]! - x));
    const [a, b] = both.map((green) => green.lnRatio({ site, vector }));
    expect(Math.abs(a! - b!)).toBeLessThan(1e-11);
    for (const green of both) green.update({ site, vector });
    before.set(moves.subarray(3 * k, 3 * k + 3), 3 * site);
  }
});

/** Forces `count` changes, every one accepted; the largest distance of the followed ln W from the levels, looked at ten times. */
function worstDrift(
  extents: readonly number[],
  beta: number,
  mu: number,
  count: number,
  renewal = Number.POSITIVE_INFINITY,
  rule = frequenciesFor(1 / beta, 4.5 + Math.abs(mu), 1e-10),
) {
  const { action, c, space } = electronsIn(extents, "golden(0)", { beta, mu });
  const local = byMatsubara(action.electrons, beta, mu, () => rule, renewal);
  const moves = golden(count, 777);
  local.begin(c);
  let s = action.value(c);
  let worst = 0;
  for (let k = 0; k < count; k++) {
    s += local.change((7 * k) % space.lattice.volume, moves.subarray(3 * k, 3 * k + 3));
    local.accept();
    if (k % (count / 10) === 0) worst = Math.max(worst, Math.abs(action.value(c) - s));
  }
  return { worst: Math.max(worst, Math.abs(action.value(c) - s)), drift: local.drift };
}

test("after hundreds of accepted changes ln W is still that of the levels, to 1e-10", () => {
  expect(worstDrift([4, 4], 20, 0, 600).worst).toBeLessThan(1e-10);
  expect(worstDrift([6, 6], 20, 0, 720).worst).toBeLessThan(1e-10);
  expect(worstDrift([6, 6], 50, -0.7, 720).worst).toBeLessThan(1e-10);
});

test("Green's functions are computed afresh after as many changes as asked for, and tell how far they had gone", () => {
  const gathered = (beta: number) => frequenciesFor(1 / beta, 4.5, 1e-10);
  const { worst, drift } = worstDrift([4, 4], 20, 0, 100, 40, gathered(20));
  expect(worst).toBeLessThan(1e-10);
  expect(drift).toBeLessThan(1e-10);
  // too few frequencies are seen
  expect(worstDrift([4, 4], 20, 0, 100, 40, plainFrequencies(0.05, 50)).drift).toBeGreaterThan(1e-6);
});

test("begin forgets what it has done: what follows is to the last bit what it is from these spins alone", () => {
  for (const boundary of ["periodic", [0.3, 0]] as const) {
    const given = { ...set, mu: boundary === "periodic" ? 0 : set.mu, boundary, local: "matsubara" } as const;
    const { action, c } = electronsIn([4, 4], "golden(0)", given);
    const moves = golden(90, 31);
    const changesOf = (local: LocalAction) =>
      Array.from({ length: 30 }, (_, k) => local.change((5 * k) % 16, moves.subarray(3 * k, 3 * k + 3)));
    action.local.begin(c);
    for (let k = 30; k < 90; k++) {
      action.local.change((7 * k) % 16, moves.subarray(3 * k, 3 * k + 3));
      action.local.accept();
    }
    const followed = changesOf(action.local);
    action.local.begin(c);
    const begun = changesOf(action.local);
    const other = electronsIn([4, 4], { spins: "O(3)", extents: [4, 4], values: c.field.view().slice() }, given);
    other.action.local.begin(other.c);
    expect(begun).toEqual(changesOf(other.action.local));
    expect(followed).not.toEqual(begun); // rounding errors, which a begin that went on would keep
    followed.forEach((x, k) => expect(x).toBeCloseTo(begun[k]!, 11));
  }
});
