import type { Field } from "../../lattice/field.ts";
import type { Rng, Stream } from "../../lattice/rng.ts";
import { coordinatesOf } from "../../lattice/shells.ts";
import { componentsOf, type SpinData, type SpinKind } from "../../lattice/spins/spin-data.ts";
import type { SpinSpace } from "../../lattice/spins/spins.ts";

/** Words of the run file for how a chain of spins begins. */
export const spinStartWords = ["cold", "hot", "neel"] as const;

/**
 * A new field to start from: all spins along the last axis, independent uniform spins (addressed "start", step 0, by
 * site), the chessboard order, or a loaded configuration. Throws a RangeError where the lattice does not allow it.
 */
export function spinStart(space: SpinSpace, start: (typeof spinStartWords)[number] | SpinData, rng: Rng): Field {
  const s = space.field();
  if (start === "cold") return s;
  const { extents } = space.lattice;
  if (start === "hot") space.load(s, hotSpins(space.spins, extents, rng));
  else if (start === "neel") space.load(s, neelSpins(space.spins, extents));
  else space.load(s, start);
  return s;
}

/**
 * Independent spins, uniform on the sphere (sign): the equilibrium at infinite temperature. The numbers of a site come
 * from the stream ("start", 0, site).
 */
export function hotSpins(spins: SpinKind, extents: readonly number[], rng: Rng): SpinData {
  const n = componentsOf(spins);
  const values = new Float64Array(n * extents.reduce((a, b) => a * b, 1));
  for (let site = 0; n * site < values.length; site++)
    values.set(uniformSpin(spins, rng.at("start", 0, site)), n * site);
  return { spins, extents: [...extents], values };
}

/** A spin drawn uniformly: the sign or the angle from one uniform, the height z and the angle from two. */
export function uniformSpin(spins: SpinKind, stream: Stream): number[] {
  if (spins === "Ising") return [stream.uniform() < 0.5 ? -1 : 1];
  const z = spins === "O(3)" ? 2 * stream.uniform() - 1 : 0;
  const angle = 2 * Math.PI * stream.uniform();
  const r = Math.sqrt(1 - z * z);
  const plane = [r * Math.cos(angle), r * Math.sin(angle)];
  return spins === "O(3)" ? [...plane, z] : plane;
}

/**
 * Spins along the last axis, up and down as on a chessboard: the order of an antiferromagnet. Throws a RangeError for an
 * odd extent, round which the order does not close.
 */
export function neelSpins(spins: SpinKind, extents: readonly number[]): SpinData {
  const odd = extents.findIndex((n) => n % 2 === 1);
  if (odd >= 0)
    throw new RangeError(
      `start "neel": lattice [${extents.join(", ")}] has the odd extent ${extents[odd]} in direction ${odd}, round which up and down do not alternate; take even extents, or another start`,
    );
  const n = componentsOf(spins);
  const values = new Float64Array(n * extents.reduce((a, b) => a * b, 1));
  for (let site = 0; n * site < values.length; site++) {
    const steps = coordinatesOf(site, extents).reduce((a, b) => a + b, 0);
    values[n * site + n - 1] = steps % 2 === 0 ? 1 : -1;
  }
  return { spins, extents: [...extents], values };
}
