import { afterAll, describe, expect, it } from "vitest";
import { openDevice } from "../../kernels/node.ts";
import { cone, ferromagnet, golden, neel, spiral, stripe } from "../../lattice/spins/configurations.contract.ts";
import { hermitianSolver } from "./solver.ts";

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

/** Levels are compared with closed forms to this (sheet of the spin-fermion model, section 5.1, with t = 1). */
const TOLERANCE = 1e-11;

type Extents = readonly [number, number];
type Element = (i: number, j: number, re: number, im: number) => void;

/** Both ways of finding the eigenvalues of a matrix to which `fill` adds elements; i and j are any, the adjoint is added. */
function levels(n: number, fill: (add: Element) => void): readonly Float64Array[] {
  const solver = hermitianSolver(device, n);
  const write = () => {
    const a = solver.matrix().fill(0);
    fill((i, j, re, im) => {
      const [row, column] = i > j ? [i, j] : [j, i];
      a[2 * (row * n + column)]! += re;
      a[2 * (row * n + column) + 1]! += i > j ? im : -im;
    });
  };
  write();
  const alone = solver.eigenvalues().slice();
  write();
  const withVectors = solver.decompose().values.slice();
  solver.release();
  return [alone, withVectors];
}

/** (J/2) S . sigma in rows 2i, 2i + 1. */
function onSite(add: Element, i: number, j: number, [x, y, z]: ArrayLike<number> & Iterable<number>): void {
  add(2 * i, 2 * i, (j / 2) * z!, 0);
  add(2 * i + 1, 2 * i + 1, (-j / 2) * z!, 0);
  add(2 * i + 1, 2 * i, (j / 2) * x!, (j / 2) * y!);
}

/** Levels of electrons of spin up and down on a periodic lattice, coupled to classical spins (section 1.3). */
const doubleExchange = ([lx, ly]: Extents, spins: Float64Array, j: number) =>
  levels(2 * lx * ly, (add) => {
    for (let i = 0; i < lx * ly; i++) {
      const [x, y] = [i % lx, Math.floor(i / lx)];
      for (const k of [((x + 1) % lx) + lx * y, x + lx * ((y + 1) % ly)])
        for (const s of [0, 1]) add(2 * i + s, 2 * k + s, -1, 0);
      onSite(add, i, j, spins.subarray(3 * i, 3 * i + 3));
    }
  });

/** epsilon_k = -2 (cos kx + cos ky) at k = 2 pi (mx / Lx, my / Ly) */
const band = ([lx, ly]: Extents, mx: number, my: number): number =>
  -2 * (Math.cos((2 * Math.PI * mx) / lx) + Math.cos((2 * Math.PI * my) / ly));

/** What `of` gives of every k. */
function overMomenta([lx, ly]: Extents, of: (mx: number, my: number) => readonly number[]): number[] {
  return Array.from({ length: lx * ly }, (_, k) => of(k % lx, Math.floor(k / lx))).flat();
}

function expectLevels(found: readonly Float64Array[], wanted: readonly number[]): void {
  const sorted = Float64Array.from(wanted).sort();
  for (const values of found) {
    expect(values.length).toBe(sorted.length);
    const worst = values.reduce((most, x, k) => Math.max(most, Math.abs(x - sorted[k]!)), 0);
    expect(worst).toBeLessThan(TOLERANCE);
  }
}

const J = 1.3;
const lattices: readonly Extents[] = [
  [2, 2],
  [4, 4],
  [6, 6],
  [8, 8],
  [4, 6],
  [3, 5],
];

