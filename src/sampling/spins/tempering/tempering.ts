import type { Rng } from "../../../lattice/rng.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import { apart } from "../../../numerics/rng.ts";
import type { SpinAction } from "../../../physics/spins/spin-action.ts";
import type { KeptArray } from "../../learner.ts";
import type { State, Update } from "../../update.ts";
import { projectSometimes, type SpinMove } from "../spin-move.ts";

export interface TemperingOptions {
  /** Temperatures in their order, that of the target among them. */
  readonly temperatures: readonly number[];
  /** How the replica at a temperature is moved, by the target's energies at that temperature. */
  readonly inner: (action: SpinAction) => SpinMove;
  /** Appended to the purposes of its random numbers. */
  readonly label?: string;
}

/**
 * Parallel tempering (K. Hukushima, K. Nemoto, J. Phys. Soc. Jpn. 65 (1996) 1604; R. H. Swendsen, J.-S. Wang, Phys. Rev. Lett. 57
 * (1986) 2607): a replica at every temperature, that of the target's being the field of the chain. In a step each replica is
 * moved, then replicas at neighbouring temperatures a, b are exchanged with probability
 *
 *   min(1, exp(S_a(x_a) + S_b(x_b) - S_a(x_b) - S_b(x_a))),
 *
 * first the pairs that begin with an even temperature, then the others. S at all temperatures comes from one evaluation a
 * replica (`valuesAt`). In the first step all replicas begin with the field of the chain. Acceptance is that of exchanges. Where
 * the move of a replica breaks, all of them are again what they were before the step.
 *
 * Throws a TypeError where the action is not known at other temperatures, a RangeError where the temperatures are not ascending
 * or lack that of the target.
 */
export function tempering(space: SpinSpace, target: SpinAction, options: TemperingOptions): Update {
  const { temperatures, inner, label = "" } = options;
  const own = checked(target, temperatures);
  const moves = temperatures.map((t, k) => inner(k === own ? target : target.at!(t)));
  const replicas = temperatures.map((): State => ({ space, field: space.field(), auxiliary: new Map(), step: 0 }));
  const values = temperatures.map(() => new Float64Array(temperatures.length));
  const before = temperatures.map(() => space.field());
  let filled = false;

  const move = (state: State, rng: Rng) =>
    replicas.forEach((replica, k) => {
      if (k === own || !filled) replica.field.assign(state.field);
      replica.step = state.step;
      moves[k]!.move(replica, apart(rng, `tempering${label} ${k} `));
      projectSometimes(replica);
      values[k]!.set(target.valuesAt(replica, temperatures));
    });
  const exchange = (a: number, uniform: number): 0 | 1 => {
    const b = a + 1;
    const [here, there] = [values[a]!, values[b]!];
    if (!(uniform < Math.exp(here[a]! + there[b]! - there[a]! - here[b]!))) return 0;
    [replicas[a], replicas[b]] = [replicas[b]!, replicas[a]!];
    [values[a], values[b]] = [there, here];
    return 1;
  };
  return {
    step(state, rng) {
      replicas.forEach(({ field }, k) => before[k]!.assign(field));
      try {
        move(state, rng);
      } catch (error) {
        replicas.forEach(({ field }, k) => field.assign(before[k]!));
        throw error;
      }
      filled = true;
      const decisions = rng.at(`tempering${label}`, state.step);
      let accepted = 0;
      for (const parity of [0, 1])
        for (let a = parity; a + 1 < replicas.length; a += 2) accepted += exchange(a, decisions.uniform());
      state.field.assign(replicas[own]!.field);
      state.step += 1;
      return { acceptance: accepted / (replicas.length - 1) };
    },
    kept: () =>
      filled ? replicas.map(({ field }, k) => ({ name: nameOf(temperatures[k]!), data: field.view().slice() })) : [],
    recall(arrays) {
      filled = arrays.length > 0;
      if (filled)
        replicas.forEach(({ field }, k) => field.view().set(found(arrays, nameOf(temperatures[k]!), field.length)));
    },
  };
}

const nameOf = (temperature: number) => `replica at T = ${temperature}`;

function found(arrays: readonly KeptArray[], name: string, length: number): Float64Array {
  const kept = arrays.find((array) => array.name === name);
  if (kept?.data.length === length) return kept.data;
  throw new RangeError(
    `tempering: the checkpoint has ${kept ? `${kept.data.length} numbers` : "nothing"} for the ${name}, expected ${length}; resume with the temperatures and the lattice that the run began with`,
  );
}

/** The number of the target's temperature. */
function checked({ temperature, at }: SpinAction, temperatures: readonly number[]): number {
  if (!at) throw new TypeError("tempering: the action is not known at other temperatures; use it without tempering");
  const unordered = temperatures.findIndex((t, k) => !(t > (temperatures[k - 1] ?? 0)));
  if (unordered >= 0 || temperatures.length < 2)
    throw new RangeError(
      `tempering: temperatures [${temperatures.join(", ")}]; give two or more, positive and ascending`,
    );
  const own = temperatures.indexOf(temperature);
  if (own < 0)
    throw new RangeError(
      `tempering: temperatures [${temperatures.join(", ")}] lack that of the target, ${temperature}; add it`,
    );
  return own;
}
