import { describe, expect, test } from "vitest";
import { coordinates } from "../../../lattice/geometry.ts";
import { unitarityDefect } from "../../../numerics/complex-matrix.ts";
import { linkOf } from "../../loops/reference.ts";
import { configuration, expectClose, hasSharedData, linkSpace, storedLinks } from "../../testing.contract.ts";
import { ConjugateGradient } from "../solvers/conjugate-gradient.ts";
import { Clover } from "./clover.ts";
import { coulombFixed } from "./coulomb.contract.ts";

const extents = [4, 4, 4, 4];

/**
 * sum |G(x, t)|^2 over space, spin, colour and the twelve sources, a time slice each: G = D^{-1} source with the source
 * e^{-r^2/1.5^2} at t = 0 around the origin, r the shortest distance on the periodic lattice.
 */
function propagatorSums(d: Clover): readonly number[] {
  const { space } = d;
  const sums = [0, 0, 0, 0];
  const [b, source, rhs, psi] = [space.field(), space.field(), space.field(), space.field()];
  const solver = new ConjugateGradient(space, "even");
  const components = space.components;
  const profile = Array.from({ length: 256 }, (_, site) => {
    const x = coordinates(site, extents);
    const r2 = x.slice(0, 3).reduce((sum, c) => sum + Math.min(c, 4 - c) ** 2, 0);
    return x[3] === 0 ? Math.exp(-r2 / 1.5 ** 2) : 0;
  });
  for (let c = 0; c < components; c++) {
    const plain = new Float64Array(b.length);
    profile.forEach((value, site) => {
      plain[2 * (site * components + c)] = value;
    });
    space.load(b, plain);
    d.evenOdd!.source(source, b);
    d.applyDagger(rhs, source);
    space.zero("all", psi);
    solver.solve(d.normal, psi, rhs, { relative: 1e-12, iterations: 1000 });
    d.evenOdd!.reconstruct(psi, b);
    space.store(psi).forEach((value, i) => {
      sums[coordinates(Math.floor(i / (2 * components)), extents)[3]!]! += value * value;
    });
  }
  return sums;
}

describe.skipIf(!hasSharedData)("MILC (../shared/configs, skipped where absent)", () => {
  const { data, functional } = hasSharedData
    ? coulombFixed(storedLinks("milc/lat.sample.l4444", "SU(3)", extents))
    : ({} as ReturnType<typeof coulombFixed>);

  test("Coulomb gauge", () => {
    expect(functional).toBeCloseTo(0.89405133, 8);
    expect(unitarityDefect(linkOf(data, 17, 2), true)).toBeLessThan(1e-5);
  });

  test.each([
    // what MILC itself prints, in single precision; an independent code; and that code without the term and with its other sign
    ["MILC", 1.2, [282.128, 17.83301, 3.974405, 16.84037], 1e-5],
    ["independent", 1.2, [282.1277, 17.83287, 3.974425, 16.8404], 2e-7],
    ["independent", 0, [260.663, 15.0644, 3.12202, 14.2474], 4e-6],
    ["independent", -1.2, [269.321, 15.7033, 3.27721, 14.9511], 4e-6],
  ] as const)("propagator, %s, c_SW = %s", (_, cSW, expected, tolerance) => {
    const space = linkSpace({ group: "SU(3)", extents });
    const d = new Clover(space, { kappa: 0.1, cSW, boundary: [1, 1, 1, 1] });
    d.load(configuration(space, data).field);
    const sums = propagatorSums(d);
    sums.forEach((sum, t) => expectClose(sum, expected[t]!, tolerance));
  });
});
