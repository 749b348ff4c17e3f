import { ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import type { Field } from "../../lattice/field.ts";
import { firstShells, shellTable } from "../../lattice/shells.ts";
import type { SpinSpace } from "../../lattice/spins/spins.ts";

/** A sum over the pairs of one shell. */
export interface PairSum {
  /** Square of the distance. */
  readonly r2: number;
  /** Unordered pairs of distinct sites at that distance. */
  readonly pairs: number;
  /** C_n = sum_<ij>_n S_i.S_j, every unordered pair once. */
  of(s: Field): number;
}

/**
 * The sum over the pairs in shell n = 1, 2, … of a lattice. Throws a RangeError where there are fewer shells.
 * @param what who asks, for the sentence.
 */
export function pairSum(space: SpinSpace, n: number, what: string): PairSum {
  const { lattice, components } = space;
  const { device, volume } = lattice;
  const { r2, coordination } = firstShells(lattice.extents, n, what)[n - 1]!;
  const kernels = device.kernels<"pairs">(`pair sum/${components}`, () => pairKernel(components));
  const table = shellTable(lattice, n);
  return {
    r2,
    pairs: (volume * coordination) / 2,
    of: (s) => device.sum(kernels.pairs, volume, 1, 1, s.address, table, coordination)[0]!,
  };
}

/** pairs(partials, s, table, coordination): half the sum over all sites of S_i.(sum of the spins round it). */
function pairKernel(n: number): ModuleIr {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  m.kernel("pairs", ["i32", "i32", "i32", "i32"] as const, (k, { begin, end, chunk }, out, s, table, coordination) => {
    const total = k.let(Vec.of(0));
    k.for(begin, end, (site) => {
      const around = Array.from({ length: n }, () => k.let(Vec.of(0)));
      const first = k.let(table.add(site.mul(coordination).mul(4)));
      const each = (at: typeof first) => {
        const from = k.let(s.add(k.loadInt(at).mul(8 * n)));
        around.forEach((x, a) => k.set(x, x.add(k.load(from, 8 * a))));
      };
      k.for(first, k.let(first.add(coordination.mul(4))), each, 4);
      const own = k.let(s.add(site.mul(8 * n)));
      around.forEach((x, a) => k.set(total, total.plus(x, k.load(own, 8 * a))));
    });
    k.store(out.add(chunk.mul(8)), 0, total.mul(0.5));
  });
  return m.finish();
}
