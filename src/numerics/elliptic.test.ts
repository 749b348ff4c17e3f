import { expect, test } from "vitest";
import { ellipticK, jacobiSn } from "./elliptic.ts";

test("the complete integral", () => {
  expect(ellipticK(1)).toBeCloseTo(Math.PI / 2, 15);
  expect(ellipticK(0.5)).toBeCloseTo(1.8540746773013719, 14); // DLMF 19.6, the lemniscate
  expect(ellipticK(1e-10)).toBeCloseTo(Math.log(4 / 1e-5), 8);
});

test("sn: circular and hyperbolic limits, quarter period, and the addition u -> u + K", () => {
  for (const u of [-1.3, 0.2, 2.5]) {
    expect(jacobiSn(u, 1)).toBeCloseTo(Math.sin(u), 14);
    expect(jacobiSn(u, 1e-14)).toBeCloseTo(Math.tanh(u), 12);
  }
  for (const m1 of [0.9, 0.3, 1e-3]) {
    const quarter = ellipticK(m1);
    expect(jacobiSn(quarter, m1)).toBeCloseTo(1, 13);
    for (const u of [0.1, 0.7]) {
      const s = jacobiSn(u, m1);
      // sn(u + K) = cn u / dn u
      expect(jacobiSn(u + quarter, m1)).toBeCloseTo(Math.sqrt((1 - s * s) / (1 - (1 - m1) * s * s)), 12);
    }
  }
});
