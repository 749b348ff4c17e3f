import { describe, expect, it } from "vitest";
import { addressedRng } from "../numerics/index.ts";
import { autocorrelationErrors, autocovariance } from "./autocovariance.ts";
import type { Estimate, Estimated, Refusal } from "./estimate.ts";
import { gammaMethod, gammaMethodDerived } from "./gamma-method.ts";

/** x_{t+1} = a x_t + sqrt(1 - a^2) normal: variance 1, tau_int = (1 + a)/(1 - a)/2, started in equilibrium. */
function ar1(n: number, tau: number, seed: string, chain = 0): Float64Array {
  const a = (2 * tau - 1) / (2 * tau + 1);
  const s = addressedRng(seed, chain).at("ar1", 0);
  let x = s.normal();
  return Float64Array.from({ length: n }, () => {
    const now = x;
    x = a * x + Math.sqrt(1 - a * a) * s.normal();
    return now;
  });
}

function accepted(e: Estimated): Estimate {
  if (e.refused) throw new Error(e.reason);
  return e;
}

function refusal(e: Estimated): Refusal {
  if (!e.refused) throw new Error(`not refused: ${e.mean} ± ${e.error}`);
  return e;
}

const average = (x: readonly number[]) => x.reduce((s, v) => s + v, 0) / x.length;

describe("autocovariance", () => {
  it("equals the double sum, over replicas of unequal length", () => {
    const chains = [ar1(37, 2, "cov", 0), ar1(64, 2, "cov", 1), ar1(5, 2, "cov", 2)];
    const gamma = autocovariance(chains, 20);
    for (let t = 0; t <= 20; t++) {
      let [sum, pairs] = [0, 0];
      for (const c of chains)
        for (let i = 0; i + t < c.length; i++) {
          sum += c[i]! * c[i + t]!;
          pairs++;
        }
      expect(gamma[t]).toBeCloseTo(sum / pairs, 13);
    }
  });

  it("errors of rho: the first of white noise is 1/sqrt(n)", () => {
    const rho = [1, 0, 0, 0, 0];
    const errors = autocorrelationErrors(rho, 2, 2, 100);
    expect(errors[0]).toBe(0);
    expect(errors[1]).toBeCloseTo(0.1, 14);
  });
});

describe("Gamma method on AR(1) chains of known tau_int", () => {
  const repetitions = 200;
  const length = 3000;

  // The mean square of 200 pulls scatters by sqrt(2/200) = 0.1 around 1, and the scatter of the errors themselves adds
  // up to 0.1 to it: [0.65, 1.5] is left by fewer than 1 seed in 10^3.
  for (const tau of [0.2, 0.5, 2, 6, 15]) {
    it(`tau_int = ${tau}: pulls of the mean and of tau_int are those of honest errors`, () => {
      const estimates = Array.from({ length: repetitions }, (_, k) =>
        accepted(gammaMethod([ar1(length, tau, `pull-${tau}`, k)])),
      );
      const meanSquare = average(estimates.map((e) => (e.mean / e.error) ** 2));
      expect(meanSquare).toBeGreaterThan(0.65);
      expect(meanSquare).toBeLessThan(1.5);
      // planted error: without autocorrelations the same test fails for every tau but 1/2 (0.2 is anticorrelated)
      const naive = average(estimates.map((e) => (e.mean / e.error) ** 2 * 2 * e.tauInt));
      if (tau !== 0.5) expect(naive > 0.65 && naive < 1.5).toBe(false);
      // the exact error of the mean, and of the error
      const exact = Math.sqrt((2 * tau) / length);
      expect(Math.abs(average(estimates.map((e) => e.error)) / exact - 1)).toBeLessThan(0.05);
      const scatter = Math.sqrt(average(estimates.map((e) => (e.error - exact) ** 2)));
      const claimed = average(estimates.map((e) => e.errorOfError));
      expect(scatter / claimed).toBeGreaterThan(0.6);
      expect(scatter / claimed).toBeLessThan(1.6);
      // tau_int: unbiased within a fifth of its error, which is right within a factor 1.5
      const tauError = average(estimates.map((e) => e.tauIntError));
      expect(Math.abs(average(estimates.map((e) => e.tauInt)) - tau)).toBeLessThan(0.4 * tauError);
      const tauScatter = Math.sqrt(average(estimates.map((e) => (e.tauInt - tau) ** 2)));
      expect(tauScatter / tauError).toBeGreaterThan(0.6);
      expect(tauScatter / tauError).toBeLessThan(1.5);
    });
  }

  it("rho(t) decays as a^t within its errors", () => {
    const tau = 5;
    const { autocorrelation, window } = accepted(gammaMethod([ar1(100_000, tau, "rho")]));
    const { rho, error } = autocorrelation;
    expect(rho.length).toBe(2 * window + 1);
    const a = (2 * tau - 1) / (2 * tau + 1);
    expect([rho[0], error[0]]).toEqual([1, 0]);
    for (let t = 1; t <= window; t++) expect(Math.abs(rho[t]! - a ** t) / error[t]!).toBeLessThan(3.9);
    expect(window).toBeGreaterThan(15);
    expect(window).toBeLessThan(80);
  });

  it("is fast: 10^5 measurements in well under a second", () => {
    const chain = ar1(100_000, 40, "fast");
    const start = performance.now();
    const { tauInt } = accepted(gammaMethod([chain]));
    expect(performance.now() - start).toBeLessThan(2000);
    expect(Math.abs(tauInt - 40)).toBeLessThan(12);
  });
});

