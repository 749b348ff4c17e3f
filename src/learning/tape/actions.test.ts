import { describe, expect, test } from "vitest";
import { addForceOfDerivative, derivativeField } from "../../lattice/links/derivative.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { staggeredActionDefinition } from "../../physics/actions/staggered/staggered.ts";
import { stout } from "../../physics/maps/stout/stout.ts";
import { through } from "../../physics/maps/through.ts";
import { configuration, expectClose, linkSpace, smoothLinks } from "../../physics/testing.contract.ts";
import { type Example, errorsOf } from "./differences.contract.ts";
import { plaquettes } from "./staples.contract.ts";
import { Tape } from "./tape.ts";

describe("actions at the end of a tape", () => {
  const small = linkSpace({ group: "SU(2)", extents: [4, 4, 2] });
  const tight = { relative: 1e-13, iterations: 2000 };
  const { parameters: schema, build } = staggeredActionDefinition;
  const fermions = build(schema.parse({ mass: 0.3, flavours: 4, solver: tight, "force-solver": tight }), {
    space: small,
  });
  const map = stout(small, { layers: 1, loops: ["plaquette"], rho: 0.1 });
  const program = plaquettes(small);
  const c = configuration(small, smoothLinks(small, 0.6));
  fermions.refresh!(c, addressedRng("tape"), 0);

  test("staggered quarks on smeared links: value, derivative and gradient are those of `through`", () => {
    const rho = Float64Array.of(0.1);
    const tape = new Tape(small);
    const u = tape.input(c.field);
    const image = tape.stout(tape.words(program, { sources: [u] }), u, tape.weight(rho, 0));
    const output = tape.action(image, fermions, c);
    const [delta, expected] = [derivativeField(small), derivativeField(small)];
    const [gradient, expectedGradient] = [new Float64Array(1), new Float64Array(1)];
    tape.backward(output, { into: [[u, delta]], gradient });
    const action = through(fermions, map);
    expectClose(output.value, action.value(c), 1e-11);
    action.addDerivative(c, 1, expected);
    action.addGradient(c, 1, expectedGradient);
    // along the group: what is left out there differs by what no force sees
    const [f, g] = [delta, expected].map((d) => {
      const p = small.momenta();
      addForceOfDerivative(small, c.field, d, 1, p);
      return p.view().slice();
    });
    f!.forEach((x, i) => expectClose(x, g![i]!, 1e-9, 1));
    expectClose(gradient[0]!, expectedGradient[0]!, 1e-9);
  });

  test("staggered quarks against differences", () => {
    const example: Example = {
      name: "staggered",
      weights: [0.1],
      links: (on) => {
        const field = on.field();
        field.assign(c.field);
        return field;
      },
      run(tape, { matrices: [u], weights: [w] }) {
        const image = tape.stout(tape.words(program, { sources: [u!] }), u!, w!);
        return tape.action(image, fermions, c);
      },
    };
    for (const { what, error } of errorsOf(small, example)) expect(error, what).toBeLessThan(1e-8);
  });
});
