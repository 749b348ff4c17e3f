import { exp } from "../../../kernels/algebra/elementary.ts";
import { Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import { shellsOf } from "../../../lattice/shells.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import { alongAxis, clusterCouplings, drawAxis } from "../cluster/axis.ts";
import { type BondPlace, forBonds, projection, reflect, uniformsOf } from "../cluster/bonds.ts";
import { couplingTable, type FieldShape, forShell, SHELL, shapeKey, shapeOf } from "../local/couplings.ts";
import type { SpinMove, SpinSource } from "../spin-move.ts";

export interface BoundedWolffOptions {
  /** Clusters a move. */
  readonly clusters: number;
  /** Largest distance of a spin of the cluster from its first, over the shortest way round. */
  readonly reach: number;
}

/**
 * Wolff clusters that end at a distance from their first site (J. Liu, Y. Qi, Z. Y. Meng, L. Fu, Phys. Rev. B 95 (2017) 041101
 * restrict them so, because S - S_eff, and with it the rejection of whole clusters, grows with their size).
 *
 * Inside that region the cluster grows as Wolff's, so that reflecting it is balanced but for the bonds that lead out of the region;
 * these decide by Metropolis, min(1, exp(-dS_out)), dS_out = 2 sum_(i in cluster, j outside) K_ij (S_i.r)(S_j.r). The
 * region depends on the first site alone, which is drawn uniformly, so every move keeps detailed balance with respect to exp(-S).
 *
 * Throws a TypeError where the action is more than pairs and a field, a RangeError for a reach of less than one neighbour.
 */
export function makeBoundedWolff(space: SpinSpace, source: SpinSource, options: BoundedWolffOptions): SpinMove {
  const { clusters, reach } = options;
  const { device, volume, extents } = space.lattice;
  const shells = shellsOf(extents).filter(({ r2 }) => r2 <= reach ** 2);
  if (shells.length < 2)
    throw new RangeError(`wolff: reach ${reach} leaves a cluster no neighbour; give 1 or more, a distance in sites`);
  const couplings = clusterCouplings(source, "wolff");
  const table = couplingTable(space, couplings().shells.length);
  const [marks, inside, members] = [0, 0, 0].map(() => device.heap.allocate(4 * volume)) as [number, number, number];
  let stamp = 0;
  const fresh = () => {
    if (stamp >= LAST_STAMP) {
      for (const list of [marks, inside]) device.heap.i32(list, volume).fill(0);
      stamp = 0;
    }
    return (stamp += 1);
  };
  const markRegion = (root: number, now: number) => {
    const region = device.heap.i32(inside, volume);
    for (const { sites, coordination } of shells)
      for (let k = root * coordination; k < (root + 1) * coordination; k++) region[sites[k]!] = now;
  };
  return {
    reversible: true,
    move(state, rng) {
      const now = couplings();
      const shape = shapeOf(space, now);
      const { grow } = device.kernels<"grow">(`spins/wolff/bounded/${shapeKey(shape)}`, () => growModule(shape));
      table.write(now);
      const key = rng.key("wolff bonds");
      let accepted = 0;
      for (let cluster = 0; cluster < clusters; cluster++) {
        const stream = rng.at("wolff", state.step, cluster);
        const root = stream.below(volume);
        const axis = drawAxis(space, stream);
        const own = fresh();
        markRegion(root, own);
        const where = [state.field.address, table.address, marks, inside, members, own, root];
        const numbers = [...key, state.step, cluster, ...axis, alongAxis(now, axis), stream.uniform()];
        accepted += device.sum(grow, 1, 1, 1, ...where, ...numbers)[0]!;
      }
      return { proposals: clusters, accepted };
    },
  };
}

const LAST_STAMP = 2 ** 31 - 1;

const INTEGERS = 12;

/**
 * Kernel grow: the cluster of `root` inside its region, reflected along the axis where the field and the bonds out of the region
 * let it. Marks are equal to `stamp` in the cluster and in the region. Partial sum: 1 where it was reflected.
 */
function growModule(shape: FieldShape) {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  const types = [...Array<"i32">(INTEGERS).fill("i32"), ...Array<"f64">(5).fill("f64")];
  m.kernel("grow", types, (k, { scratch }, ...all) => {
    const [partials, spins, table, marks, inside, members, stamp, root, k0, k1, step, part] = all.slice(
      0,
      INTEGERS,
    ) as Tuple;
    const [rx, ry, rz, field, decision] = all.slice(INTEGERS).map((x) => k.let(x as Vec)) as [Vec, Vec, Vec, Vec, Vec];
    const axis = [rx, ry, rz].slice(0, shape.components);
    const place: BondPlace = { shape, table, spins, axis, key: [k0, k1], step, part, work: k.let(scratch.add(8)) };
    k.storeInt(scratch, 0, Int.of(0));
    const uniforms = uniformsOf(k, place, scratch);
    const has = (list: Int, site: Int) => k.loadInt(list.add(site.shl(2))).eq(stamp);
    const size = k.let(Int.of(0));
    const join = (site: Int) => {
      k.storeInt(marks.add(site.shl(2)), 0, stamp);
      k.storeInt(members.add(size.shl(2)), 0, site);
      k.set(size, size.add(1));
    };
    join(root);
    // what reflecting the cluster adds to S by the field and over the border of the region
    const cost = k.let(Vec.of(0));
    const next = k.let(Int.of(0));
    k.repeat(
      () => {
        const site = k.let(k.loadInt(members.add(next.shl(2))));
        const free = (other: Int) => has(inside, other).and(has(marks, other).eq(0));
        forBonds(k, place, uniforms, site, free, join);
        const here = projection(k, place, site);
        k.set(cost, cost.plus(here.mul(2), field));
        for (let n = 0; n < shape.shells.length; n++) {
          const strength = k.let(
            k
              .load(table, SHELL.bytes * n)
              .mul(here)
              .mul(2),
          );
          forShell(k, shape, table, site, n, (other) =>
            k.if(has(inside, other).eq(0), () => k.set(cost, cost.plus(strength, projection(k, place, other)))),
          );
        }
        k.set(next, next.add(1));
      },
      () => next.lt(size),
    );
    const taken = k.let(decision.lt(exp(k, cost.neg())));
    k.if(taken.any(), () => k.for(0, size, (i) => reflect(k, place, k.let(k.loadInt(members.add(i.shl(2)))))));
    k.store(partials, 0, taken.select(1, 0));
  });
  return m.finish();
}

type Tuple = [Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int];
