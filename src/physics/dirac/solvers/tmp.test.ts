import { expect, test } from "vitest";
import { time } from "../../../../benchmarks/timing.ts";
import { ConjugateGradient } from "./conjugate-gradient.ts";
import { noisy, staggered, wilson } from "./dense.contract.ts";
import { MixedConjugateGradient } from "./mixed.ts";

test("t", () => {
  for (const [make, group, extents] of [
    ["s", "SU(2)", [4, 4, 4, 4]],
    ["s", "SU(3)", [8, 8, 8, 8]],
    ["w", "SU(3)", [8, 8, 8, 8]],
  ] as const) {
    const op =
      make === "s"
        ? staggered({ group, extents, domain: "even", mass: 0.1 })
        : wilson({ group, extents, domain: "even", kappa: 0.13 });
    const { space, normal } = op;
    const b = noisy(space, "even", 1);
    const cg = new ConjugateGradient(space, "even");
    const mixed = new MixedConjugateGradient(space, "even", op.single!()!);
    const x = space.field();
    const stop = { relative: 1e-10, iterations: 3000 };
    let it = 0,
      im = 0;
    const t = time(
      () => {
        x.zero();
        it = cg.solve(normal, x, b, stop).iterations;
      },
      { seconds: 0.1, rounds: 5 },
    ).minimum;
    const tm = time(
      () => {
        x.zero();
        im = mixed.solve(normal, x, b, stop).iterations;
      },
      { seconds: 0.1, rounds: 5 },
    ).minimum;
    console.log(make, group, "solve", t * 1e6, it, "mixed", tm * 1e6, im, t / tm);
  }
  expect(1).toBe(1);
}, 100000);
