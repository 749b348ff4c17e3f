import { describe, expect, it } from "vitest";
import { besselI, besselIScaled, besselIScaledOrders } from "./bessel.ts";
import { erf, erfc, normalCdf, normalQuantile } from "./error-function.ts";
import { gammaP, gammaQ, lnGamma } from "./gamma-function.ts";
import { chiSquaredQ, kolmogorovQ } from "./p-values.ts";

// Reference values: power series and quadrature with 40 digits.
const bessel = [
  [0, 0.5, 0.6450352704491501],
  [1, 1, 0.20791041534970844],
  [2, 2.3, 0.10080341604043692],
  [0, 10, 0.1278333371634286],
  [5, 0.001, 2.601563910047908e-19],
  [40, 3, 7.127537945273313e-43],
  [0, 50, 0.05656162664745419],
  [7, 50, 0.0345071647824056],
  [100, 50, 5.261413463225348e-38],
  [3, 700, 0.014984586661719439],
  [0, 1e4, 0.003989472674604732],
  [30, 1e4, 0.003813917377268817],
  [0, 1e6, 0.00039894233026924577],
  [1, 1e-20, 5e-21],
] as const;
const errorFunction = [
  [1e-8, 1.1283791670955126e-8, 0.9999999887162083],
  [0.1, 0.1124629160182849, 0.887537083981715],
  [0.5, 0.5204998778130465, 0.4795001221869535],
  [0.99, 0.8385080695553698, 0.1614919304446302],
  [1, 0.8427007929497149, 0.15729920705028513],
  [1.5, 0.9661051464753108, 0.033894853524689274],
  [2, 0.9953222650189527, 0.004677734981047266],
  [3, 0.9999779095030014, 2.209049699858544e-5],
  [5, 0.9999999999984626, 1.537459794428035e-12],
  [10, 1, 2.088487583762545e-45],
  [26, 1, 5.663192408856143e-296],
  [-0.7, -0.6778011938374184, 1.6778011938374184],
  [-2, -0.9953222650189527, 1.9953222650189528],
] as const;
const incompleteGamma = [
  [0.5, 0.1, 0.345279153981423, 0.654720846018577],
  [0.5, 2, 0.9544997361036416, 0.04550026389635842],
  [1, 1, 0.6321205588285577, 0.36787944117144233],
  [5, 2, 0.05265301734371116, 0.9473469826562888],
  [5, 12, 0.992399609318933, 0.007600390681066996],
  [50, 40, 0.07033506665939496, 0.9296649333406051],
  [50, 75, 0.9990960679576459, 0.0009039320423540091],
  [500, 510, 0.6769366400888723, 0.3230633599111277],
  [0.1, 1e-5, 0.3323984050405033, 0.6676015949594967],
  [2, 60, 1, 5.341471565244877e-25],
] as const;
const lnGammas = [
  [0.001, 6.907178885383853],
  [0.5, 0.5723649429247001],
  [1.5, -0.12078223763524522],
  [2.5, 0.2846828704729192],
  [3, Math.LN2],
  [10, 12.801827480081469],
  [12.3, 18.238983407092245],
  [100, 359.1342053695754],
  [1e4, 82099.71749644238],
] as const;

function close(actual: number, expected: number, relative: number, absolute = 0): void {
  const error = Math.abs(actual - expected);
  expect(error, `${actual} against ${expected}`).toBeLessThanOrEqual(relative * Math.abs(expected) + absolute);
}

