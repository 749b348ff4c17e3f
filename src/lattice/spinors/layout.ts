import { type Body, type FunctionRef, Int, type ModuleBuilder } from "../../kernels/builder.ts";
import type { Width } from "../../kernels/ir.ts";

/**
 * How the vectors of a fermion lie in memory: [block][component][re, im][lane]. A component is a complex number of a
 * site: (s, spin, colour) with colour fastest; one spin for staggered quarks, s for five dimensions only.
 */
export interface SpinorLayout {
  /** Complex numbers a site. */
  readonly components: number;
  /** Directions of the lattice, for its step tables. */
  readonly dimension: number;
  readonly width: Width;
}

/** Bytes of a block. */
export const spinorBytes = (l: SpinorLayout) => 2 * l.components * l.width.lanes * l.width.bytes;

/** Names the layout; part of the key of every module generated for it. */
export const spinorKey = (l: SpinorLayout) => `${l.components}c/${l.dimension}d/${l.width.bytes}x${l.width.lanes}`;

/**
 * Vectors at the neighbours of a block, as the block sees them. A place is (block << bits) | mask: lane l of the place is
 * lane (l xor mask) of that block; bits is 2 for four lanes and 1 otherwise.
 */
export class SpinorWalker {
  private readonly k: Body;
  private readonly layout: SpinorLayout;
  private readonly neighbours: Int;
  private readonly bits: number;
  private readonly copies: readonly FunctionRef[];
  /** @param run components copied at a seam; all of them where left out. */
  constructor(m: ModuleBuilder, k: Body, layout: SpinorLayout, neighbours: Int, run = layout.components) {
    const { lanes } = layout.width;
    this.k = k;
    this.layout = layout;
    this.neighbours = neighbours;
    this.bits = lanes === 4 ? 2 : 1;
    this.copies = Array.from({ length: lanes - 1 }, (_, i) => permutedCopy(m, run, i + 1));
  }

  /** The place one step from a block: slot 2 mu forwards, 2 mu + 1 backwards. */
  neighbour(block: Int, slot: number | Int): Int {
    const row = this.neighbours.add(block.mul(8 * this.layout.dimension));
    return this.k.let(this.k.loadInt(row.add(Int.of(slot).mul(4)), 0));
  }

  /**
   * Where the vector of a place is read; across a seam it is a copy in `slot`. `from`: bytes into
   * the vector, where only a run of its components is read.
   */
  vector(field: Int, place: Int, slot: Int, from?: Int): Int {
    const { k, copies } = this;
    const begin = field.add(place.shr(this.bits).mul(spinorBytes(this.layout)));
    const pointer = k.let(from ? begin.add(from) : begin);
    if (copies.length === 0) return pointer;
    const mask = place.and(copies.length);
    k.if(mask, () => {
      if (copies.length === 1) k.call(copies[0]!, slot, pointer);
      else copies.forEach((copy, i) => k.if(mask.eq(i + 1), () => k.call(copy, slot, pointer)));
      k.set(pointer, slot);
    });
    return pointer;
  }
}

/** copy(out, vector) with lane l taken from lane (l xor mask). */
function permutedCopy(m: ModuleBuilder, components: number, mask: number): FunctionRef {
  return m.helper(`permuted${components}xor${mask}`, ["i32", "i32"] as const, (k, out, from) => {
    const store = (to: Int, at: Int, o: number) => k.storeSwapped(to, o, k.load(at, o), mask as 1 | 2 | 3);
    if (components <= 16) for (let i = 0; i < 2 * components; i++) store(out, from, i * k.vecBytes);
    else
      k.for(0, 2 * components, (i) => store(k.let(out.add(i.mul(k.vecBytes))), k.let(from.add(i.mul(k.vecBytes))), 0));
  });
}
