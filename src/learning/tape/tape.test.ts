import { describe, expect, test } from "vitest";
import type { Field } from "../../lattice/field.ts";
import { derivativeField } from "../../lattice/links/derivative.ts";
import { wilsonGauge } from "../../physics/actions/wilson-gauge/wilson-gauge.ts";
import { stout } from "../../physics/maps/stout/stout.ts";
import { configuration, expectClose, linkSpace, roughLinks } from "../../physics/testing.contract.ts";
import { type Example, errorsOf, probe, randomMatrix, randomReal, realProbe } from "./differences.contract.ts";
import { FieldPool } from "./pool.ts";
import { plaquettes } from "./staples.contract.ts";
import { Tape } from "./tape.ts";

const space = linkSpace({ group: "SU(3)", extents: [4, 2, 4] });
const { heap } = space.lattice.device;

const staples = plaquettes(space);
const parameters = Float64Array.of(0.11, 0.08);

/** Two stout layers, the second with its rho squared by way of numbers. */
function network(tape: Tape, links: Field) {
  const u = tape.input(links);
  const first = tape.stout(tape.words(staples, { sources: [u] }), u, tape.weight(parameters, 0));
  const q = tape.multiply(tape.words(staples, { sources: [first] }), first, { daggerB: true });
  const image = tape.multiply(tape.exp(tape.scale(tape.ta(q), tape.weight(parameters, 1))), first);
  return { u, image };
}

describe("a network on the tape", () => {
  const links = configuration(space, roughLinks("SU(3)", [4, 2, 4])).field;
  const map = stout(space, { layers: 2, loops: ["plaquette"], rho: [...parameters] });
  const pool = new FieldPool(space.lattice.device);

  test("two stout layers made of operations are those of physics/maps, forwards and backwards", () => {
    const tape = new Tape(space, pool);
    const { u, image } = network(tape, links);
    const expected = map.apply(links);
    image.field.view().forEach((x, i) => expectClose(x, expected.field.view()[i]!, 1e-13, 1));
    const [delta, truth] = [randomMatrix(space, "delta"), randomMatrix(space, "delta")];
    const [gradient, expectedGradient] = [new Float64Array(2), new Float64Array(2)];
    for (let i = 0; i < 2; i++) {
      delta.assign(randomMatrix(space, "delta"));
      truth.assign(delta);
      tape.pull(image, u, delta, gradient);
      expected.pull(truth, expectedGradient);
    }
    delta.view().forEach((x, i) => expectClose(x, truth.view()[i]!, 1e-11, 1));
    gradient.forEach((x, i) => expectClose(x, expectedGradient[i]!, 1e-12));
    tape.release();
    expected.release();
  });

  test("memory: nothing is allocated when it runs again, and all of it can be given back", () => {
    const before = heap.used;
    const own = new FieldPool(space.lattice.device);
    const delta = derivativeField(space);
    const gradient = new Float64Array(2);
    const sweep = () => {
      const tape = new Tape(space, own);
      const { u, image } = network(tape, links);
      const action = tape.action(image, wilsonGauge(space, 2), { space, field: links, auxiliary: new Map() });
      const seen = { kept: own.lent, inSweep: heap.used };
      tape.backward(action, { into: [[u, delta]], gradient });
      expect(own.lent).toBe(0);
      expect(tape.length).toBe(0);
      return seen;
    };
    const first = sweep();
    const { used } = heap;
    expect(used).toBeGreaterThan(before);
    // what the sweep frees on its way serves for its cotangents: two fields more than the values at the most
    expect(used - first.inSweep).toBeLessThanOrEqual(3 * 8 * space.length);
    for (let i = 0; i < 20; i++) sweep();
    expect(heap.used).toBe(used);
    own.release();
    delta.release();
    expect(heap.used).toBe(before);
  });

  test("one tape records again after its release", () => {
    const tape = new Tape(space, pool);
    const once = () => {
      const { image } = network(tape, links);
      const output = probe(tape, image);
      tape.release();
      return output.value;
    };
    expect(once()).toBe(once());
    expect(pool.lent).toBe(0);
  });

  test("values end with the sweep, or stay where it says so", () => {
    const tape = new Tape(space, pool);
    const { u, image } = network(tape, links);
    const delta = derivativeField(space);
    const output = probe(tape, image);
    tape.backward(output, { into: [[u, delta]], keep: true });
    const kept = delta.view().slice();
    expect(image.field.length).toBe(space.length);
    tape.backward(output, { into: [[u, delta]], seed: 2 });
    delta.view().forEach((x, i) => expectClose(x, 3 * kept[i]!, 1e-13, Math.abs(kept[i]!) + 1e-10));
    expect(() => image.field).toThrow(/freed|gone/);
    expect(() => u.field).toThrow(/gone/);
    delta.release();
  });

  test("only what is asked for is computed: parameters alone, fields alone", () => {
    const both = new Float64Array(2);
    const alone = new Float64Array(2);
    const [a, b] = [derivativeField(space), derivativeField(space)];
    const tape = new Tape(space, pool);
    const { u, image } = network(tape, links);
    const output = probe(tape, image);
    tape.backward(output, { into: [[u, a]], gradient: both, keep: true });
    tape.backward(output, { gradient: alone, keep: true });
    tape.backward(output, { into: [[u, b]] });
    expect(alone).toEqual(both);
    expect(b.view()).toEqual(a.view());
  });

  test("the pull-back of nothing is nothing new", () => {
    const tape = new Tape(space, pool);
    const u = tape.input(links);
    const delta = randomMatrix(space, "delta");
    const before = delta.view().slice();
    tape.pull(u, u, delta);
    expect(delta.view()).toEqual(before);
    tape.release();
  });

  test("after a step that fails the rest can be given back", () => {
    const tape = new Tape(space, pool);
    const { u, image } = network(tape, links);
    const wilson = wilsonGauge(space, 2);
    const failing = {
      ...wilson,
      value: () => 0,
      addDerivative() {
        throw new Error("not converged");
      },
    };
    const output = tape.action(image, failing, { space, field: links, auxiliary: new Map() });
    const delta = derivativeField(space);
    expect(() => tape.backward(output, { into: [[u, delta]] })).toThrow("not converged");
    tape.release();
    expect(pool.lent).toBe(0);
    delta.release();
  });

  test("one and two workers give the same bits", () => {
    const [one, two] = ([1, 2] as const).map((workers) => {
      const on = linkSpace({ group: "SU(2)", extents: [4, 4, 4] }, workers);
      const u = configuration(on, roughLinks("SU(2)", [4, 4, 4])).field;
      const tape = new Tape(on);
      const given = tape.input(u);
      const w = tape.weight(parameters, 0);
      const image = tape.stout(tape.words(plaquettes(on), { sources: [given] }), given, w);
      const gradient = new Float64Array(2);
      const delta = derivativeField(on);
      const output = probe(tape, image);
      tape.backward(output, { into: [[given, delta]], gradient });
      return { value: output.value, gradient, delta: delta.view().slice() };
    });
    expect(one).toEqual(two);
  });
});

