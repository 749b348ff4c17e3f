import type { Field } from "../../../../lattice/field.ts";
import type { LocalAction } from "../../spin-action.ts";
import type { Electrons } from "./electrons.ts";
import type { FrequencyRule } from "./frequencies.ts";
import { type GreenFunctions, greenFunctions } from "./green/green.ts";
import { lnWeight } from "./weight.ts";

/** Single-spin changes by Green's functions, with what a test wants to know of it. */
export interface MatsubaraLocal extends LocalAction {
  /**
   * How far ln W, followed from change to change, had gone from that of the levels when the Green's functions had to be
   * computed afresh between two changes the last time.
   */
  readonly drift: number;
}

/**
 * Single-spin changes by Green's functions on the imaginary axis. With delta = (J/2)(S' - S).sigma
 *
 *   ln W' - ln W = 2 Re sum_n ln det(1 - delta G_ii(i omega_n + mu)),
 *
 * a question costs one 2 x 2 determinant a frequency, an accepted change an update of rank two of all G (O(N^2) a frequency).
 * The sum converges because Tr h, Tr h^2 and Tr h^3 do not change (|S| = 1); the rule replaces it by a few terms.
 *
 * `begin` computes all G from the spins (O(N^3) a frequency), whatever it knows of them: what follows then depends on
 * nothing but these spins, and a chain that is resumed there makes the same steps to the last bit. Several sweeps from
 * one `begin` share its cost.
 * @param makeRule called at the first `begin`.
 * @param renewal accepted changes since `begin` after which G is computed afresh, against the growth of rounding errors.
 */
export function byMatsubara(
  electrons: Electrons,
  beta: number,
  mu: number,
  makeRule: () => FrequencyRule,
  renewal: number,
): MatsubaraLocal {
  const { space, couplings, vector } = electrons.hamiltonian;
  const makeGreen = greenFunctions(electrons.hamiltonian, mu);
  const { components } = space;
  const spins = new Float64Array(space.length);
  const proposed = new Float64Array(components);
  const change = { site: -1, vector: new Float64Array(3) };
  const before = new Float64Array(3);
  let green: GreenFunctions | undefined;
  let field: Field | undefined;
  let accepted = 0;
  let lnW = 0;
  let gain = 0;
  let drift = 0;

  const compute = (c: { readonly field: Field }) => {
    green ??= makeGreen(makeRule());
    const { values, vectors } = electrons.decompose(c);
    lnW = lnWeight(values, beta, mu);
    green.fill(values, vectors);
    accepted = 0;
  };
  return {
    get drift() {
      return drift;
    },
    begin(c) {
      change.site = -1;
      field = c.field;
      compute(c);
      spins.set(c.field.view());
    },
    change(site, spin) {
      if (!green) throw new Error("local action: change before begin; let it begin with a configuration first");
      for (let a = 0; a < components; a++) proposed[a] = spin[a]!;
      vector(spins, site, before);
      vector(proposed, 0, change.vector);
      for (let a = 0; a < 3; a++) change.vector[a] = (couplings.J / 2) * (change.vector[a]! - before[a]!);
      change.site = site;
      gain = green.lnRatio(change);
      return -gain;
    },
    accept() {
      if (!field || change.site < 0)
        throw new Error("local action: accept without a change asked about since the last; call change first");
      const { site } = change;
      const values = field.view();
      for (let a = 0; a < components; a++) values[components * site + a] = spins[components * site + a] = proposed[a]!;
      lnW += gain;
      change.site = -1;
      if (++accepted < renewal) return green!.update({ site, vector: change.vector });
      const followed = lnW;
      compute({ field });
      drift = Math.abs(followed - lnW);
    },
  };
}
