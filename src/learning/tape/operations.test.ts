import { describe, expect, test } from "vitest";
import { wilsonGauge } from "../../physics/actions/wilson-gauge/wilson-gauge.ts";
import { stout } from "../../physics/maps/stout/stout.ts";
import { type Case, linkSpace, smoothLinks } from "../../physics/testing.contract.ts";
import { type Example, errorsOf, probe, realProbe } from "./differences.contract.ts";
import { squared, tangent } from "./operations/pointwise.ts";
import { WordProgram } from "./words/program.ts";
import { randomWords } from "./words/words.contract.ts";

const cases: readonly Case[] = [
  { group: "SU(2)", extents: [2, 2, 2, 4] },
  { group: "SU(2)", extents: [3, 2, 3] },
  { group: "SU(2)", extents: [3, 3, 3], lanes: 1 },
  { group: "SU(3)", extents: [4, 2, 2] },
  { group: "SU(3)", extents: [3, 5] },
  { group: "SU(3)", extents: [2, 2, 1, 2] },
  { group: "SU(4)", extents: [4, 3] },
  { group: "SU(4)", extents: [2, 2, 2], lanes: 1 },
  { group: "SU(3)", extents: [3, 1, 3, 1] },
  { group: "SU(4)", extents: [2, 1, 2, 2] },
  { group: "SU(5)", extents: [2, 2] },
  { group: "U(1)", extents: [4, 4] },
  { group: "U(1)", extents: [3, 3, 1], lanes: 1 },
];

const linksOf = (space: Parameters<typeof smoothLinks>[0]) => {
  const field = space.field();
  space.load(field, smoothLinks(space, 0.5));
  return field;
};

const examples: readonly Example[] = [
  {
    name: "words, with constants and reals",
    matrices: 2,
    reals: [2, 3],
    weights: [0.7, -1.2],
    size: 0.7,
    run(tape, { matrices, reals, weights }) {
      const d = tape.space.lattice.dimension;
      const program = new WordProgram(tape.space, "sum", randomWords(d, d, "differences"));
      return probe(tape, tape.words(program, { sources: matrices, reals, constants: weights }));
    },
  },
  {
    name: "traces, with constants and reals",
    matrices: 2,
    reals: [2, 3],
    weights: [0.7, -1.2],
    size: 0.7,
    run(tape, { matrices, reals, weights }) {
      const program = new WordProgram(tape.space, "trace", randomWords(tape.space.lattice.dimension, 3, "differences"));
      return realProbe(tape, tape.traces(program, { sources: matrices, reals, constants: weights }));
    },
  },
  {
    name: "local products, daggered or not",
    matrices: 2,
    run(tape, { matrices: [a, b] }) {
      const x = tape.multiply(a!, b!, { daggerB: true });
      return probe(tape, tape.multiply(tape.multiply(x, x, { daggerA: true }), a!));
    },
  },
  {
    name: "linear combinations of matrices",
    matrices: 2,
    weights: [0.4, 1.3],
    run(tape, { matrices: [a, b], weights: [s, t] }) {
      const sum = tape.combine([
        [s!, a!],
        [-0.7, b!],
        [t!, a!],
      ]);
      return probe(tape, tape.scale(tape.add(sum, b!), t!));
    },
  },
  {
    name: "linear combinations and products of real fields",
    matrices: 0,
    reals: [2, 2],
    weights: [0.4, 1.3],
    run(tape, { reals: [x, y], weights: [s, t] }) {
      const sum = tape.combine([
        [s!, x!],
        [t!, tape.times(x!, y!)],
        [1, tape.times(y!, y!)],
      ]);
      return realProbe(tape, sum);
    },
  },
  {
    name: "functions of real fields",
    matrices: 0,
    reals: [3],
    run: (tape, { reals: [x] }) => realProbe(tape, tape.apply(tangent(0.2), tape.apply(squared, x!))),
  },
  { name: "TA", run: (tape, { matrices: [x] }) => probe(tape, tape.ta(x!)) },
  { name: "exp, of small matrices", size: 0.05, run: (tape, { matrices: [x] }) => probe(tape, tape.exp(x!)) },
  { name: "exp, of middling matrices", size: 0.4, run: (tape, { matrices: [x] }) => probe(tape, tape.exp(x!)) },
  { name: "exp, of large matrices", size: 2, run: (tape, { matrices: [x] }) => probe(tape, tape.exp(x!)) },
  {
    name: "exp(TA(x)) u",
    matrices: 2,
    size: 0.6,
    run: (tape, { matrices: [x, u] }) => probe(tape, tape.expUpdate(x!, u!)),
  },
  {
    name: "exp(TA(rho c u^dagger)) u",
    matrices: 2,
    size: 0.7,
    weights: [0.6],
    run: (tape, { matrices: [c, u], weights: [rho] }) => probe(tape, tape.stout(c!, u!, rho!)),
  },
  {
    name: "functions of numbers",
    matrices: 0,
    reals: [1, 1],
    weights: [0.8],
    run(tape, { reals: [x, y], weights: [w] }) {
      const [a, b] = [tape.scale(tape.sum(x!), 0.3), tape.scale(tape.sum(y!), w!)];
      const ratio = tape.scalar([a, b], (p, q) => ({
        value: p / (1 + q * q),
        derivatives: [1 / (1 + q * q), (-2 * p * q) / (1 + q * q) ** 2],
      }));
      return tape.add(tape.scale(a, b), tape.square(ratio), b);
    },
  },
  {
    name: "the Wilson action",
    run(tape, { matrices: [u] }) {
      const { space } = tape;
      const configuration = { space, field: u!.field, auxiliary: new Map() };
      return tape.action(u!, wilsonGauge(space, 2.3), configuration);
    },
  },
];

describe.each(cases)("$group on $extents", (one) => {
  const space = linkSpace(one);
  test.each(examples.map((example) => [example.name, example] as const))("%s", (_, example) => {
    for (const { what, error } of errorsOf(space, example)) expect(error, what).toBeLessThan(1e-9);
  });

  test("maps of links, with parameters of the tape", () => {
    const [first, second] = [1, 2].map((layers) => stout(space, { layers, loops: ["plaquette"], rho: 0 }));
    const fixed = stout(space, { layers: 1, loops: ["plaquette"], rho: 0.05 });
    const example: Example = {
      name: "maps",
      weights: [0.3, 0.12, 0.07],
      links: linksOf,
      run(tape, { matrices: [u], parameters, weights: [w] }) {
        const smeared = tape.map(u!, first!, { parameters, start: 0 });
        const again = tape.map(tape.map(smeared, fixed), second!, { parameters, start: 1 });
        return probe(tape, tape.add(tape.multiply(again, smeared), tape.scale(u!, w!)));
      },
    };
    for (const { what, error } of errorsOf(space, example)) expect(error, what).toBeLessThan(1e-9);
    for (const map of [first, second, fixed]) map!.release();
  });
});
