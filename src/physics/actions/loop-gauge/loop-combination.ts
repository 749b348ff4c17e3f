import type { Field } from "../../../lattice/field.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import type { Configuration } from "../../../lattice/space.ts";
import { addLoopDerivative } from "../../loops/derivative.ts";
import { checkedLoops, type LoopFamily, loopsOf } from "../../loops/families.ts";
import { addLoopForce } from "../../loops/force.ts";
import { loopStaple } from "../../loops/loop-staple.ts";
import { loopSums } from "../../loops/loop-sum.ts";
import type { Path } from "../../loops/path.ts";
import { plaquetteStaple } from "../../loops/plaquette.ts";
import { addPlaquetteForce } from "../../loops/plaquette-force.ts";
import type { GaugeAction, StapleSource, StapleTerm } from "../../loops/staple.ts";

/**
 * S = sum_i beta_i K_i with the features K_i = -(1/N) sum_n sum_w Re tr w(n) of families of loops: the effective action of
 * self-learning Monte Carlo. The couplings may be set anew; sweeps and forces read them when they run, so nothing is
 * built again.
 */
export class LoopCombination implements GaugeAction {
  readonly families: readonly LoopFamily[];
  /** beta of each family, in their order. */
  readonly couplings: Float64Array;
  readonly staples: readonly StapleTerm[];
  private readonly space: LinkSpace;
  private readonly loops: readonly (readonly Path[])[];

  /** Throws a RangeError where the lattice has too few directions for a family. */
  constructor(space: LinkSpace, families: readonly LoopFamily[]) {
    this.space = space;
    this.families = families;
    this.couplings = new Float64Array(families.length);
    const { extents } = space.lattice;
    this.loops = families.map((family) => checkedLoops(loopsOf(family, extents), extents));
    this.staples = families.map((family, i) =>
      coupled(sourceOf(family, this.loops[i]!, space), () => this.couplings[i]! / space.group.n),
    );
  }

  /** N. */
  get colours(): number {
    return this.space.group.n;
  }

  /** K_i of a configuration, in the order of the families. */
  features(u: Field): Float64Array {
    const sums = loopSums(this.space, u.address, this.loops.flat());
    const features = new Float64Array(this.families.length);
    let at = 0;
    this.loops.forEach((loops, i) => {
      for (const _ of loops) features[i]! -= sums[at++]!.re / this.space.group.n;
    });
    return features;
  }

  /** S of a configuration whose features are known. */
  valueAt(features: ArrayLike<number>): number {
    return this.couplings.reduce((sum, beta, i) => sum + beta * features[i]!, 0);
  }

  value(c: Configuration): number {
    return this.valueAt(this.features(c.field));
  }

  addForce(c: Configuration, weight: number, p: Field): void {
    for (const { source, coupling } of this.staples) {
      if (coupling === 0) continue;
      if (source === plaquetteStaple) addPlaquetteForce(this.space, weight * coupling, c.field, p);
      else addLoopForce(this.space, source, weight * coupling, c.field, p);
    }
  }

  addDerivative(c: Configuration, weight: number, delta: Field): void {
    for (const { source, coupling } of this.staples)
      if (coupling !== 0) addLoopDerivative(this.space, source, weight * coupling, c.field, delta);
  }
}

/** The sources that the gauge actions of run files have too, so that terms of one kind are known by their keys. */
const sourceOf = (family: LoopFamily, loops: readonly Path[], { lattice }: LinkSpace): StapleSource =>
  family === "plaquette" ? plaquetteStaple : loopStaple(loops, lattice.dimension);

const coupled = (source: StapleSource, coupling: () => number): StapleTerm => ({
  source,
  get coupling() {
    return coupling();
  },
});
