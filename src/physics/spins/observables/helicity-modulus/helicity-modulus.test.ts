import { describe, expect, test } from "vitest";
import { coordinatesOf } from "../../../../lattice/shells.ts";
import type { SpinData } from "../../../../lattice/spins/spin-data.ts";
import { pairAction } from "../../actions/pair-couplings/pair-action.ts";
import { describeSpinObservable, measureSpins } from "../../spin-observable.contract.ts";
import { roughSpins, type SpinCase, spinCases, spinSpace } from "../../testing.contract.ts";
import { helicityModulus } from "./helicity-modulus.ts";

const turning = spinCases.filter(({ spins, extents }) => spins !== "Ising" && extents.every((n) => n > 2));

describeSpinObservable({
  definition: helicityModulus,
  cases: turning,
  // two of the three axes of parallel O(3) spins are across them
  cold: (_, { spins }) => (spins === "XY" ? 1.3 : (2 / 3) * 1.3),
  neel: (_, { spins }) => -(spins === "XY" ? 1.3 : (2 / 3) * 1.3),
  // <(sum of a component of S x S')^2> = N/n of O(3), N/2 in the plane
  hot: (_, { spins }) => (-(1.3 ** 2) / 0.7) * (spins === "XY" ? 1 / 2 : 2 / 9),
});

/** Turns the spin at x round an axis (of XY: the only one) by the angle k x_mu. */
function twisted({ spins, extents, values }: SpinData, k: number, mu: number, axis: number): SpinData {
  const n = spins === "XY" ? 2 : 3;
  const out = values.slice();
  const [a, b] = spins === "XY" ? [0, 1] : [(axis + 1) % 3, (axis + 2) % 3];
  for (let i = 0; n * i < values.length; i++) {
    const angle = k * coordinatesOf(i, extents)[mu]!;
    const [x, y] = [values[n * i + a!]!, values[n * i + b!]!];
    out[n * i + a!] = Math.cos(angle) * x - Math.sin(angle) * y;
    out[n * i + b!] = Math.sin(angle) * x + Math.cos(angle) * y;
  }
  return { spins, extents, values: out };
}

/** E with every link of direction mu twisted by k: that of the turned spins, but for the links round the lattice. */
function energy(data: SpinData, k: number, mu: number, axis: number): number {
  const n = data.spins === "XY" ? 2 : 3;
  const { extents } = data;
  const turned = twisted(data, k, mu, axis);
  // the neighbour across the boundary is turned on by k L
  const far = twisted(data, k, mu, axis);
  const step = extents.slice(0, mu).reduce((p, q) => p * q, 1);
  let sum = 0;
  for (let i = 0; n * i < data.values.length; i++) {
    const last = coordinatesOf(i, extents)[mu] === extents[mu]! - 1;
    const j = last ? i - step * (extents[mu]! - 1) : i + step;
    const beyond = last ? beyondBoundary(far.values.subarray(n * j, n * j + n), k * extents[mu]!, axis) : undefined;
    for (let a = 0; a < n; a++) sum -= turned.values[n * i + a]! * (beyond?.[a] ?? turned.values[n * j + a]!);
  }
  return 1.3 * sum;
}

function beyondBoundary(spin: Float64Array, angle: number, axis: number): number[] {
  const [a, b] = spin.length === 2 ? [0, 1] : [(axis + 1) % 3, (axis + 2) % 3];
  const out = [...spin];
  out[a!] = Math.cos(angle) * spin[a!]! - Math.sin(angle) * spin[b!]!;
  out[b!] = Math.sin(angle) * spin[a!]! + Math.cos(angle) * spin[b!]!;
  return out;
}

describe.each(turning)("$spins on $extents", (where: SpinCase) => {
  test("it is E'' - E'^2/T of the twisted energy, by differences", () => {
    const space = spinSpace(where);
    const data = roughSpins(where, 3);
    const found = [...measureSpins(helicityModulus, space, data).values()].slice(1);
    const axes = where.spins === "XY" ? [0] : [0, 1, 2];
    const h = 1e-3;
    found.forEach((modulus, mu) => {
      const each = axes.map((axis) => {
        const e = [-2, -1, 0, 1, 2].map((k) => energy(data, k * h, mu, axis));
        const first = (e[0]! - 8 * e[1]! + 8 * e[3]! - e[4]!) / (12 * h);
        const second = (-e[0]! + 16 * e[1]! - 30 * e[2]! + 16 * e[3]! - e[4]!) / (12 * h * h);
        return (second - first ** 2 / 0.7) / space.lattice.volume;
      });
      expect(modulus).toBeCloseTo(each.reduce((a, b) => a + b, 0) / axes.length, 6);
    });
  });
});

test("other actions, Ising spins and short directions are refused in a sentence", () => {
  const build =
    (spins: SpinCase["spins"], extents: readonly number[], shells: readonly number[], field?: number[]) => () => {
      const space = spinSpace({ spins, extents });
      const action = pairAction(space, { shells, ...(field ? { field } : {}) }, 1, "test");
      return helicityModulus.build({}, { space, action });
    };
  expect(build("XY", [4, 4], [1, 0.5])).toThrow(/a coupling of nearest neighbours alone/);
  expect(build("XY", [4, 4], [1], [0.1, 0])).toThrow(/without a field/);
  expect(build("XY", [4, 2], [1])).toThrow(/extent 2 in direction 1; a twist needs 3 sites/);
  expect(build("Ising", [4, 4], [1])).toThrow(/Ising spins cannot be twisted/);
});
