import { Field } from "../field.ts";
import type { Lattice } from "../lattice.ts";
import type { Rng } from "../rng.ts";
import type { Space } from "../space.ts";
import { type SpinKernel, spinKernels } from "./kernels.ts";
import { componentsOf, type SpinData, type SpinKind } from "./spin-data.ts";

/**
 * The manifold of classical spins on a lattice: signs, unit vectors in the plane, unit vectors in space.
 *
 * A spin field has component a of site i at [n i + a], sites numbered with x fastest. Unlike links, spins do not lie in
 * blocks of lanes: their updates go from site to site.
 *
 * Momenta are angular: O(3) has three a site, and exp(dt P) S turns S by the angle dt |P| round the axis P; XY has one, a
 * rate of the angle. The part of P along S turns nothing and is conserved. A force is F_i = -dS/dtheta_i, which for an
 * action A is -(S_i x dA/dS_i), in the plane -(S_x dA/dS_y - S_y dA/dS_x).
 */
export class SpinSpace implements Space {
  readonly lattice: Lattice;
  readonly spins: SpinKind;
  /** Numbers a spin, n. */
  readonly components: 1 | 2 | 3;
  readonly kind: string;

  constructor(lattice: Lattice, spins: SpinKind) {
    this.lattice = lattice;
    this.spins = spins;
    this.components = componentsOf(spins);
    this.kind = `${spins}-spins`;
  }

  /** Numbers of a spin field. */
  get length(): number {
    return this.lattice.volume * this.components;
  }

  /** All spins along the last axis, (0, 0, 1). */
  field(): Field {
    const s = new Field(this.lattice.device, this.length);
    const values = s.view();
    const n = this.components;
    for (let i = n - 1; i < values.length; i += n) values[i] = 1;
    return s;
  }

  /** Momenta a site: 0 for Ising spins, which do not turn. */
  get generators(): number {
    return { Ising: 0, XY: 1, "O(3)": 3 }[this.spins];
  }

  private get kernels() {
    return this.lattice.device.kernels<SpinKernel>(`spins/${this.spins}`, () => spinKernels(this.spins));
  }

  /** Throws a TypeError for Ising spins. */
  private refuseSigns(): void {
    if (this.generators === 0)
      throw new TypeError(
        "Ising spins have no molecular dynamics; take a local or a cluster update, or XY or O(3) spins",
      );
  }

  /** Throws a TypeError for Ising spins, which do not turn. */
  momenta(): Field {
    this.refuseSigns();
    return new Field(this.lattice.device, this.lattice.volume * this.generators);
  }

  drawMomenta(p: Field, rng: Rng, step: number): void {
    const { device, volume } = this.lattice;
    const sites = this.lattice.list("site numbers", () => Array.from({ length: volume }, (_, site) => site));
    const [k0, k1] = rng.key("momenta");
    device.run(this.kernels.drawMomenta, volume, p.address, sites.address, k0, k1, step);
  }

  kinetic(p: Field): number {
    const { device, volume } = this.lattice;
    return device.sum(this.kernels.kinetic, volume, 1, 1, p.address)[0]!;
  }

  drift(s: Field, p: Field, dt: number): void {
    this.lattice.device.run(this.kernels.drift, this.lattice.volume, s.address, p.address, dt);
  }

  /**
   * p += weight * F, the force of an action whose Euclidean gradient is `gradient`, laid out as the spins. Throws a
   * TypeError for Ising spins.
   */
  addForceOf(s: Field, gradient: Field, weight: number, p: Field): void {
    this.refuseSigns();
    const { device, volume } = this.lattice;
    device.run(this.kernels.addForce, volume, p.address, s.address, gradient.address, weight);
  }

  /** Largest | |S_i|^2 - 1 |; not a number where a spin is not. */
  defect(s: Field): number {
    return this.lattice.device.maximum(this.kernels.defect, this.lattice.volume, 1, s.address);
  }

  project(s: Field): void {
    this.lattice.device.run(this.kernels.project, this.lattice.volume, s.address);
  }

  /** Fills a field from plain data. Throws a RangeError when kind or lattice differ. */
  load(s: Field, data: SpinData): void {
    if (data.spins !== this.spins || data.extents.join() !== this.lattice.extents.join())
      throw new RangeError(
        `the configuration is of ${data.spins} spins on [${data.extents.join(", ")}], the run of ${this.spins} spins on [${this.lattice.extents.join(", ")}]`,
      );
    s.view().set(data.values);
  }

  store(s: Field): SpinData {
    return { spins: this.spins, extents: [...this.lattice.extents], values: s.view().slice() };
  }
}