describe("replicas", () => {
  it("of unequal length give the pulls of honest errors, and uniform Q values", () => {
    const estimates = Array.from({ length: 200 }, (_, k) =>
      accepted(gammaMethod([1100, 300, 1600].map((n, r) => ar1(n, 4, "replicas", 3 * k + r)))),
    );
    const meanSquare = average(estimates.map((e) => (e.mean / e.error) ** 2));
    expect(meanSquare).toBeGreaterThan(0.65);
    expect(meanSquare).toBeLessThan(1.5);
    expect(estimates.every((e) => e.n === 3000 && e.replicas?.means.length === 3)).toBe(true);
    const q = estimates.map((e) => e.replicas?.q ?? Number.NaN);
    // mean of 200 uniforms: 1/2 within 3.9 x 0.02
    expect(Math.abs(average(q) - 0.5)).toBeLessThan(0.08);
  });

  it("that disagree are seen by Q", () => {
    const shifted = ar1(4000, 1, "shift", 1).map((x) => x + 0.3);
    const { replicas } = accepted(gammaMethod([ar1(4000, 1, "shift", 0), shifted]));
    expect(replicas?.q).toBeLessThan(1e-3);
    expect(replicas?.means[1]).toBeCloseTo(0.3, 1);
  });

  it("one split in two has the same mean and nearly the same error as whole", () => {
    const chain = ar1(8000, 3, "split");
    const whole = accepted(gammaMethod([chain]));
    const halves = accepted(gammaMethod([chain.slice(0, 3000), chain.slice(3000)]));
    expect(halves.mean).toBeCloseTo(whole.mean, 14);
    expect(halves.error / whole.error).toBeCloseTo(1, 1);
    expect(whole.replicas).toBeUndefined();
  });
});

describe("derived quantities", () => {
  const pair = (k: number, n = 2000) => {
    const [x, y] = [ar1(n, 3, "derived-x", k), ar1(n, 3, "derived-y", k)];
    const a = x.map((v) => 2 + v);
    const b = x.map((v, i) => 5 + 0.8 * v + 0.6 * y[i]!); // correlated with a
    return [[a], [b]];
  };
  const ratio = ([a, b]: readonly number[]) => a! / b!;

  it("a linear function is the primary analysis of the linear combination", () => {
    const [a, b] = pair(0) as [Float64Array[], Float64Array[]];
    const sum = [a[0]!.map((x, i) => 3 * x - b[0]![i]!)];
    const primary = accepted(gammaMethod(sum));
    const derived = accepted(gammaMethodDerived([a, b], ([x, y]) => 3 * x! - y!));
    expect(derived.mean).toBeCloseTo(primary.mean, 12);
    expect(derived.error).toBeCloseTo(primary.error, 12);
    expect([derived.window, derived.tauInt]).toEqual([primary.window, expect.closeTo(primary.tauInt, 9)]);
  });

  it("a ratio has honest errors; forgetting the correlation of its parts is seen", () => {
    const estimates = Array.from({ length: 200 }, (_, k) => accepted(gammaMethodDerived(pair(k), ratio)));
    const pulls = average(estimates.map((e) => ((e.mean - 0.4) / e.error) ** 2));
    expect(pulls).toBeGreaterThan(0.65);
    expect(pulls).toBeLessThan(1.5);
    const forgotten = Array.from({ length: 200 }, (_, k) => {
      const [a, b] = pair(k).map((c) => accepted(gammaMethod(c))) as [Estimate, Estimate];
      return ((a.mean / b.mean - 0.4) / Math.hypot(a.error / 5, (b.error * 2) / 25)) ** 2;
    });
    expect(average(forgotten)).toBeLessThan(0.65);
  });

  it("the gradient by differences agrees with a supplied one", () => {
    const byDifferences = accepted(gammaMethodDerived(pair(1), ratio));
    const gradient = ([a, b]: readonly number[]) => [1 / b!, -a! / b! ** 2];
    const supplied = accepted(gammaMethodDerived(pair(1), ratio, { gradient }));
    expect(byDifferences.error / supplied.error).toBeCloseTo(1, 6);
  });

  it("with replicas the bias of a square goes away", () => {
    // <x>^2 = 0 for AR(1), but the square of the mean is high by the variance of the mean, 2 tau/n
    const square = ([x]: readonly number[]) => x! ** 2;
    const n = 400;
    const values = Array.from({ length: 400 }, (_, k) => {
      const chains = [0, 1, 2, 3].map((r) => ar1(n, 0.5, "bias", 4 * k + r));
      return [
        accepted(gammaMethodDerived([chains], square)).mean,
        square([average(chains.map((c) => average([...c])))]),
      ];
    });
    const variance = 1 / (4 * n);
    // the corrected square has a scatter of about 1.6 variances: 400 of them average to 0 within 3.9 x 0.08
    expect(Math.abs(average(values.map((v) => v[0]!))) / variance).toBeLessThan(0.35);
    expect(average(values.map((v) => v[1]!)) / variance).toBeGreaterThan(0.6); // the bias was there
  });

  it("says which chains do not belong together", () => {
    expect(() => gammaMethodDerived([[[1, 2, 3]], [[1, 2]]], ratio)).toThrow(/observable 1 .*\[2\].*\[3\]/);
    expect(refusal(gammaMethodDerived(pair(2), ([a]) => Math.log(-a!))).reason).toMatch(/NaN/);
    expect(refusal(gammaMethodDerived(pair(2), ratio, { gradient: () => [1, Number.NaN] })).reason).toMatch(/gradient/);
  });
});

