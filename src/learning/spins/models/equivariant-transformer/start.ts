import { addressedRng } from "../../../../numerics/addressed-random.ts";
import { coefficientAt, couplingAt, parameterCount, ROLES, type TransformerShape, weightAt } from "./shape.ts";

/** Where training begins. */
export const starts = ["identity", "random"] as const;
export type Start = (typeof starts)[number];

/** Widths of the normal numbers with which training was found to work (6x6, T = 0.05 t). */
export const usualSpread: Readonly<Record<Start, number>> = { identity: 0.15, random: 0.1 };
/** The coupling of nearest neighbours at the start, in the unit of the energies. */
export const usualCoupling = -0.02;
/** a = b = 1/2: between the slopes 0 and 1 of the ReLU. */
const POLYNOMIAL = 0.5;

export interface StartOptions {
  readonly start: Start;
  /** Width of the normal numbers. Default `usualSpread`. */
  readonly spread?: number;
  readonly seed: string;
  /** J_1 … J_(n_h). Default -0.02 for nearest neighbours and 0 beyond. */
  readonly J?: readonly number[];
}

/**
 * Parameters to begin with. All weights zero is a point where every gradient vanishes, because query, key and value multiply
 * each other. "identity" has w^V = 0, so that every layer is the identity and H_eff that of the head, and normal numbers in
 * w^Q and w^K, through which the gradient reaches w^V first; "random" has normal numbers in all.
 */
export function startOf(
  shape: TransformerShape,
  { start, seed, J, spread = usualSpread[start] }: StartOptions,
): Float64Array {
  const parameters = new Float64Array(parameterCount(shape));
  for (let l = 0; l < shape.layers; l++) drawLayer(shape, parameters, l, start, spread, seed);
  for (let n = 0; n < shape.head; n++) parameters[couplingAt(shape, n)] = J?.[n] ?? (n === 0 && !J ? usualCoupling : 0);
  return parameters;
}

/** Draws the weights of one layer, in place. */
export function drawLayer(
  shape: TransformerShape,
  parameters: Float64Array,
  layer: number,
  start: Start,
  spread: number,
  seed: string,
): void {
  for (let head = 0; head < shape.heads; head++) drawHead(shape, parameters, layer, head, start, spread, seed);
}

/** Draws the weights of one head; those of a shell do not depend on how many shells and heads there are. */
export function drawHead(
  shape: TransformerShape,
  parameters: Float64Array,
  layer: number,
  head: number,
  start: Start,
  spread: number,
  seed: string,
): void {
  const rng = addressedRng(seed);
  for (let role = 0; role < ROLES; role++) {
    const stream = rng.at(`transformer ${["query", "key", "value"][role]}`, layer, head);
    for (let n = 0; n <= shape.neighbours; n++) {
      const x = spread * stream.normal();
      parameters[weightAt(shape, layer, head, role, n)] = start === "identity" && role === ROLES - 1 ? 0 : x;
    }
  }
  if (shape.attention === "polynomial")
    for (const power of [0, 1]) parameters[coefficientAt(shape, layer, head, power)] = POLYNOMIAL;
}
