import { at } from "../../kernels/algebra/matrix.ts";
import { type Int, ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { forCoordinates } from "../../lattice/links/algebra.ts";
import { type LinkLayout, layoutKey, linkBytes, momentumBytes, Walker } from "../../lattice/links/layout.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import { planes, rectangle } from "../loops/families.ts";
import { traceFunction } from "../loops/loop-sum.ts";
import { type Path, rotated } from "../loops/path.ts";
import { pathSum } from "../loops/path-sum.ts";

/**
 * Which loops stand for the field strength in a plane, all from one site and in one orientation:
 * `plaquette` the one in the first quadrant, `clover` the four plaquettes around the site, `rectangle` the eight 2x1
 * rectangles around it.
 */
export type Leaves = "plaquette" | "clover" | "rectangle";

/** Number of leaves k, so that TA(sum of leaves)/(k area) is the field strength. */
export const leafCount: Readonly<Record<Leaves, number>> = { plaquette: 1, clover: 4, rectangle: 8 };

/** The leaves in a plane mu, nu (directions from 0), as closed paths from the site. */
export function leafPaths(leaves: Leaves, mu: number, nu: number): readonly Path[] {
  // the same turn from the other three quadrants: begin where the path leaves the corner that is the site
  const around = (r: number, t: number) => {
    const loop = rectangle(mu, nu, r, t);
    return [0, r, r + t, 2 * r + t].map((corner) => rotated(loop, corner));
  };
  if (leaves === "plaquette") return [rectangle(mu, nu, 1, 1)];
  return leaves === "clover" ? around(1, 1) : [...around(2, 1), ...around(1, 2)];
}

/**
 * Sums over the lattice, with C the sum of the leaves in a plane, F = TA(C), c_a = Im tr(lambda_a C):
 * `dual` = tr[F_01 F_23 - F_02 F_13 + F_03 F_12] (0 unless d = 4), `square` = sum of tr F^2 over the planes,
 * `raw` = sum of Re tr C^2.
 */
export interface FieldStrengthSums {
  readonly dual: number;
  readonly square: number;
  readonly raw: number;
}

export function fieldStrengthSums(space: LinkSpace, address: number, leaves: Leaves): FieldStrengthSums {
  const { lattice, layout, group } = space;
  const { device, blocks, neighbours } = lattice;
  const key = `field-strength/${leaves}/${layoutKey(layout)}`;
  const { strength } = device.kernels<"strength">(key, () => fieldStrengthModule(layout, leaves));
  const [dual, square, raw] = device.sum(strength, blocks, 4, layout.width.lanes, address, neighbours);
  // tr(TA(X) TA(Y)) = -sum_a c_a d_a / 2, for U(1) (lambda = 2) / 4
  const norm = group.special ? -1 / 2 : -1 / 4;
  return { dual: norm * dual!, square: norm * square!, raw: raw! };
}

/** Pairs of planes with the sign of their product in epsilon F F: (01, 23), -(02, 13), (03, 12); else planes alone. */
function planePairs(dimension: number): { planes: readonly (readonly [number, number])[]; sign: 1 | -1 }[] {
  if (dimension !== 4) return planes(dimension).map((plane) => ({ planes: [plane], sign: 1 }));
  return [
    { planes: [[0, 1], [2, 3]], sign: 1 },
    { planes: [[0, 2], [1, 3]], sign: -1 },
    { planes: [[0, 3], [1, 2]], sign: 1 },
  ]; // biome-ignore format: a table
}

/** Kernel strength(partials, u, neighbours): sums of c_a d_a of dual planes, of c_a c_a, and (re, im) of tr C^2. */
function fieldStrengthModule(layout: LinkLayout, leaves: Leaves): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const { group } = layout;
  const size = linkBytes(layout);
  const trace = traceFunction(m, group.n, false);
  const sumOf = (mu: number, nu: number) => {
    const terms = leafPaths(leaves, mu, nu).map((path) => ({ path, weight: 1 }));
    return pathSum(m, layout, `${leaves} ${mu}${nu}`, terms);
  };
  const pairs = planePairs(layout.dimension).map((pair) => ({ ...pair, sums: pair.planes.map((p) => sumOf(...p)) }));
  const most = Math.max(...pairs.flatMap(({ sums }) => sums.map(({ scratchMatrices }) => scratchMatrices)));
  m.kernel("strength", ["i32", "i32", "i32"] as const, (k, { begin, end, scratch, chunk }, partials, u, neighbours) => {
    const walk = new Walker(m, k, layout, neighbours);
    const out = k.let(partials.add(chunk.mul(4 * k.vecBytes)));
    const [dual, square, raw] = [0, 1, 2].map((i) => k.let(out.add(i * k.vecBytes))) as [Int, Int, Int];
    for (let i = 0; i < 4; i++) k.store(out, i * k.vecBytes, 0);
    const c = k.let(scratch.add(most * size));
    const coordinates = [0, 1].map((i) => k.let(c.add(size).add(i * momentumBytes(layout)))) as [Int, Int];
    k.for(begin, end, (block) => {
      const here = walk.start(block);
      for (const { sums, sign } of pairs) {
        sums.forEach((sum, which) => {
          k.call(sum.function, u, neighbours, here, c, scratch);
          k.call(trace, raw, c, c);
          forCoordinates(k, group, at(c), (a, value) => k.store(coordinates[which]!, a * k.vecBytes, value));
          addDot(k, square, coordinates[which]!, coordinates[which]!, 1);
        });
        if (sums.length === 2) addDot(k, dual, ...coordinates, sign);
      }
    });
  });
  return m.finish();

  function addDot(k: Parameters<Parameters<typeof m.helper>[2]>[0], sum: Int, x: Int, y: Int, sign: 1 | -1): void {
    const total = k.let(Vec.of(0));
    k.for(0, group.generators, (a) => {
      const offset = k.let(a.mul(k.vecBytes));
      k.set(total, total.plus(k.load(x.add(offset)), k.load(y.add(offset))));
    });
    k.store(sum, 0, sign > 0 ? k.load(sum).add(total) : k.load(sum).sub(total));
  }
}