describe("refusals", () => {
  it("too few measurements", () => {
    expect(refusal(gammaMethod([[1, 2, 3]])).reason).toBe("only 3 measurements: an error needs at least 10");
    expect(refusal(gammaMethod([])).n).toBe(0);
    expect(refusal(gammaMethod([[1, 2, 3]])).mean).toBe(2);
  });

  it("a chain of a few autocorrelation times is refused for nearly every seed", () => {
    let refused = 0;
    for (let k = 0; k < 200; k++) if (gammaMethod([ar1(400, 30, "short", k)]).refused) refused++;
    expect(refused).toBeGreaterThan(190);
    const { reason, autocorrelation, n } = refusal(gammaMethod([ar1(400, 30, "short", 0)]));
    expect(reason).toMatch(/too short: 400 measurements are about \d+ autocorrelation times/);
    expect(n).toBe(400);
    expect(autocorrelation?.rho[1]).toBeGreaterThan(0.8);
  });

  it("a drift, and replicas that do not move", () => {
    const drift = Float64Array.from({ length: 200 }, (_, i) => i);
    expect(gammaMethod([drift]).refused).toBe(true);
    const flat = Array.from({ length: 8 }, (_, r) => new Float64Array(20).fill(r));
    expect(refusal(gammaMethod(flat)).reason).toMatch(/does not die out within 10 measurements/);
  });

  it("the bounds are options", () => {
    const chain = ar1(200, 10, "options");
    expect(gammaMethod([chain]).refused).toBe(true);
    expect(gammaMethod([chain], { minimumTaus: 5 }).refused).toBe(false);
    expect(gammaMethod([chain.slice(0, 100)], { minimumPoints: 101, minimumTaus: 0 }).refused).toBe(true);
  });

  it("differences, whose variance cancels, are refused where no error is left over", () => {
    // x_t = e_t - e_{t-1} has tau_int = 0: its estimate is negative for some seeds, tiny for the others
    const results = Array.from({ length: 40 }, (_, k) => {
      const e = ar1(301, 0.5, "differences", k);
      return gammaMethod([e.subarray(1).map((x, i) => x - e[i]!)]);
    });
    const reasons = results.flatMap((r) => (r.refused ? [r.reason] : []));
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason).toMatch(/anticorrelate/);
    for (const r of results) if (!r.refused) expect(r.tauInt).toBeLessThan(0.2);
  });

  it("constant data: error 0, tau 1/2, and it says so", () => {
    const e = accepted(gammaMethod([new Float64Array(50).fill(0.1), new Float64Array(7).fill(0.1)]));
    expect([e.mean, e.error, e.tauInt, e.window]).toEqual([0.1, 0, 0.5, 0]);
    expect(e.note).toMatch(/all 57 measurements are equal/);
  });

  it("NaN is named", () => {
    expect(() =>
      gammaMethod([
        [1, 2],
        [1, Number.NaN],
      ]),
    ).toThrow("measurement 1 of chain 1 is NaN");
  });
});
