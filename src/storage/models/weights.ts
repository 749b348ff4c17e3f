import { FormatError } from "../formats/configuration-format.ts";
import { float64Tensor, numbersOf, type Tensor } from "./safetensors/safetensors.ts";

/** Parameters one after the other, and the names and shapes of the blocks that they form (physics/maps/field-map.ts). */
export interface Weights {
  readonly parameters: Float64Array;
  readonly layout: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/** One float64 tensor a block, copied. Throws a FormatError where the layout is not that of the parameters. */
export function tensorsOf({ parameters, layout }: Weights): Tensor[] {
  let at = 0;
  const tensors = layout.map(({ name, shape }) => {
    const data = parameters.slice(at, (at += sizeOf(shape)));
    return float64Tensor(name, shape, data);
  });
  if (at !== parameters.length) throw new FormatError(`a layout of ${at} numbers for ${parameters.length} parameters`);
  return tensors;
}

/**
 * Writes stored weights into the parameters of a network, in place. Every block must be there under its name and in its
 * shape, and no other; the order does not matter. Throws a FormatError that lists all differences and what to change; the
 * parameters are then untouched.
 */
export function applyWeights({ parameters, layout }: Weights, tensors: readonly Tensor[]): void {
  const stored = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const wanted = new Set(layout.map(({ name }) => name));
  const missing = layout.filter(({ name }) => !stored.has(name));
  const surplus = tensors.filter(({ name }) => !wanted.has(name));
  const misshapen = layout.flatMap(({ name, shape }) => {
    const found = stored.get(name);
    return found && !sameShape(found.shape, shape) ? [{ name, shape, found: found.shape }] : [];
  });
  if (missing.length + surplus.length + misshapen.length > 0) {
    const differences = [
      ...(missing.length > 0 ? [`${listed(missing)} missing`] : []),
      ...(surplus.length > 0 ? [`${listed(surplus)} not in the network`] : []),
      ...misshapen.map((m) => `${m.name} is [${m.found.join(", ")}] and should be [${m.shape.join(", ")}]`),
    ];
    throw new FormatError(
      `these weights are those of another network: ${differences.join("; ")}. ${advice(layout, tensors)}`,
    );
  }
  const values = layout.map(({ name }) => finite(stored.get(name)!));
  let at = 0;
  for (const numbers of values) {
    parameters.set(numbers, at);
    at += numbers.length;
  }
}

/** Real numbers only: a wrong dtype or a NaN would make a network that no one trained. */
function finite(tensor: Tensor): Float64Array {
  if (!/^B?F\d+$/.test(tensor.dtype))
    throw new FormatError(`tensor "${tensor.name}" holds ${tensor.dtype}; weights are real numbers (F64 or F32)`);
  const numbers = numbersOf(tensor);
  const bad = numbers.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0)
    throw new FormatError(`tensor "${tensor.name}" holds ${numbers[bad]} at ${bad}; take weights from before that`);
  return numbers;
}

interface Named {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What in the run file would have to change for the weights to fit, as far as the names of the blocks tell. */
function advice(wanted: readonly Named[], stored: readonly Named[]): string {
  const [own, theirs] = [facetsOf(wanted), facetsOf(stored)];
  const same = (facet: keyof Facets) => own[facet].join() === theirs[facet].join();
  const changes = [
    ...(same("guides")
      ? []
      : [`terms of the guide in the order of the stored one (${count(theirs.guides)}, here ${count(own.guides)})`]),
    ...(same("layers") ? [] : [`layers = ${theirs.layers.length} (here ${own.layers.length})`]),
    ...(same("ends") ? [] : [`the same loops and parts in a layer (stored: ${theirs.ends.join(", ")})`]),
  ];
  return changes.length > 0
    ? `Give the network ${changes.join(", and ")}, as in the model.toml of the weights`
    : "Give the network the layers, loops and widths that it has in the model.toml of the weights";
}

interface Facets {
  readonly guides: readonly string[];
  readonly layers: readonly string[];
  readonly ends: readonly string[];
}

/** The words that names such as "guide-2.staggered.layer-1.plaquette" are made of. */
function facetsOf(blocks: readonly Named[]): Facets {
  const parts = blocks.map(({ name }) => name.split("."));
  const like = (word: RegExp) => distinct(parts.flat().filter((part) => word.test(part)));
  return { guides: like(/^guide-\d+$/), layers: like(/^layer-\d+$/), ends: distinct(parts.map((p) => p.at(-1)!)) };
}

const distinct = (words: readonly string[]) => [...new Set(words)].sort();
const count = (words: readonly string[]) => (words.length === 0 ? "none" : words.join(", "));
const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const sameShape = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((n, i) => n === b[i]);

const most = 6;
const listed = (blocks: readonly Named[]) => {
  const names = blocks.slice(0, most).map(({ name }) => name);
  const rest = blocks.length - names.length;
  return `${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""} ${blocks.length > 1 ? "are" : "is"}`;
};
