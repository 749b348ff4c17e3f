import { componentsOf, parseSpins, type SpinData } from "../../lattice/spins/spin-data.ts";
import { FormatError } from "../formats/configuration-format.ts";
import { float64Tensor, numbersOf, readSafetensors, writeSafetensors } from "../models/safetensors/safetensors.ts";

/** Spin configurations in files: what `save` writes and `start` reads. */
export const spinFormat = {
  name: "safetensors",
  title: "safetensors: one tensor, spins, of shape [sites, components], x fastest",
  cite: ["https://huggingface.co/docs/safetensors"],
  extensions: [".safetensors"],
  write: true,
} as const;

/** Written beside the numbers. */
export interface SpinFileOptions {
  /** Number of the update. */
  readonly sequence?: number;
}

/** The bytes of a file: the tensor "spins", with the kind, the extents and the number of the update in the metadata. */
export function writeSpins({ spins, extents, values }: SpinData, { sequence }: SpinFileOptions = {}): Uint8Array {
  const shape = [values.length / componentsOf(spins), componentsOf(spins)];
  const metadata = { format: "plaquette-spins", spins, extents: extents.join(",") };
  return writeSafetensors([float64Tensor("spins", shape, values)], {
    ...metadata,
    ...(sequence === undefined ? {} : { sequence: String(sequence) }),
  });
}

/** Reads what `writeSpins` writes. Throws a FormatError that names the file where it is damaged or something else. */
export function readSpins(bytes: Uint8Array, file: string): SpinData {
  try {
    return spinsIn(bytes);
  } catch (error) {
    throw error instanceof FormatError ? error.in(file) : error;
  }
}

function spinsIn(bytes: Uint8Array): SpinData {
  const { tensors, metadata } = readSafetensors(bytes);
  const tensor = tensors.find(({ name }) => name === "spins");
  if (!tensor || metadata.spins === undefined || metadata.extents === undefined)
    throw new FormatError(
      `this is no configuration of spins: it needs a tensor "spins" and the metadata spins and extents, and has ${tensors.map(({ name }) => name).join(", ") || "no tensor"}`,
    );
  const extents = metadata.extents.split(",").map(Number);
  const spins = kindOf(metadata.spins);
  const values = numbersOf(tensor);
  const expected = extents.reduce((a, b) => a * b, 1) * componentsOf(spins);
  if (!(values.length === expected))
    throw new FormatError(
      `${values.length} numbers for ${spins} spins on [${extents.join(", ")}], which are ${expected}`,
    );
  checkNorms(values, componentsOf(spins));
  return { spins, extents, values };
}

function kindOf(text: string): SpinData["spins"] {
  try {
    return parseSpins(text);
  } catch (error) {
    throw new FormatError((error as Error).message);
  }
}

function checkNorms(values: Float64Array, n: number): void {
  for (let i = 0; i < values.length; i += n) {
    const norm = Math.hypot(...values.subarray(i, i + n));
    if (!(Math.abs(norm - 1) < 1e-6))
      throw new FormatError(`the spin at site ${i / n} has the length ${norm}; spins are unit vectors`);
  }
}
