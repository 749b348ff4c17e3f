import type { Field } from "../../lattice/field.ts";
import type { Configuration, Space } from "../../lattice/space.ts";
import type { Action } from "../../physics/action.ts";
import type { Guide } from "../guide/guide.ts";
import { addTo, type Objective } from "./objective.ts";

/** Largest step along the difference of the forces, in units of the momenta. */
const STEP = 0.01;
/** Fourth-order central difference (f(h) - f(-h)) 2/3 - (f(2h) - f(-2h))/12, over h. */
const STENCIL = [
  [1, 2 / 3],
  [-1, -2 / 3],
  [2, -1 / 12],
  [-2, 1 / 12],
] as const;

/**
 * L = |F_theta - F|^2 / 2, summed over all links and generators, at the end of the trajectory: the forces that drive the
 * guided molecular dynamics against those of the target.
 *
 * With v = F_theta - F its gradient is -d/ds dS_theta/dtheta along U -> exp(s v) U: the mixed second derivative of the
 * guide, applied to v, taken as a fourth-order difference of first derivatives (relative error about 1e-8).
 */
export function force(space: Space, guide: Guide, target: Action): Objective {
  const v: Field = space.momenta();
  const moved: Field = space.field();
  const part = new Float64Array(guide.parameters.length);
  return {
    evaluate({ end }, weight, gradient) {
      v.zero();
      guide.action.addForce(end, 1, v);
      target.addForce(end, -1, v);
      const norm2 = 2 * space.kinetic(v);
      const largest = v.view().reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      if (largest === 0) return 0;
      const h = STEP / largest;
      const there: Configuration = { ...end, field: moved };
      for (const [steps, factor] of STENCIL) {
        moved.assign(end.field);
        space.drift(moved, v, steps * h);
        part.fill(0);
        guide.addGradient(there, 1, part);
        addTo(gradient, (-weight * factor) / h, part);
      }
      return norm2 / 2;
    },
  };
}
