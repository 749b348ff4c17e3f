import type { Rng, Stream } from "../../../lattice/rng.ts";
import type { Configuration } from "../../../lattice/space.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import type { SpinAction } from "../../../physics/spins/spin-action.ts";
import type { State, Step } from "../../update.ts";

export interface Prior {
  /** Local updates of every spin in the mean, a step. */
  readonly sweeps: number;
  /** Of so many single-spin updates the configuration after the last is learnt from. */
  readonly every: number;
}

/**
 * Local Metropolis updates of the target itself, from which the first effective action is learnt: a site at random, a new spin
 * uniform on its sphere (a flip, for Ising spins), accepted with min(1, exp(-(S' - S))). S is known at every moment from the
 * differences, so what is learnt from costs nothing.
 */
export function localPrior(space: SpinSpace, target: SpinAction, { sweeps, every }: Prior, label: string) {
  const { local } = target;
  if (!local)
    throw new TypeError(
      "prior: this target does not know its change under a single spin; give prior = { sweeps = 0 }, so that the guide proposes from the beginning",
    );
  const { volume } = space.lattice;
  const spin = new Float64Array(space.components);
  const propose = proposalOf(space);
  return (state: State, rng: Rng, saw: (c: Configuration, value: number) => void): Step => {
    space.project(state.field);
    let value = target.value(state);
    local.begin(state);
    const stream = rng.at(`prior${label}`, state.step);
    const updates = sweeps * volume;
    let accepted = 0;
    for (let i = 1; i <= updates; i++) {
      const site = stream.below(volume);
      propose(spin, state, site, stream);
      const change = local.change(site, spin);
      if (stream.uniform() < Math.exp(-change)) {
        local.accept();
        value += change;
        accepted += 1;
      }
      if (i % every === 0) saw(state, value);
    }
    state.step += 1;
    return { acceptance: accepted / updates };
  };
}

type Proposal = (spin: Float64Array, c: Configuration, site: number, stream: Stream) => void;

function proposalOf(space: SpinSpace): Proposal {
  if (space.spins === "Ising")
    return (spin, c, site) => {
      spin[0] = -c.field.view()[site]!;
    };
  if (space.spins === "XY")
    return (spin, _, __, stream) => {
      const angle = 2 * Math.PI * stream.uniform();
      spin[0] = Math.cos(angle);
      spin[1] = Math.sin(angle);
    };
  return (spin, _, __, stream) => {
    const z = 1 - 2 * stream.uniform();
    const angle = 2 * Math.PI * stream.uniform();
    const r = Math.sqrt(1 - z * z);
    spin[0] = r * Math.cos(angle);
    spin[1] = r * Math.sin(angle);
    spin[2] = z;
  };
}
