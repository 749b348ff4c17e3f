import { describe, expect, it } from "vitest";
import { addressedRng } from "../numerics/index.ts";
import { binning, binningCurve } from "./binning.ts";
import { binned } from "./bins.ts";
import { bootstrap, bootstrapDerived } from "./bootstrap.ts";
import type { BinnedEstimate, Estimated } from "./estimate.ts";
import { jackknife, jackknifeDerived, jackknifeSamples } from "./jackknife.ts";

const tau = 3;

function ar1(n: number, chain: number, seed = "resampling"): Float64Array {
  const a = (2 * tau - 1) / (2 * tau + 1);
  const s = addressedRng(seed, chain).at("ar1", 0);
  let x = s.normal();
  return Float64Array.from({ length: n }, () => (x = a * x + Math.sqrt(1 - a * a) * s.normal()));
}

function accepted<E extends BinnedEstimate>(e: Estimated<E>): E {
  if (e.refused) throw new Error(e.reason);
  return e;
}

const average = (x: readonly number[]) => x.reduce((s, v) => s + v, 0) / x.length;

describe("bins", () => {
  it("never straddle replicas and leave out what does not fill them at the start", () => {
    const { means, bins, n } = binned([[[9, 1, 3, 5, 7], [10, 20], [1]]], 2);
    expect([...means[0]!]).toEqual([2, 6, 15]);
    expect([bins, n]).toEqual([3, 6]);
    expect(() => binned([[[1, 2]]], 0)).toThrow(/bin size 0/);
    expect(() => binned([[[1, 2]], [[1]]], 1)).toThrow(/measured together/);
  });
});

describe("binning, jackknife and bootstrap of AR(1) chains", () => {
  // 200 pulls: mean square 1 within 0.1 per deviation; long bins and few of them add up to 0.1: as for the Gamma method
  const methods = {
    binning: (c: Float64Array[]) => binning(c, { binSize: 50 }),
    jackknife: (c: Float64Array[]) => jackknife(c, { binSize: 50 }),
    bootstrap: (c: Float64Array[]) => bootstrap(c, { binSize: 50, samples: 200 }),
  };
  for (const [name, method] of Object.entries(methods)) {
    it(`${name}: honest pulls, and the method is named`, () => {
      const estimates = Array.from({ length: 200 }, (_, k) =>
        accepted(method([ar1(1500, 2 * k), ar1(1000, 2 * k + 1)])),
      );
      const square = average(estimates.map((e) => (e.mean / e.error) ** 2));
      expect(square).toBeGreaterThan(0.65);
      expect(square).toBeLessThan(1.5);
      const exact = Math.sqrt((2 * tau) / 2500);
      expect(average(estimates.map((e) => e.error)) / exact).toBeCloseTo(1, 1);
      const scatter = Math.sqrt(average(estimates.map((e) => (e.error - exact) ** 2)));
      expect(scatter / average(estimates.map((e) => e.errorOfError))).toBeCloseTo(1, 0);
      expect(estimates[0]).toMatchObject({ method: name, binSize: 50, bins: 50, n: 2500 });
    });
  }

  it("bins of one measurement fail the same test", () => {
    const pulls = Array.from({ length: 200 }, (_, k) => {
      const e = accepted(binning([ar1(2500, k)], { binSize: 1 }));
      return (e.mean / e.error) ** 2;
    });
    expect(average(pulls)).toBeGreaterThan(1.5);
  });

  it("the binning curve rises to a plateau at sqrt(2 tau)", () => {
    const curve = binningCurve([ar1(200_000, 5)]);
    expect(curve.map((e) => e.binSize).slice(0, 4)).toEqual([1, 2, 4, 8]);
    const ratio = (k: number) => curve[k]!.error / curve[0]!.error;
    expect(ratio(8) / Math.sqrt(2 * tau)).toBeCloseTo(1, 1);
    expect(ratio(4)).toBeLessThan(ratio(8));
    expect(curve.at(-1)?.bins).toBeGreaterThanOrEqual(10);
  });

  it("jackknife and binning agree for a plain mean, exactly", () => {
    const chains = [ar1(1000, 1), ar1(333, 2)];
    const [b, j] = [accepted(binning(chains, { binSize: 10 })), accepted(jackknife(chains, { binSize: 10 }))];
    expect(j.mean).toBeCloseTo(b.mean, 14);
    expect(j.error).toBeCloseTo(b.error, 14);
    expect(j.bias).toBeCloseTo(0, 13);
  });
});