describe("modified Bessel functions", () => {
  it("agree with the references to 3e-15", () => {
    for (const [n, x, value] of bessel) close(besselIScaled(n, x), value, 3e-15);
  });

  it("agree with the power series, all orders at once and orders of either sign", () => {
    for (const x of [0.1, 1, 2.5, 6]) {
      const orders = besselIScaledOrders(8, x);
      for (let n = 0; n <= 8; n++) {
        let term = 1;
        for (let k = 1; k <= n; k++) term *= x / 2 / k;
        let sum = 0;
        for (let k = 1; k < 60; k++) {
          sum += term;
          term *= (x * x) / 4 / (k * (k + n));
        }
        close(orders[n] ?? 0, sum * Math.exp(-x), 3e-15);
        close(besselI(-n, x), sum, 3e-15);
        close(besselI(n, -x), n % 2 === 0 ? sum : -sum, 3e-15);
      }
    }
  });

  it("reach zero and underflow without harm", () => {
    expect([...besselIScaledOrders(3, 0)]).toEqual([1, 0, 0, 0]);
    expect(besselIScaled(300, 10)).toBe(0);
    expect(besselIScaled(60, 1e-9)).toBe(0);
    close(besselIScaled(25, 1e-9), (0.5e-9 ** 25 * Math.exp(-1e-9)) / 1.5511210043330986e25, 1e-13); // (x/2)^25 / 25!
    close(besselI(1, 712), Math.exp(712 / 2) * besselIScaled(1, 712) * Math.exp(712 / 2), 1e-15);
    expect(() => besselI(1.5, 1)).toThrow(/whole orders/);
  });
});

describe("error function and normal distribution", () => {
  it("agree with the references to 4e-15, tails included", () => {
    for (const [x, value, complement] of errorFunction) {
      close(erf(x), value, 4e-15);
      close(erfc(x), complement, 4e-15);
    }
    expect([erf(0), erfc(30), erfc(-30)]).toEqual([0, 0, 2]);
  });

  it("the quantile has reference values and inverts the distribution", () => {
    close(normalQuantile(1e-300), -37.0470962993612, 1e-14);
    close(normalQuantile(1e-20), -9.262340089798407, 1e-14);
    close(normalQuantile(1e-5), -4.264890793922825, 1e-14);
    close(normalQuantile(0.02), -2.053748910631823, 1e-14);
    close(normalQuantile(0.3), -0.5244005127080408, 1e-14);
    close(normalQuantile(0.975), 1.9599639845400538, 1e-14);
    expect(Math.abs(normalQuantile(0.5))).toBeLessThan(1e-15);
    for (let p = 0.01; p < 1; p += 0.01) close(normalCdf(normalQuantile(p)), p, 1e-14);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(() => normalQuantile(1.1)).toThrow(/probability/);
  });
});

describe("gamma functions", () => {
  it("lnGamma agrees with the references to 1e-14", () => {
    for (const [x, value] of lnGammas) close(lnGamma(x), value, 2e-15, 5e-15);
    expect(() => lnGamma(0)).toThrow(/x > 0/);
  });

  it("incomplete gamma functions agree with the references to 2e-13", () => {
    for (const [a, x, p, q] of incompleteGamma) {
      close(gammaP(a, x), p, 2e-13);
      close(gammaQ(a, x), q, 2e-13);
    }
    expect([gammaP(3, 0), gammaQ(3, 0), gammaQ(3, Number.POSITIVE_INFINITY)]).toEqual([0, 1, 0]);
  });
});

describe("p-values", () => {
  it("chi-squared with 2 degrees of freedom is exponential; the 5 % point of 10 is 18.307", () => {
    close(chiSquaredQ(3, 2), Math.exp(-1.5), 1e-13);
    close(chiSquaredQ(18.307038053275143, 10), 0.05, 1e-12);
  });

  it("Kolmogorov's distribution, both forms", () => {
    close(kolmogorovQ(0.2), 0.999999999999495, 1e-15);
    close(kolmogorovQ(0.5), 0.9639452436648751, 1e-14);
    close(kolmogorovQ(0.8), 0.5441424115741981, 1e-14);
    close(kolmogorovQ(1), 0.2699996716773545, 1e-14);
    close(kolmogorovQ(1.1), 0.17771819260640118, 1e-14);
    close(kolmogorovQ(1.36), 0.04948587675537788, 1e-14);
    close(kolmogorovQ(3), 3.045995948942526e-8, 1e-14);
    expect(kolmogorovQ(0)).toBe(1);
  });
});