describe("the test of the tests", () => {
  const wrong = (example: Example) => Math.max(...errorsOf(space, example).map(({ error }) => error));

  test("a pull-back that is wrong by a part in a million is noticed", () => {
    const with_ = (factor: number): Example => ({
      name: "planted",
      run(tape, { matrices: [x] }) {
        const output = tape.newMatrix();
        output.field.assign(x!.field);
        const copy = tape.record({
          inputs: [x!],
          output,
          pull() {
            const to = tape.cotangent(x!).view();
            output.cotangent!.view().forEach((g, i) => {
              to[i]! += factor * g;
            });
          },
        });
        return probe(tape, copy as typeof output);
      },
    });
    expect(wrong(with_(1))).toBeLessThan(1e-10);
    expect(wrong(with_(1 + 1e-6))).toBeGreaterThan(1e-8);
    expect(wrong(with_(0))).toBe(1);
  });

  test("a pull-back that is missing in one operand is noticed", () => {
    const example: Example = {
      name: "missing",
      matrices: 0,
      reals: [2, 2],
      run: (tape, { reals: [x, y] }) => realProbe(tape, tape.times(x!, tape.realInput(y!.field, 2))),
    };
    expect(wrong(example)).toBeGreaterThan(0.1);
  });
});

describe("what does not fit is refused", () => {
  const tape = new Tape(space);
  const x = tape.input(randomMatrix(space, "x"));
  const r = tape.realInput(randomReal(space, 2, "r"), 2);
  test("fields and numbers", () => {
    const short = randomReal(space, 1, "short");
    expect(() => tape.input(short)).toThrow(/input: a field of/);
    expect(() => tape.realInput(short, 2)).toThrow(/realInput/);
    expect(() => tape.weight(parameters, 2)).toThrow("no parameter 2; there are 2");
    expect(() => tape.combine([])).toThrow(/no terms/);
    expect(() => tape.add<typeof x | typeof r>(x, r)).toThrow(/fields differ/);
    expect(() => tape.add<typeof r | ReturnType<Tape["sum"]>>(r, tape.sum(r))).toThrow(/numbers cannot be added/);
    expect(() => tape.times(r, tape.realInput(short, 1))).toThrow(/2 and 1 slots/);
    expect(() => tape.traces(staples, { sources: [x] })).toThrow(/kind "trace"/);
    expect(() =>
      tape.map(x, stout(space, { layers: 2, loops: ["plaquette"], rho: 0 }), { parameters, start: 1 }),
    ).toThrow("it has 2 parameters; only 1 follow from 1 on");
  });
  test("seeds and wanted inputs", () => {
    expect(() => tape.backward(x)).toThrow(/as seed/);
    expect(() => tape.backward(tape.sum(r), { seed: x.field })).toThrow(/seed must be/);
    const y = tape.add(x, x);
    expect(() => tape.backward(y, { seed: x.field, into: [[y, x.field]] })).toThrow(/no input/);
  });
  test("a field given back twice", () => {
    const pool = new FieldPool(space.lattice.device);
    const field = pool.borrow(8);
    pool.giveBack(field);
    expect(() => pool.giveBack(field)).toThrow(/given back before/);
  });
});
