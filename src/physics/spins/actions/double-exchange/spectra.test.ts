import { describe, expect, test } from "vitest";
import { coordinatesOf } from "../../../../lattice/shells.ts";
import { spinData } from "../../../../lattice/spins/configurations.contract.ts";
import { multiply, trace } from "../../../../numerics/complex-matrix.ts";
import type { DoubleExchangeParameters } from "./double-exchange.ts";
import { electronsIn, matrixOf } from "./testing.contract.ts";

/** Closed forms of the levels (shared/physics/spin-fermion.md, section 5.1). */

const lattices: readonly (readonly [extents: readonly number[], boundary: DoubleExchangeParameters["boundary"]])[] = [
  [[2, 2], "periodic"],
  [[4, 4], "periodic"],
  [[6, 6], "periodic"],
  [[3, 5], "periodic"],
  [
    [4, 6],
    [1, 0],
  ],
  [
    [6, 4],
    [0.3, -0.45],
  ],
  [
    [2, 3],
    [0.3, 1],
  ],
  [[8], [0.25]],
  [
    [2, 3, 4],
    [0.5, 0, 1],
  ],
];

/** Momenta k = (2 pi m + pi twist)/L with their numbers m. */
function momenta(extents: readonly number[], boundary: DoubleExchangeParameters["boundary"]) {
  const volume = extents.reduce((a, b) => a * b, 1);
  return Array.from({ length: volume }, (_, site) =>
    coordinatesOf(site, extents).map((m, mu) => {
      const twist = boundary === "periodic" ? 0 : boundary[mu]!;
      return (2 * Math.PI * m + Math.PI * twist) / extents[mu]!;
    }),
  );
}

const band = (k: readonly number[], t = 1) => -2 * t * k.reduce((sum, x) => sum + Math.cos(x), 0);

function expectLevels(found: Float64Array, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  const sorted = [...expected].sort((a, b) => a - b);
  found.forEach((e, i) => expect(Math.abs(e - sorted[i]!)).toBeLessThan(2e-14 * 10));
}

const split = (e: number, by: number) => [e - by, e + by];

describe.each(lattices)("%j, boundary %j", (extents, boundary) => {
  const ks = momenta(extents, boundary);
  const levels = (spins: string, J: number, t = 1) => {
    const { action, c } = electronsIn(extents, spins, { J, t, boundary });
    return action.spectrum(c);
  };

  test("free electrons, every level twice", () => {
    expectLevels(
      levels("golden(0)", 0, 0.7),
      ks.flatMap((k) => split(band(k, 0.7), 0)),
    );
  });

  test("parallel spins: eps +- J/2", () => {
    expectLevels(
      levels("FM", 1.3),
      ks.flatMap((k) => split(band(k), 0.65)),
    );
  });

  test.runIf(extents.every((n) => n % 2 === 0))("Néel order: +-sqrt(eps^2 + J^2/4)", () => {
    expectLevels(
      levels("Neel", 1.3),
      ks.flatMap((k) => split(0, Math.hypot(band(k), 0.65))),
    );
  });

  test.runIf(extents.length === 2)("spirals and cones", () => {
    for (const [mx, my, theta] of [
      [1, 0, Math.PI / 2],
      [1, 1, 1],
      [0, 1, 0.4],
      [2, 1, 2.2],
    ] as const) {
      const J = 1.7;
      const q = [mx, my].map((m, mu) => (2 * Math.PI * m) / extents[mu]!);
      const expected = ks.flatMap((k) => {
        const [a, b] = [band(k), band(k.map((x, mu) => x + q[mu]!))];
        return split((a + b) / 2, Math.hypot((a - b) / 2 + (J / 2) * Math.cos(theta), (J / 2) * Math.sin(theta)));
      });
      expectLevels(levels(`cone(${mx},${my},${theta})`, J), expected);
    }
  });
});

test("stripes are the cone of q = (pi, 0)", () => {
  const ks = momenta([4, 6], "periodic");
  const { action, c } = electronsIn([4, 6], "stripe", { J: 1.7 });
  const expected = ks.flatMap(([x, y]) => {
    const [a, b] = [band([x!, y!]), band([x! + Math.PI, y!])];
    return split((a + b) / 2, Math.hypot((a - b) / 2, 0.85));
  });
  expectLevels(action.spectrum(c), expected);
});

test("zero modes at half filling: 2L - 2 per spin on even L x L", () => {
  for (const L of [4, 6, 8]) {
    const { action, c } = electronsIn([L, L], "FM", { J: 0 });
    expect(action.spectrum(c).filter((e) => Math.abs(e) < 1e-12).length).toBe(2 * (2 * L - 2));
  }
});

test("the dimer, the lattice [2] with t = 1/2: +-sqrt(t^2 + J^2/4 +- t J cos(theta/2)), t the whole bond", () => {
  for (const theta of [0, 0.3, 1.5, 3]) {
    const J = 1.4;
    const spins = spinData([2], Float64Array.of(0, 0, 1, Math.sin(theta), 0, Math.cos(theta)));
    const { action, c } = electronsIn([2], spins, { J, t: 0.5 });
    const roots = [1, -1].map((s) => Math.sqrt(1 + J ** 2 / 4 + s * J * Math.cos(theta / 2)));
    expectLevels(action.spectrum(c), [...roots, ...roots.map((x) => -x)]);
  }
});

test("traces: Tr h = 0, Tr h^2 = N (8 t^2 + J^2/2), Tr h^3 = 0 on two sublattices", () => {
  for (const [extents, t, J] of [
    [[4, 4], 1, 1],
    [[6, 4], 0.7, 2.3],
    [[3, 5], 1.1, -0.8],
  ] as const) {
    const h = matrixOf(electronsIn(extents, "golden(3)", { t, J }));
    const [h2, N] = [multiply(h, h), extents[0] * extents[1]];
    expect(Math.abs(trace(h)[0])).toBeLessThan(1e-13);
    expect(trace(h2)[0]).toBeCloseTo(N * (8 * t ** 2 + J ** 2 / 2), 10);
    const cube = trace(multiply(h2, h))[0];
    if (extents.every((n) => n % 2 === 0)) expect(Math.abs(cube)).toBeLessThan(1e-11);
    else expect(cube).toBeCloseTo(2 * extents[1] * 3 * (-2 * t ** 3), 8); // closed walks of three steps round the side of 3
  }
});
