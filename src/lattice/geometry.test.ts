import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coordinates, makeGeometry, parity, siteAt } from "./geometry.ts";

/** All lattices of up to three small extents, and some of four. */
const small = [1, 2, 3, 4, 5, 6, 8];
const lattices: readonly (readonly number[])[] = [
  ...small.map((a) => [a]),
  ...small.flatMap((a) => small.map((b) => [a, b])),
  ...[1, 2, 3, 4, 6].flatMap((a) => [1, 2, 5].flatMap((b) => [2, 3, 4].map((c) => [a, b, c]))),
  [1, 1, 1, 1],
  [2, 2, 2, 2],
  [2, 1, 2, 4],
  [4, 2, 6, 2],
  [3, 5, 3, 2],
  [3, 3, 3, 3],
  [4, 4, 4, 8],
  [1, 2, 1, 1],
];

const distinct = (values: Iterable<number>) => new Set(values).size;

describe.each(lattices.map((extents) => [JSON.stringify(extents), extents] as const))("lattice %s", (_, extents) => {
  const volume = extents.reduce((a, b) => a * b, 1);

  test.each([undefined, 1] as const)("every site stands in one lane of one block (lanes %s)", (lanes) => {
    const g = makeGeometry(extents, lanes);
    expect(g.volume).toBe(volume);
    expect(g.blocks * g.lanes).toBe(volume);
    expect(g.sites.length).toBe(volume);
    expect(distinct(g.sites)).toBe(volume);
    expect(Math.min(...g.sites)).toBe(0);
    expect(Math.max(...g.sites)).toBe(volume - 1);
    if (lanes === 1) expect(g.lanes).toBe(1);
  });

  test("a step of a block is a step of both its sites", () => {
    const g = makeGeometry(extents);
    for (let block = 0; block < g.blocks; block++)
      for (let slot = 0; slot < 2 * g.dimension; slot++) {
        const [mu, step] = [slot >> 1, slot % 2 === 0 ? 1 : -1];
        const entry = g.neighbours[block * 2 * g.dimension + slot]!;
        for (let lane = 0; lane < g.lanes; lane++) {
          const x = coordinates(g.sites[block * g.lanes + lane]!, extents);
          x[mu]! += step;
          const found = g.sites[(entry >> 1) * g.lanes + (lane ^ (entry & 1))];
          if (found !== siteAt(x, extents)) throw new Error(`block ${block}, lane ${lane}, slot ${slot}: ${found}`);
        }
      }
    expect(g.neighbours.length).toBe(g.blocks * 2 * g.dimension);
  });

  test("partners are one shift apart, of one colour, and the shift is its own inverse", () => {
    const g = makeGeometry(extents);
    const bipartite = extents.every((n) => n % 2 === 0 || n === 1);
    extents.forEach((n, mu) => expect([0, n / 2]).toContain(g.shift[mu]));
    expect(g.lanes).toBe(g.shift.some((s) => s > 0) ? 2 : 1);
    for (let block = 0; block < g.blocks && g.lanes === 2; block++) {
      const [a, b] = [g.sites[2 * block]!, g.sites[2 * block + 1]!];
      const moved = coordinates(a, extents).map((c, mu) => c + g.shift[mu]!);
      expect(siteAt(moved, extents)).toBe(b);
      if (bipartite) expect(parity(a, extents)).toBe(parity(b, extents));
    }
  });

  test("two lanes wherever a shift of even parity exists", () => {
    const halves = extents.map((n) => (n % 2 === 0 ? n / 2 : 0));
    const bipartite = extents.every((n) => n % 2 === 0 || n === 1);
    const exists = Array.from({ length: 2 ** extents.length - 1 }, (_, i) =>
      halves.map((h, mu) => (((i + 1) >> mu) & 1 ? h : 0)),
    ).some((shift) => shift.some((s) => s > 0) && (!bipartite || shift.reduce((a, b) => a + b, 0) % 2 === 0));
    expect(makeGeometry(extents).lanes).toBe(exists ? 2 : 1);
  });
});

test("site numbers and coordinates are inverse, and coordinates wrap", () => {
  const lattice = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      lattice,
      fc.nat(),
      fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 4, maxLength: 4 }),
      (extents, n, turns) => {
        const site = n % extents.reduce((a, b) => a * b, 1);
        const x = coordinates(site, extents);
        expect(siteAt(x, extents)).toBe(site);
        x.forEach((c, mu) => expect(c >= 0 && c < extents[mu]!).toBe(true));
        expect(
          siteAt(
            x.map((c, mu) => c + turns[mu]! * extents[mu]!),
            extents,
          ),
        ).toBe(site);
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});

test("x runs fastest, time slowest", () => {
  expect(siteAt([1, 0, 0, 0], [4, 5, 6, 7])).toBe(1);
  expect(siteAt([0, 1, 0, 0], [4, 5, 6, 7])).toBe(4);
  expect(siteAt([0, 0, 0, 1], [4, 5, 6, 7])).toBe(120);
  expect(coordinates(839, [4, 5, 6, 7])).toEqual([3, 4, 5, 6]);
});

test.each([[[]], [[0]], [[2, -1]], [[1.5]], [[2, 2, 2, 2, 2]], [[Number.NaN]]])("extents %j are refused", (extents) => {
  expect(() => makeGeometry(extents)).toThrow(/expected 1 to 4 positive integers/);
});

test("too large a lattice is refused before memory is", () => {
  expect(() => makeGeometry([2048, 2048, 2048])).toThrow(/more than 2\^30 sites/);
});
