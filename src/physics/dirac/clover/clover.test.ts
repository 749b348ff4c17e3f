import { describe, expect, test } from "vitest";
import type { Field } from "../../../lattice/field.ts";
import type { GaugeData } from "../../../lattice/gauge-data.ts";
import { parity } from "../../../lattice/geometry.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { dagger, determinant, distance, haarRandom, type Matrix, zero } from "../../../numerics/complex-matrix.ts";
import {
  type Case,
  expectClose,
  gaugeTransformed,
  linkSpace,
  roughLinks,
  smoothLinks,
} from "../../testing.contract.ts";
import { spins } from "../gamma.ts";
import { ConjugateGradient } from "../solvers/conjugate-gradient.ts";
import { Wilson } from "../wilson/wilson.ts";
import { Clover, type CloverOptions } from "./clover.ts";
import { type CloverNumbers, denseClover, siteTerm, timesVector } from "./reference.contract.ts";

const shapes: readonly (Case & { r?: number })[] = [
  { group: "SU(3)", extents: [2, 2, 2, 4] },
  { group: "SU(2)", extents: [4, 2, 2, 2], lanes: 1, r: 0.7 },
  { group: "SU(5)", extents: [2, 2, 2, 2] },
  { group: "SU(3)", extents: [4, 6] },
  { group: "U(1)", extents: [6, 4], r: 0.7 },
];

/** Signs of the boundary that are all different from the usual ones where that matters. */
const boundaryOf = (dimension: number) => Array.from({ length: dimension }, (_, mu) => (mu % 2 === 0 ? -1 : 1));

const rough = { kappa: 0.13, cSW: 1.3 };
const numbersOf = ({ extents, r = 1 }: Case & { r?: number }): CloverNumbers => ({
  ...rough,
  r,
  boundary: boundaryOf(extents.length),
});

function loaded(shape: Case, data: GaugeData, options: CloverOptions, workers: 1 | 2 = 1) {
  const space = linkSpace(shape, workers);
  const u = space.field();
  space.load(u, data);
  const d = new Clover(space, options);
  d.load(u);
  return { d, u, space };
}

function noise(d: { space: Clover["space"]; domain: Clover["domain"] }, purpose: string): Field {
  const x = d.space.field();
  d.space.draw(d.domain, x, "gaussian", addressedRng(purpose, 0), purpose, 0);
  return x;
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);

