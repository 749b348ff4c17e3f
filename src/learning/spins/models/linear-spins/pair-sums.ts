import { type Body, type Int, ModuleBuilder, Vec } from "../../../../kernels/builder.ts";
import type { Kernels } from "../../../../kernels/device.ts";
import { firstShells, shellTable } from "../../../../lattice/shells.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";

/** C_n = sum_<ij>_n S_i.S_j, every unordered pair of distinct sites at distance n once, n = 1 to `shells`. */
export class PairSums {
  readonly space: SpinSpace;
  readonly shells: number;
  private readonly kernels: Kernels<"sums" | "derivative">;
  /** A line a shell: address of its list of pairs, their number, address of its table of neighbours. */
  private readonly lists: number;
  private readonly weights: number;

  /** Throws a RangeError where the lattice has fewer shells. */
  constructor(space: SpinSpace, shells: number, what: string) {
    const { lattice, components } = space;
    const tables = firstShells(lattice.extents, shells, what);
    this.space = space;
    this.shells = shells;
    const lines = tables.flatMap(({ coordination, sites }, n) => {
      // byte offsets of both spins, one pair after the other
      const pairs = lattice.list(`pairs of shell ${n + 1}, ${components} components`, () =>
        [...sites].flatMap((j, at) => {
          const i = Math.floor(at / coordination);
          return i < j ? [8 * components * i, 8 * components * j] : [];
        }),
      );
      return [pairs.address, pairs.length / 2, shellTable(lattice, n + 1)];
    });
    this.lists = lattice.list(`pairs of ${shells} shells, ${components} components`, () => lines).address;
    this.weights = lattice.device.heap.allocate(8 * shells);
    const coordinations = tables.map(({ coordination }) => coordination);
    this.kernels = lattice.device.kernels(`pair-sums/${lattice.extents.join("x")}/${components}/${shells}`, () =>
      module(space, coordinations),
    );
  }

  /** Sums of `count` configurations that lie one after the other at `spins`, to [n - 1 + shells b] at the address `out`. */
  write(spins: number, count: number, out: number): void {
    const { device } = this.space.lattice;
    device.run(this.kernels.sums, count, spins, out, this.lists);
  }

  /** gradient_i += sum_n weights_(n-1) dC_n/dS_i, for one configuration; both are addresses of spin fields. */
  addDerivative(spins: number, weights: Float64Array, gradient: number): void {
    const { device, volume } = this.space.lattice;
    device.heap.f64(this.weights, this.shells).set(weights);
    device.run(this.kernels.derivative, volume, spins, this.weights, gradient, this.lists);
  }
}

/** Lane by lane nothing can be gained here: the sites of a pair lie anywhere. */
function module({ components, length }: SpinSpace, coordinations: readonly number[]) {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  m.kernel("sums", ["i32", "i32", "i32"] as const, (k, { begin, end }, spins, out, lists) => {
    k.for(begin, end, (b) => {
      const at = k.let(spins.add(b.mul(8 * length)));
      const to = k.let(out.add(b.mul(8 * coordinations.length)));
      coordinations.forEach((_, n) => {
        k.store(to, 8 * n, pairSum(k, at, k.loadInt(lists, 12 * n), k.loadInt(lists, 12 * n + 4), components));
      });
    });
  });
  m.kernel(
    "derivative",
    ["i32", "i32", "i32", "i32"] as const,
    (k, { begin, end }, spins, weights, gradient, lists) => {
      k.for(begin, end, (site) => {
        const to = k.let(gradient.add(site.mul(8 * components)));
        const sums = Array.from({ length: components }, (_, a) => k.let(k.load(to, 8 * a)));
        coordinations.forEach((coordination, n) => {
          const weight = k.let(k.load(weights, 8 * n));
          const from = k.let(k.loadInt(lists, 12 * n + 8).add(site.mul(4 * coordination)));
          k.for(0, coordination, (c) => {
            const at = k.let(spins.add(k.loadInt(from.add(c.shl(2))).mul(8 * components)));
            for (const [a, sum] of sums.entries()) k.set(sum, sum.plus(weight, k.load(at, 8 * a)));
          });
        });
        for (const [a, sum] of sums.entries()) k.store(to, 8 * a, sum);
      });
    },
  );
  return m.finish();
}

function pairSum(k: Body, spins: Int, pairs: Int, count: Int, components: number): Vec {
  const sum = k.let(Vec.of(0));
  const [first, end] = [k.let(pairs), k.let(count)];
  k.for(0, end, (p) => {
    const at = k.let(first.add(p.shl(3)));
    const [i, j] = [k.let(spins.add(k.loadInt(at))), k.let(spins.add(k.loadInt(at, 4)))];
    for (let a = 0; a < components; a++) k.set(sum, sum.plus(k.load(i, 8 * a), k.load(j, 8 * a)));
  });
  return sum;
}
