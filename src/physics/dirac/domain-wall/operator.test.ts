import { describe, expect, test } from "vitest";
import { describeKernel } from "../../../kernels/kernel.contract.ts";
import type { GaugeData } from "../../../lattice/gauge-data.ts";
import { roughLinks } from "../../testing.contract.ts";
import { fifthInverse } from "./coefficients.ts";
import { FifthHop } from "./hop.ts";
import {
  adjointReference,
  columnsOf,
  eliminate,
  moebiusReference,
  shamirReference,
  type Wall,
  wallReference,
} from "./reference.contract.ts";
import { noise, onSites, operatorOf, relativeDistance, type Shape, wallOf } from "./testing.contract.ts";

const shape = (
  group: string,
  extents: readonly number[],
  L5: number,
  b: number,
  c: number,
  domain: "all" | "even",
) => ({
  group,
  extents,
  L5,
  b,
  c,
  domain,
});

/** Shamir and Moebius, one slice to five, odd extents, two dimensions, more colours than are unrolled. */
const shapes: readonly Shape[] = [
  shape("SU(2)", [4, 4, 2, 2], 3, 1, 1, "all"),
  shape("SU(3)", [2, 2, 4, 2], 5, 1, 1, "even"),
  shape("SU(3)", [2, 2, 2, 2], 4, 2, 1, "all"),
  shape("SU(2)", [4, 4, 2, 2], 4, 1.5, 0.4, "even"),
  shape("SU(2)", [2, 3, 3, 1], 2, 2, 0, "all"),
  shape("SU(2)", [2, 2, 2, 2], 2, 1, 1, "even"),
  shape("U(1)", [2, 2, 2, 2], 1, 1, 1, "all"),
  shape("U(1)", [4, 2, 2, 2], 1, 2, 1, "even"),
  shape("SU(3)", [4, 4], 4, 2, 1, "even"),
  shape("SU(6)", [4, 2], 3, 1, 1, "even"),
];

/** M5 x - D_eo M5^{-1} D_oe x from D5 on all sites: M5 of a site is solved as a dense matrix. */
function schurReference(data: GaugeData, wall: Wall, x: Float64Array): Float64Array {
  const full = (v: Float64Array) => wallReference(data, wall, v);
  const even = (v: Float64Array) => onSites(data, "even", v);
  const odd = (v: Float64Array) => onSites(data, "odd", v);
  const image = full(even(x));
  const inverse = solveSites(data, wall, odd(image));
  const back = even(full(inverse));
  return even(image).map((value, k) => value - back[k]!);
}

/** M5^{-1} x, site by site. M5 is the block of D5 that leads from a site to itself (even extents: no hop does). */
function solveSites(data: GaugeData, wall: Wall, x: Float64Array): Float64Array {
  const volume = data.extents.reduce((a, b) => a * b, 1);
  const perSite = x.length / volume;
  const { matrix } = columnsOf(
    x.length,
    (v) => wallReference(data, wall, v),
    (component) => 2 * component < perSite,
  );
  const out = new Float64Array(x.length);
  for (let site = 0; site < volume; site++) {
    const b = x.subarray(site * perSite, (site + 1) * perSite);
    if (b.some((value) => value !== 0)) out.set(eliminate(matrix, b), site * perSite);
  }
  return out;
}

const reference = (data: GaugeData, { domain }: Shape, wall: Wall, x: Float64Array) =>
  domain === "all" ? wallReference(data, wall, x) : schurReference(data, wall, x);

describeKernel<Shape>("D5 x and its norm", {
  shapes,
  run(device, shape) {
    const { operator, data } = operatorOf(shape, device);
    const [x, y, z] = [noise(operator, "x"), operator.space.field(), operator.space.field()];
    operator.apply(y, x);
    const norm = operator.normal.apply(z, x);
    const out = onSites(data, shape.domain, operator.space.store(y));
    return Float64Array.from([...out, norm / x.length]);
  },
  reference(shape) {
    const { operator, data, wall } = operatorOf(shape);
    const x = operator.space.store(noise(operator, "x"));
    const out = reference(data, shape, wall, x);
    return Float64Array.from([...out, out.reduce((sum, value) => sum + value * value, 0) / x.length]);
  },
  tolerance: (expected) => 1e-12 * Math.max(10, Math.abs(expected)),
});

