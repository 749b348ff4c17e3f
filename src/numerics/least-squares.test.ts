import { describe, expect, test } from "vitest";
import { addressedRng } from "./addressed-random.ts";
import { LeastSquares } from "./least-squares.ts";

const rng = addressedRng("least squares");

/** Features like sums over a lattice: large, of a small relative variation, and correlated. */
function features(i: number): number[] {
  const { normal } = rng.at("features", i);
  const common = normal();
  return [-1000 + 5 * common + normal(), -700 + 8 * common + 2 * normal(), 20 * normal()];
}

const truth = [2.7, -0.03, 0.02];
const exact = (x: readonly number[]) => 123.4 + truth.reduce((sum, b, i) => sum + b * x[i]!, 0);

/** A regression on data of the known line with noise; the data of another `from` are others. */
function regression(count: number, noise: number, from = 0, weight: (i: number) => number = () => 1): LeastSquares {
  const made = new LeastSquares(3);
  for (let i = 0; i < count; i++) {
    const x = features(from + i);
    made.add(x, exact(x) + noise * rng.at("noise", from + i).normal(), weight(i));
  }
  return made;
}

describe("data made from a known line", () => {
  test("are fitted to 1e-10", () => {
    for (const ridge of [0, 1e-13]) {
      const fit = regression(40, 0).fit(ridge)!;
      fit.coefficients.forEach((b, i) => expect(Math.abs(b - truth[i]!)).toBeLessThan(1e-10));
      expect(Math.abs(fit.intercept - 123.4)).toBeLessThan(1e-8);
      expect(fit.residual).toBeLessThan(1e-5); // rounding of sums of squares of size 400, relative 1e-16
      expect(1 - fit.rSquared).toBeLessThan(1e-12);
      expect(fit.dropped).toEqual([]);
    }
  });

  test("and no fit is claimed from too few", () => {
    expect(regression(4, 0).fit()).toBeUndefined();
    expect(regression(5, 0).fit()).toBeDefined();
    // one observation that outweighs all others is one observation
    expect(regression(5, 0, 0, (i) => (i === 4 ? 1e6 : 1)).fit()).toBeUndefined();
  });

  test("a number that is none is refused", () => {
    expect(() => new LeastSquares(2).add([1, Number.NaN], 1)).toThrow(/observation 0.*no number/);
    expect(() => new LeastSquares(2).add([1], 1)).toThrow(/no number/);
    expect(() => new LeastSquares(1).add([1], 1, 0)).toThrow(/weight 0/);
  });
});

/**
 * sum over 100 data sets and 3 coefficients of ((found - true)/error)^2, nearly chi-squared with 300 degrees of freedom (the
 * errors of 60 observations widen it by 4 %): mean 300 x 56/54, standard deviation 26. Fixed seeds; with others the bounds
 * at 4 standard deviations would be left once in 10^4.
 */
const distance = (weight: (i: number) => number, factor = 1) => {
  let sum = 0;
  for (let set = 0; set < 100; set++) {
    const { coefficients, errors } = regression(60, 0.5, 1000 * set, weight).fit()!;
    sum += coefficients.reduce((s, b, i) => s + ((b - truth[i]!) / (factor * errors[i]!)) ** 2, 0);
  }
  return sum;
};

describe("errors", () => {
  test("cover the truth", () => {
    expect(distance(() => 1)).toBeGreaterThan(210);
    expect(distance(() => 1)).toBeLessThan(415);
  });
  test("cover it where later observations weigh more", () => {
    expect(distance((i) => i + 1)).toBeGreaterThan(200);
    expect(distance((i) => i + 1)).toBeLessThan(440);
  });
  test("too small by a third would be noticed", () => {
    expect(distance(() => 1, 2 / 3)).toBeGreaterThan(440);
  });
  test("and the residual is the noise", () => {
    expect(regression(4000, 0.5, 5000).fit()!.residual).toBeCloseTo(0.5, 1);
  });
});

describe("directions without information", () => {
  const collinear = (ridge: number) => {
    const made = new LeastSquares(4);
    for (let i = 0; i < 30; i++) {
      const [a, b] = features(i) as [number, number];
      made.add([a, 3 * a - 7, b, 5], 2 * a + b + 0.1 * rng.at("noise", i).normal());
    }
    return made.fit(ridge)!;
  };
  test("are dropped, and said to be", () => {
    const { coefficients, errors, dropped } = collinear(0);
    expect(dropped).toEqual([1, 3]);
    expect([coefficients[1], coefficients[3], errors[1], errors[3]]).toEqual([0, 0, 0, 0]);
    expect(Math.abs(coefficients[0]! - 2)).toBeLessThan(0.2);
  });
  test("a ridge shares between twins, in units of their standard deviations", () => {
    const { coefficients, dropped } = collinear(1e-6);
    expect(dropped).toEqual([3]);
    expect(coefficients[0]! / (3 * coefficients[1]!)).toBeCloseTo(1, 4);
  });
  test("an infinite ridge leaves nothing, a small one does nothing", () => {
    const data = regression(50, 0.3);
    data.fit(1e12)!.coefficients.forEach((b) => expect(Math.abs(b)).toBeLessThan(1e-10));
    const none = data.fit()!;
    data.fit(1e-10)!.coefficients.forEach((b, i) => expect(b).toBeCloseTo(none.coefficients[i]!, 7));
    expect(data.fit(0.1)!.residual).toBeGreaterThan(none.residual);
  });
});

describe("saved sums", () => {
  test("go on bit for bit", () => {
    const [whole, first] = [regression(50, 0.3), regression(20, 0.3)];
    const second = new LeastSquares(3);
    second.restore(JSON.parse(JSON.stringify(first.save())) as Record<string, number>);
    expect(second.save()).toEqual(first.save());
    for (let i = 20; i < 50; i++) {
      const x = features(i);
      second.add(x, exact(x) + 0.3 * rng.at("noise", i).normal());
    }
    expect(second.save()).toEqual(whole.save());
    expect(second.fit()).toEqual(whole.fit());
  });
  test("of other features are refused", () => {
    expect(() => new LeastSquares(4).restore(regression(9, 0).save())).toThrow(/4 features/);
  });
});