describe.each(shapes)("clover: $group on $extents, r = $r", (shape) => {
  const data = roughLinks(shape.group, shape.extents);
  const numbers = numbersOf(shape);
  const dense = denseClover(data, numbers);
  const whole = loaded(shape, data, { ...numbers, domain: "all" }).d;
  const even = loaded(shape, data, { ...numbers, domain: "even" }).d;

  test("D and D^dagger are the dense ones", () => {
    const x = noise(whole, "x");
    const out = whole.space.field();
    whole.apply(out, x);
    const plain = whole.space.store(x);
    expect(largest(whole.space.store(out), timesVector(dense, plain))).toBeLessThan(1e-13);
    whole.applyDagger(out, x);
    expect(largest(whole.space.store(out), timesVector(dagger(dense), plain))).toBeLessThan(1e-13);
  });

  test("the dense one would notice the other sign of c_SW", () => {
    const x = noise(whole, "x");
    const out = whole.space.field();
    whole.apply(out, x);
    const wrong = denseClover(data, { ...numbers, cSW: -numbers.cSW });
    expect(largest(whole.space.store(out), timesVector(wrong, whole.space.store(x)))).toBeGreaterThan(1e-2);
  });

  test.each([
    ["all", whole],
    ["even", even],
  ] as const)("D^dagger is the adjoint, on %s sites, and the normal operator their product", (_, d) => {
    const [x, y] = [noise(d, "x"), noise(d, "y")];
    const [dx, dy, out] = [d.space.field(), d.space.field(), d.space.field()];
    d.apply(dx, x);
    d.applyDagger(dy, y);
    const [a, b] = [d.space.dot(d.domain, y, dx), d.space.dot(d.domain, dy, x)];
    expectClose(a[0]!, b[0]!, 1e-13, 100);
    expectClose(a[1]!, b[1]!, 1e-13, 100);
    expectClose(d.normal.apply(out, x), d.space.norm2(d.domain, dx), 1e-13);
    d.applyDagger(dy, dx);
    d.space.axpy(d.domain, dy, -1, out);
    expect(d.space.norm2(d.domain, dy)).toBeLessThan(1e-24);
  });

  test("A is Hermitian and gamma_5 D gamma_5 = D^dagger", () => {
    const a = siteTerm(data, 1, numbers);
    expect(distance(a, dagger(a))).toBeLessThan(1e-15);
    for (const d of [whole, even]) {
      const x = noise(d, "x");
      const [left, right] = [d.space.field(), d.space.field()];
      const gamma5 = (f: Field) =>
        d.space.load(f, flipped(d.space.store(f), parseGroup(shape.group).n, shape.extents.length));
      d.applyDagger(left, x);
      gamma5(x);
      d.apply(right, x);
      gamma5(right);
      expectClose(d.space.norm2(d.domain, right), d.space.norm2(d.domain, left), 1e-13);
      d.space.axpy(d.domain, right, -1, left);
      expect(d.space.norm2(d.domain, right)).toBeLessThan(1e-24);
    }
  });

  test("D psi = b by the even sites and reconstruction", () => {
    const [b, psi, source, back] = [noise(whole, "b"), ...Array.from({ length: 3 }, () => even.space.field())] as Four;
    const { evenOdd, space } = even;
    evenOdd!.source(source, b);
    const rhs = space.field();
    even.applyDagger(rhs, source);
    new ConjugateGradient(space, "even").solve(even.normal, psi, rhs, { relative: 1e-13, iterations: 1000 });
    evenOdd!.reconstruct(psi, b);
    evenOdd!.whole(back, psi);
    expect(largest(back.view(), b.view())).toBeLessThan(1e-10);
    whole.apply(back, psi);
    expect(largest(back.view(), b.view())).toBeLessThan(1e-10);
  });

  test("gauge covariance: psi^dagger D psi is that of the transformed psi and links", () => {
    const x = noise(whole, "x");
    const out = whole.space.field();
    whole.apply(out, x);
    const turned = loaded(shape, gaugeTransformed(data), { ...numbers, domain: "all" }).d;
    const g = rotated(shape, whole.space.store(x));
    const y = turned.space.field();
    turned.space.load(y, g);
    const moved = turned.space.field();
    turned.apply(moved, y);
    expect(largest(turned.space.store(moved), rotated(shape, whole.space.store(out)))).toBeLessThan(1e-12);
  });

  test.each(["all", "even"] as const)("c_SW = 0 is the Wilson operator, on %s sites", (domain) => {
    const { d, u, space } = loaded(shape, data, { ...numbers, cSW: 0, domain });
    const wilson = new Wilson(space, { ...numbers, domain });
    wilson.load(u);
    const x = noise(d, "x");
    const [a, b] = [d.space.field(), d.space.field()];
    d.apply(a, x);
    wilson.apply(b, x);
    expect(largest(a.view(), b.view())).toBeLessThan(1e-14);
    if (domain === "even") expect(d.local!.logDeterminant()).toBe(0);
  });
});

describe("det D = det A_oo det Dhat", () => {
  test.each([
    { group: "SU(2)", extents: [2, 2, 2, 2] },
    { group: "SU(3)", extents: [2, 2, 2, 2] },
    { group: "U(1)", extents: [6, 4] },
    { group: "SU(3)", extents: [4, 2] },
  ])("$group on $extents", (shape) => {
    const data = roughLinks(shape.group, shape.extents);
    const numbers = numbersOf(shape);
    const { d, space } = loaded(shape, data, { ...numbers, domain: "even" });
    const [re, im] = determinant(denseClover(data, numbers));
    const [evenRe, evenIm] = determinant(denseEven(d));
    const local = d.local!.logDeterminant();
    expectClose(local + Math.log(Math.hypot(evenRe, evenIm)), Math.log(Math.hypot(re, im)), 1e-11, 1);
    expectClose(Math.atan2(im, re), Math.atan2(evenIm, evenRe), 1e-10, 1);
    // and the local factor alone, site by site
    const odd = Array.from({ length: space.lattice.volume }, (_, site) => site).filter(
      (site) => parity(site, shape.extents) === 1,
    );
    const logs = odd.map((site) => Math.log(determinant(siteTerm(data, site, numbers))[0]));
    expectClose(
      local,
      logs.reduce((a, b) => a + b, 0),
      1e-12,
      1,
    );
  });
});

