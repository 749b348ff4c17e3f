import { SCRATCH_BYTES } from "../../../kernels/control.ts";
import type { Field } from "../../../lattice/field.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { type Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import type { Boundary } from "../boundary.ts";
import { addHopDerivative, type SpinTerms } from "../hopping/derivative.ts";
import { HoppingLinks } from "../hopping/links.ts";
import type { DiracOperator, EvenOdd, NormalOperator } from "../operator.ts";
import { wilsonComponents } from "../wilson/hop.ts";
import { wilsonTerms } from "../wilson/wilson.ts";
import {
  type FifthDirection,
  type FifthInverse,
  type FifthMatrix,
  fifthDirection,
  fifthInverse,
  logDeterminantFifth,
} from "./coefficients.ts";
import { fifthShape } from "./fifth.ts";
import { FifthHop } from "./hop.ts";
import { scratchOf } from "./kernels.ts";

export interface DomainWallOptions {
  /** Slices of the fifth direction. */
  readonly L5: number;
  /** Domain wall height, in the sign of a Wilson mass: -2 < M < 0 gives one flavour. -1 where left out. */
  readonly M?: number;
  /** Quark mass m; 1 gives the Pauli-Villars operator. */
  readonly mass: number;
  /** Moebius coefficients, 1 and 1 (Shamir) where left out; 2 and 1 is scaled Shamir, 2 and 0 Borici. */
  readonly b?: number;
  readonly c?: number;
  readonly boundary: Boundary;
  /** "even" (where left out): the even-odd preconditioned operator, needs even extents; "all": D5 itself. */
  readonly domain?: "even" | "all";
  /** Shares the gathered links of another operator, which releases them. */
  readonly links?: HoppingLinks;
}

/**
 * Domain wall and Moebius quarks (Y. Shamir, Nucl. Phys. B 406 (1993) 90; R. C. Brower, H. Neff, K. Orginos, Comput. Phys.
 * Commun. 220 (2017) 1) in 2 or 4 dimensions d:
 *
 *     D5 = 1 - F + D_W B,   D_W = (d + M) - T/2,   B = (b + c)/2 + ((b - c)/2) F,
 *
 * with the Wilson hopping term T (r = 1) on every slice and (F psi)_s = P_+ psi_{s+1} + P_- psi_{s-1} inside,
 * -mass P_- psi_L5 at s = 1, -mass P_+ psi_1 at s = L5; P_+- = (1 +- gamma_5)/2. For b = c = 1 this is D_W + 1 - F. The
 * light quark of positive chirality lives at s = 1, that of negative chirality at s = L5. Vectors have L5 spinors a site,
 * [s][spin][colour].
 *
 * L5 = 2 is the same formula (LatticeQCD.jl leaves out the inner hops there, so its L5 = 2 is another operator); for
 * L5 = 1 both ends meet, F = -mass, and b = c = 1 gives D_W + 1 + mass.
 *
 * With domain "even" the operator is Dhat = M5 - (1/4) T_eo B M5^{-1} T_oe B on the even sites, M5 = 1 - F + (d + M) B being
 * what stays within a site: det D5 = det M5_oo det Dhat, and det M5 (`local`) does not know the gauge field.
 */
export class DomainWall implements DiracOperator {
  readonly name: string;
  readonly space: SpinorSpace;
  /** Vectors of the four-dimensional quark field, [spin][colour]. */
  readonly quarks: SpinorSpace;
  readonly domain: Sites;
  readonly range: Sites;
  readonly fifth: FifthDirection;
  readonly normal: NormalOperator;
  readonly links: HoppingLinks;
  readonly local?: NonNullable<DiracOperator["local"]>;
  readonly evenOdd?: EvenOdd;
  private readonly links4: LinkSpace;
  private readonly options: DomainWallOptions;
  private readonly height: number;
  private readonly shamir: boolean;
  private readonly inverse: FifthInverse | undefined;
  private readonly t: FifthHop;
  private readonly tDagger: FifthHop;
  private readonly terms: SpinTerms;
  private readonly work: readonly [Field, Field, Field];

