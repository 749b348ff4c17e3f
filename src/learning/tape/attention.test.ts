import { describe, expect, test } from "vitest";
import type { Field } from "../../lattice/field.ts";
import { addForceOfDerivative, derivativeField } from "../../lattice/links/derivative.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import {
  type Case,
  configuration,
  expectClose,
  gaugeTransformed,
  linkSpace,
  roughLinks,
} from "../../physics/testing.contract.ts";
import { cask } from "../models/cask/cask.ts";
import { errorsOf, probe, randomMatrix } from "./differences.contract.ts";
import { tangent } from "./operations/pointwise.ts";
import { Tape } from "./tape.ts";
import type { MatrixValue } from "./values.ts";
import { WordProgram } from "./words/program.ts";
import { along, letter, moved, type Word } from "./words/word.ts";

/**
 * A layer of gauge-covariant attention (learning/models/cask) made of the operations of a tape: a network whose every part
 * is a word, and an independent way to all that its own kernels do.
 */

const RANGE = 3;
const parameters = Float64Array.of(0.09, 0.12, -0.11, 0.14); // final, query, key, value

const cases: readonly Case[] = [
  { group: "SU(2)", extents: [2, 4, 2, 2] },
  { group: "SU(2)", extents: [4, 3, 4] },
  { group: "SU(3)", extents: [4, 4] },
  { group: "SU(3)", extents: [3, 5, 3], lanes: 1 },
  { group: "SU(4)", extents: [3, 4] },
];

/** The words of a layer on a space. */
function programs(space: LinkSpace) {
  const d = space.lattice.dimension;
  const directions = space.lattice.extents.map((_, mu) => mu);
  const sides = [1, 2, 3].slice(0, RANGE);
  const planes = directions.flatMap((mu) =>
    directions.filter((nu) => nu !== mu).flatMap((nu) => sides.map((s) => ({ mu, nu, s }))),
  );
  const make = (kind: "sum" | "trace", sources: number, lists: readonly (readonly Word[])[], reals: number[] = []) =>
    new WordProgram(space, kind, { sources, reals, constants: 0, lists });
  /** Both staples of sides s over the fields L_s, s - 1 being their number. */
  const staples = ({ mu, nu, s }: { mu: number; nu: number; s: number }, weight?: number): Word[] => {
    const reals = weight === undefined ? [] : [{ field: 0, slot: weight, x: [] }];
    const [up, down, ahead] = [along(d, nu, s), along(d, nu, -s), along(d, mu)];
    const upper = [letter(s - 1, nu), letter(0, mu, up), letter(s - 1, nu, ahead, true)];
    const lower = [letter(s - 1, nu, down, true), letter(0, mu, down), letter(s - 1, nu, moved(ahead, down))];
    return [upper, lower].map((letters) => ({ letters, reals }));
  };
  const straight = (s: number) =>
    directions.map((mu) => [{ letters: [letter(0, mu), letter(s - 2, mu, along(d, mu))] }]);
  return {
    plaquettes: make(
      "sum",
      1,
      directions.map((mu) => planes.filter((p) => p.mu === mu && p.s === 1).flatMap((p) => staples(p))),
    ),
    lines: [2, 3].map((s) => make("sum", s - 1, straight(s))),
    /** Sources: the links of mu, then L_1 … of the staple. */
    traces: make(
      "trace",
      1 + RANGE,
      planes.map(({ mu, nu, s }) => [
        {
          letters: [
            letter(0, mu),
            letter(s, nu, along(d, mu)),
            letter(1, mu, along(d, nu, s), true),
            letter(s, nu, [], true),
          ],
        },
      ]),
    ),
    weighted: make(
      "sum",
      RANGE,
      directions.map((mu) => planes.flatMap((p, slot) => (p.mu === mu ? staples(p, slot) : []))),
      [planes.length],
    ),
  };
}

