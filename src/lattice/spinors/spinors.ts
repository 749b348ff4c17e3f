import type { Kernels } from "../../kernels/device.ts";
import type { Width } from "../../kernels/ir.ts";
import { Field } from "../field.ts";
import type { Geometry } from "../geometry.ts";
import type { Lattice, Quads } from "../lattice.ts";
import type { Rng } from "../rng.ts";
import { type BlasKernel, blasKernels } from "./blas.ts";
import { type Conversion, conversionKernels } from "./convert.ts";
import { type SpinorLayout, spinorBytes, spinorKey } from "./layout.ts";
import { type Noise, noiseKernels, noises } from "./noise.ts";

/** Which sites a vector lives on; the others are neither read nor written. */
export type Sites = "all" | "even" | "odd";

/**
 * Vectors of a fermion on a lattice: fields of `components` complex numbers a site in the layout of layout.ts, and their
 * linear algebra on all sites or on one colour of the checkerboard. A field always has room for all sites.
 *
 * The vectors are float64 in the blocks of the lattice. `single()` is the space of the same vectors in float32, on the
 * quads of the lattice; it knows the same operations, in the arithmetic of float32.
 */
export class SpinorSpace {
  readonly lattice: Lattice;
  readonly components: number;
  readonly layout: SpinorLayout;
  /** Blocks of all sites. */
  readonly blocks: number;
  /** Address of the step tables in the lanes of this space. */
  readonly neighbours: number;
  private readonly geometry: Geometry;
  private madeSingle: SpinorSpace | undefined;
  private blas: Kernels<BlasKernel> | undefined;

  /** @param quads those of the lattice, for vectors of float32; left out for float64. */
  constructor(lattice: Lattice, components: number, quads?: Quads) {
    const { geometry, blocks, neighbours, width } = quads ?? lattice;
    this.lattice = lattice;
    this.components = components;
    this.layout = { components, dimension: lattice.dimension, width };
    [this.geometry, this.blocks, this.neighbours] = [geometry, blocks, neighbours];
  }

  get width(): Width {
    return this.layout.width;
  }

  /** The same vectors in float32 (itself where it is that); undefined where the lattice has no quads. */
  single(): SpinorSpace | undefined {
    if (this.width.bytes === 4) return this;
    const { quads } = this.lattice;
    if (quads && !this.madeSingle) this.madeSingle = new SpinorSpace(this.lattice, this.components, quads);
    return this.madeSingle;
  }

  /** Looked up once: on small lattices naming the module would cost as much as running a kernel. */
  private get kernels(): Kernels<BlasKernel> {
    const { layout, lattice } = this;
    return (this.blas ??= lattice.device.kernels<BlasKernel>(`spinors/${spinorKey(layout)}`, () =>
      blasKernels(layout),
    ));
  }

  /** A new vector, zero. Its `length` counts float64: two numbers of a float32 vector share one. */
  field(): Field {
    return new Field(this.lattice.device, (this.components * this.lattice.volume * this.width.bytes) / 4);
  }

  /** Blocks of a set of sites. Throws a RangeError for "even" and "odd" where the lattice has no checkerboard. */
  count(sites: Sites): number {
    if (sites === "all") return this.blocks;
    if (!this.lattice.geometry.checkerboard)
      throw new RangeError(
        `even and odd sites need even extents in all directions; the lattice is [${this.lattice.extents.join(", ")}]`,
      );
    return this.blocks / 2;
  }

  /** First block of a set of sites. */
  first(sites: Sites): number {
    return sites === "odd" ? this.blocks / 2 : 0;
  }

  /** Address of the first block of a set of sites. */
  at(sites: Sites, x: Field): number {
    return x.address + this.first(sites) * spinorBytes(this.layout);
  }

  zero(sites: Sites, x: Field): void {
    this.run("fill", sites, [x], 0);
  }
  /** y <- x */
  copy(sites: Sites, y: Field, x: Field): void {
    this.run("copy", sites, [y, x]);
  }
  /** y <- y + a x */
  axpy(sites: Sites, y: Field, a: number, x: Field): void {
    this.run("axpy", sites, [y, x], a);
  }
  /** y <- x + a y */
  xpay(sites: Sites, y: Field, x: Field, a: number): void {
    this.run("xpay", sites, [y, x], a);
  }
  /** z <- a x + b y */
  axpby(sites: Sites, z: Field, a: number, x: Field, b: number, y: Field): void {
    this.run("axpby", sites, [z, x, y], a, b);
  }
  /** y <- y + (re + i im) x */
  complexAxpy(sites: Sites, y: Field, re: number, im: number, x: Field): void {
    this.run("complexAxpy", sites, [y, x], re, im);
  }
  /** x^dagger x */
  norm2(sites: Sites, x: Field): number {
    return this.sum("norm2", sites, 1, [x])[0]!;
  }
  /** [Re, Im] of x^dagger y */
  dot(sites: Sites, x: Field, y: Field): Float64Array {
    return this.sum("dot", sites, 2, [x, y]);
  }
  /** x <- x + a p, r <- r - a q; returns the new r^dagger r. */
  cgStep(sites: Sites, x: Field, r: Field, p: Field, q: Field, a: number): number {
    return this.sum("cgStep", sites, 1, [x, r, p, q], a)[0]!;
  }
  /** x <- x + a p, then p <- c r + b p: one shift of multi-shift conjugate gradients. */
  shiftStep(sites: Sites, x: Field, p: Field, a: number, c: number, r: Field, b: number): void {
    this.run("shiftStep", sites, [x, p, r], a, c, b);
  }

