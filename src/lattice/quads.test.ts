import { describe, expect, test } from "vitest";
import { ModuleBuilder } from "../kernels/builder.ts";
import type { Width } from "../kernels/ir.ts";
import { describeKernel } from "../kernels/kernel.contract.ts";
import { openDevice } from "../kernels/node.ts";
import { Lattice } from "./lattice.ts";

const device = openDevice({ workers: 1 });

describe.each([
  [[4, 4], undefined],
  [[4, 4], 1],
  [[8, 4, 4, 2], undefined],
  [[2, 2, 2, 2], undefined],
  [[6, 6, 6, 6], undefined],
  [[12, 4], undefined],
  [[4, 4, 3], undefined],
  [[2, 4, 3], 1],
] as const)("quads of %j, lattice of %s lanes", (extents, lanes) => {
  const lattice = new Lattice(device, extents, lanes);
  const quads = lattice.quads!;

  test("home says where the sites of a block lie", () => {
    const { sites, blocks } = { sites: lattice.geometry.sites, blocks: lattice.blocks };
    const home = device.heap.i32(quads.home, blocks);
    const W = lattice.geometry.lanes;
    for (let b = 0; b < blocks; b++)
      for (let lane = 0; lane < W; lane++) expect(quads.geometry.sites[home[b]! + lane]).toBe(sites[b * W + lane]);
    expect(new Set(home).size).toBe(blocks);
    expect(home.every((entry) => entry % W === 0)).toBe(true);
  });

  test("a colour of the blocks is a colour of the quads", () => {
    if (!lattice.geometry.checkerboard) return;
    const home = device.heap.i32(quads.home, lattice.blocks);
    home.forEach((entry, b) => {
      expect(entry >> 2 < quads.blocks / 2).toBe(b < lattice.blocks / 2);
    });
  });

  test("the tables lie in the heap, and are made once", () => {
    const { neighbours } = quads.geometry;
    expect(quads.blocks).toBe(lattice.volume / 4);
    expect([...device.heap.i32(quads.neighbours, neighbours.length)]).toEqual([...neighbours]);
    expect(quads.width).toEqual({ lanes: 4, bytes: 4 });
    expect(lattice.quads).toBe(quads);
  });
});

test.each([[[2, 2]], [[6, 4]], [[3, 3, 3]], [[8]]])("%j has no quads", (extents) => {
  const lattice = new Lattice(device, extents);
  expect(lattice.quads).toBeUndefined();
  expect(lattice.quads).toBeUndefined();
});

const NUMBERS = 3;
type Reduced = { readonly extents: readonly number[]; readonly lanes: 1 | 2 };

/** narrow(quads, blocks, home): NUMBERS vec a block to their lanes of quads; widen: back. */
function conversions(lanes: 1 | 2) {
  const m = new ModuleBuilder({ lanes, bytes: 8 });
  for (const name of ["narrow", "widen"])
    m.kernel(name, ["i32", "i32", "i32"] as const, (k, { begin, end }, quads, blocks, home) =>
      k.for(begin, end, (b) => {
        const place = k.let(k.loadInt(home.add(b.mul(4))));
        const single = k.let(quads.add(place.shr(2).mul(16 * NUMBERS)).add(place.and(3).mul(4)));
        const block = k.let(blocks.add(b.mul(NUMBERS * k.vecBytes)));
        for (let i = 0; i < NUMBERS; i++)
          if (name === "narrow") k.storeSingle(single, 16 * i, k.load(block, i * k.vecBytes));
          else k.store(block, i * k.vecBytes, k.loadSingle(single, 16 * i));
      }),
    );
  return m.finish();
}

/** sums(out, x, neighbours): of each quad, its numbers plus those of all its neighbours, as arithmetic of float32. */
function neighbourSums(dimension: number) {
  const width: Width = { lanes: 4, bytes: 4 };
  const m = new ModuleBuilder(width);
  m.kernel("sums", ["i32", "i32", "i32"] as const, (k, { begin, end, scratch }, out, x, neighbours) =>
    k.for(begin, end, (q) => {
      const at = k.let(out.add(q.mul(k.vecBytes * NUMBERS)));
      for (let i = 0; i < NUMBERS; i++)
        k.store(at, i * k.vecBytes, k.load(x.add(q.mul(k.vecBytes * NUMBERS)), i * k.vecBytes));
      k.for(0, 2 * dimension, (slot) => {
        const place = k.let(k.loadInt(neighbours.add(q.mul(8 * dimension)).add(slot.mul(4))));
        const from = k.let(x.add(place.shr(2).mul(k.vecBytes * NUMBERS)));
        for (let i = 0; i < NUMBERS; i++) {
          k.store(scratch, 0, k.load(from, i * k.vecBytes));
          for (const xor of [1, 2, 3])
            k.if(place.and(3).eq(xor), () => k.storeSwapped(scratch, 0, k.load(from, i * k.vecBytes), xor));
          k.store(at, i * k.vecBytes, k.load(at, i * k.vecBytes).add(k.load(scratch)));
        }
      });
    }),
  );
  return m.finish();
}

/** Number i of a site: all sums of them are exact in float32. */
const value = (site: number, i: number) => (site * 37 + i * 11) % 1021;

describeKernel<Reduced>("a walk over quads", {
  shapes: [
    { extents: [4, 4], lanes: 2 },
    { extents: [8, 4, 4, 2], lanes: 2 },
    { extents: [6, 6, 6, 6], lanes: 2 },
    { extents: [4, 4, 3], lanes: 1 },
  ],
  run(on, { extents, lanes }) {
    const lattice = new Lattice(on, extents, lanes);
    const { heap } = on;
    const quads = lattice.quads!;
    const { sites, dimension, volume } = lattice.geometry;
    const index = (place: number, i: number) => (Math.floor(place / lanes) * NUMBERS + i) * lanes + (place % lanes);
    const blocks = heap.allocate(8 * NUMBERS * volume);
    const [x, y] = [heap.allocate(4 * NUMBERS * volume), heap.allocate(4 * NUMBERS * volume)];
    const numbers = heap.f64(blocks, NUMBERS * volume);
    sites.forEach((site, place) => {
      for (let i = 0; i < NUMBERS; i++) numbers[index(place, i)] = value(site, i);
    });
    const convert = on.kernels<"narrow" | "widen">(`quads.test/${lanes}`, () => conversions(lanes));
    const { sums } = on.kernels<"sums">(`quads.test/sums/${dimension}`, () => neighbourSums(dimension));
    on.run(convert.narrow, lattice.blocks, x, blocks, quads.home);
    on.run(sums, quads.blocks, y, x, quads.neighbours);
    on.run(convert.widen, lattice.blocks, y, blocks, quads.home);
    const found = new Float64Array(NUMBERS * volume);
    const after = heap.f64(blocks, NUMBERS * volume);
    sites.forEach((site, place) => {
      for (let i = 0; i < NUMBERS; i++) found[site * NUMBERS + i] = after[index(place, i)]!;
    });
    return found;
  },
  reference({ extents }) {
    const volume = extents.reduce((a, b) => a * b, 1);
    return Array.from({ length: volume }, (_, site) =>
      Array.from({ length: NUMBERS }, (_, i) => {
        let sum = value(site, i);
        let stride = 1;
        for (const n of extents) {
          const c = Math.floor(site / stride) % n;
          sum += value(site + (c === n - 1 ? 1 - n : 1) * stride, i) + value(site + (c === 0 ? n - 1 : -1) * stride, i);
          stride *= n;
        }
        return sum;
      }),
    ).flat();
  },
  tolerance: () => 0.25,
});
