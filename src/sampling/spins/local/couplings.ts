import { type Body, type Int, Vec } from "../../../kernels/builder.ts";
import { shellsOf, shellTable } from "../../../lattice/shells.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import { squaresOf } from "../../../lattice/squares.ts";
import type { SpinCouplings } from "../../../physics/spins/spin-action.ts";

/**
 * What the code of a local field depends on: numbers a spin, sites of every shell, and squares a site (0: without them, for
 * they cost most of the time where they are not needed).
 */
export interface FieldShape {
  readonly components: 1 | 2 | 3;
  readonly shells: readonly number[];
  readonly squares: number;
}

export const shapeKey = ({ components, shells, squares }: FieldShape): string =>
  `${components}/${shells.join(",")}/${squares}`;

/** The shape that these couplings need on this lattice. */
export function shapeOf(space: SpinSpace, { shells, square }: SpinCouplings): FieldShape {
  const { extents } = space.lattice;
  const all = shellsOf(extents);
  if (shells.length > all.length - 1)
    throw new RangeError(
      `couplings of ${shells.length} shells on a lattice [${extents.join(", ")}], which has ${all.length - 1}`,
    );
  return {
    components: space.components,
    shells: Array.from(shells, (_, n) => all[n + 1]!.coordination),
    squares: square === 0 ? 0 : squaresOf(extents).perSite,
  };
}

/** Bytes of a shell in the table, and where in them stand the address of its sites (i32) and 1 - exp(-2 |K|) (f64); K is first. */
export const SHELL = { bytes: 24, sites: 8, probability: 16 } as const;

/** Couplings in the heap, where kernels read them. */
export interface CouplingTable {
  readonly address: number;
  write(couplings: SpinCouplings): void;
}

/**
 * K_n, sites of shell n, 1 - exp(-2 |K_n|) for every shell up to `most`, then h (three f64), K_sq (f64), address of the squares (i32).
 * Throws a TypeError for squares of spins other than Ising ones.
 */
export function couplingTable(space: SpinSpace, most: number): CouplingTable {
  const { lattice } = space;
  const { heap } = lattice.device;
  const sites = Array.from({ length: most }, (_, n) => shellTable(lattice, n + 1));
  const address = heap.allocate(SHELL.bytes * most + 40);
  let squares = 0;
  return {
    address,
    write({ shells, square, field }) {
      if (square !== 0 && squares === 0)
        squares = lattice.list("squares", () => Array.from(squaresOf(lattice.extents).corners)).address;
      const numbers = heap.f64(address, 3 * most + 5);
      const integers = heap.i32(address, 6 * most + 10);
      for (let n = 0; n < most; n++) {
        const strength = shells[n] ?? 0;
        numbers[3 * n] = strength;
        integers[6 * n + 2] = sites[n]!;
        numbers[3 * n + 2] = -Math.expm1(-2 * Math.abs(strength));
      }
      for (let a = 0; a < 3; a++) numbers[3 * most + a] = field[a] ?? 0;
      numbers[3 * most + 3] = square;
      integers[6 * most + 8] = squares;
    },
  };
}

/** Longest shell whose sites are written out one by one. */
const UNROLLED = 8;

/** Emits the sites of shell n round `site`, one after another. */
export function forShell(
  k: Body,
  { shells }: FieldShape,
  table: Int,
  site: Int,
  n: number,
  emit: (other: Int) => void,
): void {
  const coordination = shells[n]!;
  const row = k.let(k.loadInt(table, SHELL.bytes * n + SHELL.sites).add(site.mul(4 * coordination)));
  if (coordination <= UNROLLED) for (let j = 0; j < coordination; j++) emit(k.let(k.loadInt(row, 4 * j)));
  else k.for(0, coordination, (j) => emit(k.let(k.loadInt(row.add(j.shl(2))))));
}

/**
 * Emits h_i = -dS/dS_i = sum_n K_n sum_(j in shell n of i) S_j + h + K_sq sum_sq S S S, the field in which the spin at
 * `site` stands: S = -S_i.h_i + (what does not depend on S_i). One lane.
 */
export function localField(k: Body, shape: FieldShape, table: Int, spins: Int, site: Int): Vec[] {
  const { components, shells, squares } = shape;
  const parts = Array.from({ length: components }, (_, a) => a);
  const rest = SHELL.bytes * shells.length;
  const total = parts.map((a) => k.let(k.load(table, rest + 8 * a)));
  shells.forEach((_, n) => {
    const sums = parts.map(() => k.let(Vec.of(0)));
    forShell(k, shape, table, site, n, (other) => {
      const spin = k.let(spins.add(other.mul(8 * components)));
      for (const a of parts) k.set(sums[a]!, sums[a]!.add(k.load(spin, 8 * a)));
    });
    const strength = k.let(k.load(table, SHELL.bytes * n));
    for (const a of parts) k.set(total[a]!, total[a]!.plus(strength, sums[a]!));
  });
  if (squares > 0) {
    const row = k.let(k.loadInt(table, rest + 32).add(site.mul(12 * squares)));
    const sum = k.let(Vec.of(0));
    k.for(0, squares, (q) => {
      const corners = k.let(row.add(q.mul(12)));
      const [x, y, z] = [0, 4, 8].map((o) => k.load(spins.add(k.loadInt(corners, o).shl(3)))) as [Vec, Vec, Vec];
      k.set(sum, sum.add(x.mul(y).mul(z)));
    });
    k.set(total[0]!, total[0]!.plus(k.load(table, rest + 24), sum));
  }
  return total;
}
