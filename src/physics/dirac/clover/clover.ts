import type { Field } from "../../../lattice/field.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { type Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import { addHopDerivative, type SpinTerms } from "../hopping/derivative.ts";
import { Hop } from "../hopping/hop.ts";
import { HoppingLinks } from "../hopping/links.ts";
import type { DiracOperator, EvenOdd, NormalOperator } from "../operator.ts";
import { wilsonBody, wilsonComponents } from "../wilson/hop.ts";
import { type WilsonOptions, wilsonTerms } from "../wilson/wilson.ts";
import { CloverTerm } from "./term.ts";

export interface CloverOptions extends WilsonOptions {
  /** Sheikholeslami-Wohlert coefficient; 1 at tree level, 0 for Wilson quarks. */
  readonly cSW: number;
}

/**
 * Improved Wilson quarks D = A - kappa T, with the hopping term T of Wilson quarks and the site-diagonal, Hermitian A of
 * term.ts.
 *
 * With domain "even" the operator is Dhat = A_ee - kappa^2 T_eo A_oo^{-1} T_oe on the even sites:
 * det D = det A_oo det Dhat, of which `local` has the first factor. D psi = b is solved by
 * Dhat psi_e = b_e + kappa T_eo A_oo^{-1} b_o, psi_o = A_oo^{-1} (b_o + kappa T_oe psi_e).
 */
export class Clover implements DiracOperator {
  readonly name = "clover";
  readonly space: SpinorSpace;
  readonly domain: Sites;
  readonly range: Sites;
  readonly kappa: number;
  readonly cSW: number;
  readonly normal: NormalOperator;
  readonly links: HoppingLinks;
  readonly local?: Required<DiracOperator>["local"];
  readonly evenOdd?: EvenOdd;
  private readonly sharesLinks: boolean;
  private readonly term: CloverTerm;
  private readonly t: Hop;
  private readonly tDagger: Hop;
  private readonly terms: SpinTerms;
  private readonly first: Field;
  private readonly second: Field;

  /** Throws a RangeError in one and three dimensions, and for domain "even" where an extent is odd. */
  constructor(space: LinkSpace, options: CloverOptions) {
    const { kappa, cSW, r = 1, boundary, domain = "even" } = options;
    const { lattice, layout, group } = space;
    this.space = new SpinorSpace(lattice, wilsonComponents(group.n, lattice.dimension));
    this.space.count(domain); // says so where there is no checkerboard
    this.domain = domain;
    this.range = domain;
    this.kappa = kappa;
    this.cSW = cSW;
    this.sharesLinks = options.links !== undefined;
    this.links = options.links ?? new HoppingLinks(space, boundary);
    const at = this.links.field.address;
    this.t = new Hop(this.space, wilsonBody(layout, { r, dagger: false }), at);
    this.tDagger = new Hop(this.space, wilsonBody(layout, { r, dagger: true }), at);
    this.terms = wilsonTerms(lattice.dimension, r);
    const term = new CloverTerm(space, this.space, { kappa, cSW, inverse: domain === "even" });
    this.term = term;
    [this.first, this.second] = [this.space.field(), this.space.field()];
    this.normal = { space: this.space, sites: domain, apply: (out, x) => this.applyNormal(out, x) };
    if (domain === "all") return;
    this.evenOdd = this.reduction();
    this.local = {
      logDeterminant: () => term.logDeterminant(),
      addDerivative: (delta, weight) => term.addLogDeterminantDerivative(delta, weight),
    };
  }

  private reduction(): EvenOdd {
    const { t, term, kappa, first } = this;
    return {
      whole: (out, x) => {
        term.apply("all", out, x);
        t.axpby("all", out, 1, out, -kappa, x);
      },
      source: (out, b) => {
        term.applyInverse(first, b);
        t.axpby("even", out, 1, b, kappa, first);
      },
      reconstruct: (psi, b) => {
        t.axpby("odd", psi, 1, b, kappa, psi);
        term.applyInverse(psi, psi);
      },
    };
  }

  /** Takes over a gauge field. Throws a RangeError where A_oo is needed and has no inverse (an exceptional field). */
  load(u: Field): void {
    this.links.load(u);
    this.term.load(u);
  }

  apply(out: Field, x: Field): void {
    this.forward(this.t, out, x);
  }
  applyDagger(out: Field, y: Field): void {
    this.forward(this.tDagger, out, y);
  }

  /** out = D x (or D^dagger x) and its norm squared; A is Hermitian. */
  private forward(t: Hop, out: Field, x: Field): number {
    const { kappa, domain, first, term } = this;
    if (domain === "even") {
      t.hop("odd", first, x);
      term.applyInverse(first, first);
    }
    term.apply(domain, out, x);
    return domain === "even"
      ? t.axpbyNorm("even", out, 1, out, -kappa * kappa, first)
      : t.axpbyNorm("all", out, 1, out, -kappa, x);
  }

  private applyNormal(out: Field, x: Field): number {
    const norm = this.forward(this.t, this.second, x);
    this.forward(this.tDagger, out, this.second);
    return norm;
  }

  /**
   * On the even sites, with x' = A_oo^{-1} T_oe x and y' = A_oo^{-1} T^dagger_oe y, and from d A^{-1} = -A^{-1} dA A^{-1}:
   * Re y^dagger dDhat x = Re [y^dagger dA_ee x - kappa^2 (y^dagger dT_eo x' + y'^dagger dT_oe x) + kappa^2 y'^dagger dA_oo x'].
   */
  addDerivative(delta: Field, weight: number, y: Field, x: Field): void {
    const { kappa, space, links, terms, first, second, term } = this;
    if (this.domain === "all") {
      addHopDerivative(space, links, terms, delta, -kappa * weight, y, x);
      term.addDerivative(delta, [{ sites: "all", weight }], y, x);
      return;
    }
    const square = kappa * kappa * weight;
    this.completed(this.t, first, x);
    this.completed(this.tDagger, second, y);
    addHopDerivative(space, links, terms, delta, -square, second, first);
    const parts = [
      { sites: "even", weight },
      { sites: "odd", weight: square },
    ] as const;
    term.addDerivative(delta, parts, second, first);
  }

  /** out = (x_e, A_oo^{-1} T_oe x_e) */
  private completed(t: Hop, out: Field, x: Field): void {
    this.space.copy("even", out, x);
    t.hop("odd", out, x);
    this.term.applyInverse(out, out);
  }

  release(): void {
    if (!this.sharesLinks) this.links.release();
    this.term.release();
    for (const field of [this.first, this.second]) field.release();
  }
}
