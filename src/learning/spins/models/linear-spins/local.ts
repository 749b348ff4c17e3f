import { firstShells } from "../../../../lattice/shells.ts";
import type { Configuration } from "../../../../lattice/space.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import type { LocalAction } from "../../../../physics/spins/spin-action.ts";

/**
 * A pair action under single-spin changes, -(v - S_k).h_k with h_k = sum_n K_n sum_{j in shell n of k} S_j: it remembers
 * nothing but the field.
 */
export class LinearLocal implements LocalAction {
  private readonly components: number;
  private readonly strengths: Float64Array;
  private readonly shells: ReturnType<typeof firstShells>;
  private followed: Configuration | undefined;
  private site = 0;
  private readonly asked: Float64Array;

  /** @param strengths K_n at [n - 1], read anew at every change. */
  constructor(space: SpinSpace, strengths: Float64Array) {
    this.components = space.components;
    this.strengths = strengths;
    this.shells = firstShells(space.lattice.extents, strengths.length, "linear-spins");
    this.asked = new Float64Array(space.components);
  }

  begin(c: Configuration): void {
    this.followed = c;
  }

  private spins(): Float64Array {
    if (!this.followed) throw new Error("linear-spins: a change was asked for before `begin` said of which field");
    return this.followed.field.view();
  }

  change(site: number, spin: Float64Array): number {
    const { components, strengths, asked } = this;
    const spins = this.spins();
    let sum = 0;
    for (let a = 0; a < components; a++) {
      asked[a] = spin[a]!;
      let field = 0;
      for (let n = 0; n < strengths.length; n++) {
        const { coordination, sites } = this.shells[n]!;
        let neighbours = 0;
        for (let k = site * coordination; k < (site + 1) * coordination; k++)
          neighbours += spins[components * sites[k]! + a]!;
        field += strengths[n]! * neighbours;
      }
      sum -= (spin[a]! - spins[components * site + a]!) * field;
    }
    this.site = site;
    return sum;
  }

  accept(): void {
    this.spins().set(this.asked, this.components * this.site);
  }
}
