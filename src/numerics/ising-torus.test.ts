import { describe, expect, test } from "vitest";
import { isingTorus } from "./ising-torus.ts";

/** ln Z and the mean energy a site by summing all states. */
function enumerated(k: number, columns: number, rows: number) {
  const sites = columns * rows;
  let [z, ze] = [0, 0];
  for (let state = 0; state < 2 ** sites; state++) {
    const s = (x: number, y: number) => ((state >> ((x % columns) + columns * (y % rows))) & 1 ? -1 : 1);
    let bonds = 0;
    for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) bonds += s(x, y) * (s(x + 1, y) + s(x, y + 1));
    const weight = Math.exp(k * bonds);
    z += weight;
    ze -= weight * bonds;
  }
  return { lnZ: Math.log(z), energy: ze / z / sites };
}

const critical = Math.log(1 + Math.SQRT2) / 2;

describe.each([
  [3, 3],
  [3, 4],
  [4, 3],
  [5, 3],
])("%i x %i sites", (columns, rows) => {
  test.each([0.05, 0.3, critical, 0.7, 3])("K = %f: the sum over all states", (k) => {
    const [exact, sum] = [isingTorus(k, columns, rows), enumerated(k, columns, rows)];
    expect(Math.abs(exact.lnZ / sum.lnZ - 1)).toBeLessThan(1e-13);
    expect(Math.abs(exact.energy / sum.energy - 1)).toBeLessThan(1e-12);
  });
});

test("4 x 4 by the number of states of every energy (P. D. Beale, Phys. Rev. Lett. 76 (1996) 78)", () => {
  const states = [[32, 2], [24, 32], [20, 64], [16, 424], [12, 1728], [8, 6688], [4, 13568]]; // biome-ignore format: a table
  const k = 0.4;
  const z = states.reduce((sum, [e, g]) => sum + 2 * g! * Math.cosh(k * e!), 20524);
  const ze = states.reduce((sum, [e, g]) => sum - 2 * g! * e! * Math.sinh(k * e!), 0);
  expect(isingTorus(k, 4, 4).lnZ).toBeCloseTo(Math.log(z), 12);
  expect(isingTorus(k, 4, 4).energy).toBeCloseTo(ze / z / 16, 12);
});

test("at T_c the energy of a large lattice is -sqrt 2, with the correction of Ferdinand and Fisher in 1/n", () => {
  const off = (n: number) => (isingTorus(critical, n, n).energy + Math.SQRT2) * n;
  expect(off(64)).toBeCloseTo(off(128), 3);
  // theta functions of q = exp(-pi): -2 th2 th3 th4/(th2 + th3 + th4)
  const theta = (f: (n: number) => number) => [-4, -3, -2, -1, 0, 1, 2, 3, 4].reduce((sum, n) => sum + f(n), 0);
  const [t2, t3, t4] = [
    theta((n) => Math.exp(-Math.PI * (n + 0.5) ** 2)),
    theta((n) => Math.exp(-Math.PI * n * n)),
    theta((n) => (-1) ** n * Math.exp(-Math.PI * n * n)),
  ] as const;
  expect(off(256)).toBeCloseTo((-2 * t2 * t3 * t4) / (t2 + t3 + t4), 4);
});

test("the energy is the derivative of ln Z, and rows and columns are one", () => {
  for (const k of [0.2, 0.44, 0.9]) {
    const [n, h] = [[12, 8] as const, 3e-4];
    const lnZ = (x: number) => isingTorus(x, ...n).lnZ;
    const slope = (8 * (lnZ(k + h) - lnZ(k - h)) - (lnZ(k + 2 * h) - lnZ(k - 2 * h))) / (12 * h);
    expect(Math.abs(-slope / 96 / isingTorus(k, ...n).energy - 1)).toBeLessThan(1e-9);
    expect(Math.abs(isingTorus(k, 8, 12).lnZ / lnZ(k) - 1)).toBeLessThan(1e-13);
  }
});

test("what makes no sense is refused", () => {
  expect(() => isingTorus(0, 4, 4)).toThrow(/K = 0; expected a positive coupling/);
  expect(() => isingTorus(1, 2, 4)).toThrow(/2 x 4 sites; expected 3 or more/);
});
