import { describe, expect, test } from "vitest";
import { ModuleBuilder } from "../../kernels/builder.ts";
import { coordinates, siteAt } from "../../lattice/geometry.ts";
import { parseGroup } from "../../lattice/group.ts";
import { loopConflicts, stapleTerms } from "./conflicts.ts";
import { checkedLoops, directionOf, type LoopFamily, loopsOf, planes } from "./families.ts";
import { loopStaple } from "./loop-staple.ts";
import { canonicalLoop, checkLoop, distinctLoops, type Path, reversed, rotated } from "./path.ts";
import { pathSum } from "./path-sum.ts";
import { plaquetteStaple } from "./plaquette.ts";

describe("families", () => {
  test.each([
    ["plaquette", [4, 4, 4, 4], 6],
    ["plaquette", [4, 4], 1],
    ["rectangle", [4, 4, 4, 4], 12],
    ["rectangle", [4, 6, 3], 6],
    ["chair", [4, 4, 4, 4], 24],
    ["chair", [4, 4, 4], 6],
    ["polyakov-x", [5, 4], 1],
    ["polyakov", [7], 1],
  ] as const)("%s on %j: %d loops, closed and different", (family, extents, count) => {
    const loops = loopsOf(family as LoopFamily, extents);
    expect(loops).toHaveLength(count);
    expect(checkedLoops(loops, extents)).toEqual(loops);
  });

  test("chairs are bent: six links, two plaquettes in different planes with one edge in common", () => {
    for (const loop of loopsOf("chair", [4, 4, 4, 4])) {
      expect(loop).toHaveLength(6);
      expect(new Set(loop.map(Math.abs)).size).toBe(3);
    }
  });

  test("time is the last direction", () => {
    expect(directionOf("t", 4)).toBe(3);
    expect(directionOf("t", 2)).toBe(1);
    expect(directionOf("y", 3)).toBe(1);
    expect(loopsOf("polyakov", [3, 5])).toEqual([[2, 2, 2, 2, 2]]);
    expect(planes(3)).toEqual([[0, 1], [0, 2], [1, 2]]); // biome-ignore format: a table
  });
});

describe("paths", () => {
  const knot: Path = [1, 1, 2, -1, 3, -2, -1, -3];
  test("one loop of every starting point and orientation", () => {
    const all = [knot, reversed(knot)].flatMap((path) => path.map((_, i) => rotated(path, i)));
    expect(new Set(all.map((path) => canonicalLoop(path).join())).size).toBe(1);
    expect(distinctLoops(all)).toEqual([knot]);
    expect(canonicalLoop([-2, 1, 2, -1])).toEqual([1, 2, -1, -2]);
  });
  test("a loop may close round the lattice only where it is as long as the lattice", () => {
    expect(() => checkLoop([1, 1, 1, 1], [4, 4])).not.toThrow();
    expect(() => checkLoop([1, 1, 1, 1], [3, 4])).toThrow(/ends \[4, 0\] away from its start; take these steps back/);
    expect(() => checkLoop([1.5, -1], [3, 4])).toThrow(/step 1.5 is no direction/);
    expect(() => checkLoop([1], [1])).not.toThrow();
  });
});

test("a sum that branches beyond the scratch of a worker is refused, not run", () => {
  // every node of this tree has two equally deep branches, so that each level needs one temporary more
  const branching = (depth: number): Path[] =>
    depth === 0 ? [[]] : [1, 2].flatMap((step) => branching(depth - 1).map((rest) => [step, ...rest]));
  const layout = { group: parseGroup("SU(16)"), dimension: 2, width: { lanes: 2, bytes: 8 } } as const;
  const sum = (depth: number) => () =>
    pathSum(
      new ModuleBuilder(layout.width),
      layout,
      "tree",
      branching(depth).map((path) => ({ path, weight: 1 })),
    );
  expect(sum(3)).not.toThrow();
  expect(sum(9)).toThrow(/branch too often for SU\(16\)/);
});

describe("staples and conflicts", () => {
  test("one staple for every time a loop passes the link; a straight line is one staple many times", () => {
    expect(stapleTerms(loopsOf("plaquette", [4, 4, 4, 4]), 2)).toHaveLength(6);
    expect(stapleTerms(loopsOf("rectangle", [4, 4, 4, 4]), 1)).toHaveLength(18);
    expect(stapleTerms(loopsOf("polyakov", [4, 5]), 1)).toEqual([{ path: [2, 2, 2, 2], weight: 5 }]);
    expect(stapleTerms(loopsOf("polyakov", [4, 5]), 0)).toEqual([]);
  });

  /** All links U_mu(n) that stand in a loop with U_mu(0), by walking every loop from every site. */
  function conflictsByHand(loops: readonly Path[], mu: number, extents: readonly number[]): Set<string> {
    const volume = extents.reduce((a, b) => a * b, 1);
    const found = new Set<string>();
    for (const loop of loops)
      for (let start = 0; start < volume; start++) {
        let x = coordinates(start, extents);
        const passed: number[] = [];
        for (const step of loop) {
          const next = x.map((c, nu) => c + (nu === Math.abs(step) - 1 ? Math.sign(step) : 0));
          if (Math.abs(step) - 1 === mu) passed.push(siteAt(step > 0 ? x : next, extents));
          x = next;
        }
        const own = passed.indexOf(0);
        if (own >= 0)
          for (const [i, site] of passed.entries()) if (i !== own) found.add(coordinates(site, extents).join());
      }
    return found;
  }

  test.each([[[4, 4, 4, 4]], [[2, 3, 1, 4]], [[1, 1]], [[5, 2, 3]]])(
    "on %j they are the links that share a loop",
    (extents) => {
      for (const family of ["plaquette", "rectangle", "polyakov-x"] as const)
        for (let mu = 0; mu < extents.length; mu++) {
          const loops = loopsOf(family, extents);
          const found = loopConflicts(loops, mu, extents).map((y) => y.join());
          expect(new Set(found)).toEqual(conflictsByHand(loops, mu, extents));
          expect(loopStaple(loops, extents.length).conflicts(mu, extents)).toEqual(loopConflicts(loops, mu, extents));
        }
    },
  );

  test("a zero entry says that a loop passes a link twice", () => {
    const twice = (family: LoopFamily, mu: number, extents: readonly number[]) =>
      loopConflicts(loopsOf(family, extents), mu, extents).some((y) => y.every((c) => c === 0));
    expect(twice("rectangle", 0, [4, 4])).toBe(false);
    expect(twice("rectangle", 0, [4, 2])).toBe(true);
    expect(twice("polyakov-x", 0, [2, 2])).toBe(false);
    expect(plaquetteStaple.conflicts(0, [4, 1])).toEqual([[0, 0]]);
    expect(plaquetteStaple.conflicts(1, [4, 1])).toEqual([[3, 0], [1, 0]]); // biome-ignore format: a table
    expect(plaquetteStaple.conflicts(0, [4])).toEqual([]);
  });
});
