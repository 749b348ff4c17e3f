import { Field } from "../../../lattice/field.ts";
import { layoutKey } from "../../../lattice/links/layout.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import type { Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import { NotConverged } from "../solvers/stopping.ts";
import { type InsertionKernel, insertionModule, type LeavesKernel, leavesModule } from "./derivative.ts";
import { type TermKernel, termBytes, termModule } from "./kernels.ts";
import { spinPlanes } from "./spin.ts";

/** Vectors between which A stands: part of the sites, and the factor of Re(y^dagger A x) there. */
export interface Insertion {
  readonly sites: Sites;
  readonly weight: number;
}

/**
 * The site-diagonal part of the clover operator (B. Sheikholeslami, R. Wohlert, Nucl. Phys. B 259 (1985) 572),
 * A(n) = 1 - kappa c_SW sum_{mu<nu} gamma_mu gamma_nu [C_munu(n) - C_munu(n)^dagger] / 8
 * with C the sum of the four plaquettes at n: two Hermitian blocks a site, one a chirality. Boundary signs do not
 * touch it, since a plaquette crosses a boundary twice or not at all.
 *
 * With `inverse` it holds A^{-1} on the odd sites, too.
 */
export class CloverTerm {
  private readonly links: LinkSpace;
  private readonly space: SpinorSpace;
  /** -kappa c_SW / 8 */
  private readonly coefficient: number;
  private readonly a: Field;
  /** A^{-1} of the odd sites only. */
  private readonly inverse: Field | undefined;
  /** The links of the last load. */
  private readonly u: Field;
  /** Z and Y of derivative.ts, made when a derivative is first asked for. */
  private insertions: readonly [Field, Field] | undefined;
  private determinant: { log: number; negative: number } | undefined;

  constructor(links: LinkSpace, space: SpinorSpace, how: { kappa: number; cSW: number; inverse: boolean }) {
    const { device, blocks } = links.lattice;
    this.links = links;
    this.space = space;
    this.coefficient = (-how.kappa * how.cSW) / 8;
    this.a = new Field(device, (blocks * termBytes(links.layout)) / 8);
    if (how.inverse) this.inverse = new Field(device, this.a.length / 2);
    this.u = new Field(device, links.length);
  }

  private get kernels() {
    const { layout, lattice } = this.links;
    return lattice.device.kernels<TermKernel>(`clover/${layoutKey(layout)}`, () => termModule(layout));
  }

  /** Address of A of the first block of a set of sites. */
  private at(sites: Sites): number {
    return this.a.address + this.space.first(sites) * termBytes(this.links.layout);
  }

  /** Computes A (and its inverse on the odd sites). Throws NotConverged where A cannot be inverted. */
  load(u: Field): void {
    const { device, blocks, neighbours, width } = this.links.lattice;
    this.u.assign(u);
    device.run(this.kernels.build, blocks, this.a.address, u.address, neighbours, this.coefficient);
    if (!this.inverse) return;
    const odd = this.space.count("odd");
    const { invert } = this.kernels;
    const sums = device.sum(invert, odd, 3, width.lanes, this.inverse.address, this.at("odd"));
    const [log, negative, lost] = [...sums] as [number, number, number];
    this.determinant = { log, negative };
    if (lost > 0)
      throw new NotConverged(
        "clover term",
        { residual: Number.NaN, absolute: Number.NaN, iterations: 0 },
        `clover: A = 1 - kappa c_SW (…) has no inverse on this gauge field (${lost} vanishing pivots on the odd sites): ` +
          `it is exceptional for kappa c_SW = ${-8 * this.coefficient}; take smaller kappa or c_SW, smoother links, ` +
          `shorter steps, or preconditioning = "none" (domain "all"), which needs no inverse`,
      );
  }

  /** out = A x; out may be x. */
  apply(sites: Sites, out: Field, x: Field): void {
    this.times(sites, out, x, this.at(sites));
  }

  /** out = A^{-1} x on the odd sites; out may be x. */
  applyInverse(out: Field, x: Field): void {
    this.times("odd", out, x, this.inverse!.address);
  }

  private times(sites: Sites, out: Field, x: Field, a: number): void {
    const { space, links, kernels } = this;
    links.lattice.device.run(kernels.apply, space.count(sites), space.at(sites, out), space.at(sites, x), a);
  }

  /**
   * log |det A| over the odd sites. The determinant may be negative on rough fields; two flavours have its square, so that its
   * sign does not matter (`negativeEigenvalues` tells whether it is known).
   */
  logDeterminant(): number {
    return this.determinant?.log ?? Number.NaN;
  }

  /** Negative eigenvalues of A on the odd sites, at the loaded field. */
  get negativeEigenvalues(): number {
    return this.determinant?.negative ?? 0;
  }

  /** delta += derivative of sum Re(y^dagger A x) over the sites and weights given. */
  addDerivative(delta: Field, parts: readonly Insertion[], y: Field, x: Field): void {
    const { space, links, coefficient } = this;
    this.addPlanes(delta, (p, z) => {
      for (const { sites, weight } of parts) {
        const args = [z + space.first(sites) * this.matrixBytes, space.at(sites, x), space.at(sites, y)];
        links.lattice.device.run(this.inserting[`outer${p}`]!, space.count(sites), ...args, coefficient * weight);
      }
    });
  }

  /** delta += weight * derivative of log det A over the odd sites. */
  addLogDeterminantDerivative(delta: Field, weight: number): void {
    const { space, links, coefficient } = this;
    this.addPlanes(delta, (p, z) => {
      const to = z + space.first("odd") * this.matrixBytes;
      const kernel = this.inserting[`inverse${p}`]!;
      links.lattice.device.run(kernel, space.count("odd"), to, this.inverse!.address, coefficient * weight);
    });
  }

  /** Back from the matrices Z that `insert` leaves at z (zero where it leaves none) to the links, plane by plane. */
  private addPlanes(delta: Field, insert: (plane: number, z: number) => void): void {
    const { device, blocks, neighbours, dimension } = this.links.lattice;
    const { layout } = this.links;
    const { transport, gather } = device.kernels<LeavesKernel>(`clover-leaves/${layoutKey(layout)}`, () =>
      leavesModule(layout),
    );
    const matrices = () => new Field(device, (blocks * this.matrixBytes) / 8);
    const [z, y] = (this.insertions ??= [matrices(), matrices()]);
    z.zero();
    spinPlanes(dimension).forEach(({ mu, nu }, p) => {
      insert(p, z.address);
      for (const [along, across, sign] of [
        [mu, nu, 1],
        [nu, mu, -1],
      ] as const) {
        device.run(transport, blocks, y.address, z.address, this.u.address, neighbours, across);
        device.run(gather, blocks, delta.address, this.u.address, y.address, neighbours, along, across, sign);
      }
    });
  }

  private get inserting() {
    const { layout, lattice } = this.links;
    const key = `clover-insertion/${layoutKey(layout)}`;
    return lattice.device.kernels<InsertionKernel>(key, () => insertionModule(layout));
  }
  /** Bytes of one colour matrix of a block. */
  private get matrixBytes(): number {
    const { group, width } = this.links.layout;
    return 2 * group.n ** 2 * width.lanes * width.bytes;
  }

  release(): void {
    for (const field of [this.a, this.inverse, this.u, ...(this.insertions ?? [])]) field?.release();
  }
}
