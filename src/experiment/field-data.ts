import type { GaugeData } from "../lattice/gauge-data.ts";
import { parseGroup } from "../lattice/group.ts";
import type { SpinData } from "../lattice/spins/spin-data.ts";
import type { Checkpoint, CheckpointArray } from "../storage/run-directory/index.ts";
import type { RunFile } from "./run-file/index.ts";

/** A configuration of either kind as plain data: what a chain starts from and checkpoints and files hold. */
export type FieldData = GaugeData | SpinData;

export const isSpins = (data: FieldData): data is SpinData => "spins" in data;

/** The configuration as an array of a checkpoint: links as [link, row, column, 2], spins as [site, component]. */
export function checkpointArray(data: FieldData): CheckpointArray {
  if (isSpins(data)) {
    const volume = data.extents.reduce((a, b) => a * b, 1);
    return { name: "spins", shape: [volume, data.values.length / volume], data: data.values };
  }
  const { n } = data.group;
  return { name: "links", shape: [data.links.length / (2 * n * n), n, n, 2], data: data.links };
}

/** The configuration in a checkpoint of this run. Throws an Error where there is none. */
export function dataIn({ arrays }: Checkpoint, { group, spins, lattice: extents }: RunFile): FieldData {
  const name = spins === undefined ? "links" : "spins";
  const found = arrays.find((array) => array.name === name);
  if (!found) throw new Error(`the checkpoint holds no ${name}`);
  const data = found.data as Float64Array;
  return spins === undefined ? { group: parseGroup(group!), extents, links: data } : { spins, extents, values: data };
}

/** Arrays of a checkpoint that the update keeps stand beside the configuration under this prefix. */
const prefix = "update.";

/** What the update keeps, as arrays of a checkpoint. */
export const keptArrays = (kept: readonly { readonly name: string; readonly data: Float64Array }[]) =>
  kept.map(({ name, data }): CheckpointArray => ({ name: `${prefix}${name}`, shape: [data.length], data }));

/** The inverse of `keptArrays`, of all arrays of a checkpoint. */
export const keptIn = ({ arrays }: Checkpoint): { name: string; data: Float64Array }[] =>
  arrays
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name, data }) => ({ name: name.slice(prefix.length), data: data as Float64Array }));
