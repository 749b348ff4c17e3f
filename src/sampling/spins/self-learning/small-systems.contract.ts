import type { Device } from "../../../kernels/device.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import type { Rng, Stream } from "../../../lattice/rng.ts";
import { SpinSpace } from "../../../lattice/spins/spins.ts";
import type { LocalAction } from "../../../physics/spins/spin-action.ts";
import type { State } from "../../update.ts";
import type { ReversibleChain } from "./levels.ts";
import type { Asked } from "./remembered.ts";

/** Parameters of the double-exchange model, temperature as beta. */
export interface Electrons {
  readonly J: number;
  readonly beta: number;
}

export const spinSpace = (device: Device, extents: readonly number[], kind: "O(3)" | "Ising" = "O(3)"): SpinSpace =>
  new SpinSpace(new Lattice(device, extents, 1), kind);

export const stateOf = (space: SpinSpace): State => ({ space, field: space.field(), auxiliary: new Map(), step: 0 });

/** S_a . S_b of a configuration. */
export const dot = (spins: Float64Array, a: number, b: number): number =>
  spins[3 * a]! * spins[3 * b]! + spins[3 * a + 1]! * spins[3 * b + 1]! + spins[3 * a + 2]! * spins[3 * b + 2]!;

/** -ln W of two sites and one bond of hopping 1 at mu = 0, in closed form: E = +-sqrt(1 + J^2/4 +- J cos(theta/2)), all four signs. */
export const dimer = ({ J, beta }: Electrons): Asked => ({
  value({ field }) {
    const half = Math.sqrt(Math.max(0, (1 + dot(field.view(), 0, 1)) / 2));
    const energies = [1, -1].map((sign) => Math.sqrt(1 + (J * J) / 4 + sign * J * half));
    return -energies.reduce((sum, e) => sum + 2 * Math.log(2 * Math.cosh((beta * e) / 2)), 0);
  },
});

/** Metropolis updates of one spin at a time, uniform proposals; of a chain that is right, or wrong on purpose. */
export function localChain(
  local: LocalAction,
  volume: number,
  updates: number,
  siteOf: (i: number, stream: Stream) => number = (_, stream) => stream.below(volume),
): ReversibleChain {
  const spin = new Float64Array(3);
  return {
    walk(state: State, rng: Rng) {
      const stream = rng.at("local", state.step);
      local.begin(state);
      let accepted = 0;
      for (let i = 0; i < updates; i++) {
        const z = 1 - 2 * stream.uniform();
        const angle = 2 * Math.PI * stream.uniform();
        const r = Math.sqrt(1 - z * z);
        spin[0] = r * Math.cos(angle);
        spin[1] = r * Math.sin(angle);
        spin[2] = z;
        const change = local.change(siteOf(i, stream), spin);
        if (stream.uniform() >= Math.exp(-change)) continue;
        local.accept();
        accepted += 1;
      }
      return { tries: updates, accepted, forces: 0 };
    },
  };
}

/** A pull: distance from what is expected, in standard deviations of the mean of blocks. */
export function pull(values: readonly number[], expected: number, blocks = 100): number {
  const size = Math.floor(values.length / blocks);
  const means = Array.from(
    { length: blocks },
    (_, b) => values.slice(b * size, (b + 1) * size).reduce((a, x) => a + x, 0) / size,
  );
  const mean = means.reduce((a, b) => a + b, 0) / blocks;
  const variance = means.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (blocks - 1);
  return (mean - expected) / Math.sqrt(variance / blocks);
}
