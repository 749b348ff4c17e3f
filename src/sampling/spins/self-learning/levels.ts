import type { Rng } from "../../../lattice/rng.ts";
import type { Configuration, Space } from "../../../lattice/space.ts";
import { BrokenTrajectory, type State } from "../../update.ts";
import { type Asked, Remembered, sameBits } from "./remembered.ts";

/**
 * A chain that satisfies detailed balance with respect to exp(-S) of its level, as a whole: exp(-S(a)) P(a, b) = exp(-S(b))
 * P(b, a) for where it begins and where it ends. One that only leaves exp(-S) invariant (a sweep through the sites in
 * a fixed order) will not do. How many moves it makes must not depend on the spins.
 */
export interface ReversibleChain<W = Moves> {
  /** Moves the spins. `state.step` addresses its random numbers, and is afterwards what it was. */
  walk(state: State, rng: Rng): W;
}

/** What an inner chain did. */
export interface Moves {
  /** Local proposals (or updates without a choice) of the first level, and how many of them were accepted. */
  readonly tries: number;
  readonly accepted: number;
  /** Force evaluations. */
  readonly forces: number;
}

/** What happened on a walk of a level. */
export interface Walk extends Moves {
  /** Proposals that this level and those below it rejected. */
  readonly rejections: number;
  /** The last proposal that this level decided on: where it decides. */
  readonly decision?: Decision;
}

export interface Decision {
  /** False where the proposal is the present configuration; then deltaH is 0, and it is accepted unless a level below rejected all. */
  readonly moved: boolean;
  readonly accepted: boolean;
  readonly deltaH: number;
}

/** A level: its action, and the chain for it. */
export interface Level {
  readonly action: Remembered;
  readonly chain: ReversibleChain<Walk>;
}

/** The first level: moves of a chain on the action itself, after which the spins are put back on their spheres. */
export function firstLevel(space: Space, action: Asked, moves: ReversibleChain): Level {
  const before = space.field();
  const walk = (state: State, rng: Rng): Walk => {
    before.assign(state.field);
    const report = moves.walk(state, rng);
    // before any S is evaluated, so that every S remembered is that of these spins; and only where they moved
    if (!sameBits(before.view(), state.field.view())) space.project(state.field);
    return { ...report, rejections: 0 };
  };
  return { action: new Remembered(action), chain: { walk } };
}

export interface Deciding {
  /** Proposals of the level below that are decided on, one after the other; 1 where left out. */
  readonly attempts?: number;
  /** Of the random numbers. */
  readonly purpose: string;
  /** Told of every proposal that is not the present configuration, accepted or not, with S of both levels there. */
  readonly saw?: (c: Configuration, value: number, below: number) => void;
  /** Told of every decision. */
  readonly decided?: (decision: Decision) => void;
}

/**
 * The next level (delayed acceptance: J. A. Christen, C. Fox, J. Comput. Graph. Stat. 14 (2005) 795; in self-learning Monte Carlo
 * the step to the exact weight, J. Liu, Y. Qi, Z. Y. Meng, L. Fu, Phys. Rev. B 95 (2017) 041101). The chain of the level below
 * proposes, and that is accepted with probability min(1, exp(-deltaH)), deltaH = (S - S_below)(b) - (S - S_below)(a). Because the
 * chain below satisfies detailed balance with respect to exp(-S_below), every such attempt does with respect to
 * exp(-S), and so do any number of them.
 */
export function nextLevel(space: Space, below: Level, action: Asked, deciding: Deciding): Level {
  const { attempts = 1, purpose, saw, decided } = deciding;
  const own = new Remembered(action);
  const present = space.field();
  const apart = (c: Configuration) => own.value(c) - below.action.value(c);

  const attempt = (state: State, rng: Rng): Walk => {
    present.assign(state.field);
    const here = apart(state);
    const way = below.chain.walk(state, rng);
    const moved = !sameBits(present.view(), state.field.view());
    if (!moved) return { ...way, decision: { moved, accepted: way.rejections === 0, deltaH: 0 } };
    const deltaH = apart(state) - here;
    // before anybody learns from it
    refuseUnlessNumber(deltaH, state.step);
    saw?.(state, own.value(state), below.action.value(state));
    const accepted = rng.at(purpose, state.step).uniform() < Math.exp(-deltaH);
    if (!accepted) state.field.assign(present);
    return { ...way, rejections: way.rejections + (accepted ? 0 : 1), decision: { moved, accepted, deltaH } };
  };

  const walk = (state: State, rng: Rng): Walk => {
    const outer = state.step;
    let sum: Walk = { tries: 0, accepted: 0, forces: 0, rejections: 0 };
    for (let i = 0; i < attempts; i++) {
      state.step = outer * attempts + i;
      const way = attempt(state, rng);
      decided?.(way.decision!);
      sum = added(sum, way);
    }
    state.step = outer;
    return sum;
  };
  return { action: own, chain: { walk } };
}

const added = (sum: Walk, more: Walk): Walk => ({
  ...more,
  tries: sum.tries + more.tries,
  accepted: sum.accepted + more.accepted,
  forces: sum.forces + more.forces,
  rejections: sum.rejections + more.rejections,
});

/** Minus infinity would be accepted for certain. */
function refuseUnlessNumber(deltaH: number, step: number): void {
  if (deltaH > Number.NEGATIVE_INFINITY) return;
  throw new BrokenTrajectory(
    `deltaH is not a number in step ${step}: the guide proposed spins where an action has no value; train it on more configurations, or begin with fewer shells`,
  );
}
