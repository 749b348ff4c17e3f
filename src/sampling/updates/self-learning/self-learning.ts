import type { Field } from "../../../lattice/field.ts";
import type { Rng } from "../../../lattice/rng.ts";
import type { Space } from "../../../lattice/space.ts";
import { apart } from "../../../numerics/rng.ts";
import type { Action } from "../../../physics/action.ts";
import { BrokenTrajectory, type State, type Step, type Update } from "../../update.ts";

/** What decides of an effective action: it is a function of a few numbers of a configuration, and of what was learnt. */
export interface EffectiveAction {
  features(u: Field): Float64Array;
  /** S_eff where these are the features. */
  valueAt(features: Float64Array): number;
}

/**
 * Moves `state.field`, any number of steps of any chain that keeps detailed balance with respect to exp(-S_eff); one that
 * only leaves it invariant (a plain sweep through the links) will not do. `state.step` addresses its random numbers.
 * Returns the force evaluations.
 */
export type InnerChain = (state: State, rng: Rng) => number;

/** A configuration that both actions were asked about. */
export interface Seen {
  readonly features: Float64Array;
  /** The target action S. */
  readonly value: number;
}

/**
 * Self-learning Monte Carlo (J. Liu, Y. Qi, Z. Y. Meng, L. Fu, Phys. Rev. B 95 (2017) 041101; for gauge theory Y. Nagai,
 * A. Tanaka, A. Tomiya, Phys. Rev. D 107 (2023) 054501): an inner chain of the effective action proposes U', which is accepted
 * with probability min(1, exp(-deltaH)), deltaH = (S - S_eff)(U') - (S - S_eff)(U). That is exact because the kernel P
 * of the inner chain satisfies exp(-S_eff(U)) P(U, U') = exp(-S_eff(U')) P(U', U).
 *
 * S is evaluated once a step: that of the present configuration is remembered, together with the links it belongs to.
 * @param saw told of every proposal, accepted or not.
 * @param advice what helps where every proposal is rejected.
 */
export function selfLearning(
  space: Space,
  target: Pick<Action, "value">,
  effective: EffectiveAction,
  inner: InnerChain,
  {
    label = "",
    saw,
    advice,
  }: { readonly label?: string; readonly saw?: (seen: Seen) => void; readonly advice?: string } = {},
): Update {
  const proposal: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
  const known = space.field();
  let seen: Seen | undefined;
  const look = (state: State): Seen => ({ features: effective.features(state.field), value: target.value(state) });
  const difference = ({ features, value }: Seen) => value - effective.valueAt(features);
  return {
    step(state: State, rng: Rng): Step {
      if (!seen || !sameBits(known, state.field)) {
        seen = look(state);
        known.assign(state.field);
      }
      proposal.field.assign(state.field);
      proposal.step = state.step;
      const forces = inner(proposal, apart(rng, `self-learning${label} `));
      space.project(proposal.field); // before S is evaluated, so that the S remembered is that of these links
      const there = look(proposal);
      saw?.(there);
      const deltaH = difference(there) - difference(seen);
      // minus infinity would be accepted for certain
      if (!(deltaH > Number.NEGATIVE_INFINITY))
        throw new BrokenTrajectory(
          `deltaH is not a number in step ${state.step}: the effective action led where the target has no value; give fewer loops or a larger ridge`,
        );
      const accepted = rng.at(`accept${label}`, state.step).uniform() < Math.exp(-deltaH);
      if (accepted) {
        state.field.assign(proposal.field);
        known.assign(proposal.field);
        seen = there;
      }
      state.step += 1;
      return forces > 0 ? { accepted, deltaH, forces } : { accepted, deltaH };
    },
    advice: () => advice,
  };
}

function sameBits(a: Field, b: Field): boolean {
  const [x, y] = [a.view(), b.view()];
  return x.every((value, i) => Object.is(value, y[i]));
}