describe.each(lattices)("levels on %d x %d", (...extents) => {
  const [lx, ly] = extents;
  const volume = lx * ly;
  const bipartite = lx % 2 === 0 && ly % 2 === 0;

  it("without coupling are those of the band, twice each", () => {
    const wanted = overMomenta(extents, (mx, my) => [band(extents, mx, my), band(extents, mx, my)]);
    expectLevels(doubleExchange(extents, golden(volume), 0), wanted);
  });

  it("in a ferromagnet are epsilon_k +- J/2", () => {
    const wanted = overMomenta(extents, (mx, my) => [-1, 1].map((s) => band(extents, mx, my) + (s * J) / 2));
    expectLevels(doubleExchange(extents, ferromagnet(volume), J), wanted);
  });

  it.runIf(bipartite)("in the Neel order are +- sqrt(epsilon_k^2 + J^2/4), once a k", () => {
    // epsilon_(k + (pi, pi)) = -epsilon_k, so every value is there twice
    const wanted = overMomenta(extents, (mx, my) => {
      const e = Math.sqrt(band(extents, mx, my) ** 2 + J ** 2 / 4);
      return [-e, e];
    });
    expectLevels(doubleExchange(extents, neel(extents), J), wanted);
  });

  it.each([
    [1, 0, Math.PI / 2],
    [1, 1, Math.PI / 2],
    [2, 1, Math.PI / 2],
    [1, 0, 0.7],
    [0, 1, 2.1],
  ])("in a cone of q = 2 pi (%d/Lx, %d/Ly), theta = %d", (qx, qy, theta) => {
    const spins = theta === Math.PI / 2 ? spiral(extents, qx, qy) : cone(extents, qx, qy, theta);
    expectLevels(doubleExchange(extents, spins, J), coneLevels(extents, qx, qy, theta));
  });

  it.runIf(lx % 2 === 0)("in stripes are those of the cone q = (pi, 0), and a wrong level is noticed", () => {
    const found = doubleExchange(extents, stripe(extents), J);
    const wanted = coneLevels(extents, lx / 2, 0, Math.PI / 2);
    expectLevels(found, wanted);
    const wrong = wanted.map((x, k) => (k === 3 ? x + 3e-11 : x));
    expect(() => expectLevels(found, wrong)).toThrow();
  });

  it.runIf(lx > 2 && ly > 2)("of any spins have the traces of h, h^2 and h^3", () => {
    for (const values of doubleExchange(extents, golden(volume), J)) {
      const trace = (power: number) => values.reduce((sum, x) => sum + x ** power, 0);
      expect(Math.abs(trace(1))).toBeLessThan(TOLERANCE);
      expect(Math.abs(trace(2) - volume * (8 + J ** 2 / 2))).toBeLessThan(volume * TOLERANCE);
      if (bipartite) expect(Math.abs(trace(3))).toBeLessThan(volume * TOLERANCE);
    }
  });
});

/** (e_k + e_(k+q)) / 2 +- sqrt(((e_k - e_(k+q)) / 2 + (J/2) cos theta)^2 + (J/2)^2 sin^2 theta) */
function coneLevels(extents: Extents, qx: number, qy: number, theta: number): number[] {
  return overMomenta(extents, (mx, my) => {
    const [e, f] = [band(extents, mx, my), band(extents, mx + qx, my + qy)];
    const root = Math.hypot((e - f) / 2 + (J / 2) * Math.cos(theta), (J / 2) * Math.sin(theta));
    return [(e + f) / 2 - root, (e + f) / 2 + root];
  });
}

describe("levels of few sites", () => {
  it.each([0, 0.4, 1.2, Math.PI / 2, 2.9, Math.PI])("of a dimer whose spins are %d apart", (angle) => {
    const found = levels(4, (add) => {
      for (const s of [0, 1]) add(2 + s, s, -1, 0);
      onSite(add, 0, J, [0, 0, 1]);
      onSite(add, 1, J, [Math.sin(angle) * Math.cos(0.3), Math.sin(angle) * Math.sin(0.3), Math.cos(angle)]);
    });
    const wanted = [-1, 1].flatMap((outer) =>
      [-1, 1].map((inner) => outer * Math.sqrt(1 + J ** 2 / 4 + inner * J * Math.cos(angle / 2))),
    );
    expectLevels(found, wanted);
  });

  it("of the golden configuration on 2 x 2, J = 1", () => {
    const known = [4.183483586, 3.918266764, 0.361142047, 0.12339802];
    for (const values of doubleExchange([2, 2], golden(4), 1)) {
      for (const [k, x] of known.entries()) {
        expect(values[7 - k]).toBeCloseTo(x, 8);
        expect(values[k]).toBeCloseTo(-x, 8);
      }
    }
  });
});
