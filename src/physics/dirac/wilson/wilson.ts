import type { Field } from "../../../lattice/field.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import type { Boundary } from "../boundary.ts";
import { gammas, spins } from "../gamma.ts";
import { addHopDerivative, type SpinTerms } from "../hopping/derivative.ts";
import { Hop } from "../hopping/hop.ts";
import { HoppingLinks } from "../hopping/links.ts";
import {
  type DiracOperator,
  type EvenOdd,
  type NormalOperator,
  type SingleOperator,
  singleOperator,
} from "../operator.ts";
import { wilsonBody, wilsonComponents } from "./hop.ts";

export interface WilsonOptions {
  readonly kappa: number;
  /** Wilson parameter; 1 where left out. */
  readonly r?: number;
  readonly boundary: Boundary;
  /** "even": the even-odd preconditioned operator (needs even extents); "all": D itself. */
  readonly domain?: "even" | "all";
  /** Shares the gathered links of another operator, which loads and releases them. */
  readonly links?: HoppingLinks;
}

/** How the Wilson hopping term acts on spin, for its derivative. */
export const wilsonTerms = (dimension: number, r: number, slices = 1): SpinTerms => ({
  key: `wilson/r${r}/s${slices}`,
  spins: spins(dimension),
  slices,
  gamma: (mu) => gammas(dimension)[mu]!,
  sign: -1,
  r,
  back: 1,
});

/**
 * Wilson quarks D = 1 - kappa T, with the hopping term T of hop.ts; kappa = 1/(2 m + 2 d r).
 *
 * With domain "even" the operator is Dhat = 1 - kappa^2 T_eo T_oe on the even sites: det Dhat = det D, and D psi = b is
 * solved by Dhat psi_e = b_e + kappa T_eo b_o, psi_o = b_o + kappa T_oe psi_e.
 */
export class Wilson implements DiracOperator {
  readonly name = "wilson";
  readonly space: SpinorSpace;
  readonly domain: "even" | "all";
  readonly range: "even" | "all";
  readonly kappa: number;
  readonly normal: NormalOperator;
  readonly links: HoppingLinks;
  private readonly sharesLinks: boolean;
  readonly t: Hop;
  readonly tDagger: Hop;
  readonly evenOdd?: EvenOdd;
  private readonly r: number;
  private readonly terms: SpinTerms;
  private readonly forms: Forms;
  private inSingle: SingleOperator | undefined;
  private readonly owned: Field[] = [];
  private readonly first: Field;
  private readonly second: Field;

  constructor(space: LinkSpace, options: WilsonOptions) {
    const { kappa, r = 1, boundary, domain = "even" } = options;
    const { lattice, layout, group } = space;
    this.space = new SpinorSpace(lattice, wilsonComponents(group.n, lattice.dimension));
    this.space.count(domain); // says so where there is no checkerboard
    this.domain = domain;
    this.range = domain;
    this.kappa = kappa;
    this.r = r;
    this.sharesLinks = options.links !== undefined;
    this.links = options.links ?? new HoppingLinks(space, boundary);
    const at = this.links.field.address;
    this.t = new Hop(this.space, wilsonBody(layout, { r, dagger: false }), at);
    this.tDagger = new Hop(this.space, wilsonBody(layout, { r, dagger: true }), at);
    this.terms = wilsonTerms(lattice.dimension, r);
    [this.first, this.second] = [this.space.field(), this.space.field()];
    this.owned.push(this.first, this.second);
    this.forms = formsOf(this.domain, kappa, this.first);
    this.normal = this.forms.normal(this.t, this.tDagger, this.second);
    if (domain === "even") this.evenOdd = this.reduction();
  }

  private reduction(): EvenOdd {
    const { t, kappa } = this;
    return {
      whole: (out, x) => t.axpby("all", out, 1, x, -kappa, x),
      source: (out, b) => t.axpby("even", out, 1, b, kappa, b),
      reconstruct: (psi, b) => t.axpby("odd", psi, 1, b, kappa, psi),
    };
  }

  load(u: Field): void {
    this.links.load(u);
  }

  apply(out: Field, x: Field): void {
    this.forms.forward(this.t, out, x);
  }
  applyDagger(out: Field, y: Field): void {
    this.forms.forward(this.tDagger, out, y);
  }

  /**
   * On the even sites Re y^dagger dDhat x = -kappa^2 Re(y^dagger dT_eo x' + y'^dagger dT_oe x) with x' = T_oe x and
   * y' = T^dagger_oe y: the derivative of T on all sites at (x, x') and (y, y').
   */
  addDerivative(delta: Field, weight: number, y: Field, x: Field): void {
    const { kappa, space, links, terms, first, second } = this;
    if (this.domain === "all") {
      addHopDerivative(space, links, terms, delta, -kappa * weight, y, x);
      return;
    }
    space.copy("even", first, x);
    this.t.hop("odd", first, x);
    space.copy("even", second, y);
    this.tDagger.hop("odd", second, y);
    addHopDerivative(space, links, terms, delta, -kappa * kappa * weight, second, first);
  }

  single(): SingleOperator | undefined {
    return (this.inSingle ??= this.makeSingle());
  }

  private makeSingle(): SingleOperator | undefined {
    const { domain, kappa, links, r, space } = this;
    const single = space.single();
    if (!single) return undefined;
    const layout = { ...links.space.layout, width: single.width };
    const [t, tDagger] = [false, true].map(
      (dagger) => new Hop(single, wilsonBody(layout, { r, dagger }), () => links.single()!.address),
    ) as [Hop, Hop];
    const [first, second] = [single.field(), single.field()];
    this.owned.push(first, second);
    return singleOperator(space, formsOf(domain, kappa, first).normal(t, tDagger, second));
  }

  release(): void {
    if (!this.sharesLinks) this.links.release();
    for (const field of this.owned) field.release();
  }
}

/** What D and D^dagger D are in terms of T, in either precision. */
interface Forms {
  /** out = D x for T, D^dagger x for T^dagger; returns the norm squared of out. */
  forward(t: Hop, out: Field, x: Field): number;
  /** @param between holds D x. */
  normal(t: Hop, tDagger: Hop, between: Field): NormalOperator;
}

function formsOf(domain: "even" | "all", kappa: number, work: Field): Forms {
  const forward = (t: Hop, out: Field, x: Field): number => {
    if (domain === "all") return t.axpbyNorm("all", out, 1, x, -kappa, x);
    t.hop("odd", work, x);
    return t.axpbyNorm("even", out, 1, x, -kappa * kappa, work);
  };
  return {
    forward,
    normal: (t, tDagger, between) => ({
      space: t.space,
      sites: domain,
      apply(out, x) {
        const norm = forward(t, between, x);
        forward(tDagger, out, between);
        return norm;
      },
    }),
  };
}
