import { describe, expect, it } from "vitest";
import { addressedRng, streamKey } from "./addressed-random.ts";
import { chiSquaredQ, kolmogorovQ } from "./p-values.ts";

// Statistical tests: seeds are fixed, and every one would reject a perfect generator for about 1 seed in 10^4.
const falseAlarm = 1e-4;
const sigma = 3.9; // two-sided normal quantile of the same rate

/** p-value of the Kolmogorov-Smirnov test that the sorted numbers are uniform in [0, 1). */
function uniformity(numbers: Float64Array): number {
  const n = numbers.length;
  let distance = 0;
  numbers.toSorted().forEach((u, i) => {
    distance = Math.max(distance, u - i / n, (i + 1) / n - u);
  });
  return kolmogorovQ(distance * Math.sqrt(n));
}

/** Correlation coefficient of two sequences times sqrt(n): standard normal if they are independent. */
function correlation(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  const mean = (x: Float64Array) => x.reduce((s, v) => s + v, 0) / n;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((x, i) => {
    const y = b[i] ?? 0;
    ab += (x - ma) * (y - mb);
    aa += (x - ma) ** 2;
    bb += (y - mb) ** 2;
  });
  return (ab / Math.sqrt(aa * bb)) * Math.sqrt(n);
}

describe("addressed random numbers", () => {
  it("never change: keys, uniforms and normals from an independent program", () => {
    expect(streamKey("name-1", 0, "momenta")).toEqual([0xb55c0654, 0x6afc191b]);
    expect(streamKey("name-1", 1, "momenta")).toEqual([0xbbf30c74, 0x204d315e]);
    expect(streamKey("π", 7, "accept")).toEqual([0x76855e16, 0x69a467af]);
    const rng = addressedRng("name-1", 0);
    expect(rng.key("momenta")).toEqual([0xb55c0654, 0x6afc191b]);
    const a = rng.at("momenta", 3, 5);
    expect([a.uniform(), a.uniform(), a.uniform(), a.uniform()]).toEqual([
      0.9689077999110314, 0.21945472107378317, 0.5178933438061537, 0.26026919235786594,
    ]);
    const b = rng.at("accept", 0);
    for (const x of [-0.1359083668064033, 0.8468736245315319, -0.8147533581309381, 1.7539646357697634])
      expect(b.normal()).toBeCloseTo(x, 14);
    const last = addressedRng("π", 7).at("accept", 2 ** 32 - 1, 2 ** 32 - 1);
    expect([last.uniform(), last.uniform()]).toEqual([0.7932435344802518, 0.2315340545543707]);
  });

  it("depend on the address alone, and mixed calls take whole blocks", () => {
    const rng = addressedRng("order", 2);
    const one = rng.at("x", 1, 1);
    const other = rng.at("x", 1, 2);
    const mixed = [one.uniform(), other.uniform(), one.uniform(), other.uniform()];
    const again = addressedRng("order", 2);
    const second = again.at("x", 1, 2);
    expect([second.uniform(), second.uniform()]).toEqual([mixed[1], mixed[3]]);
    // uniform (block 0), normal (block 1), the second uniform of block 0, the second normal of block 1
    const plain = rng.at("y", 0);
    const uniforms = [plain.uniform(), plain.uniform(), plain.uniform(), plain.uniform()];
    const both = rng.at("y", 0);
    const drawn = [both.uniform(), both.normal(), both.uniform(), both.normal()];
    expect([drawn[0], drawn[2]]).toEqual([uniforms[0], uniforms[1]]);
    const r2 = -2 * Math.log(1 - (uniforms[2] ?? 0));
    expect((drawn[1] ?? 0) ** 2 + (drawn[3] ?? 0) ** 2).toBeCloseTo(r2, 12);
  });

  it("are uniform along a stream, across sites, steps, chains and purposes", () => {
    const n = 20000;
    const rng = addressedRng("uniform");
    const stream = rng.at("stream", 0);
    const along = Float64Array.from({ length: n }, () => stream.uniform());
    const sites = Float64Array.from({ length: n }, (_, i) => rng.at("sites", 7, i).uniform());
    const steps = Float64Array.from({ length: n }, (_, i) => rng.at("steps", i).uniform());
    const chains = Float64Array.from({ length: n }, (_, i) => addressedRng("chains", i).at("x", 0).uniform());
    const purposes = Float64Array.from({ length: n }, (_, i) => rng.at(`purpose-${i}`, 0).uniform());
    for (const numbers of [along, sites, steps, chains, purposes]) {
      expect(uniformity(numbers)).toBeGreaterThan(falseAlarm);
      // serial correlation: each number with the next one
      expect(Math.abs(correlation(numbers.subarray(1), numbers.subarray(0, n - 1)))).toBeLessThan(sigma);
    }
    // the test sees a generator that is wrong: one that stops at 0.96
    expect(uniformity(along.map((u) => 0.96 * u))).toBeLessThan(falseAlarm);
  });

  it("are independent between neighbouring addresses, chains, purposes and seeds", () => {
    const n = 10000;
    const normals = (seed: string, chain: number, purpose: string, step: number, site: number) => {
      const s = addressedRng(seed, chain).at(purpose, step, site);
      return Float64Array.from({ length: n }, () => s.normal());
    };
    const base = normals("a", 0, "p", 0, 0);
    const neighbours = [
      normals("a", 0, "p", 0, 1),
      normals("a", 0, "p", 1, 0),
      normals("a", 1, "p", 0, 0),
      normals("a", 0, "q", 0, 0),
      normals("b", 0, "p", 0, 0),
    ];
    for (const other of neighbours) expect(Math.abs(correlation(base, other))).toBeLessThan(sigma);
    expect(Math.abs(correlation(base, normals("a", 0, "p", 0, 0)))).toBeGreaterThan(sigma); // the same address
  });

  it("keys of different tuples differ, also where their texts run together", () => {
    const tuples = [
      ["a", 1, "b"],
      ["a1", 0, "b"],
      ["a,1", 1, "b"],
      ['a",1,"b', 1, "b"],
      ["a", 11, ""],
      ["a", 1, "1"],
      ["", 0, ""],
    ] as const;
    const keys = new Set(tuples.map(([seed, chain, purpose]) => streamKey(seed, chain, purpose).join()));
    expect(keys.size).toBe(tuples.length);
    const words = new Set<string>();
    for (let chain = 0; chain < 20000; chain++) words.add(streamKey("s", chain, "momenta").join());
    expect(words.size).toBe(20000);
  });

  it("has normals with the moments 0, 1, 0, 3 and the right tail", () => {
    const n = 100_000;
    const s = addressedRng("normal").at("x", 0);
    const x = Float64Array.from({ length: n }, () => s.normal());
    const moment = (k: number) => x.reduce((sum, v) => sum + v ** k, 0) / n;
    // variance of the mean of x^k is ((2k-1)!! - (k-1)!!^2 [k even]) / n
    expect(Math.abs(moment(1)) * Math.sqrt(n)).toBeLessThan(sigma);
    expect(Math.abs(moment(2) - 1) * Math.sqrt(n / 2)).toBeLessThan(sigma);
    expect(Math.abs(moment(3)) * Math.sqrt(n / 15)).toBeLessThan(sigma);
    expect(Math.abs(moment(4) - 3) * Math.sqrt(n / 96)).toBeLessThan(sigma);
    const tail = x.filter((v) => Math.abs(v) > 3).length;
    const expected = 0.0026997960632601866 * n;
    expect(Math.abs(tail - expected) / Math.sqrt(expected)).toBeLessThan(sigma);
  });

  it("below(n) has equal counts and reaches both ends", () => {
    const s = addressedRng("below").at("x", 0);
    const counts = new Float64Array(7);
    for (let i = 0; i < 70000; i++) {
      const j = s.below(7);
      counts[j] = (counts[j] ?? 0) + 1;
    }
    const chiSquared = counts.reduce((sum, c) => sum + (c - 10000) ** 2 / 10000, 0);
    expect(chiSquaredQ(chiSquared, 6)).toBeGreaterThan(falseAlarm);
    expect(s.below(1)).toBe(0);
  });

  it("refuses addresses and sizes that are not words", () => {
    const rng = addressedRng("s");
    expect(() => rng.at("p", -1)).toThrow(/step -1/);
    expect(() => rng.at("p", 0, 2 ** 32)).toThrow(/site/);
    expect(() => addressedRng("s", 0.5)).toThrow(/chain/);
    expect(() => rng.at("p", 0).below(0)).toThrow(/below/);
  });
});
