import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coordinates, makeGeometry, parity, placeBits, siteAt } from "./geometry.ts";

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
  [4, 4, 4, 4],
  [8, 4, 4, 2],
  [6, 6, 6, 6],
  [12, 4],
  [4, 4, 3, 2],
];

/** Every shift half-way round that keeps the parity, where there is one to keep, but for none at all. */
function allowedShifts(extents: readonly number[]): number[][] {
  const bipartite = extents.every((n) => n % 2 === 0 || n === 1);
  const all = extents.reduce<number[][]>(
    (found, n) =>
      found.flatMap((x) =>
        n % 2 === 0
          ? [
              [...x, 0],
              [...x, n / 2],
            ]
          : [[...x, 0]],
      ),
    [[]],
  );
  const sum = (x: readonly number[]) => x.reduce((a, b) => a + b, 0);
  return all.filter((shift) => sum(shift) > 0 && (!bipartite || sum(shift) % 2 === 0));
}

const distinct = (values: Iterable<number>) => new Set(values).size;

describe.each(lattices.map((extents) => [JSON.stringify(extents), extents] as const))("lattice %s", (_, extents) => {
  const volume = extents.reduce((a, b) => a * b, 1);

  test.each([undefined, 1, 4] as const)("every site stands in one lane of one block (lanes %s)", (lanes) => {
    const g = makeGeometry(extents, lanes);
    expect(g.volume).toBe(volume);
    expect(g.blocks * g.lanes).toBe(volume);
    expect(g.sites.length).toBe(volume);
    expect(distinct(g.sites)).toBe(volume);
    expect(Math.min(...g.sites)).toBe(0);
    expect(Math.max(...g.sites)).toBe(volume - 1);
    if (lanes === 1) expect(g.lanes).toBe(1);
  });

  test.each([1, 2, 4] as const)("a step of a block is a step of all its sites (lanes %d)", (lanes) => {
    const g = makeGeometry(extents, lanes);
    const [bits, mask] = g.lanes === 4 ? [2, 3] : [1, 1];
    expect(placeBits(g.lanes)).toBe(bits);
    for (let block = 0; block < g.blocks; block++)
      for (let slot = 0; slot < 2 * g.dimension; slot++) {
        const [mu, step] = [slot >> 1, slot % 2 === 0 ? 1 : -1];
        const entry = g.neighbours[block * 2 * g.dimension + slot]!;
        for (let lane = 0; lane < g.lanes; lane++) {
          const x = coordinates(g.sites[block * g.lanes + lane]!, extents);
          x[mu]! += step;
          const found = g.sites[(entry >> bits) * g.lanes + (lane ^ (entry & mask))];
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
    expect(makeGeometry(extents).lanes).toBe(allowedShifts(extents).length > 0 ? 2 : 1);
  });

  test("quads wherever two shifts of even parity exist", () => {
    expect(makeGeometry(extents, 4).lanes).toBe(allowedShifts(extents).length > 1 ? 4 : 1);
  });

  test("lane l of a quad is moved by the shifts of its bits, the first that of two lanes; one colour", () => {
    const [pairs, quads] = [makeGeometry(extents), makeGeometry(extents, 4)];
    if (quads.lanes !== 4) return;
    const allowed = allowedShifts(extents).map(String);
    const [s, t] = [quads.shift, quads.secondShift];
    expect(s).toEqual(pairs.shift);
    const both = s.map((c, mu) => (c + t[mu]!) % extents[mu]!);
    for (const shift of [s, t, both]) expect(allowed).toContain(String(shift));
    quads.sites.forEach((site, place) => {
      const first = quads.sites[place - (place % 4)]!;
      const x = coordinates(first, extents).map((c, mu) => c + (place & 1 ? s[mu]! : 0) + (place & 2 ? t[mu]! : 0));
      if (siteAt(x, extents) !== site) throw new Error(`place ${place}: site ${site}`);
      if (quads.checkerboard && parity(site, extents) !== (place < quads.volume / 2 ? 0 : 1))
        throw new Error(`place ${place}: a site of the wrong colour`);
    });
  });

  test("either half of a quad is a block of two lanes, in the order of its lanes", () => {
    const [pairs, quads] = [makeGeometry(extents), makeGeometry(extents, 4)];
    if (quads.lanes !== 4) return;
    const blocks = (sites: Int32Array) =>
      Array.from({ length: sites.length / 2 }, (_, b) => `${sites[2 * b]}-${sites[2 * b + 1]}`);
    expect(new Set(blocks(quads.sites))).toEqual(new Set(blocks(pairs.sites)));
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

test.each([
  [[4, 4], 4],
  [[8, 8, 8, 8], 4],
  [[2, 2, 2, 2], 4],
  [[6, 6, 6, 6], 4],
  [[12, 4], 4],
  [[6, 6, 4], 4],
  [[2, 2], 1],
  [[6, 4], 1],
  [[8], 1],
  [[4, 3, 5], 1],
] as const)("quads of %j: %d lanes", (extents, lanes) => {
  expect(makeGeometry(extents, 4).lanes).toBe(lanes);
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
