import type { Lattice } from "../../../../lattice/lattice.ts";
import { shellsOf } from "../../../../lattice/shells.ts";
import { parameterCount, ROLES, type TransformerShape } from "./shape.ts";
import { type SiteLayout, sequence, tensorSize } from "./site-memory.ts";

/**
 * Where the numbers of two configurations, one in each lane, lie for the kernels that work on many, in bytes: of a pair from
 * its own address, of the work of the pull-back from that of its piece of the range. Every number is a vec.
 */
export interface PairLayout {
  readonly shape: TransformerShape;
  readonly components: number;
  readonly volume: number;
  /** Address of the byte offsets of the neighbours of a site in a list of spins, i32, shell by shell, the site itself first. */
  readonly neighbours: number;
  /** Sites of shells 0, 1, 2 … */
  readonly coordinations: readonly number[];
  /** Spins after l layers, [site][component], l = 0 to L. */
  readonly spins: readonly number[];
  /** Queries, keys and values of every layer, [site][head][role][component]. */
  readonly maps: readonly number[];
  /** 1 / |Y| of every layer, [site]. */
  readonly scales: readonly number[];
  /** Sums over sites of polynomial attention, of every layer. */
  readonly tensors: readonly number[];
  /** C_1 … of the last spins. */
  readonly sums: number;
  /** dS/d parameters, with the weights as the kernels have them. */
  readonly gradient: number;
  /** Bytes of a pair. */
  readonly pairBytes: number;
  /**
   * Derivatives of what is above: of the spins (at last of those that came in), of Y, of the maps, of the tensors. In
   * `shellBars` derivatives of the maps times their weights; forwards, sums over shells; [n][site][component].
   */
  readonly spinBars: number;
  readonly outBars: number;
  readonly mapBars: number;
  readonly tensorBars: number;
  readonly shellBars: number;
  readonly workBytes: number;
  /** The weights, see SiteLayout. */
  readonly site: SiteLayout;
}

export const VEC = 16;

export function pairLayout(lattice: Lattice, site: SiteLayout): PairLayout {
  const { shape, components } = site;
  const { volume } = lattice;
  const { layers, heads, neighbours, head } = shape;
  const shells = shellsOf(lattice.extents).slice(0, Math.max(layers > 0 ? neighbours : 0, head) + 1);
  const next = sequence();
  const perLayer = (numbers: number) => Array.from({ length: layers }, () => next(VEC * numbers));
  const spins = Array.from({ length: layers + 1 }, () => next(VEC * volume * components));
  const maps = perLayer(volume * heads * ROLES * components);
  const scales = perLayer(volume);
  const tensorNumbers = shape.attention === "polynomial" ? heads * tensorSize(components) : 0;
  const tensors = perLayer(tensorNumbers);
  const sums = next(VEC * head);
  const gradient = next(VEC * parameterCount(shape));
  const pairBytes = next(0);
  const work = sequence();
  const spinBars = work(VEC * volume * components);
  const outBars = work(VEC * volume * components);
  const mapBars = work(VEC * volume * heads * ROLES * components);
  const tensorBars = work(VEC * tensorNumbers);
  const shellBars = work(VEC * (neighbours + 1) * volume * components);
  const workBytes = work(0);
  return {
    shape, components, volume, site, spins, maps, scales, tensors, sums, gradient, pairBytes,
    spinBars, outBars, mapBars, tensorBars, shellBars, workBytes,
    neighbours: lattice.list(`neighbours of ${shells.length} shells, ${components} vecs`, () =>
      Array.from({ length: volume }, (_, i) =>
        shells.flatMap(({ coordination, sites }) =>
          [...sites.subarray(i * coordination, (i + 1) * coordination)].map((j) => VEC * components * j),
        ),
      ).flat(),
    ).address,
    coordinations: shells.map(({ coordination }) => coordination),
  }; // biome-ignore format: a list
}

/** Bytes of the maps of one site. */
export const mapRecord = ({ shape, components }: PairLayout): number => VEC * shape.heads * ROLES * components;

/** Place of a component of query, key or value among the maps of a site. */
export const mapAt = ({ components }: PairLayout, head: number, role: number, c: number): number =>
  VEC * ((head * ROLES + role) * components + c);
