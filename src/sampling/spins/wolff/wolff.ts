import { exp } from "../../../kernels/algebra/elementary.ts";
import { Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import { alongAxis, clusterCouplings, drawAxis } from "../cluster/axis.ts";
import { type BondPlace, forBonds, projection, reflect, uniformsOf } from "../cluster/bonds.ts";
import { couplingTable, type FieldShape, shapeKey, shapeOf } from "../local/couplings.ts";
import type { Moved, SpinMove, SpinSource } from "../spin-move.ts";

export interface WolffOptions {
  /** Clusters a move, default 1. */
  readonly clusters?: number;
  /** Appended to the purposes of its random numbers. */
  readonly label?: string;
}

/** A move that also tells how many spins its clusters had, all together. */
export interface WolffMove extends SpinMove {
  move(...args: Parameters<SpinMove["move"]>): Moved & { readonly spins: number };
}

/**
 * Single-cluster updates (U. Wolff, Phys. Rev. Lett. 62 (1989) 361): a cluster grows from a random site along pairs of any
 * distance and sign, and is reflected. XY and O(3) spins are reflected along a random direction r, with (S_i.r) in the place
 * of signs. In an external field the cluster grows without it, and the field decides by Metropolis. Proposals are clusters.
 *
 * Throws a TypeError where the action is more than pairs and a field.
 */
export function makeWolff(
  space: SpinSpace,
  source: SpinSource,
  { clusters = 1, label = "" }: WolffOptions = {},
): WolffMove {
  if (!(Number.isInteger(clusters) && clusters >= 1))
    throw new RangeError(`wolff: ${clusters} clusters a move; give a whole number, 1 or more`);
  const couplings = clusterCouplings(source, "wolff");
  const { device, volume } = space.lattice;
  const table = couplingTable(space, couplings().shells.length);
  const marks = device.heap.allocate(4 * volume);
  const members = device.heap.allocate(4 * volume);
  let stamp = 0;
  const fresh = () => {
    if (stamp >= LAST_STAMP) {
      device.heap.i32(marks, volume).fill(0);
      stamp = 0;
    }
    return (stamp += 1);
  };
  return {
    reversible: true,
    move(state, rng) {
      const now = couplings();
      const shape = shapeOf(space, now);
      const { grow } = device.kernels<"grow">(`spins/wolff/${shapeKey(shape)}`, () => growModule(shape));
      table.write(now);
      const key = rng.key(`wolff bonds${label}`);
      let [accepted, spins] = [0, 0];
      for (let cluster = 0; cluster < clusters; cluster++) {
        const stream = rng.at(`wolff${label}`, state.step, cluster);
        const root = stream.below(volume);
        const axis = drawAxis(space, stream);
        const own = [state.field.address, table.address, marks, members, fresh(), root, ...key, state.step, cluster];
        const sums = device.sum(grow, 1, 2, 1, ...own, ...axis, alongAxis(now, axis), stream.uniform());
        spins += sums[0]!;
        accepted += sums[1]!;
      }
      return { proposals: clusters, accepted, spins };
    },
  };
}

const LAST_STAMP = 2 ** 31 - 1;

const INTEGERS = 11;

/**
 * Kernel grow: the cluster of `root`, reflected along the axis where the field lets it. Marks are equal to `stamp` in the
 * cluster. Partial sums: spins in the cluster; 1 where it was reflected.
 */
function growModule(shape: FieldShape) {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  const types = [...Array<"i32">(INTEGERS).fill("i32"), ...Array<"f64">(5).fill("f64")];
  m.kernel("grow", types, (k, { scratch }, ...all) => {
    const [partials, spins, table, marks, members, stamp, root, k0, k1, step, cluster] = all.slice(
      0,
      INTEGERS,
    ) as Tuple;
    const [rx, ry, rz, field, decision] = all.slice(INTEGERS).map((x) => k.let(x as Vec)) as [Vec, Vec, Vec, Vec, Vec];
    const axis = [rx, ry, rz].slice(0, shape.components);
    const place: BondPlace = {
      shape,
      table,
      spins,
      axis,
      key: [k0, k1],
      step,
      part: cluster,
      work: k.let(scratch.add(8)),
    };
    k.storeInt(scratch, 0, Int.of(0));
    const uniforms = uniformsOf(k, place, scratch);
    const size = k.let(Int.of(0));
    const total = k.let(Vec.of(0));
    const join = (site: Int) => {
      k.storeInt(marks.add(site.shl(2)), 0, stamp);
      k.storeInt(members.add(size.shl(2)), 0, site);
      k.set(size, size.add(1));
    };
    join(root);
    const next = k.let(Int.of(0));
    k.repeat(
      () => {
        const site = k.let(k.loadInt(members.add(next.shl(2))));
        k.set(total, total.add(projection(k, place, site)));
        forBonds(k, place, uniforms, site, (other) => k.loadInt(marks.add(other.shl(2))).ne(stamp), join);
        k.set(next, next.add(1));
      },
      () => next.lt(size),
    );
    // reflecting the cluster changes S by 2 (h.r) sum_i S_i.r
    const taken = k.let(decision.lt(exp(k, field.mul(total).mul(-2))));
    const count = k.let(Vec.of(0));
    k.for(0, size, (i) => {
      k.if(taken.any(), () => reflect(k, place, k.let(k.loadInt(members.add(i.shl(2))))));
      k.set(count, count.add(1));
    });
    k.store(partials, 0, count);
    k.store(partials, 8, taken.select(1, 0));
  });
  return m.finish();
}

type Tuple = [Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int];
