import type { Field } from "../../../../lattice/field.ts";
import type { LocalAction } from "../../spin-action.ts";
import type { Electrons } from "./electrons.ts";
import type { FrequencyRule } from "./frequencies.ts";
import { type GreenFunctions, greenFunctions } from "./green/green.ts";
import { lnWeight } from "./weight.ts";

/** Single-spin changes by Green's functions, with what a test wants to know of it. */
export interface MatsubaraLocal extends LocalAction {
  /**
   * How far ln W, followed from change to change, had gone from that of the levels when the Green's functions were
   * computed afresh the last time.
   */
  readonly drift: number;
}

/** What putting a spin back on its sphere may change, which Green's functions do not notice. */
const ROUNDING = 1e-15;

/**
 * Single-spin changes by Green's functions on the imaginary axis. With delta = (J/2)(S' - S).sigma
 *
 *   ln W' - ln W = 2 Re sum_n ln det(1 - delta G_ii(i omega_n + mu)),
 *
 * a question costs one 2 x 2 determinant a frequency, an accepted change an update of rank two of all G (O(N^2) a frequency).
 * The sum converges because Tr h, Tr h^2 and Tr h^3 do not change (|S| = 1); `rule` replaces it by a few terms.
 * @param renewal accepted changes after which G is computed afresh, against the growth of rounding errors.
 */
export function byMatsubara(
  electrons: Electrons,
  beta: number,
  mu: number,
  makeRule: () => FrequencyRule,
  renewal: number,
): MatsubaraLocal {
  const { space, couplings, vector } = electrons.hamiltonian;
  const { components } = space;
  const spins = new Float64Array(space.length);
  const proposed = new Float64Array(components);
  const change = { site: -1, vector: new Float64Array(3) };
  const before = new Float64Array(3);
  let green: GreenFunctions | undefined;
  let field: Field | undefined;
  let accepted = Number.POSITIVE_INFINITY;
  let lnW = 0;
  let gain = 0;
  let drift = 0;

  const renew = (c: { readonly field: Field }) => {
    green ??= greenFunctions(electrons.hamiltonian, mu, makeRule());
    const { values, vectors } = electrons.decompose(c);
    const fresh = lnWeight(values, beta, mu);
    drift = accepted < Number.POSITIVE_INFINITY ? Math.abs(lnW - fresh) : 0;
    lnW = fresh;
    green.fill(values, vectors);
    accepted = 0;
  };
  return {
    get drift() {
      return drift;
    },
    begin(c) {
      const now = c.field.view();
      const known = accepted < renewal && spins.every((x, i) => Math.abs(x - now[i]!) <= ROUNDING);
      field = c.field;
      change.site = -1;
      if (!known) {
        accepted = Number.POSITIVE_INFINITY;
        renew(c);
      }
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
      if (++accepted >= renewal) renew({ field });
      else green!.update({ site, vector: change.vector });
    },
  };
}
