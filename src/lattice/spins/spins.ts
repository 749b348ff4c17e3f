import { Field } from "../field.ts";
import type { Lattice } from "../lattice.ts";
import type { Rng } from "../rng.ts";
import type { Space } from "../space.ts";
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

  momenta(): Field {
    if (this.generators === 0)
      throw new TypeError(
        "Ising spins have no molecular dynamics; take a local or a cluster update, or XY or O(3) spins",
      );
    return new Field(this.lattice.device, this.lattice.volume * this.generators);
  }

  drawMomenta(p: Field, rng: Rng, step: number): void {
    const values = p.view();
    const g = this.generators;
    for (let site = 0; site < this.lattice.volume; site++) {
      const stream = rng.at("momenta", step, site);
      for (let a = 0; a < g; a++) values[g * site + a] = stream.normal();
    }
  }

  kinetic(p: Field): number {
    return p.view().reduce((sum, x) => sum + x * x, 0) / 2;
  }

  drift(s: Field, p: Field, dt: number): void {
    if (this.spins === "XY") turnInPlane(s.view(), p.view(), dt);
    else turnInSpace(s.view(), p.view(), dt);
  }

  /** p += weight * F, the force of an action whose Euclidean gradient is `gradient`, laid out as the spins. */
  addForceOf(s: Field, gradient: Field, weight: number, p: Field): void {
    const [x, g, out] = [s.view(), gradient.view(), p.view()];
    if (this.spins === "XY") {
      for (let i = 0; i < out.length; i++) out[i]! -= weight * (x[2 * i]! * g[2 * i + 1]! - x[2 * i + 1]! * g[2 * i]!);
      return;
    }
    for (let i = 0; i < out.length; i += 3) {
      const [sx, sy, sz] = [x[i]!, x[i + 1]!, x[i + 2]!];
      const [gx, gy, gz] = [g[i]!, g[i + 1]!, g[i + 2]!];
      out[i]! -= weight * (sy * gz - sz * gy);
      out[i + 1]! -= weight * (sz * gx - sx * gz);
      out[i + 2]! -= weight * (sx * gy - sy * gx);
    }
  }

  /** Largest | |S_i|^2 - 1 |. */
  defect(s: Field): number {
    const values = s.view();
    const n = this.components;
    let worst = 0;
    for (let i = 0; i < values.length; i += n) {
      let norm = 0;
      for (let a = 0; a < n; a++) norm += values[i + a]! ** 2;
      const off = Math.abs(norm - 1);
      if (!(off <= worst)) worst = off; // not a number is kept
    }
    return worst;
  }

  project(s: Field): void {
    const values = s.view();
    const n = this.components;
    for (let i = 0; i < values.length; i += n) {
      let norm = 0;
      for (let a = 0; a < n; a++) norm += values[i + a]! ** 2;
      const scale = 1 / Math.sqrt(norm);
      for (let a = 0; a < n; a++) values[i + a]! *= scale;
    }
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

function turnInPlane(s: Float64Array, p: Float64Array, dt: number): void {
  for (let i = 0; i < p.length; i++) {
    const [c, d] = [Math.cos(dt * p[i]!), Math.sin(dt * p[i]!)];
    const [x, y] = [s[2 * i]!, s[2 * i + 1]!];
    s[2 * i] = c * x - d * y;
    s[2 * i + 1] = d * x + c * y;
  }
}

/** Rodrigues: S cos a + (e x S) sin a + e (e.S) (1 - cos a) with e = P/|P|, a = dt |P|. */
function turnInSpace(s: Float64Array, p: Float64Array, dt: number): void {
  for (let i = 0; i < p.length; i += 3) {
    const [px, py, pz] = [p[i]!, p[i + 1]!, p[i + 2]!];
    const rate = Math.hypot(px, py, pz);
    if (rate === 0) continue;
    const [ex, ey, ez] = [px / rate, py / rate, pz / rate];
    const [c, d] = [Math.cos(dt * rate), Math.sin(dt * rate)];
    const [x, y, z] = [s[i]!, s[i + 1]!, s[i + 2]!];
    const along = (ex * x + ey * y + ez * z) * (1 - c);
    s[i] = c * x + d * (ey * z - ez * y) + along * ex;
    s[i + 1] = c * y + d * (ez * x - ex * z) + along * ey;
    s[i + 2] = c * z + d * (ex * y - ey * x) + along * ez;
  }
}
