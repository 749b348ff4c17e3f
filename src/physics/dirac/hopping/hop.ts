import { type Body, Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { Device, Kernels } from "../../../kernels/device.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import type { Field } from "../../../lattice/field.ts";
import { type SpinorLayout, SpinorWalker, spinorBytes } from "../../../lattice/spinors/layout.ts";
import type { Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";

/** What is done with T x when a block of it is complete. */
type Finish = "hop" | "axpby" | "axpbyNorm" | "axpbyDot";

/** Emits (T x)(n) of a block into the memory at `out`, reading neighbours through `walk` and the block's links at `links`. */
export interface HopBody {
  /** Names the operator T and all it depends on. */
  readonly key: string;
  /** Bytes of a block of gathered links. */
  readonly linkBytes: number;
  emit(parts: {
    readonly m: ModuleBuilder;
    readonly k: Body;
    readonly block: Int;
    readonly x: Int;
    readonly links: Int;
    readonly out: Int;
    readonly walk: SpinorWalker;
    /** Scratch for one vector fetched across a seam. */
    readonly slot: Int;
  }): void;
}

/**
 * The four kernels of a hopping operator T; items are blocks, counted from `first`:
 * hop(out, x, links, neighbours, first): out = T x;
 * axpby(out, x, z, links, neighbours, first, a, b): out = a z + b T x, where z may be out;
 * axpbyNorm, axpbyDot (partials first): the same and sums of |out|^2, of Re z^dagger out.
 */
function hopModule(layout: SpinorLayout, body: HopBody): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const numbers = 2 * layout.components;
  const size = spinorBytes(layout);
  const each = (
    k: Body,
    range: { begin: Int; end: Int; scratch: Int },
    at: { x: Int; links: Int; neighbours: Int; first: Int },
    target: (block: Int) => Int,
    done: (block: Int) => void,
  ) => {
    const walk = new SpinorWalker(m, k, layout, at.neighbours);
    k.for(range.begin, range.end, (item) => {
      const block = k.let(item.add(at.first));
      const links = k.let(at.links.add(block.mul(body.linkBytes)));
      body.emit({ m, k, block, x: at.x, links, out: target(block), walk, slot: range.scratch });
      done(block);
    });
  };
  m.kernel("hop", ["i32", "i32", "i32", "i32", "i32"] as const, (k, range, out, x, links, neighbours, first) =>
    each(
      k,
      range,
      { x, links, neighbours, first },
      (block) => k.let(out.add(block.mul(size))),
      () => {},
    ),
  );
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "f64", "f64"] as const;
  const finish =
    (how: Finish) =>
    (k: Body, range: { begin: Int; end: Int; scratch: Int; chunk: Int }, ...all: unknown[]) => {
      const reduces = how !== "axpby";
      const partials = reduces ? (all.shift() as Int) : Int.of(0);
      const [out, x, z, links, neighbours, first, a, b] = all as [Int, Int, Int, Int, Int, Int, Vec, Vec];
      const acc = k.let(range.scratch.add(size));
      const sum = k.let(Vec.of(0));
      each(
        k,
        range,
        { x, links, neighbours, first },
        () => acc,
        (block) => {
          const offset = k.let(block.mul(size));
          const [to, from] = [k.let(out.add(offset)), k.let(z.add(offset))];
          numbered(k, numbers, (o) => {
            const before = k.let(k.load(from.add(o.pointer), o.offset));
            const value = k.let(before.mul(a).plus(b, k.load(acc.add(o.pointer), o.offset)));
            k.store(to.add(o.pointer), o.offset, value);
            if (reduces) k.set(sum, sum.plus(how === "axpbyDot" ? before : value, value));
          });
        },
      );
      if (reduces) k.store(partials.add(range.chunk.mul(k.vecBytes)), 0, sum);
    };
  m.kernel("axpby", types, finish("axpby") as never);
  m.kernel("axpbyNorm", ["i32", ...types] as const, finish("axpbyNorm") as never);
  m.kernel("axpbyDot", ["i32", ...types] as const, finish("axpbyDot") as never);
  return m.finish();
}

/** Offsets of the numbers of a block: constants for small ones, a loop for large ones. */
function numbered(k: Body, count: number, emit: (o: { pointer: Int; offset: number }) => void): void {
  if (count <= 24) for (let i = 0; i < count; i++) emit({ pointer: Int.of(0), offset: i * k.vecBytes });
  else k.for(0, count, (i) => emit({ pointer: k.let(i.mul(k.vecBytes)), offset: 0 }));
}

/** T on vectors of a space: from the other colour of the checkerboard to `sites`, or on all sites. */
export class Hop {
  private readonly space: SpinorSpace;
  private readonly device: Device;
  private readonly kernels: Kernels<Finish>;
  private readonly links: number;
  private readonly neighbours: number;

  /** @param links address of the gathered links in the lanes of `space`. */
  constructor(space: SpinorSpace, body: HopBody, links: number) {
    this.space = space;
    this.device = space.lattice.device;
    this.kernels = this.device.kernels<Finish>(`hop/${body.key}`, () => hopModule(space.layout, body));
    this.links = links;
    this.neighbours = space.neighbours;
  }

  /** out = T x on `sites`. out is not x. */
  hop(sites: Sites, out: Field, x: Field): void {
    const { device, kernels, links, neighbours, space } = this;
    device.run(kernels.hop, space.count(sites), out.address, x.address, links, neighbours, space.first(sites));
  }
  /** out = a z + b T x on `sites`; z may be out. */
  axpby(sites: Sites, out: Field, a: number, z: Field, b: number, x: Field): void {
    this.device.run(this.kernels.axpby, this.space.count(sites), ...this.args(sites, out, z, x), a, b);
  }
  /** The same; returns out^dagger out. */
  axpbyNorm(sites: Sites, out: Field, a: number, z: Field, b: number, x: Field): number {
    return this.sum("axpbyNorm", sites, this.args(sites, out, z, x), a, b);
  }
  /** The same; returns Re z^dagger out (z as it was before). */
  axpbyDot(sites: Sites, out: Field, a: number, z: Field, b: number, x: Field): number {
    return this.sum("axpbyDot", sites, this.args(sites, out, z, x), a, b);
  }

  private args(sites: Sites, out: Field, z: Field, x: Field): number[] {
    return [out.address, x.address, z.address, this.links, this.neighbours, this.space.first(sites)];
  }
  private sum(name: Finish, sites: Sites, args: number[], a: number, b: number): number {
    const { device, space } = this;
    return device.sum(this.kernels[name], space.count(sites), 1, space.width.lanes, ...args, a, b)[0]!;
  }
}
