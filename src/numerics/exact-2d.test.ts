import { describe, expect, it } from "vitest";
import { besselI } from "./bessel.ts";
import { su2Plaquette2d, su2TorusPlaquette2d, suNPlaquette2d, u1Plaquette2d, u1TorusPlaquette2d } from "./exact-2d.ts";

/** Equal to as many digits as the reference shows. */
function digits(actual: number, reference: string): void {
  const places = reference.split(".")[1]?.length ?? 0;
  expect(Math.abs(actual - Number(reference)), `${actual} against ${reference}`).toBeLessThan(0.51 * 10 ** -places);
}

describe("exact two-dimensional plaquettes (the table of gauge.md 9.2)", () => {
  it("U(1)", () => {
    digits(u1Plaquette2d(0.5), "0.242499612581");
    digits(u1Plaquette2d(1), "0.446389965897");
    digits(u1Plaquette2d(2), "0.697774657964");
    digits(u1Plaquette2d(4), "0.863522611025");
    digits(u1TorusPlaquette2d(1, 16), "0.44639391203");
    digits(u1TorusPlaquette2d(4, 64), "0.863530042512");
  });

  it("SU(2)", () => {
    const table = {
      "0.5": "0.123717928278",
      "1": "0.24019372387",
      "2": "0.433127426722",
      "2.2": "0.46447902527",
      "2.3": "0.479279078305",
      "2.4": "0.493512784072",
      "2.5": "0.507195100047",
      "2.7": "0.53297073359",
      "4": "0.658047267359",
    };
    for (const [beta, value] of Object.entries(table)) digits(su2Plaquette2d(Number(beta)), value);
    digits(su2TorusPlaquette2d(2.3, 16), "0.479281425913");
    digits(su2TorusPlaquette2d(2.7, 16), "0.532980575657");
    digits(su2TorusPlaquette2d(4, 16), "0.658185074567");
  });

  it("SU(3) and SU(4)", () => {
    digits(suNPlaquette2d(3, 1), "0.0601265548336");
    digits(suNPlaquette2d(3, 3), "0.20307505003");
    digits(suNPlaquette2d(3, 5.5), "0.38912927461");
    digits(suNPlaquette2d(3, 5.7), "0.402716607316");
    digits(suNPlaquette2d(3, 6), "0.42253173965");
    digits(suNPlaquette2d(4, 5.7), "0.190828531423");
    digits(suNPlaquette2d(4, 10), "0.356514765257");
  });

  it("the determinants at N = 2 are the Bessel ratio", () => {
    for (const beta of [0.3, 2.3, 10, 40]) expect(suNPlaquette2d(2, beta)).toBeCloseTo(su2Plaquette2d(beta), 12);
  });

  it("the torus values are derivatives of ln Z, by a fourth-order difference", () => {
    const volume = 6;
    const slope = (lnZ: (beta: number) => number, beta: number, h = 1e-2) =>
      (lnZ(beta - 2 * h) - 8 * lnZ(beta - h) + 8 * lnZ(beta + h) - lnZ(beta + 2 * h)) / (12 * h * volume);
    const u1 = (beta: number) => Math.log(besselI(0, beta) ** 6 + sum((n) => 2 * besselI(n, beta) ** 6));
    const su2 = (beta: number) => Math.log(sum((n) => ((2 * besselI(n, beta)) / beta) ** 6));
    const sum = (term: (n: number) => number) =>
      Array.from({ length: 30 }, (_, k) => term(k + 1)).reduce((a, b) => a + b);
    expect(u1TorusPlaquette2d(1.7, volume)).toBeCloseTo(slope(u1, 1.7), 7);
    expect(su2TorusPlaquette2d(1.7, volume)).toBeCloseTo(slope(su2, 1.7), 7);
  });

  it("goes to the strong-coupling series, is odd where the group allows, and says where digits are lost", () => {
    expect(suNPlaquette2d(3, 1e-4)).toBeCloseTo(1e-4 / 18 + 1e-8 / 216, 14);
    expect(suNPlaquette2d(5, 1e-4)).toBeCloseTo(1e-4 / 50, 14);
    expect([u1Plaquette2d(0), su2Plaquette2d(0), su2TorusPlaquette2d(0, 16)]).toEqual([0, 0, 0]);
    expect(u1Plaquette2d(-1)).toBeCloseTo(-u1Plaquette2d(1), 15);
    expect(() => suNPlaquette2d(5, 2000)).toThrow(/cancel/);
  });
});
