import type { Kernels } from "../../../kernels/device.ts";
import type { Field } from "../../../lattice/field.ts";
import { type LinkLayout, layoutKey } from "../../../lattice/links/layout.ts";
import { spinorKey } from "../../../lattice/spinors/layout.ts";
import type { Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import type { HoppingLinks } from "../hopping/links.ts";
import { wilsonBody } from "../wilson/hop.ts";
import type { FifthInverse } from "./coefficients.ts";
import { fifthShape } from "./fifth.ts";
import { type HoppingKernel, hoppingKernels, type SiteKernel, siteKernels } from "./kernels.ts";

/** p + q F as [p, q, -mass q]. */
export type Shifted = readonly [number, number, number];

/**
 * The Wilson hopping term T on every slice, together with matrices p + q F in the fifth direction; with `dagger` the adjoint
 * of T and the transpose of F.
 */
export class FifthHop {
  private readonly space: SpinorSpace;
  private readonly links: HoppingLinks;
  private readonly hopping: Kernels<HoppingKernel>;
  private readonly site: Kernels<SiteKernel>;

  /** @param how.right whether a matrix in the fifth direction stands before T x; without it, that is a number. */
  constructor(
    space: SpinorSpace,
    layout: LinkLayout,
    links: HoppingLinks,
    how: { L5: number; dagger: boolean; right: boolean },
  ) {
    const { L5, dagger, right } = how;
    const { device } = space.lattice;
    this.space = space;
    this.links = links;
    const body = wilsonBody(layout, { r: 1, dagger, slices: L5 });
    const shape = fifthShape(layout.dimension, layout.group.n, L5);
    this.hopping = device.kernels<HoppingKernel>(
      `domain-wall/${layoutKey(layout)}/${body.key}${right ? "/right" : ""}`,
      () => hoppingKernels(space.layout, shape, body, { dagger, right }),
    );
    this.site = device.kernels<SiteKernel>(`domain-wall/${spinorKey(space.layout)}/L${L5}`, () =>
      siteKernels(space.layout, shape),
    );
  }

  /** out = M z + R T x on `sites`, M and R in the fifth direction; out is neither z nor x. */
  combine(sites: Sites, out: Field, m: Shifted, z: Field, r: Shifted, x: Field): void {
    const { space, hopping } = this;
    space.lattice.device.run(hopping.combine, space.count(sites), ...this.args(sites, [out, x, z]), ...m, ...r);
  }

  /** The same; returns out^dagger out. */
  combineNorm(sites: Sites, out: Field, m: Shifted, z: Field, r: Shifted, x: Field): number {
    const { space, hopping } = this;
    const args = [...this.args(sites, [out, x, z]), ...m, ...r];
    return space.lattice.device.sum(hopping.combineNorm, space.count(sites), 1, space.width, ...args)[0]!;
  }

  /** out = R M^{-1} T x on `sites`; out may be x where T joins two colours of the checkerboard. */
  solve(sites: Sites, out: Field, { scale, ratio, wrap }: FifthInverse, r: Shifted, x: Field): void {
    const { space, hopping } = this;
    const args = [...this.args(sites, [out, x]), scale, ratio, wrap, ...r];
    space.lattice.device.run(hopping.solveHop, space.count(sites), ...args);
  }

  private args(sites: Sites, fields: readonly Field[]): number[] {
    const { space, links } = this;
    return [...fields.map((f) => f.address), links.field.address, space.neighbours, space.first(sites)];
  }

  /** out = M x on `sites`; out is not x. Not transposed. */
  multiply(sites: Sites, out: Field, m: Shifted, x: Field): void {
    this.within("multiply", sites, out, x, m);
  }

  /** out = M^{-1} x on `sites`; out may be x. Not transposed. */
  solveSite(sites: Sites, out: Field, { scale, ratio, wrap }: FifthInverse, x: Field): void {
    this.within("solve", sites, out, x, [scale, ratio, wrap]);
  }

  private within(name: "multiply" | "solve", sites: Sites, out: Field, x: Field, numbers: Shifted): void {
    const { space, site } = this;
    space.lattice.device.run(site[name], space.count(sites), space.at(sites, out), space.at(sites, x), ...numbers);
  }

  /** five = P_- four at s = 1 and P_+ four at s = L5, on all sites. */
  wallSource(five: Field, four: Field): void {
    this.space.lattice.device.run(this.site.wallSource, this.space.blocks, five.address, four.address);
  }

  /** four = P_+ five_1 + P_- five_L5, on all sites. */
  wallSink(four: Field, five: Field): void {
    this.space.lattice.device.run(this.site.wallSink, this.space.blocks, four.address, five.address);
  }
}
