import type { Complex, Row } from "../../../kernels/algebra/matrix.ts";
import { type Body, Int, ModuleBuilder, type Vec } from "../../../kernels/builder.ts";
import type { Device, Kernels } from "../../../kernels/device.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import type { Field } from "../../../lattice/field.ts";
import { type SpinorLayout, SpinorWalker, spinorBytes } from "../../../lattice/spinors/layout.ts";
import type { Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import { put } from "./colour.ts";

/** What is done with T x when a block of it is complete. */
type Finish = "hop" | "axpby" | "axpbyNorm" | "axpbyDot";

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
    /** Takes the value of a component (component + row), `from` bytes into the vector. */
    readonly done: (component: number, row: Row, value: Complex, from?: Int) => void;
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
  /** T x of every block, written to where `to` says; then `then`. */
  const each = (
    k: Body,
    range: Range,
    at: At,
    scratch: Int,
    to: (offset: Int) => Int,
    then: (offset: Int) => void = () => {},
  ) => {
    const walk = new SpinorWalker(m, k, layout, at.neighbours, body.run);
    k.for(range.begin, range.end, (item) => {
      const block = k.let(item.add(at.first));
      const links = k.let(at.links.add(block.mul(body.linkBytes)));
      const offset = k.let(block.mul(size));
      const out = to(offset);
      const done: Parameters<HopBody["emit"]>[0]["done"] = (component, row, value, from) =>
        put(k, from ? k.let(out.add(from)) : out, component, row, value, false);
      body.emit({ m, k, block, x: at.x, links, walk, scratch, done });
      then(offset);
    });
  };
  m.kernel("hop", ["i32", "i32", "i32", "i32", "i32"] as const, (k, range, out, x, links, neighbours, first) =>
    each(k, range, { x, links, neighbours, first }, range.scratch, (offset) => k.let(out.add(offset))),
  );
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "f64", "f64"] as const;
  const finish =
    (how: Finish) =>
    (k: Body, range: Range, ...all: unknown[]) => {
      const reduces = how !== "axpby";
      const partials = reduces ? (all.shift() as Int) : Int.of(0);
      const [out, x, z, links, neighbours, first, a, b] = all as [Int, Int, Int, Int, Int, Int, Vec, Vec];
      // T x and the sum wait in scratch: in locals they would take registers from T
      const sum = range.scratch;
      const hopped = k.let(sum.add(k.vecBytes));
      const rest = k.let(hopped.add(size));
      if (reduces) k.store(sum, 0, 0);
      const to = () => hopped;
      each(k, range, { x, links, neighbours, first }, rest, to, (offset) => {
        const [to, from] = [k.let(out.add(offset)), k.let(z.add(offset))];
        groups(k, 2 * layout.components, (o, offsets) => {
          const products = offsets.map((at) => {
            const before = k.let(k.load(from.add(o), at));
            const made = k.let(before.mul(a).plus(b, k.load(hopped.add(o), at)));
            k.store(to.add(o), at, made);
            return (left: Vec | undefined) => {
              const other = how === "axpbyDot" ? before : made;
              return left ? left.plus(other, made) : other.mul(made);
            };
          });
          const added = products.reduce((left, next) => next(left), undefined as Vec | undefined);
          if (reduces) k.store(sum, 0, k.load(sum).add(added!));
        });
      });
      if (reduces) k.store(partials.add(range.chunk.mul(k.vecBytes)), 0, k.load(sum));
    };
  m.kernel("axpby", types, finish("axpby") as never);
  m.kernel("axpbyNorm", ["i32", ...types] as const, finish("axpbyNorm") as never);
  m.kernel("axpbyDot", ["i32", ...types] as const, finish("axpbyDot") as never);
  return m.finish();
}

/** Most numbers of a block whose linear algebra is unrolled, and how many are worked on together. */
const UNROLLED = 24;
const TOGETHER = 4;

/** Runs over the `count` numbers of a block, a few together: their offsets, as an address and constants. */
function groups(k: Body, count: number, emit: (offset: Int, constants: readonly number[]) => void): void {
  const by = count <= UNROLLED ? count : [8, 6, 4, 2].find((u) => count % u === 0)!;
  const round = (offset: Int) => {
    for (let u = 0; u < by; u += TOGETHER)
      emit(
        offset,
        Array.from({ length: Math.min(TOGETHER, by - u) }, (_, i) => (u + i) * k.vecBytes),
      );
  };
  if (by === count) round(Int.of(0));
  else k.for(0, count / by, (i) => round(k.let(i.mul(by * k.vecBytes))));
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
