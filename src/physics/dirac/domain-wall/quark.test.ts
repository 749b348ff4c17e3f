import { describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import type { Field } from "../../../lattice/field.ts";
import { coordinates } from "../../../lattice/geometry.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { determinant } from "../../../numerics/complex-matrix.ts";
import { Wilson } from "../wilson/wilson.ts";
import { DomainWall } from "./domain-wall.ts";
import { CHIRALITY, columnsOf, GAMMA, shiftReference, wallReference } from "./reference.contract.ts";
import { noise, operatorOf, relativeDistance, type Shape, solved, wallOf } from "./testing.contract.ts";

const on = (group: string, extents: readonly number[], L5: number, b: number, c: number): Shape => ({
  group,
  extents,
  L5,
  b,
  c,
  domain: "all",
});

/** gamma_5 of a vector, and with `reflected` s -> L5 + 1 - s too. */
function gamma5Times(dimension: number, n: number, L5: number, x: Float64Array, reflected = true): Float64Array {
  const spins = CHIRALITY[dimension]!.length;
  const spinor = 2 * n * spins;
  return x.map((_, k) => {
    const s = Math.floor(k / spinor) % L5;
    const from = reflected ? k + (L5 - 1 - 2 * s) * spinor : k;
    return CHIRALITY[dimension]![Math.floor((k % spinor) / (2 * n))]! * x[from]!;
  });
}

describe("gamma_5 R, R the reflection of the fifth direction", () => {
  test.each([
    on("SU(3)", [2, 2, 2, 4], 4, 1, 1),
    on("SU(2)", [3, 2, 2, 1], 1, 1, 1),
    on("SU(2)", [4, 3], 3, 1, 1),
    on("SU(2)", [2, 2, 2, 2], 4, 2, 0.7),
  ])("B^T gamma_5 R D5 = D5^dagger gamma_5 R B (B = 1 for Shamir) %j", (shape) => {
    const { operator, wall, data } = operatorOf(shape);
    const [d, n] = [shape.extents.length, data.group.n];
    const { space } = operator;
    const field = (x: Float64Array) => {
      const made = space.field();
      space.load(made, x);
      return made;
    };
    const right = (x: Float64Array, transposed: boolean) => {
      const flip = (v: Float64Array) => (transposed ? gamma5Times(d, n, wall.L5, v) : v);
      // R F R = F^T, and gamma_5 commutes with both
      const shifted = flip(shiftReference(d, wall, flip(x), n));
      return x.map((value, k) => ((wall.b + wall.c) / 2) * value + ((wall.b - wall.c) / 2) * shifted[k]!);
    };
    const x = space.store(noise(operator, "x"));
    const out = space.field();
    operator.apply(out, field(x));
    const left = right(gamma5Times(d, n, wall.L5, space.store(out)), true);
    operator.applyDagger(out, field(gamma5Times(d, n, wall.L5, right(x, false))));
    expect(relativeDistance(space.store(out), left)).toBeLessThan(1e-14);
    // without R it does not hold
    if (wall.L5 > 1) {
      operator.applyDagger(out, field(gamma5Times(d, n, wall.L5, right(x, false), false)));
      expect(relativeDistance(space.store(out), left)).toBeGreaterThan(1e-2);
    }
  });
});

describe("the even-odd preconditioned operator", () => {
  const shapes = [
    on("U(1)", [2, 2, 2, 2], 3, 1, 1),
    on("SU(2)", [4, 2], 4, 2, 1),
    on("SU(2)", [2, 2], 2, 1, 1),
    on("SU(2)", [4, 2], 1, 1.5, 0),
  ];

  test.each(shapes)("det D5 = det M5_oo det Dhat %j", (shape) => {
    const { data, wall } = operatorOf(shape);
    const { operator } = operatorOf({ ...shape, domain: "even" });
    const { space } = operator;
    const length = space.field().length;
    const full = determinant(columnsOf(length, (x) => wallReference(data, wall, x)).matrix);
    const perSite = length / space.lattice.volume / 2;
    const even = (component: number) =>
      coordinates(Math.floor(component / perSite), shape.extents).reduce((a, b) => a + b) % 2 === 0;
    const apply = (x: Float64Array) => {
      const [from, to] = [space.field(), space.field()];
      space.load(from, x);
      operator.apply(to, from);
      const out = space.store(to);
      from.release();
      to.release();
      return out;
    };
    const hat = determinant(columnsOf(length, apply, even).matrix);
    const local = operator.local!.logDeterminant();
    const total = Math.log(Math.hypot(...hat)) + local;
    expect(Math.abs(total - Math.log(Math.hypot(...full)))).toBeLessThan(1e-10);
    expect(Math.abs(local)).toBeGreaterThan(1);
  });

  test.each([...shapes, on("SU(3)", [2, 2, 2, 2], 3, 1.5, 0.5)])("solves D5 psi = b %j", (shape) => {
    const { operator } = operatorOf({ ...shape, domain: "even" });
    const { operator: all } = operatorOf(shape);
    const { space } = operator;
    const b = noise(operator, "b", "all");
    const [right, out] = [space.field(), space.field()];
    operator.evenOdd!.source(right, b);
    const psi = solved(operator, right);
    operator.evenOdd!.reconstruct(psi, b);
    all.apply(out, psi);
    expect(relativeDistance(space.store(out), space.store(b))).toBeLessThan(1e-12);
    operator.evenOdd!.whole(right, psi);
    expect(relativeDistance(space.store(right), space.store(out))).toBeLessThan(1e-14);
    expect(all.evenOdd).toBeUndefined();
    expect(all.local).toBeUndefined();
  });
});

test("one slice is a Wilson quark: D5 = D_W + 1 + mass", () => {
  const { operator, links, u, wall } = operatorOf(on("SU(3)", [2, 2, 2, 4], 1, 1, 1));
  const diagonal = 4 + wall.M + 1 + wall.mass;
  const wilson = new Wilson(links, { kappa: 1 / (2 * diagonal), boundary: wall.boundary, domain: "all" });
  wilson.load(u);
  const x = noise(operator, "x");
  const [mine, theirs] = [operator.space.field(), wilson.space.field()];
  operator.apply(mine, x);
  wilson.apply(theirs, x);
  const expected = wilson.space.store(theirs).map((value) => diagonal * value);
  expect(relativeDistance(operator.space.store(mine), expected)).toBeLessThan(1e-14);
});

/** S eta = wallSink D5^{-1} wallSource eta. */
function propagator(operator: DomainWall, eta: Field): Field {
  const [source, q] = [operator.space.field(), operator.quarks.field()];
  operator.wallSource(source, eta);
  const psi = solved(operator, source);
  operator.wallSink(q, psi);
  return q;
}

const quark = (operator: DomainWall, purpose: string) => {
  const eta = operator.quarks.field();
  operator.quarks.draw("all", eta, "gaussian", addressedRng("quark"), purpose, 0);
  return eta;
};

describe("the quark on the walls", () => {
  test.each([on("SU(3)", [2, 2, 2, 2], 3, 1, 1), on("SU(2)", [2, 3, 2, 2], 4, 2, 1), on("SU(2)", [4, 4], 1, 2, 0.5)])(
    "S(m)^{-1} = S(0)^{-1} + m %j",
    (shape) => {
      const { operator } = operatorOf({ ...shape, mass: 0.3 });
      const { operator: massless } = operatorOf({ ...shape, mass: 0 });
      const eta = quark(operator, "eta");
      const q = propagator(operator, eta);
      const expected = operator.quarks.store(q);
      operator.quarks.axpy("all", eta, -0.3, q);
      expect(relativeDistance(massless.quarks.store(propagator(massless, eta)), expected)).toBeLessThan(1e-10);
    },
  );

  test.each([on("SU(3)", [2, 2, 2, 2], 3, 1, 1), on("SU(2)", [2, 2, 2, 2], 4, 2, 1)])(
    "gamma_5 S gamma_5 = S^dagger %j",
    (shape) => {
      const { operator, data } = operatorOf(shape);
      const { quarks } = operator;
      const [d, n] = [shape.extents.length, data.group.n];
      const [a, b] = [quark(operator, "a"), quark(operator, "b")];
      const turned = (x: Field) => {
        const made = quarks.field();
        quarks.load(made, gamma5Times(d, n, 1, quarks.store(x)));
        return made;
      };
      const left = quarks.dot("all", a, turned(propagator(operator, turned(b))));
      const [re, im] = quarks.dot("all", b, propagator(operator, a)) as unknown as [number, number];
      expect(relativeDistance([re, -im], left)).toBeLessThan(1e-10);
    },
  );

  /** Free quarks of mass 0: |{gamma_5, S} eta| / |S eta|. */
  function chiralDefect(L5: number, b: number, c: number): number {
    const extents = [4, 2, 2, 4];
    const links = new LinkSpace(new Lattice(openDevice({ workers: 1 }), extents), parseGroup("U(1)"));
    const operator = new DomainWall(links, { L5, b, c, mass: 0, boundary: [1, 1, 1, -1], domain: "all" });
    operator.load(links.field());
    const { quarks } = operator;
    const eta = quark(operator, "eta");
    const s = quarks.store(propagator(operator, eta));
    quarks.load(eta, gamma5Times(4, 1, 1, quarks.store(eta)));
    const other = quarks.store(propagator(operator, eta));
    const turned = gamma5Times(4, 1, 1, s);
    return Math.hypot(...turned.map((value, k) => value + other[k]!)) / Math.hypot(...s);
  }

  test.each([
    ["domain wall", 1, 1],
    ["Moebius", 2, 1],
  ])("of free %s is chiral up to what falls exponentially with L5", (_, b, c) => {
    const [four, eight, twelve] = [4, 8, 12].map((L5) => chiralDefect(L5, b, c)) as [number, number, number];
    expect(eight).toBeLessThan(0.3 * four);
    expect(twelve).toBeLessThan(0.3 * eight);
    expect(twelve).toBeLessThan(0.02);
    expect(four).toBeGreaterThan(1e-4);
  });
});

test("a plane wave of a free quark: D_W = M + sum (1 - cos p) + i gamma sin p in the matrix of s", () => {
  const shape = { ...on("U(1)", [4, 2, 2, 4], 3, 2, 1), mass: 0.2 };
  const { operator, links, u } = operatorOf(shape);
  links.load(u, links.store(links.field()));
  operator.load(u);
  const { extents, L5, b, c } = shape;
  const { M } = wallOf(shape);
  const momentum = [1, 0, 1, 1.5].map((k, mu) => (2 * Math.PI * k) / extents[mu]!);
  const chi = Float64Array.from({ length: 8 * L5 }, (_, k) => Math.sin(3 * k + 1));
  /** D_W(p) on a vector of one site. */
  const dw = (v: Float64Array) => {
    const diagonal = M + momentum.reduce((sum, p) => sum + 1 - Math.cos(p), 0);
    const out = v.map((value) => diagonal * value);
    for (let s = 0; s < L5; s++)
      GAMMA[4]!.forEach((gamma, mu) =>
        gamma.forEach((row, alpha) =>
          row.forEach(([gr, gi], beta) => {
            const [to, from] = [2 * (4 * s + alpha), 2 * (4 * s + beta)];
            const sin = Math.sin(momentum[mu]!);
            out[to]! += sin * (-gi * v[from]! - gr * v[from + 1]!);
            out[to + 1]! += sin * (gr * v[from]! - gi * v[from + 1]!);
          }),
        ),
      );
    return out;
  };
  const shifted = shiftReference(4, wallOf(shape), chi, 1);
  const [own, far] = [dw(chi), dw(shifted)];
  const image = chi.map((value, k) => value + ((b + c) / 2) * own[k]! - shifted[k]! + ((b - c) / 2) * far[k]!);
  const wave = (v: Float64Array) => {
    const out = new Float64Array(operator.space.lattice.volume * v.length);
    for (let k = 0; k < out.length; k += 2) {
      const x = coordinates(Math.floor(k / v.length), extents);
      const phase = momentum.reduce((sum, p, mu) => sum + p * x[mu]!, 0);
      const [re, im] = [v[k % v.length]!, v[(k % v.length) + 1]!];
      out.set([re * Math.cos(phase) - im * Math.sin(phase), re * Math.sin(phase) + im * Math.cos(phase)], k);
    }
    return out;
  };
  const [x, y] = [operator.space.field(), operator.space.field()];
  operator.space.load(x, wave(chi));
  operator.apply(y, x);
  expect(relativeDistance(operator.space.store(y), wave(image))).toBeLessThan(1e-14);
});

describe("what makes no operator is refused", () => {
  const links = (extents: readonly number[]) =>
    new LinkSpace(new Lattice(openDevice({ workers: 1 }), extents), parseGroup("SU(3)"));
  const boundary = [1, 1, 1, -1];
  test.each([
    [{ L5: 0, mass: 0.1 }, /L5 = 0/],
    [{ L5: 2.5, mass: 0.1 }, /L5 = 2.5/],
    [{ L5: 4, mass: Number.NaN }, /mass = NaN/],
    [{ L5: 400, mass: 0.1 }, /L5 = 400/],
    [{ L5: 4, mass: 0.1, M: -5 }, /singular/],
  ])("%j", (options, message) => {
    expect(() => new DomainWall(links([2, 2, 2, 2]), { ...options, boundary })).toThrow(message);
  });
  test("odd extents have no even-odd preconditioning", () => {
    expect(() => new DomainWall(links([3, 2, 2, 2]), { L5: 4, mass: 0.1, boundary })).toThrow(/even extents/);
  });
});
