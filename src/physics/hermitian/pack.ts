import { type Int, ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { BLOCK_BYTES } from "./layout.ts";

/**
 * `pack(largest, packed, from, factor)`: the lower triangle of a dense matrix of n rows, row-major, (re, im), times the
 * factor, into the blocks of layout.ts; and the largest |re| or |im| before that (not a number, where one is not).
 */
export function packModule(n: number): ModuleIr {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  m.kernel("pack", ["i32", "i32", "i32", "f64"] as const, (k, { begin, end }, largest, packed, from, factor) =>
    k.for(begin, end, () => {
      const most = k.let(Vec.of(0));
      k.for(0, n, (row) => {
        const half = k.let(row.shr(1));
        const first = k.let(packed.add(half.mul(half.add(1)).mul(BLOCK_BYTES / 2)));
        const odd = k.let(row.and(1));
        const source = k.let(from.add(row.mul(16 * n)));
        const element = (column: Int, offset: number) => {
          const value = k.let(k.load(source.add(column.shl(4)), offset));
          k.set(most, most.max(value.abs()));
          return k.let(value.mul(factor));
        };
        const place = (column: Int) => first.add(column.shr(1).mul(BLOCK_BYTES)).add(column.and(1).shl(3));
        k.for(0, row, (column) => {
          const to = k.let(place(column).add(odd.shl(5)));
          k.store(to, 0, element(column, 0));
          k.store(to, 16, element(column, 8));
        });
        const diagonal = k.let(place(row).add(odd.shl(5)));
        k.store(diagonal, 0, element(row, 0));
        k.store(diagonal, 16, 0);
        // the block on the diagonal holds the element above it too
        k.if(odd, () => {
          const block = k.let(first.add(half.mul(BLOCK_BYTES)));
          k.store(block, 8, k.load(block, 32));
          k.store(block, 24, k.load(block, 48).neg());
        });
      });
      k.store(largest, 0, most);
    }),
  );
  return m.finish();
}