  constructor(space: LinkSpace, options: DomainWallOptions) {
    const { L5, M = -1, mass, b = 1, c = 1, domain = "even" } = options;
    const { lattice, group } = space;
    this.fifth = fifthDirection(lattice.dimension, { L5, M, mass, b, c });
    this.shamir = b === 1 && c === 1;
    this.name = this.shamir ? "domain-wall" : "moebius";
    this.height = lattice.dimension + M;
    this.options = options;
    this.links4 = space;
    this.quarks = new SpinorSpace(lattice, wilsonComponents(group.n, lattice.dimension));
    this.space = new SpinorSpace(lattice, L5 * this.quarks.components);
    const bytes = scratchOf(this.space.layout, fifthShape(lattice.dimension, group.n, L5));
    if (bytes > SCRATCH_BYTES)
      throw new RangeError(
        `domain wall: L5 = ${L5} slices of ${group.name} do not fit the private memory of a worker (${bytes} bytes of ${SCRATCH_BYTES})`,
      );
    this.space.count(domain); // says so where there is no checkerboard
    this.domain = domain;
    this.range = domain;
    if (domain === "even") {
      this.inverse = fifthInverse(this.fifth.diagonal, L5, mass);
      this.local = { logDeterminant: () => this.logDeterminantOdd(), addDerivative: () => {} };
      this.evenOdd = this.reduction(this.inverse);
    }
    this.links = options.links ?? new HoppingLinks(space, options.boundary);
    const hop = (dagger: boolean) =>
      new FifthHop(this.space, space.layout, this.links, { L5, dagger, right: !this.shamir });
    this.t = hop(false);
    this.tDagger = hop(true);
    this.terms = wilsonTerms(lattice.dimension, 1, L5);
    this.work = [this.space.field(), this.space.field(), this.space.field()];
    this.normal = { space: this.space, sites: domain, apply: (out, x) => this.applyNormal(out, x) };
  }

  /**
   * The operator with mass 1 that cancels the heavy modes, sharing the links of this one: to load one of them is enough, and this one
   * is released last.
   */
  pauliVillars(): DomainWall {
    return new DomainWall(this.links4, { ...this.options, mass: 1, links: this.links });
  }

  load(u: Field): void {
    this.links.load(u);
  }

  apply(out: Field, x: Field): void {
    this.forward(out, x);
  }

  applyDagger(out: Field, y: Field): void {
    const { domain, fifth, tDagger, work } = this;
    const [diagonal, right] = [this.shifted(fifth.diagonal), fifth.right];
    if (domain === "all") tDagger.combine("all", out, diagonal, y, this.shifted(right, -1 / 2), y);
    else {
      tDagger.solve("odd", work[0], this.inverse!, this.shifted(right), y);
      tDagger.combine("even", out, diagonal, y, this.shifted(right, -1 / 4), work[0]);
    }
  }

  /** out = D x and its norm squared. */
  private forward(out: Field, x: Field): number {
    const { domain, fifth, t, work } = this;
    const diagonal = this.shifted(fifth.diagonal);
    const from = this.rightTimes(domain, work[1], x);
    if (domain === "all") return t.combineNorm("all", out, diagonal, x, multiple(-1 / 2), from);
    t.solve("odd", work[0], this.inverse!, this.shifted(fifth.right), from);
    return t.combineNorm("even", out, diagonal, x, multiple(-1 / 4), work[0]);
  }

  private applyNormal(out: Field, x: Field): number {
    const norm = this.forward(this.work[2], x);
    this.applyDagger(out, this.work[2]);
    return norm;
  }

  /** B x, in `out` unless B is 1. */
  private rightTimes(sites: Sites, out: Field, x: Field): Field {
    if (this.shamir) return x;
    this.t.multiply(sites, out, this.shifted(this.fifth.right), x);
    return out;
  }

