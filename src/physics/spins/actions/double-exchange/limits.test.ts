import { expect, test } from "vitest";
import { shellCount } from "../../../../lattice/shells.ts";
import { golden, spinData } from "../../../../lattice/spins/configurations.contract.ts";
import { pairSums } from "../../../../learning/spins/regression/testing.contract.ts";
import { LeastSquares } from "../../../../numerics/least-squares.ts";
import { secondOrder } from "./reference.contract.ts";
import { electronsIn } from "./testing.contract.ts";

/** Weak coupling and high temperature, where the electrons are known (shared/physics/spin-fermion.md, section 5.2). */

const spinsOf = (extents: readonly number[], k: number) => {
  const volume = extents.reduce((a, b) => a * b, 1);
  return spinData(extents, golden(volume, k * volume));
};

/** T (ln W - ln W_0)/J^2 = sum_n (J_n/J^2) C_n - E/J^2 + O(J^2) fitted to golden configurations: J_n/J^2, and then E/J^2. */
function fitted(extents: readonly number[], temperature: number, J: number, lnW0: number): number[] {
  const shells = shellCount(extents);
  const regression = new LeastSquares(shells);
  for (let k = 0; k < shells + 8; k++) {
    const data = spinsOf(extents, k);
    const { action, c } = electronsIn(extents, data, { J, beta: 1 / temperature });
    regression.add(pairSums(data.values, extents, shells), ((-action.value(c) - lnW0) * temperature) / J ** 2);
  }
  const { coefficients, intercept } = regression.fit()!;
  return [...coefficients, -intercept];
}

test.each(secondOrder)("J to 0, $L x $L at T = $temperature: the couplings of second order", (row) => {
  const { L, temperature, couplings, pi0, lnW0 } = row;
  const free = electronsIn([L, L], spinsOf([L, L], 0), { J: 0, beta: 1 / temperature });
  expect(-free.action.value(free.c)).toBeCloseTo(lnW0, 9);
  // the next order falls as (J/T)^2
  const [near, far] = [0.1, 0.2].map((x) => fitted([L, L], temperature, x * temperature, lnW0)) as [number[], number[]];
  const found = near.map((x, n) => (4 * x - far[n]!) / 3);
  const size = Math.max(...couplings);
  couplings.forEach((expected, n) => expect(Math.abs(found[n]! - expected)).toBeLessThan(2e-6 * size));
  expect(Math.abs(found.at(-1)! / ((L * L * pi0) / 4) - 1)).toBeLessThan(1e-5);
});

test("second order is close at J = 0.02, T = 0.1", () => {
  for (const [L, whole, second] of [
    [4, 0.010189, 0.0101909],
    [6, 0.0179543, 0.0179562],
  ] as const) {
    const { couplings, pi0, lnW0 } = secondOrder.find((row) => row.L === L && row.temperature === 0.1)!;
    const data = spinsOf([L, L], 0);
    const { action, c } = electronsIn([L, L], data, { J: 0.02 });
    expect(-action.value(c) - lnW0).toBeCloseTo(whole, 7);
    const sums = pairSums(data.values, [L, L], couplings.length);
    const energy = couplings.reduce<number>((sum, x, n) => sum - x * sums[n]!, (L * L * pi0) / 4);
    expect(-(0.02 ** 2) * energy * 10).toBeCloseTo(second, 7);
  }
});

test("beta to 0: the spins first enter at beta^4, -(beta^4 t^2 J^2/96) sum_<ij> S_i.S_j, with an error of beta^6", () => {
  for (const [extents, t, J] of [
    [[4, 4], 1, 1],
    [[3, 5], 0.8, 1.6],
  ] as const) {
    const [a, b] = [0, 1].map((k) => spinsOf(extents, k)) as [ReturnType<typeof spinsOf>, ReturnType<typeof spinsOf>];
    const [ca, cb] = [a, b].map(({ values }) => pairSums(values, extents, 1)[0]!) as [number, number];
    const ratio = (beta: number) => {
      const [sa, sb] = [a, b].map((data) => {
        const { action, c } = electronsIn(extents, data, { t, J, beta });
        return -action.value(c);
      }) as [number, number];
      return (sa - sb) / ((-(beta ** 4) * t ** 2 * J ** 2 * (ca - cb)) / 96);
    };
    const [first, second] = [ratio(0.05) - 1, ratio(0.1) - 1];
    expect(Math.abs(second)).toBeLessThan(0.03);
    expect(Math.abs(first / second - 1 / 4)).toBeLessThan(0.05);
  }
});
