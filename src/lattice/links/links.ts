import { Field } from "../field.ts";
import type { GaugeData } from "../gauge-data.ts";
import type { Group } from "../group.ts";
import type { Lattice } from "../lattice.ts";
import type { Rng } from "../rng.ts";
import type { Space } from "../space.ts";
import { type LinkKernel, linkKernels } from "./kernels.ts";
import { type LinkLayout, layoutKey } from "./layout.ts";

/** The manifold of gauge links U_mu(n) in SU(N) or U(1) on a lattice, in the layout of layout.ts. */
export class LinkSpace implements Space {
  readonly lattice: Lattice;
  readonly group: Group;
  readonly layout: LinkLayout;
  readonly kind: string;
  constructor(lattice: Lattice, group: Group) {
    this.lattice = lattice;
    this.group = group;
    this.layout = { group, dimension: lattice.dimension, width: lattice.width };
    this.kind = `${group.name}-links`;
  }

  /** Numbers of a link field: volume * d * N * N * 2. */
  get length(): number {
    return this.lattice.volume * this.lattice.dimension * 2 * this.group.n ** 2;
  }

  private get kernels() {
    return this.lattice.device.kernels<LinkKernel>(`links/${layoutKey(this.layout)}`, () => linkKernels(this.layout));
  }

  field(): Field {
    const u = new Field(this.lattice.device, this.length);
    const { n } = this.group;
    const values = u.view();
    const lanes = this.lattice.geometry.lanes;
    const step = 2 * n * n * lanes;
    for (let link = 0; link < values.length; link += step)
      for (let i = 0; i < n; i++) values.fill(1, link + 2 * (i * n + i) * lanes, link + (2 * (i * n + i) + 1) * lanes);
    return u;
  }

  momenta(): Field {
    return new Field(this.lattice.device, this.lattice.volume * this.lattice.dimension * this.group.generators);
  }

  drawMomenta(p: Field, rng: Rng, step: number): void {
    const [k0, k1] = rng.key("momenta");
    const { device, sites, blocks } = this.lattice;
    device.run(this.kernels.drawMomenta, blocks, p.address, sites, k0, k1, step);
  }

  kinetic(p: Field): number {
    const { device, blocks, width } = this.lattice;
    return device.sum(this.kernels.kinetic, blocks, 1, width.lanes, p.address)[0]!;
  }

  drift(u: Field, p: Field, dt: number): void {
    this.lattice.device.run(this.kernels.drift, this.lattice.blocks, u.address, p.address, dt);
  }

  /** Largest entry of |U U^dagger - 1|. */
  defect(u: Field): number {
    const { device, blocks, width } = this.lattice;
    return device.maximum(this.kernels.defect, blocks, width.lanes, u.address);
  }

  project(u: Field): void {
    this.lattice.device.run(this.kernels.project, this.lattice.blocks, u.address);
  }

  /** y <- y + a x on momenta. */
  addScaled(y: Field, x: Field, a: number): void {
    this.lattice.device.run(this.kernels.addScaled, this.lattice.blocks, y.address, x.address, a);
  }

  /** y <- a y + x on momenta. */
  scaleAdd(y: Field, a: number, x: Field): void {
    this.lattice.device.run(this.kernels.scaleAdd, this.lattice.blocks, y.address, x.address, a);
  }

  /** Fills a field from plain data. Throws a RangeError when group or lattice differ. */
  load(u: Field, data: GaugeData): void {
    if (data.group.name !== this.group.name || data.extents.join() !== this.lattice.extents.join())
      throw new RangeError(
        `the configuration is ${data.group.name} on [${data.extents.join(", ")}], the run ${this.group.name} on [${this.lattice.extents.join(", ")}]`,
      );
    this.reorder((values, index, source) => (values[index] = data.links[source]!), u.view());
  }

  /** The field as plain data in ILDG order. */
  store(u: Field): GaugeData {
    const links = new Float64Array(this.length);
    this.reorder((values, index, source) => (links[source] = values[index]!), u.view());
    return { group: this.group, extents: [...this.lattice.extents], links };
  }

  private reorder(move: (values: Float64Array, index: number, source: number) => void, values: Float64Array): void {
    const { lanes, sites, blocks } = this.lattice.geometry;
    const perSite = this.lattice.dimension * 2 * this.group.n ** 2;
    for (let block = 0; block < blocks; block++)
      for (let lane = 0; lane < lanes; lane++) {
        const site = sites[block * lanes + lane]!;
        for (let i = 0; i < perSite; i++) move(values, (block * perSite + i) * lanes + lane, site * perSite + i);
      }
  }
}