  /** scale (p + q F) as the kernels want it: p, q, and -mass q where F wraps round. */
  private shifted({ p, q }: FifthMatrix, scale = 1): readonly [number, number, number] {
    return [scale * p, scale * q, -this.fifth.mass * scale * q];
  }

  /**
   * Re y^dagger dD5 x = -(1/2) Re y^dagger dT B x: the hopping term at (y, B x). On the even sites, with K = B M5^{-1},
   * Re y^dagger dDhat x = -(1/4) Re(y^dagger dT x' + y'^dagger dT B x), x' = K T_oe B x and y' = K^T T^dagger_oe y on the odd
   * sites.
   */
  addDerivative(delta: Field, weight: number, y: Field, x: Field): void {
    const { space, links, terms, domain, fifth, work } = this;
    if (domain === "all") {
      addHopDerivative(space, links, terms, delta, -weight / 2, y, this.rightTimes("all", work[1], x));
      return;
    }
    const [left, right] = [work[0], work[1]];
    if (this.shamir) space.copy("even", right, x);
    else this.rightTimes("even", right, x);
    this.t.solve("odd", right, this.inverse!, this.shifted(fifth.right), right);
    space.copy("even", left, y);
    this.tDagger.solve("odd", left, this.inverse!, this.shifted(fifth.right), left);
    addHopDerivative(space, links, terms, delta, -weight / 4, left, right);
  }

  /** log |det M5| on the odd sites: det D5 = det M5_oo det Dhat. It does not depend on the gauge field. */
  private logDeterminantOdd(): number {
    const { diagonal, L5, mass } = this.fifth;
    const odd = this.space.lattice.volume / 2;
    return odd * this.quarks.components * logDeterminantFifth(diagonal, L5, mass);
  }

  /**
   * D5 psi = b by Dhat psi_e = b_e + (1/2) T_eo B M5^{-1} b_o and psi_o = M5^{-1} (b_o + (1/2) T_oe B psi_e).
   */
  private reduction(inverse: FifthInverse): EvenOdd {
    const half = multiple(1 / 2);
    return {
      whole: (out, x) => {
        const { t, fifth, work } = this;
        const from = this.rightTimes("all", work[1], x);
        t.combine("all", out, this.shifted(fifth.diagonal), x, multiple(-1 / 2), from);
      },
      source: (out, b) => {
        const { t, work } = this;
        t.solveSite("odd", work[0], inverse, b);
        t.combine("even", out, multiple(1), b, half, this.rightTimes("odd", work[1], work[0]));
      },
      reconstruct: (psi, b) => {
        const { t, work } = this;
        t.combine("odd", work[0], multiple(1), b, half, this.rightTimes("even", work[1], psi));
        t.solveSite("odd", psi, inverse, work[0]);
      },
    };
  }

  /**
   * Source of a quark eta of four dimensions, on all sites: out = D_- (P_- eta at s = 1, P_+ eta at s = L5), with
   * D_- = 1 - ((b - c)/2) D_W (1 for b = c). Then S = wallSink D5^{-1} wallSource is the propagator of the light quark,
   * S(m)^{-1} = S(0)^{-1} + m, and gamma_5 S gamma_5 = S^dagger.
   */
  wallSource(out: Field, eta: Field): void {
    const { t, work, fifth, height } = this;
    const c5 = fifth.right.q;
    t.wallSource(c5 === 0 ? out : work[0], eta);
    if (c5 !== 0) t.combine("all", out, multiple(1 - c5 * height), work[0], multiple(c5 / 2), work[0]);
  }

  /** The quark field q = P_+ psi_1 + P_- psi_L5, on all sites. */
  wallSink(out: Field, psi: Field): void {
    this.t.wallSink(out, psi);
  }

  release(): void {
    if (!this.options.links) this.links.release();
    for (const field of this.work) field.release();
  }
}

const multiple = (p: number): readonly [number, number, number] => [p, 0, 0];
