import type { ParameterBlock } from "../../../../physics/maps/field-map.ts";

/** Forms of the attention: P = max(G, 0), or P = a G + b G^2 with trained a and b, whose cost grows as the volume. */
export const attentions = ["relu", "polynomial"] as const;
export type Attention = (typeof attentions)[number];

/** What decides which parameters a Transformer has. */
export interface TransformerShape {
  readonly layers: number;
  /** n_max: shells of neighbours, besides the site itself, in queries, keys and values. */
  readonly neighbours: number;
  /** n_h: shells of the pair action of the last spins. */
  readonly head: number;
  /** Sets of query, key and value in a layer, whose outputs add. */
  readonly heads: number;
  readonly attention: Attention;
}

/** Query, key, value: their order in the parameters. */
export const ROLES = 3;

/** Parameters of a layer: its weights, and a and b of every head. */
export const layerSize = ({ neighbours, heads, attention }: TransformerShape): number =>
  heads * ROLES * (neighbours + 1) + (attention === "polynomial" ? 2 * heads : 0);

/** Where w^{role}_n of a head is. */
export const weightAt = (shape: TransformerShape, layer: number, head: number, role: number, n: number): number =>
  layer * layerSize(shape) + ((head * ROLES + role) * (shape.neighbours + 1) + n);

/** Where a (power 0) or b (power 1) of a head is, for polynomial attention. */
export const coefficientAt = (shape: TransformerShape, layer: number, head: number, power: number): number =>
  weightAt(shape, layer, shape.heads, 0, 0) + 2 * head + power;

/** Where J_(n + 1) is; E_0 for n = n_h. */
export const couplingAt = (shape: TransformerShape, n: number): number => shape.layers * layerSize(shape) + n;

export const parameterCount = (shape: TransformerShape): number => couplingAt(shape, shape.head) + 1;

/**
 * The parameters in their order: layer by layer w[head][role][n] with role query, key, value and n = 0 (the site itself) to
 * n_max, behind them for polynomial attention (a, b)[head]; then J_1 … J_(n_h), then E_0.
 */
export function layoutOf(shape: TransformerShape): ParameterBlock[] {
  const { heads, neighbours, layers, head, attention } = shape;
  const perLayer = (l: number): ParameterBlock[] => [
    { name: `layer-${l}.weights`, shape: [heads, ROLES, neighbours + 1] },
    ...(attention === "polynomial" ? [{ name: `layer-${l}.polynomial`, shape: [heads, 2] }] : []),
  ];
  return [
    ...Array.from({ length: layers }, (_, l) => perLayer(l + 1)).flat(),
    { name: "couplings", shape: [head] },
    { name: "constant", shape: [1] },
  ];
}