describe("derived quantities", () => {
  const square = ([x]: readonly number[]) => x! ** 2;
  const ratio = ([a, b]: readonly number[]) => a! / b!;

  it("leave-one-out means are those of the bins left", () => {
    const samples = jackknifeSamples(binned([[[1, 2, 6]]], 1));
    expect(samples.map((s) => s[0])).toEqual([4, 3.5, 1.5]);
  });

  it("the jackknife bias of a square is the variance of the mean", () => {
    const e = accepted(jackknifeDerived([[ar1(2000, 7)]], square, { binSize: 20 }));
    const b = accepted(binning([ar1(2000, 7)], { binSize: 20 }));
    expect(e.bias).toBeCloseTo(b.error ** 2, 12);
  });

  it("jackknife and bootstrap give the error of a ratio of correlated observables", () => {
    const x = ar1(4000, 8);
    const y = ar1(4000, 9);
    const observables = [[x.map((v) => 2 + v)], [x.map((v, i) => 5 + 0.8 * v + 0.6 * y[i]!)]];
    // linear propagation: (a - 0.4 b)/5 with <a> = 2, <b> = 5
    const linear = accepted(binning([x.map((v, i) => (v - 0.4 * (0.8 * v + 0.6 * y[i]!)) / 5)], { binSize: 40 }));
    const j = accepted(jackknifeDerived(observables, ratio, { binSize: 40 }));
    const b = accepted(bootstrapDerived(observables, ratio, { binSize: 40 }));
    expect(j.error / linear.error).toBeCloseTo(1, 1);
    expect(b.error / linear.error).toBeCloseTo(1, 1);
    expect(j.mean).toBe(b.mean);
    const [low, high] = b.interval;
    expect((high - low) / 2 / b.error).toBeCloseTo(1, 0);
    expect(low).toBeLessThan(b.mean);
    expect(high).toBeGreaterThan(b.mean);
  });

  it("the bootstrap depends on its seed alone", () => {
    const chain = [ar1(500, 3)];
    const run = (seed: string) => accepted(bootstrap(chain, { binSize: 10, samples: 100, seed })).error;
    expect(run("a")).toBe(run("a"));
    expect(run("a")).not.toBe(run("b"));
    expect(() => bootstrap(chain, { binSize: 10, samples: 3 })).toThrow(/3 bootstrap samples/);
  });
});

describe("refusals", () => {
  it("too few bins, from every method, by name", () => {
    const chains = [ar1(95, 0)];
    for (const [method, e] of [
      ["binning", binning(chains, { binSize: 10 })],
      ["jackknife", jackknife(chains, { binSize: 10 })],
      ["bootstrap", bootstrap(chains, { binSize: 10 })],
    ] as const)
      expect(e).toMatchObject({
        refused: true,
        method,
        n: 95,
        reason: "the chain is too short: 95 measurements make 9 bins of 10, an error needs at least 10",
      });
    expect(binning(chains, { binSize: 10, minimumBins: 9 }).refused).toBe(false);
    expect(binningCurve([[1, 2, 3]])).toEqual([]);
  });

  it("constant data have the error 0", () => {
    const chains = [new Float64Array(40).fill(0.1)];
    expect(accepted(binning(chains, { binSize: 3 })).error).toBe(0);
    expect(accepted(jackknife(chains, { binSize: 3 })).error).toBe(0);
    expect(accepted(jackknife(chains, { binSize: 3 })).mean).toBe(0.1);
  });
});
