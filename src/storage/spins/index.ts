import { componentsOf, parseSpins, type SpinData } from "../../lattice/spins/spin-data.ts";
import { FormatError } from "../formats/configuration-format.ts";
import {
  float64Tensor,
  numbersOf,
  readSafetensors,
  type Tensor,
  writeSafetensors,
} from "../models/safetensors/safetensors.ts";

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

const format = "plaquette-spins";
/** What the numbers and words of a file mean; a reader refuses those of a later one. */
const version = 1;

/**
 * The bytes of a file: the float64 tensor "spins" of shape [sites, components], site x + Lx (y + Ly …), and the words
 * format, version, spins ("Ising", "XY", "O(3)"), extents ("6,6") and sequence in the metadata. Throws a FormatError for
 * spins that are not unit vectors: nothing useless goes to disk.
 */
export function writeSpins(data: SpinData, { sequence }: SpinFileOptions = {}): Uint8Array {
  const { spins, extents, values } = data;
  checkLength(data);
  checkUnit(values, componentsOf(spins), 1e-6);
  const tensor = float64Tensor("spins", [values.length / componentsOf(spins), componentsOf(spins)], values);
  return writeSafetensors([tensor], {
    ...{ format, version: String(version), spins, extents: extents.join(",") },
    ...(sequence === undefined ? {} : { sequence: String(sequence) }),
  });
}

/**
 * Reads what `writeSpins` writes; single precision too, whose spins are then made unit vectors again. Throws a FormatError
 * that names the file where it is damaged or something else.
 */
export function readSpins(bytes: Uint8Array, file: string): SpinData {
  try {
    if (bytes.length === 0) throw new FormatError("the file is empty; copy or write it again");
    return spinsIn(bytes);
  } catch (error) {
    throw error instanceof FormatError ? error.in(file) : error;
  }
}

function spinsIn(bytes: Uint8Array): SpinData {
  const { tensors, metadata } = readSafetensors(bytes);
  const tensor = tensors.find(({ name }) => name === "spins");
  if (!tensor) throw new FormatError(`no configuration of spins: ${contentOf(tensors)}, and not the tensor "spins"`);
  const missing = ["spins", "extents"].filter((word) => metadata[word] === undefined);
  if (missing.length > 0)
    throw new FormatError(
      `its metadata lack ${missing.join(" and ")}; write them with the numbers, such as {"spins": "O(3)", "extents": "6,6"}`,
    );
  if (Number(metadata.version ?? version) > version)
    throw new FormatError(
      `written by a later Plaquette (version ${metadata.version} of the format); read it with that`,
    );
  const spins = kindOf(metadata.spins!);
  const extents = extentsOf(metadata.extents!);
  const data = { spins, extents, values: realsOf(tensor) };
  checkShape(data, tensor.shape);
  const single = tensor.dtype !== "F64";
  checkUnit(data.values, componentsOf(spins), 1e-6);
  return single ? { ...data, values: normalised(data.values, componentsOf(spins)) } : data;
}

const contentOf = (tensors: readonly Tensor[]): string => {
  const names = tensors.slice(0, 4).map(({ name }) => name);
  return names.length === 0 ? "it has no tensor" : `it has ${names.join(", ")}${tensors.length > 4 ? ", …" : ""}`;
};

function kindOf(text: string): SpinData["spins"] {
  try {
    return parseSpins(text);
  } catch (error) {
    throw new FormatError(`metadata: ${(error as Error).message}`);
  }
}

function extentsOf(text: string): number[] {
  const extents = text.split(",").map((word) => (/^\s*\d+\s*$/.test(word) ? Number(word) : Number.NaN));
  if (extents.length > 4 || !extents.every((n) => n >= 1 && Number.isSafeInteger(n)))
    throw new FormatError(`metadata: extents ${JSON.stringify(text)}; expected 1 to 4 whole numbers such as "6,6"`);
  return extents;
}

function realsOf(tensor: Tensor): Float64Array {
  if (!/^B?F\d+$/.test(tensor.dtype))
    throw new FormatError(`tensor "spins" holds ${tensor.dtype}; spins are real numbers (F64 or F32)`);
  return numbersOf(tensor);
}

const expectedOf = ({ spins, extents }: SpinData) => [extents.reduce((a, b) => a * b, 1), componentsOf(spins)];

function checkShape(data: SpinData, shape: readonly number[]): void {
  const expected = expectedOf(data);
  if (shape.join() !== expected.join())
    throw new FormatError(
      `tensor "spins" is [${shape.join(", ")}]; ${data.spins} spins on [${data.extents.join(", ")}] are [${expected.join(", ")}], site by site with x fastest`,
    );
}

function checkLength(data: SpinData): void {
  const expected = expectedOf(data).reduce((a, b) => a * b, 1);
  if (data.values.length !== expected)
    throw new FormatError(
      `${data.values.length} numbers for ${data.spins} spins on [${data.extents.join(", ")}], which have ${expected}`,
    );
}

function checkUnit(values: Float64Array, n: number, tolerance: number): void {
  for (let i = 0; i < values.length; i += n) {
    const norm = Math.hypot(...values.subarray(i, i + n));
    if (!(Math.abs(norm - 1) < tolerance))
      throw new FormatError(
        `the spin at site ${i / n} has the length ${norm}; spins are unit vectors, so take a configuration from before that`,
      );
  }
}

const normalised = (values: Float64Array, n: number): Float64Array =>
  values.map((x, i) => x / Math.hypot(...values.subarray(i - (i % n), i - (i % n) + n)));
