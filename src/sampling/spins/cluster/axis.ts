import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import type { Stream } from "../../../numerics/rng.ts";
import type { SpinCouplings } from "../../../physics/spins/spin-action.ts";
import type { SpinSource } from "../spin-move.ts";

/** A direction of reflection, uniform on the sphere of the spins; three numbers, of which a spin has the first. */
export function drawAxis({ components }: SpinSpace, stream: Stream): [number, number, number] {
  if (components === 1) return [1, 0, 0];
  const angle = 2 * Math.PI * stream.uniform();
  const z = components === 3 ? 1 - 2 * stream.uniform() : 0;
  const r = Math.sqrt(1 - z * z);
  return [r * Math.cos(angle), r * Math.sin(angle), z];
}

/** h.r */
export const alongAxis = ({ field }: SpinCouplings, axis: readonly number[]): number =>
  field.reduce((sum, h, a) => sum + h * axis[a]!, 0);

/**
 * The couplings that a cluster update reads. Throws a TypeError where there are none, and where squares are among them,
 * whose bonds no cluster of pairs knows.
 */
export function clusterCouplings(source: SpinSource, part: string): () => SpinCouplings {
  const read = () => {
    const { couplings } = source;
    if (!couplings)
      throw new TypeError(
        `${part}: the action is not a sum over pairs of spins (it has no couplings); use metropolis or hmc, or self-learning with clusters in its inner chain`,
      );
    if (couplings.square !== 0)
      throw new TypeError(
        `${part}: clusters grow along pairs, and this action has squares of four spins; use metropolis or heatbath, or self-learning with a fitted pair action and ${part} as its inner chain`,
      );
    return couplings;
  };
  read();
  return read;
}
