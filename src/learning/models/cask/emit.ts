import type { Body, FunctionRef, Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import { blockBytes, type LinkLayout, linkBytes, vecBytes, type Walker } from "../../../lattice/links/layout.ts";

/** One link of a block in a loop over all of them. */
export interface Link {
  readonly block: Int;
  readonly mu: Int;
  /** Bytes from the start of a link field to its matrix. */
  readonly shift: Int;
}

/** Calls `emit` for every link of the range of blocks. */
export function forLinks(k: Body, layout: LinkLayout, begin: Int, end: Int, emit: (link: Link) => void): void {
  k.for(begin, end, (block) =>
    k.for(0, layout.dimension, (mu) =>
      emit({ block, mu, shift: k.let(block.mul(blockBytes(layout)).add(mu.mul(linkBytes(layout)))) }),
    ),
  );
}

/** Places for matrices from the start of the scratch memory on. */
export const places = (k: Body, layout: LinkLayout, scratch: Int, count: number): Int[] =>
  Array.from({ length: count }, (_, i) => k.let(scratch.add(i * linkBytes(layout))));

/** An ordered pair of directions at a block. */
export interface Corner extends Link {
  readonly nu: Int;
  /** Number of the pair in its block, mu (d - 1) + (nu, not counting mu). */
  readonly pair: Int;
}

/** Calls `emit` for every block and pair of different directions; `begin` where a link begins, before its pairs. */
export function forCorners(
  k: Body,
  layout: LinkLayout,
  begin: Int,
  end: Int,
  emit: (corner: Corner) => void,
  start: (link: Link) => void = () => {},
): void {
  const others = layout.dimension - 1;
  forLinks(k, layout, begin, end, (link) => {
    start(link);
    k.for(0, others, (j) => {
      const nu = k.let(j.add(j.ge(link.mu)));
      emit({ ...link, nu, pair: k.let(link.mu.mul(others).add(j)) });
    });
  });
}

/** Calls `emit` for every block and the pairs that begin with the direction `mu`, a run-time number. */
export function forPairsOf(
  k: Body,
  layout: LinkLayout,
  { begin, end, mu }: { begin: Int; end: Int; mu: Int },
  emit: (corner: Corner & { readonly other: Int }) => void,
): void {
  const others = layout.dimension - 1;
  k.for(begin, end, (block) => {
    const shift = k.let(block.mul(blockBytes(layout)).add(mu.mul(linkBytes(layout))));
    k.for(0, others, (j) => {
      const nu = k.let(j.add(j.ge(mu)));
      emit({ block, mu, nu, shift, pair: k.let(mu.mul(others).add(j)), other: j });
    });
  });
}

/** Pairs of different directions. */
export const pairs = ({ dimension }: LinkLayout): number => dimension * (dimension - 1);

/** The place `count` steps (a run-time number) from another. */
export function stride(k: Body, walk: Walker, from: Int, mu: Int, forwards: boolean, count: Int): Int {
  const place = k.let(from);
  k.for(0, count, () => k.set(place, walk.step(place, mu, forwards)));
  return place;
}

/** The matrix at an address of the block that `place` names, as seen from that place: across the seam in a copy. */
export function seen(m: ModuleBuilder, k: Body, layout: LinkLayout, place: Int, pointer: Int, slot: Int): Int {
  return seenVecs(m, k, layout, place, pointer, slot, 2 * layout.group.n ** 2);
}

/** `count` vec in a row, as seen from a place. */
export function seenVecs(
  m: ModuleBuilder,
  k: Body,
  layout: LinkLayout,
  place: Int,
  pointer: Int,
  slot: Int,
  count: number,
): Int {
  const found = k.let(pointer);
  if (layout.width.lanes === 1) return found;
  const copy: FunctionRef = m.helper(`swapped${count}`, ["i32", "i32"] as const, (f, out, from) => {
    for (let i = 0; i < count; i++) f.storeSwapped(out, i * f.vecBytes, f.load(from, i * f.vecBytes));
  });
  k.if(place.and(1), () => {
    k.call(copy, slot, found);
    k.set(found, slot);
  });
  return found;
}

/** Address of the number of a pair of directions in a field of scalars, [block][pair][lane]. */
export const scalarAt = (field: Int, layout: LinkLayout, block: Int, pair: Int): Int =>
  field.add(block.mul(pairs(layout)).add(pair).mul(vecBytes(layout)));

/** Loads the number of a pair of directions at a place. */
export function scalarSeen(
  m: ModuleBuilder,
  k: Body,
  layout: LinkLayout,
  field: Int,
  place: Int,
  pair: Int,
  slot: Int,
): Vec {
  return k.let(k.load(seenVecs(m, k, layout, place, scalarAt(field, layout, place.shr(1), pair), slot, 1)));
}

/** The type of a last parameter that is there only sometimes. */
export const only = (there: boolean): "i32"[] => (there ? ["i32"] : []);
