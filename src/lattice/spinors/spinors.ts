import type { Width } from "../../kernels/ir.ts";
import { Field } from "../field.ts";
import type { Lattice } from "../lattice.ts";
import type { Rng } from "../rng.ts";
import { type BlasKernel, blasKernels } from "./blas.ts";
import { type SpinorLayout, spinorBytes, spinorKey } from "./layout.ts";
import { type Noise, noiseKernels, noises } from "./noise.ts";

/** Which sites a vector lives on; the others are neither read nor written. */
export type Sites = "all" | "even" | "odd";

/**
 * Vectors of a fermion on a lattice: fields of `components` complex numbers a site in the layout of layout.ts, and their
 * linear algebra on all sites or on one colour of the checkerboard. A field always has room for all sites.
 */
export class SpinorSpace {
  readonly lattice: Lattice;
  readonly components: number;
  readonly layout: SpinorLayout;

  constructor(lattice: Lattice, components: number) {
    this.lattice = lattice;
    this.components = components;
    this.layout = { components, dimension: lattice.dimension, width: lattice.width };
  }

  get width(): Width {
    return this.layout.width;
  }
  /** Blocks of all sites. */
  get blocks(): number {
    return this.lattice.blocks;
  }

  /** Address of the step tables in the lanes of this space. */
  get neighbours(): number {
    return this.lattice.neighbours;
  }

  private get kernels() {
    return this.lattice.device.kernels<BlasKernel>(`spinors/${spinorKey(this.layout)}`, () => blasKernels(this.layout));
  }

  /** A new vector, zero. */
  field(): Field {
    return new Field(this.lattice.device, 2 * this.components * this.lattice.volume);
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

  /** Draws noise addressed (purpose, step, site), the same whatever the workers. */
  draw(sites: Sites, x: Field, noise: Noise, rng: Rng, purpose: string, step: number): void {
    const { device, geometry } = this.lattice;
    const kernels = device.kernels<Noise>(`noise/${spinorKey(this.layout)}`, () => noiseKernels(this.layout));
    const [k0, k1] = rng.key(purpose);
    const tables = this.lattice.sites + 4 * geometry.lanes * this.first(sites);
    device.run(kernels[noise], this.count(sites), this.at(sites, x), tables, k0, k1, step);
  }

  /** The vector as plain data [site][component][re, im], sites with x fastest. */
  store(x: Field): Float64Array {
    const out = new Float64Array(x.length);
    this.reorder((values, index, source) => (out[source] = values[index]!), x);
    return out;
  }
  /** Fills a vector from plain data, see `store`. Throws a RangeError for another length. */
  load(x: Field, data: Float64Array): void {
    if (data.length !== x.length) throw new RangeError(`a vector of ${data.length} numbers, not ${x.length}`);
    this.reorder((values, index, source) => (values[index] = data[source]!), x);
  }

  private reorder(move: (values: Float64Array, index: number, source: number) => void, x: Field): void {
    const { lanes, sites, blocks } = this.lattice.geometry;
    const perSite = 2 * this.components;
    const values = x.view();
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
    return device.sum(this.kernels[name], this.count(sites), components, this.width.lanes, ...addresses, ...scalars);
  }
}

export type { Noise };
export { noises };
