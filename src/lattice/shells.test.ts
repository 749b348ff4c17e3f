import { describe, expect, test } from "vitest";
import { openDevice } from "../kernels/node.ts";
import { Lattice } from "./lattice.ts";
import { coordinatesOf, firstShells, shellCount, shellsOf, shellTable } from "./shells.ts";
import { golden } from "./spins/configurations.contract.ts";
import { squareCount, squaresOf } from "./squares.ts";

const volumeOf = (extents: readonly number[]) => extents.reduce((a, b) => a * b, 1);

/** [r^2, sites] of the table of the physics sheet, section 2.4. */
const tables: readonly (readonly [readonly number[], readonly (readonly [number, number])[]])[] = [
  [[2, 2], [[0, 1], [1, 2], [2, 1]]],
  [[4, 4], [[0, 1], [1, 4], [2, 4], [4, 2], [5, 4], [8, 1]]],
  [[6, 6], [[0, 1], [1, 4], [2, 4], [4, 4], [5, 8], [8, 4], [9, 2], [10, 4], [13, 4], [18, 1]]],
  [[8, 8], [[0, 1], [1, 4], [2, 4], [4, 4], [5, 8], [8, 4], [9, 4], [10, 8], [13, 8], [16, 2], [17, 4], [18, 4], [20, 4], [25, 4], [32, 1]]],
  [[6], [[0, 1], [1, 2], [4, 2], [9, 1]]],
  [[5], [[0, 1], [1, 2], [4, 2]]],
  [[2, 6], [[0, 1], [1, 3], [2, 2], [4, 2], [5, 2], [9, 1], [10, 1]]],
  [[4, 4, 4], [[0, 1], [1, 6], [2, 12], [3, 8], [4, 3], [5, 12], [6, 12], [8, 3], [9, 6], [12, 1]]],
]; // biome-ignore format: a table

test.each(tables)("shells of %j", (extents, table) => {
  expect(shellsOf(extents).map(({ r2, coordination }) => [r2, coordination])).toEqual(table);
});

describe.each([[2, 2], [4, 4], [5, 3], [6, 6], [7], [2, 3, 4], [3, 1, 4]].map((extents) => ({ extents })))(
  "shells of $extents",
  ({ extents }) => {
    const shells = shellsOf(extents);
    const volume = volumeOf(extents);

    test("every site stands in one shell round every site, once, and the relation is symmetric", () => {
      for (let i = 0; i < volume; i++) {
        const around = shells.flatMap((s) => [...s.sites.subarray(i * s.coordination, (i + 1) * s.coordination)]);
        expect([...around].sort((a, b) => a - b)).toEqual(Array.from({ length: volume }, (_, j) => j));
        for (const { sites, coordination } of shells)
          for (const j of sites.subarray(i * coordination, (i + 1) * coordination))
            expect(sites.subarray(j * coordination, (j + 1) * coordination)).toContain(i);
      }
    });

    test("sites of a shell are at its distance, in ascending order", () => {
      for (const { r2, sites, coordination } of shells)
        sites.forEach((j, at) => {
          const [x, y] = [coordinatesOf(Math.floor(at / coordination), extents), coordinatesOf(j, extents)];
          const steps = x.map((c, mu) => Math.min(Math.abs(c - y[mu]!), extents[mu]! - Math.abs(c - y[mu]!)));
          expect(steps.reduce((sum, c) => sum + c * c, 0)).toBe(r2);
          if (at % coordination > 0) expect(sites[at - 1]).toBeLessThan(j);
        });
    });
  },
);

test("sums over pairs of the golden configuration are those of the physics sheet, section 5.6", () => {
  const sums: readonly (readonly [number, readonly number[]])[] = [
    [2, [-0.5550305904, -0.8567584746]],
    [4, [-15.3694522363, 10.3020065843, 4.494734027, -7.6259209718, 1.1016773715]],
    [
      6,
      [
        -38.8748728327, 25.2722829204, 19.7041583705, -24.4789770544, 4.4435468971, -6.3487987383, 6.2098033963,
        -5.3898138979, 2.0388991118,
      ],
    ],
  ];
  for (const [n, expected] of sums) {
    const s = golden(n * n);
    const found = shellsOf([n, n]).map(({ sites, coordination }) =>
      sites.reduce((sum, j, at) => {
        const i = Math.floor(at / coordination);
        return sum + [0, 1, 2].reduce((dot, a) => dot + s[3 * i + a]! * s[3 * j + a]!, 0) / 2;
      }, 0),
    );
    expected.forEach((c, k) => expect(Math.abs(found[k + 1]! - c)).toBeLessThan(1e-10));
  }
});

test("so many shells, and no more: the sentence says how many there are", () => {
  expect(
    [
      [4, 4],
      [6, 6],
      [8, 8],
    ].map(shellCount),
  ).toEqual([5, 9, 14]);
  expect(firstShells([6, 6], 2, "linear").map(({ r2 }) => r2)).toEqual([1, 2]);
  expect(() => firstShells([4, 4], 6, "linear")).toThrow(
    /linear: 6 shells; a lattice \[4, 4\] has 5, so give a whole number from 1 to 5/,
  );
  expect(() => firstShells([4, 4], 0, "linear")).toThrow(/linear: 0 shells/);
});

test("the table of a shell in the heap is that of the shell, and a large lattice makes only those asked for", () => {
  const lattice = new Lattice(openDevice({ workers: 1 }), [128, 128]);
  const address = shellTable(lattice, 2);
  const { sites } = shellsOf([128, 128])[2]!;
  expect(lattice.device.heap.i32(address, sites.length)).toEqual(sites);
});

describe("elementary squares", () => {
  test.each([
    { extents: [4, 4], perSite: 4 },
    { extents: [2, 4], perSite: 2 },
    { extents: [2, 2], perSite: 1 },
    { extents: [3, 4, 5], perSite: 12 },
    { extents: [2, 4, 4], perSite: 8 },
    { extents: [1, 4, 4], perSite: 4 },
    { extents: [6], perSite: 0 },
  ])("$perSite squares at every site of $extents, each a set of distinct sites once", ({ extents, perSite }) => {
    const squares = squaresOf(extents);
    const volume = volumeOf(extents);
    expect(squares.perSite).toBe(perSite);
    expect(squareCount(extents)).toBe((volume * perSite) / 4);
    const sets = new Map<string, number>();
    for (let k = 0; k < volume * perSite; k++) {
      const site = Math.floor(k / perSite);
      const all = [site, ...squares.corners.subarray(3 * k, 3 * k + 3)].sort((a, b) => a - b);
      expect(new Set(all).size).toBe(4);
      sets.set(all.join(), (sets.get(all.join()) ?? 0) + 1);
    }
    expect(sets.size).toBe((volume * perSite) / 4);
    expect([...sets.values()].every((times) => times === 4)).toBe(true); // from each of its corners
  });
});