function layer(tape: Tape, p: ReturnType<typeof programs>, u: MatrixValue, given: Float64Array): MatrixValue {
  const rho = (i: number) => tape.weight(given, i);
  const lines = (x: MatrixValue) => {
    const two = tape.words(p.lines[0]!, { sources: [x] });
    return [x, two, tape.words(p.lines[1]!, { sources: [x, two] })];
  };
  const c = tape.words(p.plaquettes, { sources: [u] });
  const [query, key, value] = [1, 2, 3].map((i) => tape.stout(c, u, rho(i)));
  const attended = tape.traces(p.traces, { sources: [query!, ...lines(key!)] });
  const plain = tape.traces(p.traces, { sources: [u, ...lines(u)] });
  const difference = tape.combine([
    [1, attended],
    [-1, plain],
  ]);
  const a = tape.apply(tangent(Math.PI / (4 * (tape.space.group.n + 0.01))), difference);
  const sum = tape.words(p.weighted, { sources: lines(value!), reals: [a] });
  const turned = tape.expUpdate(tape.multiply(sum, value!, { daggerB: true }), u);
  const omega = tape.multiply(tape.words(p.plaquettes, { sources: [turned] }), turned, { daggerB: true });
  return tape.expUpdate(tape.scale(omega, rho(0)), u);
}

describe.each(cases)("attention on the tape: $group on $extents", (one) => {
  const space = linkSpace(one);
  const data = roughLinks(one.group, one.extents);
  const p = programs(space);
  const run = (links: Field) => {
    const tape = new Tape(space);
    const u = tape.input(links);
    return { tape, u, image: layer(tape, p, u, parameters) };
  };

  test("the image, pull-back and gradient of the kernels made for it", () => {
    const { field } = configuration(space, data);
    const { tape, u, image } = run(field);
    const map = cask(space, { layers: 1, range: RANGE, rho: [...parameters] });
    const expected = map.apply(field);
    image.field.view().forEach((x, i) => expectClose(x, expected.field.view()[i]!, 1e-12, 1));
    const gradients = [new Float64Array(4), new Float64Array(4)];
    const deltas = [randomMatrix(space, "delta"), randomMatrix(space, "delta")];
    tape.pull(image, u, deltas[0]!, gradients[0]);
    expected.pull(deltas[1]!, gradients[1]);
    // as forces: parts that no motion within the group sees may differ
    const [f, g] = deltas.map((delta) => {
      const force = space.momenta();
      addForceOfDerivative(space, field, delta, 1, force);
      return force.view().slice();
    });
    const size = Math.max(...g!.map(Math.abs));
    f!.forEach((x, i) => expectClose(x, g![i]!, 1e-11, size));
    gradients[0]!.forEach((x, i) => expectClose(x, gradients[1]![i]!, 1e-11, Math.hypot(...gradients[1]!)));
    tape.release();
    expected.release();
    map.release();
  });

  test("covariance under gauge transformations", () => {
    const images = [data, gaugeTransformed(data)].map((links) => {
      const { tape, image } = run(configuration(space, links).field);
      const stored = space.store(image.field);
      tape.release();
      return stored;
    });
    const expected = gaugeTransformed(images[0]!);
    images[1]!.links.forEach((x, i) => expectClose(x, expected.links[i]!, 1e-12, 1));
  });

  test("two layers against differences, to 1e-7", () => {
    const errors = errorsOf(space, {
      name: "attention",
      weights: [...parameters],
      links: () => configuration(space, data).field,
      run: (tape, { matrices: [u], parameters: given }) =>
        probe(tape, layer(tape, p, layer(tape, p, u!, given), given)),
    });
    for (const { what, error } of errors) expect(error, what).toBeLessThan(1e-7);
  });

  test("nothing is allocated after the first time", () => {
    const { field } = configuration(space, data);
    const delta = derivativeField(space);
    const { tape, u, image } = run(field);
    const sweep = (on: Tape, input: MatrixValue, output: MatrixValue) => {
      on.pull(output, input, delta, new Float64Array(4));
      on.release();
    };
    sweep(tape, u, image);
    const { used } = space.lattice.device.heap;
    for (let i = 0; i < 5; i++) {
      const input = tape.input(field);
      sweep(tape, input, layer(tape, p, input, parameters));
    }
    expect(space.lattice.device.heap.used).toBe(used);
    tape.pool.release();
  });
});
