import { addressedRng } from "../../../numerics/addressed-random.ts";
import { layerNames, type NetLoop } from "../covariant-net/loops.ts";
import type { LayerWeights } from "./layer.ts";

/** What decides which weights there are. */
export interface WeightShape {
  readonly layers: number;
  readonly heads: number;
  readonly loops: readonly NetLoop[];
  readonly final: readonly NetLoop[];
}

const roles = ["query", "key", "value"] as const;

/** Names in the order of the weights: "layer-1.final.plaquette", "layer-1.head-1.query.plaquette" … */
export function weightNames({ layers, heads, loops, final }: WeightShape): string[] {
  return layerNames(layers).flatMap((layer) => [
    ...final.map((loop) => `${layer}.final.${loop}`),
    ...Array.from({ length: heads }, (_, h) =>
      roles.flatMap((role) => loops.map((loop) => `${layer}.head-${h + 1}.${role}.${loop}`)),
    ).flat(),
  ]);
}

/** The sentence that says what is wrong with the number of weights that were given, or undefined. */
export function rhoProblem(shape: WeightShape, rho: number | readonly number[] | undefined): string | undefined {
  const names = weightNames(shape);
  if (rho === undefined || typeof rho === "number" || rho.length === names.length) return undefined;
  return `rho has ${rho.length} number${rho.length === 1 ? "" : "s"}; there are ${names.length} weights, ${names.slice(0, 3).join(", ")} and so on: give one number for all, or all of them in this order`;
}

/** Parts of an array in the order of the weights, one a layer; they share its memory. */
export function weightsByLayer(all: Float64Array, { layers, heads, loops, final }: WeightShape): LayerWeights[] {
  let next = 0;
  const take = (count: number) => all.subarray(next, (next += count));
  return Array.from({ length: layers }, () => ({
    final: take(final.length),
    heads: Array.from({ length: heads }, () => ({
      query: take(loops.length),
      key: take(loops.length),
      value: take(loops.length),
    })),
  }));
}

/**
 * Where training begins: every layer is the identity, and no further from it than one step.
 *
 * A layer that ends with a smearing is the identity as soon as that has weight zero, whatever the attention. Its own
 * derivative does not vanish there, and those of query, key and value come with it, in proportion; they would stand
 * still for a step longer, values for two, if all of them began at zero, because a ~ rho_Q, rho_K multiplies U^V. So the
 * final weights start at zero and all others with small normal numbers. Without a last smearing the identity needs
 * a = 0: query and key start at zero, where their derivatives do not vanish, and only the values with normal numbers.
 * These also make heads differ, which otherwise would stay equal for ever. The numbers are the same in every run.
 */
export function startOf(shape: WeightShape, spread: number): Float64Array {
  const names = weightNames(shape);
  const stream = addressedRng("cask").at("start", 0);
  return Float64Array.from(names, (name) => {
    const x = spread * stream.normal();
    const zero = shape.final.length > 0 ? name.includes(".final.") : !name.includes(".value.");
    return zero ? 0 : x;
  });
}
