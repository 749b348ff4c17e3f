import { expect, test } from "vitest";
import { Device } from "../../../kernels/device.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { pseudofermion } from "../../pseudofermions/pseudofermion.ts";
import { quadratic } from "../../pseudofermions/quadratic.ts";
import { startField } from "../../starts/index.ts";
import { Staggered } from "../staggered/staggered.ts";
import { iterationsSoFar } from "./work.ts";

test("the solves of a pseudofermion action are counted, its heat bath needs none", () => {
  const space = new LinkSpace(new Lattice(new Device(), [4, 4]), parseGroup("SU(2)"));
  const stopping = { relative: 1e-10, iterations: 500 };
  const op = new Staggered(space, { mass: 0.2, boundary: [1, -1], domain: "even" });
  const action = pseudofermion(space, quadratic(op, { action: stopping, force: stopping, history: 0 }), "quark");
  const rng = addressedRng("work");
  const state = { space, field: startField(space, "hot", rng), auxiliary: new Map() };
  const spent = (work: () => void): number => {
    const before = iterationsSoFar();
    work();
    return iterationsSoFar() - before;
  };
  expect(spent(() => action.refresh?.(state, rng, 0))).toBe(0);
  const once = spent(() => action.value(state));
  // 16 complex components on the even sites of one colour doublet: conjugate gradients end within so many and rounding
  expect(once).toBeGreaterThan(3);
  expect(once).toBeLessThan(40);
  expect(spent(() => action.addForce(state, 1, space.momenta()))).toBe(once);
});
