import { at, type Matrix } from "../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, Int, type ModuleBuilder } from "../../kernels/builder.ts";
import type { Width } from "../../kernels/ir.ts";
import type { Group } from "../group.ts";

/**
 * How links and momenta of a block lie in memory:
 * links    [block][mu][row][column][re, im][lane]
 * momenta  [block][mu][a][lane], the coordinates p_a of P = (i/2) sum_a p_a lambda_a.
 * U(1) is N = 1 with one coordinate and lambda = 2, so that U = e^(i theta) and dtheta/dtau = p.
 */
export interface LinkLayout {
  readonly group: Group;
  readonly dimension: number;
  readonly width: Width;
}

export const vecBytes = (l: LinkLayout) => l.width.lanes * l.width.bytes;
export const linkBytes = (l: LinkLayout) => 2 * l.group.n ** 2 * vecBytes(l);
export const blockBytes = (l: LinkLayout) => l.dimension * linkBytes(l);
export const momentumBytes = (l: LinkLayout) => l.group.generators * vecBytes(l);
export const momentumBlockBytes = (l: LinkLayout) => l.dimension * momentumBytes(l);

/** Names the layout; part of the key of every module generated for it. */
export const layoutKey = (l: LinkLayout) => `${l.group.name}/${l.dimension}d/${l.width.bytes}x${l.width.lanes}`;

/**
 * A place on the lattice while a kernel walks: (block << 1) | swap, where swap says that lane 0 stands on the site of
 * lane 1 of that block.
 */
export class Walker {
  private readonly k: Body;
  private readonly layout: LinkLayout;
  private readonly neighbours: Int;
  private readonly swapCopy: FunctionRef | undefined;
  constructor(m: ModuleBuilder, k: Body, layout: LinkLayout, neighbours: Int) {
    this.k = k;
    this.layout = layout;
    this.neighbours = neighbours;
    this.swapCopy = layout.width.lanes > 1 ? swapCopyFunction(m, layout.group.n) : undefined;
  }

  /** The place of a block itself. */
  start(block: Int): Int {
    return this.k.let(block.shl(1));
  }

  /** One step in direction mu (0-based; may be a run-time number), forwards or backwards. */
  step(place: Int, mu: number | Int, forwards: boolean): Int {
    const { k } = this;
    const row = this.neighbours.add(place.shr(1).mul(8 * this.layout.dimension));
    const slot = Int.of(mu)
      .mul(8)
      .add(forwards ? 0 : 4);
    const entry = k.loadInt(row.add(slot), 0);
    return k.let(this.swapCopy ? entry.xor(place.and(1)) : entry);
  }

  /**
   * The link U_mu there. Across the seam its lanes are swapped by a copy into `slot` (linkBytes of scratch), so that
   * everything else reads links as if there were no seam.
   */
  link(field: Int, place: Int, mu: number | Int, slot: Int): Matrix {
    const { layout } = this;
    const base = field.add(place.shr(1).mul(blockBytes(layout)));
    return at(this.seen(base.add(Int.of(mu).mul(linkBytes(layout))), place, slot));
  }

  /** The matrix at `matrix`, of the block of a place, as seen from there: across the seam a copy in `slot`. */
  seen(matrix: Int, place: Int, slot: Int): Int {
    const { k, swapCopy } = this;
    const pointer = k.let(matrix);
    if (swapCopy)
      k.if(place.and(1), () => {
        k.call(swapCopy, slot, pointer);
        k.set(pointer, slot);
      });
    return pointer;
  }
}

/** copy(out, matrix) with the lanes reversed. */
function swapCopyFunction(m: ModuleBuilder, n: number): FunctionRef {
  return m.helper(`swapCopy${n}`, ["i32", "i32"] as const, (k, out, matrix) => {
    for (let i = 0; i < 2 * n * n; i++) k.storeSwapped(out, i * k.vecBytes, k.load(matrix, i * k.vecBytes));
  });
}
