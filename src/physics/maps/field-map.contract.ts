import { describe, expect, test } from "vitest";
import type { Field } from "../../lattice/field.ts";
import { addForceOfDerivative, derivativeField } from "../../lattice/links/derivative.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { directionNames } from "../loops/families.ts";
import {
  type Case,
  configuration,
  expectClose,
  gaugeTransformed,
  linkSpace,
  permuted,
  roughLinks,
  translated,
} from "../testing.contract.ts";
import type { FieldMap } from "./field-map.ts";

export interface FieldMapContract {
  /** The map on a space, with parameters of a size at which everything it does matters. */
  readonly make: (space: LinkSpace) => FieldMap;
  readonly cases: readonly Case[];
  /** The same at parameter zero; false for a map that is not the identity there. */
  readonly identityAtZero?: boolean;
  /** Directions that the map tells from the others, as loops of one direction do; "t" is the last. Default none. */
  readonly marked?: readonly string[];
}

/** What every map of links to links must satisfy. */
export function describeFieldMap(
  name: string,
  { make, cases, identityAtZero = true, marked = [] }: FieldMapContract,
): void {
  describe.each(cases)(`${name}: $group on $extents`, ({ group, extents, lanes }) => {
    const data = roughLinks(group, extents);
    const space = linkSpace({ group, extents, lanes });
    const map = make(space);
    /** The image of a configuration, as plain data. */
    const mapped = (from = data) => {
      const { field } = configuration(space, from);
      const image = map.apply(field);
      const result = space.store(image.field);
      image.release();
      field.release();
      return result;
    };
    const expectSame = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number) => {
      expect(a.length).toBe(b.length);
      for (let i = 0; i < a.length; i++) expectClose(a[i]!, b[i]!, tolerance, 1);
    };

    test("the image is in the group, and the links stay as they are", () => {
      const { field } = configuration(space, data);
      const image = map.apply(field);
      expect(space.defect(image.field)).toBeLessThan(1e-13);
      expect(space.store(field).links).toEqual(data.links);
      image.release();
    });

    test("gauge covariance", () => {
      expectSame(mapped(gaugeTransformed(data)).links, gaugeTransformed(mapped()).links, 1e-12);
    });

    test("translation covariance", () => {
      const step = extents.map((_, mu) => mu + 1);
      expectSame(mapped(translated(data, step)).links, translated(mapped(), step).links, 1e-12);
    });

    const free = directionNames(extents.length).flatMap((letter, mu) => (marked.includes(letter) ? [] : [mu]));
    test.runIf(free.length > 1)("covariance under permutations of the axes", () => {
      const [first, second] = free as [number, number];
      for (const order of [cycled(extents.length, free), cycled(extents.length, [first, second])]) {
        const turned = permuted(data, order);
        const there = linkSpace({ group, extents: turned.extents, lanes });
        const { field } = configuration(there, turned);
        const image = make(there).apply(field);
        expectSame(there.store(image.field).links, permuted(mapped(), order).links, 1e-12);
        image.release();
      }
    });

    test("pull-back against differences, to 1e-8", () => {
      const { exact, differences } = pullAgainstDifferences(space, map);
      expectClose(exact, differences, 1e-8);
    });

    test("gradient of the parameters against differences, to 1e-8", () => {
      const { exact, differences } = gradientAgainstDifferences(space, map);
      const size = Math.hypot(...differences);
      exact.forEach((x, i) => expectClose(x, differences[i]!, 1e-8, size));
    });

    test("a gradient is added to what is there", () => {
      const { field } = configuration(space, data);
      const image = map.apply(field);
      const gradients = [0, 0.5].map((start) => {
        const gradient = new Float64Array(map.parameters.length).fill(start);
        image.pull(randomDerivative(space), gradient);
        return gradient;
      });
      gradients[0]!.forEach((x, i) => expectClose(gradients[1]![i]!, x + 0.5, 1e-13, Math.abs(x) + 1));
      image.release();
    });

    test.runIf(identityAtZero)("the identity at zero parameters", () => {
      const before = map.parameters.slice();
      map.parameters.fill(0);
      const { field } = configuration(space, data);
      const image = map.apply(field);
      const delta = randomDerivative(space);
      image.pull(delta);
      expectSame(space.store(image.field).links, data.links, 1e-15);
      const pulled = delta.view().slice();
      expectSame(pulled, randomDerivative(space).view(), 1e-14);
      image.release();
      map.parameters.set(before);
    });

    test("an image stands while others come and go, and their memory is used again", () => {
      const [a, b] = [data, roughLinks(group, extents, 1)].map((links) => configuration(space, links).field);
      const [first, second] = [map.apply(a!), map.apply(b!)];
      const delta = randomDerivative(space);
      second.pull(delta);
      second.release();
      expect(() => second.release()).toThrow(/released/);
      const { used } = space.lattice.device.heap;
      for (let i = 0; i < 3; i++) {
        const third = map.apply(b!);
        third.pull(delta);
        third.release();
      }
      expect(space.lattice.device.heap.used).toBe(used);
      expect(space.store(first.field).links).toEqual(mapped().links);
      const expected = randomDerivative(space);
      const alone = map.apply(a!);
      alone.pull(expected);
      const actual = randomDerivative(space);
      first.pull(actual);
      expect(actual.view()).toEqual(expected.view());
      alone.release();
      first.release();
    });

    test("its memory can be given back", () => {
      const { field } = configuration(space, data);
      const delta = randomDerivative(space);
      const { heap } = space.lattice.device;
      const before = heap.used;
      const own = make(space);
      const image = own.apply(field);
      image.pull(delta, new Float64Array(own.parameters.length));
      expect(heap.used).toBeGreaterThan(before);
      image.release();
      own.release();
      expect(heap.used).toBe(before);
    });

    test("one and two workers give the same bits", () => {
      const [a, b] = ([1, 2] as const).map((workers) => {
        const where = linkSpace({ group, extents, lanes }, workers);
        const on = make(where);
        const image = on.apply(configuration(where, data).field);
        const delta = randomDerivative(where);
        const gradient = new Float64Array(on.parameters.length);
        image.pull(delta, gradient);
        return { image: image.field.view().slice(), delta: delta.view().slice(), gradient };
      });
      expect(a).toEqual(b);
    });
  });
}