describe("exceptional fields", () => {
  const shape = { group: "SU(3)", extents: [2, 2, 2, 4] };
  const data = roughLinks("SU(3)", shape.extents);
  const numbers = numbersOf(shape);

  test("where A has negative eigenvalues the operator works, and two flavours take the modulus of its determinant", () => {
    const { d } = loaded(shape, data, { ...numbers, cSW: 12, domain: "even" });
    const dense = denseClover(data, { ...numbers, cSW: 12 });
    const x = d.space.field();
    d.space.draw("all", x, "gaussian", addressedRng("x", 0), "x", 0);
    const out = d.space.field();
    d.evenOdd!.whole(out, x);
    expect(largest(d.space.store(out), timesVector(dense, d.space.store(x)))).toBeLessThan(1e-12);
    const odd = Array.from({ length: 32 }, (_, site) => site).filter((site) => parity(site, shape.extents) === 1);
    const determinants = odd.map((site) => determinant(siteTerm(data, site, { ...numbers, cSW: 12 }))[0]);
    expect(Math.min(...determinants)).toBeLessThan(0);
    const logs = determinants.reduce((sum, det) => sum + Math.log(Math.abs(det)), 0);
    expectClose(d.local!.logDeterminant(), logs, 1e-11);
  });

  test("links that are not numbers are refused", () => {
    const space = linkSpace(shape);
    const u = space.field();
    u.view().fill(Number.NaN);
    const d = new Clover(space, { ...numbers, domain: "even" });
    expect(() => d.load(u)).toThrow(/no inverse on this gauge field/);
  });

  test("odd extents are for the domain all", () => {
    const space = linkSpace({ group: "SU(2)", extents: [3, 2, 2, 2] });
    expect(() => new Clover(space, { ...numbers, domain: "even" })).toThrow(/even extents/);
    expect(() => new Clover(linkSpace({ group: "SU(2)", extents: [2, 2, 2] }), numbers)).toThrow(/2 or 4 dimensions/);
  });
});

test("odd extents, domain all: the dense operator", () => {
  const shape = { group: "SU(2)", extents: [3, 2, 1, 3] };
  const space = linkSpace(shape);
  const data = smoothLinks(space, 0.4);
  const numbers = numbersOf(shape);
  const { d } = loaded(shape, data, { ...numbers, domain: "all" });
  const x = noise(d, "x");
  const out = d.space.field();
  d.apply(out, x);
  expect(largest(d.space.store(out), timesVector(denseClover(data, numbers), d.space.store(x)))).toBeLessThan(1e-13);
});

test("one and two workers give the same bits", () => {
  const shape = { group: "SU(3)", extents: [4, 4, 2, 4] };
  const data = roughLinks(shape.group, shape.extents);
  const [a, b] = ([1, 2] as const).map((workers) => {
    const { d } = loaded(shape, data, { ...numbersOf(shape), domain: "even" }, workers);
    const out = d.space.field();
    d.normal.apply(out, noise(d, "x"));
    return { log: d.local!.logDeterminant(), out: d.space.store(out) };
  });
  expect(a!.log).toBe(b!.log);
  expect(a!.out).toEqual(b!.out);
});

type Four = [Field, Field, Field, Field];

/** gamma_5 psi of plain data [site][spin][colour][re, im]. */
function flipped(psi: Float64Array, n: number, dimension: number): Float64Array {
  const signs = dimension === 4 ? [-1, -1, 1, 1] : [1, -1];
  return psi.map((x, i) => x * signs[Math.floor(i / (2 * n)) % signs.length]!);
}

/** G(n) psi(n) with the G of gaugeTransformed. */
function rotated({ group, extents }: Case, psi: Float64Array): Float64Array {
  const { n, special } = parseGroup(group);
  const rng = addressedRng("gauge", 0);
  const perSite = 2 * n * spins(extents.length);
  const out = new Float64Array(psi.length);
  for (let i = 0; i < psi.length; i += 2 * n) {
    const g = haarRandom(n, special, rng.at("gauge", 0, Math.floor(i / perSite)));
    out.set(timesVector(g, psi.slice(i, i + 2 * n)), i);
  }
  return out;
}

/** Dhat as a dense matrix over the even sites, column by column. */
function denseEven(d: Clover): Matrix {
  const { space } = d;
  const { volume, extents } = space.lattice;
  const { components } = space;
  const rows = Array.from({ length: volume }, (_, site) => site)
    .filter((site) => parity(site, extents) === 0)
    .flatMap((site) => Array.from({ length: components }, (_, c) => site * components + c));
  const out = zero(rows.length);
  const [x, y] = [space.field(), space.field()];
  rows.forEach((column, j) => {
    const unit = new Float64Array(x.length);
    unit[2 * column] = 1;
    space.load(x, unit);
    d.apply(y, x);
    const image = space.store(y);
    rows.forEach((row, i) => out.set(image.subarray(2 * row, 2 * row + 2), 2 * (i * rows.length + j)));
  });
  return out;
}
