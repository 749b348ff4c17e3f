import { exp } from "../../../kernels/algebra/elementary.ts";
import { type Body, Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import { alongAxis, clusterCouplings, drawAxis } from "../cluster/axis.ts";
import { type BondPlace, forBonds, projection, reflect, uniformsOf } from "../cluster/bonds.ts";
import { couplingTable, type FieldShape, shapeKey, shapeOf } from "../local/couplings.ts";
import type { SpinMove, SpinSource } from "../spin-move.ts";

export interface SwendsenWangOptions {
  /** Decompositions of the whole lattice a move, default 1. */
  readonly sweeps?: number;
  /** Appended to the purposes of its random numbers. */
  readonly label?: string;
}

/**
 * Updates of all clusters at once (R. H. Swendsen, J.-S. Wang, Phys. Rev. Lett. 58 (1987) 86): bonds between pairs of any
 * distance and sign cut the lattice into clusters, each of which is reflected with probability 1/2 or, in an external field,
 * by its heat bath, 1/(1 + exp(2 (h.r) sum_i S_i.r)). XY and O(3) spins are reflected along a random direction r. Proposals
 * are clusters.
 *
 * Throws a TypeError where the action is more than pairs and a field.
 */
export function makeSwendsenWang(
  space: SpinSpace,
  source: SpinSource,
  { sweeps = 1, label = "" }: SwendsenWangOptions = {},
): SpinMove {
  if (!(Number.isInteger(sweeps) && sweeps >= 1))
    throw new RangeError(`swendsen-wang: ${sweeps} sweeps a move; give a whole number, 1 or more`);
  const couplings = clusterCouplings(source, "swendsen-wang");
  const { device, volume } = space.lattice;
  const table = couplingTable(space, couplings().shells.length);
  const parents = device.heap.allocate(4 * volume);
  const sums = device.heap.allocate(8 * volume);
  return {
    reversible: true,
    move(state, rng) {
      const now = couplings();
      const shape = shapeOf(space, now);
      const { decompose } = device.kernels<"decompose">(`spins/swendsen-wang/${shapeKey(shape)}`, () =>
        decomposeModule(shape),
      );
      table.write(now);
      const key = rng.key(`swendsen-wang bonds${label}`);
      let [proposals, accepted] = [0, 0];
      for (let sweep = 0; sweep < sweeps; sweep++) {
        const axis = drawAxis(space, rng.at(`swendsen-wang${label}`, state.step, sweep));
        const own = [state.field.address, table.address, parents, sums, volume, ...key, state.step, sweep];
        const found = device.sum(decompose, 1, 2, 1, ...own, ...axis, alongAxis(now, axis));
        proposals += found[0]!;
        accepted += found[1]!;
      }
      return { proposals, accepted };
    },
  };
}

const INTEGERS = 10;

/**
 * Kernel decompose: one sweep. Clusters are trees in `parents`, whose root is their first site. Bonds draw from sub-stream
 * 2 sweep, decisions from 2 sweep + 1. Partial sums: clusters, and those reflected.
 */
function decomposeModule(shape: FieldShape) {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  const types = [...Array<"i32">(INTEGERS).fill("i32"), ...Array<"f64">(4).fill("f64")];
  m.kernel("decompose", types, (k, { scratch }, ...all) => {
    const [partials, spins, table, parents, sums, volume, k0, k1, step, sweep] = all.slice(0, INTEGERS) as Tuple;
    const [rx, ry, rz, field] = all.slice(INTEGERS).map((x) => k.let(x as Vec)) as [Vec, Vec, Vec, Vec];
    const axis = [rx, ry, rz].slice(0, shape.components);
    const key: [Int, Int] = [k0, k1];
    const work = k.let(scratch.add(8));
    const part = k.let(sweep.shl(1));
    const place: BondPlace = { shape, table, spins, axis, key, step, part, work };
    const parent = (site: Int) => parents.add(site.shl(2));
    k.for(0, volume, (site) => {
      k.storeInt(parent(site), 0, site);
      k.store(sums.add(site.shl(3)), 0, 0);
    });
    k.storeInt(scratch, 0, Int.of(0));
    const uniforms = uniformsOf(k, place, scratch);
    k.for(0, volume, (site) => {
      forBonds(
        k,
        place,
        uniforms,
        site,
        (other) => site.lt(other),
        (other) => unite(k, parents, site, other),
      );
    });
    k.for(0, volume, (site) => {
      const root = rootOf(k, parents, site);
      k.storeInt(parent(site), 0, root);
      const sum = k.let(sums.add(root.shl(3)));
      k.store(sum, 0, k.load(sum).add(projection(k, place, site)));
    });
    const [clusters, reflected] = [k.let(Vec.of(0)), k.let(Vec.of(0))];
    k.for(0, volume, (site) => {
      const root = k.let(k.loadInt(parent(site)));
      const decided = k.let(sums.add(root.shl(3)));
      // a root comes before the others of its cluster, and leaves 1 or 0 in the place of the sum
      k.if(root.eq(site), () => {
        k.storeInt(scratch, 0, site);
        k.philox(key, Int.of(0), scratch, step, k.let(part.add(1)), work);
        const odds = exp(k, field.mul(k.load(decided)).mul(2)).add(1);
        const taken = k.let(k.load(work).mul(odds).lt(1).select(1, 0));
        k.store(decided, 0, taken);
        k.set(clusters, clusters.add(1));
        k.set(reflected, reflected.add(taken));
      });
      k.if(k.load(decided).gt(0).any(), () => reflect(k, place, site));
    });
    k.store(partials, 0, clusters);
    k.store(partials, 8, reflected);
  });
  return m.finish();
}

type Tuple = [Int, Int, Int, Int, Int, Int, Int, Int, Int, Int];

/** The root of a site; every other parent on the way is lifted to its own parent. */
function rootOf(k: Body, parents: Int, site: Int): Int {
  const here = k.let(site.add(0));
  const up = k.let(k.loadInt(parents.add(here.shl(2))));
  k.repeat(
    () => {
      const above = k.let(k.loadInt(parents.add(up.shl(2))));
      k.storeInt(parents.add(here.shl(2)), 0, above);
      k.set(here, above);
      k.set(up, k.loadInt(parents.add(here.shl(2))));
    },
    () => here.ne(up),
  );
  return here;
}

/** Joins two clusters; the smaller root is that of both. */
function unite(k: Body, parents: Int, site: Int, other: Int): void {
  const [a, b] = [rootOf(k, parents, site), rootOf(k, parents, other)];
  k.if(
    a.lt(b),
    () => k.storeInt(parents.add(b.shl(2)), 0, a),
    () => k.storeInt(parents.add(a.shl(2)), 0, b),
  );
}