  /** to <- x rounded to float32; `to` is a vector of `single()`. */
  toSingle(sites: Sites, to: Field, x: Field): void {
    this.convert("toSingle", sites, to, x);
  }
  /** x <- x + y in float64; y is a vector of `single()`. */
  addSingle(sites: Sites, x: Field, y: Field): void {
    this.convert("addSingle", sites, y, x);
  }
  private convert(name: Conversion, sites: Sites, single: Field, x: Field): void {
    const { device, quads } = this.lattice;
    if (this.width.bytes !== 8 || !quads)
      throw new RangeError(
        `${name}: there is nothing to convert; it is asked of the float64 vectors of a lattice with quads`,
      );
    const kernels = device.kernels<Conversion>(`convert/${spinorKey(this.layout)}`, () =>
      conversionKernels(this.layout),
    );
    const home = quads.home + 4 * this.first(sites);
    device.run(kernels[name], this.count(sites), single.address, this.at(sites, x), home);
  }

  /**
   * Draws noise addressed (purpose, step, site), the same whatever the workers. Throws a RangeError for float32: draw in
   * float64 and convert.
   */
  draw(sites: Sites, x: Field, noise: Noise, rng: Rng, purpose: string, step: number): void {
    const { device, geometry } = this.lattice;
    if (this.width.bytes !== 8) throw new RangeError("noise is drawn in float64; use toSingle for a float32 vector");
    const kernels = device.kernels<Noise>(`noise/${spinorKey(this.layout)}`, () => noiseKernels(this.layout));
    const [k0, k1] = rng.key(purpose);
    const tables = this.lattice.sites + 4 * geometry.lanes * this.first(sites);
    device.run(kernels[noise], this.count(sites), this.at(sites, x), tables, k0, k1, step);
  }

  /** The vector as plain data [site][component][re, im], sites with x fastest. */
  store(x: Field): Float64Array {
    const out = new Float64Array(this.numbers);
    this.reorder((values, index, source) => (out[source] = values[index]!), x);
    return out;
  }
  /** Fills a vector from plain data, see `store`. Throws a RangeError for another length. */
  load(x: Field, data: Float64Array): void {
    if (data.length !== this.numbers) throw new RangeError(`a vector of ${data.length} numbers, not ${this.numbers}`);
    this.reorder((values, index, source) => (values[index] = data[source]!), x);
  }

  /** Real numbers of a vector. */
  private get numbers(): number {
    return 2 * this.components * this.lattice.volume;
  }
  private reorder(move: (values: Float64Array | Float32Array, index: number, source: number) => void, x: Field): void {
    const { lanes, sites, blocks } = this.geometry;
    const perSite = 2 * this.components;
    const { heap } = this.lattice.device;
    const values = this.width.bytes === 8 ? x.view() : heap.f32(x.address, this.numbers);
    for (let block = 0; block < blocks; block++)
      for (let lane = 0; lane < lanes; lane++) {
        const site = sites[block * lanes + lane]!;
        for (let i = 0; i < perSite; i++) move(values, (block * perSite + i) * lanes + lane, site * perSite + i);
      }
  }

  private run(name: BlasKernel, sites: Sites, fields: readonly Field[], ...scalars: number[]): void {
    const addresses = fields.map((x) => this.at(sites, x));
    this.lattice.device.run(this.kernels[name], this.count(sites), ...addresses, ...scalars);
  }
  private sum(name: BlasKernel, sites: Sites, components: number, fields: readonly Field[], ...scalars: number[]) {
    const addresses = fields.map((x) => this.at(sites, x));
    const { device } = this.lattice;
    return device.sum(this.kernels[name], this.count(sites), components, this.width, ...addresses, ...scalars);
  }
}

export type { Noise };
export { noises };