/** The order of directions in which those of the list take each other's places in turn. */
const cycled = (dimension: number, list: readonly number[]): number[] =>
  Array.from({ length: dimension }, (_, mu) => {
    const i = list.indexOf(mu);
    return i < 0 ? mu : list[(i + 1) % list.length]!;
  });

/** Normal entries: every one of them matters, and no symmetry hides an error. */
function randomDerivative(space: LinkSpace): Field {
  const delta = derivativeField(space);
  const stream = addressedRng("cotangent").at("cotangent", 0);
  delta.view().forEach((_, i, values) => {
    values[i] = stream.normal();
  });
  return delta;
}

/** S(U') = Re sum tr[K U'], the plainest function of the links, whose derivative is K. */
function linear(space: LinkSpace, K: Float64Array, links: Float64Array): number {
  const { n } = space.group;
  const { lanes } = space.lattice.geometry;
  const numbers = 2 * n * n;
  let sum = 0;
  for (let start = 0; start < links.length; start += numbers * lanes)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        for (let lane = 0; lane < lanes; lane++) {
          const a = start + 2 * (i * n + j) * lanes + lane;
          const b = start + 2 * (j * n + i) * lanes + lane;
          sum += K[a]! * links[b]! - K[a + lanes]! * links[b + lanes]!;
        }
  return sum;
}

/** Sixth-order difference of a function at zero. */
const difference = (at: (h: number) => number, h: number) => {
  const across = (x: number) => at(x) - at(-x);
  return (45 * across(h) - 9 * across(2 * h) + across(3 * h)) / (60 * h);
};

/**
 * The derivative of Re sum tr[K map(U)] along a random direction of the momenta, at rough links: by the pull-back of K,
 * and by sixth-order differences.
 */
export function pullAgainstDifferences(space: LinkSpace, map: FieldMap): { exact: number; differences: number } {
  const data = roughLinks(space.group.name, space.lattice.extents, 1);
  const u = configuration(space, data).field;
  const delta = randomDerivative(space);
  const K = delta.view().slice();
  const image = map.apply(u);
  image.pull(delta);
  image.release();
  const [f, p] = [space.momenta(), space.momenta()];
  addForceOfDerivative(space, u, delta, 1, f);
  // a step partly along the force keeps the derivative away from zero
  space.drawMomenta(p, addressedRng("direction", 0), 0);
  space.addScaled(p, f, 1);
  const direction = p.view();
  const exact = -f.view().reduce((sum, x, i) => sum + x * direction[i]!, 0);
  const along = (h: number) => {
    const moved = configuration(space, data).field;
    space.drift(moved, p, h);
    const there = map.apply(moved);
    const value = linear(space, K, there.field.view());
    there.release();
    moved.release();
    return value;
  };
  // the truncation error goes with the seventh power of how far the steepest link turns
  const steepest = Math.sqrt(direction.reduce((most, x) => Math.max(most, x * x), 0));
  return { exact, differences: difference(along, 2e-3 / Math.max(1, steepest)) };
}

/** The derivatives of Re sum tr[K map(U)] with respect to all parameters, in two ways. */
export function gradientAgainstDifferences(
  space: LinkSpace,
  map: FieldMap,
): { exact: Float64Array; differences: number[] } {
  const u = configuration(space, roughLinks(space.group.name, space.lattice.extents, 1)).field;
  const delta = randomDerivative(space);
  const K = delta.view().slice();
  const exact = new Float64Array(map.parameters.length);
  const image = map.apply(u);
  image.pull(delta, exact);
  image.release();
  const differences = [...map.parameters].map((value, i) =>
    difference((h) => {
      map.parameters[i] = value + h;
      const there = map.apply(u);
      const result = linear(space, K, there.field.view());
      there.release();
      map.parameters[i] = value;
      return result;
    }, 1e-3),
  );
  return { exact, differences };
}
