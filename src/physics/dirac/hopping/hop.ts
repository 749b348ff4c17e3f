import type { Complex, Row } from "../../../kernels/algebra/matrix.ts";
import { type Body, Int, ModuleBuilder, type Vec } from "../../../kernels/builder.ts";
import type { Device, Kernels } from "../../../kernels/device.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import type { Field } from "../../../lattice/field.ts";
import { type SpinorLayout, SpinorWalker, spinorBytes } from "../../../lattice/spinors/layout.ts";
import type { Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";

/** What is done with T x when a block of it is complete. */
type Finish = "hop" | "axpby" | "axpbyNorm" | "axpbyDot";

/** Takes the value of a component (component + row), `from` bytes into the vector. */
export type Done = (component: number, row: Row, value: Complex, from?: Int) => void;

/** How (T x)(n) of a block is emitted. */
export interface HopBody {
  /** Names the operator T and all it depends on. */
  readonly key: string;
  /** Bytes of a block of gathered links. */
  readonly linkBytes: number;
  /** Components of the vectors that are worked on at a time: all, or those of one slice of five dimensions. */
  readonly run: number;
  /** Hands every number of (T x)(n) to `done`, in any order. */
  emit(parts: {
    readonly m: ModuleBuilder;
    readonly k: Body;
    readonly block: Int;
    readonly x: Int;
    readonly links: Int;
    readonly walk: SpinorWalker;
    /** Private memory. */
    readonly scratch: Int;
    readonly done: Done;
  }): void;
}

/**
 * The four kernels of a hopping operator T; items are blocks, counted from `first`:
 * hop(out, x, links, neighbours, first): out = T x;
 * axpby(out, x, z, links, neighbours, first, a, b): out = a z + b T x, where z may be out;
 * axpbyNorm, axpbyDot (partials first): the same and sums of |out|^2, of Re z^dagger out.
 */
export function hopModule(layout: SpinorLayout, body: HopBody): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const size = spinorBytes(layout);
  type Range = { readonly begin: Int; readonly end: Int; readonly scratch: Int; readonly chunk: Int };
  type At = { readonly x: Int; readonly links: Int; readonly neighbours: Int; readonly first: Int };
  /** T x of every block: `done(offset)` gives what takes the numbers of the block that lies there. */
  const each = (k: Body, range: Range, at: At, scratch: Int, done: (offset: Int) => Take) => {
    const walk = new SpinorWalker(m, k, layout, at.neighbours, body.run);
    k.for(range.begin, range.end, (item) => {
      const block = k.let(item.add(at.first));
      const links = k.let(at.links.add(block.mul(body.linkBytes)));
      const take = done(k.let(block.mul(size)));
      body.emit({ m, k, block, x: at.x, links, walk, scratch, done: (...z) => take(placeOf(k, z), z[2]) });
    });
  };
  m.kernel("hop", ["i32", "i32", "i32", "i32", "i32"] as const, (k, range, out, x, links, neighbours, first) =>
    each(k, range, { x, links, neighbours, first }, range.scratch, (offset) => {
      const to = k.let(out.add(offset));
      return (at, z) => {
        k.store(to.add(at.pointer), at.offset, z.re);
        k.store(to.add(at.pointer), at.offset + k.vecBytes, z.im);
      };
    }),
  );
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "f64", "f64"] as const;
  const finish =
    (how: Finish) =>
    (k: Body, range: Range, ...all: unknown[]) => {
      const reduces = how !== "axpby";
      const partials = reduces ? (all.shift() as Int) : Int.of(0);
      const [out, x, z, links, neighbours, first, a, b] = all as [Int, Int, Int, Int, Int, Int, Vec, Vec];
      // The sums stand in memory: for one in a local, engines put the additions off and keep all terms until then. There
      // are several in turn, so that one addition does not wait for the last.
      const sums = range.scratch;
      const scratch = k.let(sums.add(SUMS * k.vecBytes));
      if (reduces) for (let u = 0; u < SUMS; u++) k.store(sums, u * k.vecBytes, 0);
      each(k, range, { x, links, neighbours, first }, scratch, (offset) => {
        const [to, from] = [k.let(out.add(offset)), k.let(z.add(offset))];
        let turn = 0;
        return (at, value) => {
          const terms = [value.re, value.im].map((part, i) => {
            const o = at.offset + i * k.vecBytes;
            const before = k.let(k.load(from.add(at.pointer), o));
            const made = k.let(before.mul(a).plus(b, part));
            k.store(to.add(at.pointer), o, made);
            return [how === "axpbyDot" ? before : made, made] as const;
          });
          if (!reduces) return;
          const u = (turn++ % SUMS) * k.vecBytes;
          const sum = terms.reduce((left, term) => left.plus(...term), k.load(sums, u));
          k.store(sums, u, sum);
        };
      });
      if (!reduces) return;
      const total = Array.from({ length: SUMS }, (_, u) => k.load(sums, u * k.vecBytes));
      k.store(
        partials.add(range.chunk.mul(k.vecBytes)),
        0,
        total.reduce((left, right) => left.add(right)),
      );
    };
  m.kernel("axpby", types, finish("axpby") as never);
  m.kernel("axpbyNorm", ["i32", ...types] as const, finish("axpbyNorm") as never);
  m.kernel("axpbyDot", ["i32", ...types] as const, finish("axpbyDot") as never);
  return m.finish();
}

/** Sums of a reduction. */
const SUMS = 4;

interface Place {
  readonly pointer: Int;
  readonly offset: number;
}
type Take = (at: Place, value: Complex) => void;

/** Where component (component + row) of a vector stands, from its beginning. */
function placeOf(k: Body, [component, row, , from]: Parameters<Done>): Place {
  const unit = 2 * k.vecBytes;
  const begin = from ?? Int.of(0);
  if (typeof row === "number") return { pointer: begin, offset: (component + row) * unit };
  return { pointer: k.let(begin.add(row.mul(unit))), offset: component * unit };
}

/** T on vectors of a space: from the other colour of the checkerboard to `sites`, or on all sites. */
export class Hop {
  readonly space: SpinorSpace;
  private readonly device: Device;
  private readonly kernels: Kernels<Finish>;
  private readonly links: number | (() => number);
  private readonly neighbours: number;

  /** @param links address of the gathered links in the lanes of `space`, or what brings them up to date and tells it. */
  constructor(space: SpinorSpace, body: HopBody, links: number | (() => number)) {
    this.space = space;
    this.device = space.lattice.device;
    this.kernels = this.device.kernels<Finish>(`hop/${body.key}`, () => hopModule(space.layout, body));
    this.links = links;
    this.neighbours = space.neighbours;
  }

  /** out = T x on `sites`. out is not x. */
  hop(sites: Sites, out: Field, x: Field): void {
    const { device, kernels, neighbours, space } = this;
    device.run(kernels.hop, space.count(sites), out.address, x.address, this.at(), neighbours, space.first(sites));
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
    return [out.address, x.address, z.address, this.at(), this.neighbours, this.space.first(sites)];
  }
  private at(): number {
    return typeof this.links === "number" ? this.links : this.links();
  }
  private sum(name: Finish, sites: Sites, args: number[], a: number, b: number): number {
    const { device, space } = this;
    return device.sum(this.kernels[name], space.count(sites), 1, space.width, ...args, a, b)[0]!;
  }
}
