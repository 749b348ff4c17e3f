import type { Field } from "../../../lattice/field.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { type Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import type { Boundary } from "../boundary.ts";
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
import { staggeredBody, staggeredFactor } from "./hop.ts";

const terms: SpinTerms = { key: "staggered", spins: 1, slices: 1, sign: 1, r: 1, back: -1 };

/** Throws a RangeError where the phases eta_mu do not fit round the lattice. */
export function checkStaggered(space: LinkSpace): void {
  const { extents, geometry } = space.lattice;
  if (!geometry.checkerboard)
    throw new RangeError(
      `staggered quarks need even extents in all directions; the lattice is [${extents.join(", ")}]`,
    );
}

/**
 * Staggered quarks D = m + Dslash. Dslash is antihermitian and joins even to odd sites, so
 * D^dagger D = m^2 - Dslash^2 keeps even and odd sites apart, and its determinant on the even ones is det D.
 *
 * With domain "even" D goes from the even sites to all of them, D x = (m x, Dslash_oe x): the operator of the even-site
 * pseudofermion. With domain "all" it is the square D.
 */
export class Staggered implements DiracOperator {
  readonly name = "staggered";
  readonly space: SpinorSpace;
  readonly domain: "even" | "all";
  readonly range: Sites = "all";
  readonly mass: number;
  readonly normal: NormalOperator;
  readonly links: HoppingLinks;
  private readonly sharesLinks: boolean;
  readonly dslash: Hop;
  readonly evenOdd?: EvenOdd;
  private readonly work: Field;
  private inSingle: { readonly operator: SingleOperator; readonly work: Field } | undefined;

  constructor(
    space: LinkSpace,
    options: { mass: number; boundary: Boundary; domain?: "even" | "all"; links?: HoppingLinks },
  ) {
    checkStaggered(space);
    this.space = new SpinorSpace(space.lattice, space.group.n);
    this.domain = options.domain ?? "even";
    this.mass = options.mass;
    this.sharesLinks = options.links !== undefined;
    this.links = options.links ?? new HoppingLinks(space, options.boundary, staggeredFactor);
    this.dslash = new Hop(this.space, staggeredBody(space.layout), this.links.field.address);
    this.work = this.space.field();
    this.normal = normalOperator(this.domain, this.mass, this.dslash, this.work);
    if (this.domain === "even") this.evenOdd = this.reduction();
  }

  /** M_ee psi_e = (D^dagger b)_e, and psi_o = (b_o - Dslash_oe psi_e) / m. */
  private reduction(): EvenOdd {
    const { space, dslash, mass } = this;
    return {
      whole: (out, x) => dslash.axpby("all", out, mass, x, 1, x),
      source: (out, b) => space.copy("all", out, b),
      reconstruct: (psi, b) => dslash.axpby("odd", psi, 1 / mass, b, -1 / mass, psi),
    };
  }

  load(u: Field): void {
    this.links.load(u);
  }

  apply(out: Field, x: Field): void {
    const { dslash, mass, space } = this;
    if (this.domain === "even") {
      space.axpby("even", out, mass, x, 0, x);
      dslash.hop("odd", out, x);
    } else dslash.axpby("all", out, mass, x, 1, x);
  }

  applyDagger(out: Field, y: Field): void {
    this.dslash.axpby(this.domain, out, this.mass, y, -1, y);
  }

  addDerivative(delta: Field, weight: number, y: Field, x: Field): void {
    const { space, work } = this;
    if (this.domain === "all") {
      addHopDerivative(space, this.links, terms, delta, weight, y, x);
      return;
    }
    space.copy("even", work, x);
    space.zero("odd", work);
    addHopDerivative(space, this.links, terms, delta, weight, y, work);
  }

  single(): SingleOperator | undefined {
    return (this.inSingle ??= this.makeSingle())?.operator;
  }

  private makeSingle() {
    const { domain, mass, links, space } = this;
    const single = space.single();
    if (!single) return undefined;
    const work = single.field();
    const body = staggeredBody({ ...links.space.layout, width: single.width });
    const dslash = new Hop(single, body, () => links.single()!.address);
    return { work, operator: singleOperator(space, normalOperator(domain, mass, dslash, work)) };
  }

  release(): void {
    if (!this.sharesLinks) this.links.release();
    this.work.release();
    this.inSingle?.work.release();
  }
}

/** (m^2 - Dslash^2) x, a colour at a time; x^dagger A x comes with the second hop. */
function normalOperator(domain: "even" | "all", mass: number, dslash: Hop, work: Field): NormalOperator {
  const half = (sites: "even" | "odd", other: "even" | "odd", out: Field, x: Field) => {
    dslash.hop(other, work, x);
    return dslash.axpbyDot(sites, out, mass * mass, x, -1, work);
  };
  return {
    space: dslash.space,
    sites: domain,
    apply(out, x) {
      const even = half("even", "odd", out, x);
      return domain === "even" ? even : even + half("odd", "even", out, x);
    },
  };
}
