import { describe, expect, test } from "vitest";
import { componentsOf } from "../../lattice/spins/spin-data.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { hotSpins, neelSpins, spinStart, spinStartWords } from "./starts.ts";
import { roughSpins, spinSpace } from "./testing.contract.ts";

const rng = addressedRng("starts", 0);

describe.each(["Ising", "XY", "O(3)"] as const)("%s", (spins) => {
  const n = componentsOf(spins);
  const space = spinSpace({ spins, extents: [4, 6] });
  const start = (how: Parameters<typeof spinStart>[1]) => space.store(spinStart(space, how, rng)).values;
  const last = (i: number) => Array.from({ length: n }, (_, a) => (a === n - 1 ? i : 0));

  test("every start is on the manifold, and is what its word says", () => {
    for (const word of spinStartWords) expect(space.defect(spinStart(space, word, rng))).toBeLessThan(1e-15);
    expect([...start("cold")]).toEqual(Array.from({ length: 24 }, () => last(1)).flat());
    expect([...start("neel").subarray(0, 3 * n)]).toEqual([1, -1, 1].flatMap(last));
    expect([...start("neel").subarray(4 * n, 5 * n)]).toEqual(last(-1));
    const data = roughSpins({ spins, extents: [4, 6] });
    expect(start(data)).toEqual(data.values);
    expect(start("hot")).toEqual(hotSpins(spins, [4, 6], rng).values);
    expect(start("hot")).not.toEqual(hotSpins(spins, [4, 6], addressedRng("starts", 1)).values);
  });

  test("hot spins are uniform: <S> = 0, <S_a S_b> = 1/n, <S_a^4> = 3/(n (n + 2)) (5 sigma, false alarms below 1e-5)", () => {
    const { values } = hotSpins(spins, [40, 40, 10], rng);
    const volume = values.length / n;
    const check = (f: (s: Float64Array) => number, expected: number) => {
      const all = Array.from({ length: volume }, (_, i) => f(values.subarray(n * i, n * (i + 1))));
      const mean = all.reduce((a, b) => a + b, 0) / volume;
      const variance = all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / volume;
      expect(Math.abs(mean - expected)).toBeLessThan(5 * Math.sqrt(variance / volume) + 1e-15);
    };
    for (let a = 0; a < n; a++) {
      check((s) => s[a]!, 0);
      check((s) => s[a]! ** 4, 3 / (n * (n + 2)));
      for (let b = 0; b <= a; b++) check((s) => s[a]! * s[b]!, a === b ? 1 / n : 0);
    }
  });
});

test("a chessboard does not close round odd extents, and foreign configurations are refused", () => {
  expect(() => neelSpins("O(3)", [4, 3])).toThrow(/odd extent 3 in direction 1, round which up and down/);
  const space = spinSpace({ spins: "XY", extents: [4, 6] });
  expect(() => spinStart(space, roughSpins({ spins: "O(3)", extents: [4, 6] }), rng)).toThrow(/of O\(3\) spins/);
});