describe("D5^dagger", () => {
  test.each(shapes.map((s) => [JSON.stringify(s), s] as const))("y^dagger D x = (D^dagger y)^dagger x, %s", (_, s) => {
    const { operator } = operatorOf(s);
    const [x, y] = [noise(operator, "x"), noise(operator, "y")];
    const [dx, dy] = [operator.space.field(), operator.space.field()];
    operator.apply(dx, x);
    operator.applyDagger(dy, y);
    const left = operator.space.dot(s.domain, y, dx);
    const right = operator.space.dot(s.domain, dy, x);
    expect(relativeDistance(right, left)).toBeLessThan(1e-12);
  });

  const dense: readonly Shape[] = [
    shape("U(1)", [2, 2], 4, 1, 1, "all"),
    shape("SU(2)", [2, 2], 3, 2, 0.5, "all"),
    shape("SU(2)", [2, 2], 3, 2, 0.5, "even"),
  ];
  test.each(dense.map((s) => [JSON.stringify(s), s] as const))("every entry, %s", (_, s) => {
    const { operator, data, wall } = operatorOf(s);
    const y = noise(operator, "y");
    const out = operator.space.field();
    operator.applyDagger(out, y);
    const expected = adjointReference((v) => reference(data, s, wall, v), operator.space.store(y));
    expect(relativeDistance(onSites(data, s.domain, operator.space.store(out)), expected)).toBeLessThan(1e-13);
  });
});

describe("the reference", () => {
  const s = shape("SU(2)", [2, 2, 2, 2], 3, 1, 1, "all");
  const data = roughLinks(s.group, s.extents);
  const { operator } = operatorOf(s);
  const x = operator.space.store(noise(operator, "x"));

  test("Moebius with b = c = 1 is the domain wall", () => {
    const moebius = moebiusReference(data, wallOf(s), x);
    expect(relativeDistance(moebius, shamirReference(data, wallOf(s), x))).toBeLessThan(1e-14);
  });

  test("another sign of the mass, of the boundary or of M is noticed", () => {
    const out = operator.space.field();
    operator.apply(out, noise(operator, "x"));
    const mine = operator.space.store(out);
    const wall = wallOf(s);
    expect(relativeDistance(mine, shamirReference(data, wall, x))).toBeLessThan(1e-14);
    for (const wrong of [{ mass: -wall.mass }, { boundary: [1, 1, 1, 1] }, { M: -wall.M }])
      expect(relativeDistance(mine, shamirReference(data, { ...wall, ...wrong }, x))).toBeGreaterThan(1e-2);
  });
});

test("the kernels of Moebius with b = c = 1 do what those of Shamir do", () => {
  for (const domain of ["all", "even"] as const) {
    const { operator } = operatorOf(shape("SU(2)", [4, 2, 2, 2], 3, 1, 1, domain));
    const { space, fifth, links } = operator;
    const { p, q } = fifth.diagonal;
    const inverse = fifthInverse(fifth.diagonal, 3, fifth.mass);
    const x = noise(operator, "x");
    const [mine, general, work] = [space.field(), space.field(), space.field()];
    for (const dagger of [false, true]) {
      const hop = new FifthHop(space, links.space.layout, links, { L5: 3, dagger, right: true });
      const diagonal = [p, q, -fifth.mass * q] as const;
      if (domain === "all") hop.combine("all", general, diagonal, x, [-0.5, 0, 0], x);
      else {
        hop.solve("odd", work, inverse, [1, 0, 0], x);
        hop.combine("even", general, diagonal, x, [-0.25, 0, 0], work);
      }
      if (dagger) operator.applyDagger(mine, x);
      else operator.apply(mine, x);
      expect(relativeDistance(space.store(general), space.store(mine))).toBeLessThan(1e-14);
    }
  }
});
