import type { Action } from "../../physics/action.ts";
import type { Guide } from "../guide/guide.ts";
import { addTo, differenceAt, type Objective } from "./objective.ts";

/**
 * L = (S_theta - S)^2 / 2 at the end of the trajectory (Y. Nagai, A. Tomiya, Phys. Rev. D 111 (2025) 074501). Most of it
 * is a constant that the accept step does not see, and removing that constant through the network costs acceptance.
 */
export function published(guide: Guide, target: Action): Objective {
  return {
    evaluate({ end }, weight, gradient) {
      const d = differenceAt(guide, target, end);
      addTo(gradient, weight * d.value, d.gradient);
      return d.value ** 2 / 2;
    },
  };
}

/** Samples over which the running means of `centred` remember. */
const MEMORY = 100;

/**
 * L = (S_theta - S - b)^2 / 2 with b the running mean of the difference: what a trainable constant in S_theta would give.
 * The gradient, too, is taken about its running mean. The first sample has no mean to be compared with.
 *
 * b belongs to weights that have moved since: it is carried along by the mean gradient. Without that it lags behind, the
 * difference grows by the large constant part of dS_theta/dtheta, and training runs away after a thousand trajectories.
 */
export function centred(guide: Guide, target: Action): Objective {
  let count = 0;
  let b = 0;
  const mean = new Float64Array(guide.parameters.length);
  const theta = guide.parameters.slice();
  return {
    evaluate({ end }, weight, gradient) {
      const d = differenceAt(guide, target, end);
      b += mean.reduce((sum, g, i) => sum + g * (guide.parameters[i]! - theta[i]!), 0);
      theta.set(guide.parameters);
      const off = d.value - b;
      const first = count === 0;
      if (!first) {
        addTo(gradient, weight * off, d.gradient);
        addTo(gradient, -weight * off, mean);
      }
      count += 1;
      const share = 1 / Math.min(count, MEMORY);
      b += share * off;
      for (let i = 0; i < mean.length; i++) mean[i]! += share * (d.gradient[i]! - mean[i]!);
      return first ? undefined : off ** 2 / 2;
    },
    save: () => ({ count, b, ...numbered("mean", mean), ...numbered("theta", theta) }),
    restore(saved) {
      count = saved.count ?? 0;
      b = saved.b ?? 0;
      for (let i = 0; i < mean.length; i++) {
        mean[i] = saved[`mean.${i}`] ?? 0;
        theta[i] = saved[`theta.${i}`] ?? guide.parameters[i]!;
      }
    },
  };
}

const numbered = (name: string, values: Float64Array): Record<string, number> =>
  Object.fromEntries([...values].map((x, i) => [`${name}.${i}`, x]));

/**
 * L = (d_end - d_start)^2 / 2 with d = S_theta - S and one pseudofermion for both ends: up to the error of the integrator
 * this is half the square of the deltaH that a trajectory along the guide would have.
 */
export function trajectory(guide: Guide, target: Action): Objective {
  return {
    evaluate({ start, end }, weight, gradient) {
      const [a, b] = [differenceAt(guide, target, start), differenceAt(guide, target, end)];
      const change = b.value - a.value;
      addTo(gradient, weight * change, b.gradient);
      addTo(gradient, -weight * change, a.gradient);
      return change ** 2 / 2;
    },
  };
}
