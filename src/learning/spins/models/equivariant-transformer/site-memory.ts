import type { Lattice } from "../../../../lattice/lattice.ts";
import { ROLES, type TransformerShape } from "./shape.ts";
import { type Torus, torusOf } from "./torus.ts";

/**
 * Where the numbers of one configuration lie for the kernels that have sites in their lanes, in bytes from the addresses of
 * the state and of the weights.
 */
export interface SiteLayout {
  readonly shape: TransformerShape;
  /** Numbers a spin. */
  readonly components: number;
  readonly torus: Torus;
  /** Spins of the configuration, and of two layers in turn: [component][place of the torus]. */
  readonly spins: readonly [number, number, number];
  /**
   * Queries, keys and values, [head][role][component][site]: of the first layer as the spins are, and with the spin that is
   * asked about; of later layers.
   */
  readonly maps: readonly [number, number, number];
  /** Bytes from one component, role or head of those to the next. */
  readonly plane: number;
  /** Sums over shells of one layer, [n][component][site]. */
  readonly sums: number;
  /** Sums over all sites of polynomial attention, every one in all lanes. */
  readonly tensors: number;
  /** S, uniforms, and whatever else is handed over, a vec each. */
  readonly out: number;
  readonly stateBytes: number;
  /** Among the weights: lane numbers; site words 0, 1 of random numbers; w; (a, b); K. */
  readonly lanes: number;
  readonly words: number;
  readonly weights: number;
  readonly coefficients: number;
  readonly couplings: number;
  /** Weights of the first layer by displacement, [head][role][place of the torus]. */
  readonly tables: number;
  readonly weightBytes: number;
}

/** Where a weight is among those of the kernels, [layer][head][n][role]; map = head * ROLES + role. */
export const kernelWeight = (shape: TransformerShape, layer: number, map: number, n: number): number =>
  ((layer * shape.heads + Math.floor(map / ROLES)) * (shape.neighbours + 1) + n) * ROLES + (map % ROLES);

/** Numbers of the sums over sites a head: of v k and of v k k. */
export const tensorSize = (components: number): number => components ** 2 * (1 + (components + 1) / 2);

export const OUT_VECS = 8;

export function siteLayout(lattice: Lattice, components: number, shape: TransformerShape): SiteLayout {
  const { heads, layers, neighbours, head } = shape;
  const torus = torusOf(lattice, Math.max(layers > 0 ? neighbours : 0, head), "equivariant-transformer");
  const plane = 8 * torus.volume;
  const next = sequence();
  const spins = [0, 1, 2].map(() => next(components * torus.stride)) as [number, number, number];
  const maps = [0, 1, 2].map(() => next(heads * ROLES * components * plane)) as [number, number, number];
  const sums = next((neighbours + 1) * components * plane);
  const tensors = next(16 * heads * tensorSize(components));
  const out = next(16 * OUT_VECS);
  const stateBytes = next(0);
  const own = sequence();
  const lanes = own(16);
  const words = own(16);
  const weights = own(8 * layers * heads * ROLES * (neighbours + 1));
  const coefficients = own(8 * layers * heads * 2);
  const couplings = own(8 * head);
  const tables = own(layers > 0 ? heads * ROLES * torus.stride : 0);
  const weightBytes = own(0);
  return {
    shape, components, torus, spins, maps, plane, sums, tensors, out, stateBytes,
    lanes, words, weights, coefficients, couplings, tables, weightBytes,
  }; // biome-ignore format: a list
}

/** Hands out consecutive pieces, each beginning at a multiple of 16. */
export function sequence(): (bytes: number) => number {
  let at = 0;
  return (bytes) => {
    const here = at;
    at += Math.ceil(bytes / 16) * 16;
    return here;
  };
}
