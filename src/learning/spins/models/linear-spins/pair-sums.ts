import { ModuleBuilder, Vec } from "../../../../kernels/builder.ts";
import type { Kernels } from "../../../../kernels/device.ts";
import type { ModuleIr } from "../../../../kernels/ir.ts";
import { firstShells } from "../../../../lattice/shells.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";

/**
 * C_n = sum_<ij>_n S_i.S_j of many configurations at once, every unordered pair of distinct sites at distance n once,
 * n = 1 to `shells`.
 */
export class PairSums {
  readonly space: SpinSpace;
  readonly shells: number;
  private readonly kernels: Kernels<"sums">;
  /** A line a shell: address of its list of pairs, their number. */
  private readonly lists: number;

  /** Throws a RangeError where the lattice has fewer shells. */
  constructor(space: SpinSpace, shells: number, what: string) {
    const { lattice, components } = space;
    const lines = firstShells(lattice.extents, shells, what).flatMap(({ coordination, sites }, n) => {
      // byte offsets of both spins, one pair after the other
      const pairs = lattice.list(`pairs of shell ${n + 1}, ${components} components`, () =>
        [...sites].flatMap((j, at) => {
          const i = Math.floor(at / coordination);
          return i < j ? [8 * components * i, 8 * components * j] : [];
        }),
      );
      return [pairs.address, pairs.length / 2];
    });
    this.space = space;
    this.shells = shells;
    this.lists = lattice.list(`pairs of ${shells} shells, ${components} components`, () => lines).address;
    this.kernels = lattice.device.kernels(`pair sums/${components}`, () => sumsModule(components));
  }

  /** Sums of `count` configurations that lie one after the other at `spins`, to [n - 1 + shells b] at the address `out`. */
  write(spins: number, count: number, out: number): void {
    const { device } = this.space.lattice;
    device.run(this.kernels.sums, count, spins, 8 * this.space.length, out, this.lists, this.shells);
  }
}

/** Items are configurations. One lane: the sites of a pair lie anywhere. */
function sumsModule(components: number): ModuleIr {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  const types = ["i32", "i32", "i32", "i32", "i32"] as const;
  m.kernel("sums", types, (k, { begin, end }, spins, bytes, out, lists, shells) => {
    k.for(begin, end, (b) => {
      const at = k.let(spins.add(b.mul(bytes)));
      k.for(0, shells, (n) => {
        const list = k.let(lists.add(n.shl(3)));
        const [first, count] = [k.let(k.loadInt(list)), k.let(k.loadInt(list, 4))];
        const sum = k.let(Vec.of(0));
        k.for(0, count, (p) => {
          const pair = k.let(first.add(p.shl(3)));
          const [i, j] = [k.let(at.add(k.loadInt(pair))), k.let(at.add(k.loadInt(pair, 4)))];
          for (let a = 0; a < components; a++) k.set(sum, sum.plus(k.load(i, 8 * a), k.load(j, 8 * a)));
        });
        k.store(out.add(b.mul(shells).add(n).shl(3)), 0, sum);
      });
    });
  });
  return m.finish();
}
