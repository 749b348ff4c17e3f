import type { Precision } from "./configuration-format.ts";

/*
 * DataView is compiled to single (byte-swapping) loads and stores and needs no alignment, so these loops run at
 * memory speed without a copy in between; a NERSC payload may begin at any byte.
 */

/** `count` IEEE numbers from the front of `bytes`, widened to float64. */
export function decodeReals(
  bytes: Uint8Array,
  count: number,
  precision: Precision,
  littleEndian: boolean,
): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float64Array(count);
  if (precision === 64) for (let i = 0; i < count; i++) out[i] = view.getFloat64(8 * i, littleEndian);
  else for (let i = 0; i < count; i++) out[i] = view.getFloat32(4 * i, littleEndian);
  return out;
}

/** Writes the numbers to the front of `target`; 32 bits round to nearest. */
export function encodeReals(
  values: Float64Array,
  target: Uint8Array,
  precision: Precision,
  littleEndian: boolean,
): void {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  if (precision === 64) for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i]!, littleEndian);
  else for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i]!, littleEndian);
}
