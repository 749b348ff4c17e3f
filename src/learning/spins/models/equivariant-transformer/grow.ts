import type { StoredBlock } from "../../model.ts";
import {
  coefficientAt,
  couplingAt,
  layoutOf,
  parameterCount,
  ROLES,
  type TransformerShape,
  weightAt,
} from "./shape.ts";
import { drawHead, usualSpread } from "./start.ts";

export interface GrowthOptions {
  /** Names the random numbers of new queries and keys. */
  readonly seed: string;
  /** Their width. Default that of the identity start. */
  readonly spread?: number;
}

/**
 * The parameters of a larger Transformer with the same H_eff, up to rounding, so that training goes on where that of the
 * smaller one ended: new layers come last, new layers and heads have normal numbers for queries and keys and w^V = 0 (they
 * change nothing until training moves w^V), new shells have weight zero, in the layers and in the head. The linear model is
 * the shape of 0 layers.
 *
 * Throws a RangeError where something would shrink, or the attention or the number of parameters is another.
 */
export function grown(
  from: TransformerShape,
  parameters: Float64Array,
  to: TransformerShape,
  { seed, spread = usualSpread.identity }: GrowthOptions,
): Float64Array {
  refuse(from, parameters, to);
  const made = new Float64Array(parameterCount(to));
  for (let l = 0; l < to.layers; l++)
    for (let h = 0; h < to.heads; h++)
      if (l < from.layers && h < from.heads) copyHead(from, parameters, to, made, l, h);
      else drawHead(to, made, l, h, "identity", spread, seed);
  for (let n = 0; n < from.head; n++) made[couplingAt(to, n)] = parameters[couplingAt(from, n)]!;
  made[couplingAt(to, to.head)] = parameters[couplingAt(from, from.head)]!;
  return made;
}

/**
 * The shape and the parameters of a Transformer, or of the linear model (0 layers), that blocks of parameters are those of.
 * Throws a RangeError where they are none of these.
 */
export function storedTransformer(blocks: readonly StoredBlock[]): {
  shape: TransformerShape;
  parameters: Float64Array;
} {
  const named = (name: string) => blocks.find((block) => block.name === name);
  const layers = blocks.filter(({ name }) => /^layer-\d+\.weights$/.test(name)).length;
  const [heads = 1, , columns = 1] = named("layer-1.weights")?.shape ?? [];
  const attention = named("layer-1.polynomial") ? "polynomial" : "relu";
  const shape: TransformerShape = {
    ...{ layers, heads, attention, neighbours: columns - 1 },
    head: named("couplings")?.shape[0] ?? 0,
  };
  const wanted = layoutOf(shape);
  const data = wanted.flatMap(({ name }) => named(name)?.data ?? []);
  const parameters = Float64Array.from(data.flatMap((one) => Array.from(one)));
  if (shape.head === 0 || blocks.length !== wanted.length || parameters.length !== parameterCount(shape))
    throw new RangeError(
      `grow: a Transformer grows from a smaller one or from linear-spins, and these are the blocks ${blocks.map(({ name }) => name).join(", ")}`,
    );
  return { shape, parameters };
}

function copyHead(
  from: TransformerShape,
  parameters: Float64Array,
  to: TransformerShape,
  made: Float64Array,
  layer: number,
  head: number,
): void {
  for (let role = 0; role < ROLES; role++)
    for (let n = 0; n <= from.neighbours; n++)
      made[weightAt(to, layer, head, role, n)] = parameters[weightAt(from, layer, head, role, n)]!;
  if (from.attention === "polynomial")
    for (const power of [0, 1])
      made[coefficientAt(to, layer, head, power)] = parameters[coefficientAt(from, layer, head, power)]!;
}

function refuse(from: TransformerShape, parameters: Float64Array, to: TransformerShape): void {
  if (parameters.length !== parameterCount(from))
    throw new RangeError(`grown: ${parameters.length} parameters for a shape that has ${parameterCount(from)}`);
  const sizes = ["layers", "head", ...(from.layers > 0 ? (["neighbours", "heads"] as const) : [])] as const;
  for (const name of sizes)
    if (to[name] < from[name])
      throw new RangeError(
        `grown: ${name} would shrink from ${from[name]} to ${to[name]}, and H_eff change; give ${from[name]} or more`,
      );
  if (from.layers > 0 && from.attention !== to.attention)
    throw new RangeError(
      `grown: the attention is ${from.attention} and would become ${to.attention}, which changes H_eff; keep it`,
    );
}
