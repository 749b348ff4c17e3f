import type { Field } from "../../../../lattice/field.ts";
import type { LocalAction } from "../../spin-action.ts";
import type { Electrons } from "./electrons.ts";
import { lnWeight } from "./weight.ts";

/** Single-spin changes by diagonalising the changed matrix, the plain exact way: O(N^3) a proposal, nothing an acceptance. */
export function byDiagonalisation(electrons: Electrons, beta: number, mu: number): LocalAction {
  const { space } = electrons.hamiltonian;
  const n = space.components;
  const spins = new Float64Array(space.length);
  const changed = new Float64Array(space.length);
  let field: Field | undefined;
  let asked = -1;
  let now = 0;
  let then = 0;
  return {
    begin(c) {
      now = lnWeight(electrons.levels(c), beta, mu);
      spins.set(c.field.view());
      field = c.field;
      asked = -1;
    },
    change(site, spin) {
      changed.set(spins);
      for (let a = 0; a < n; a++) changed[n * site + a] = spin[a]!;
      then = lnWeight(electrons.levelsOf(changed), beta, mu);
      asked = site;
      return now - then;
    },
    accept() {
      if (!field || asked < 0)
        throw new Error("local action: accept without a change asked about since the last; call change first");
      const values = field.view();
      for (let a = n * asked; a < n * asked + n; a++) values[a] = spins[a] = changed[a]!;
      now = then;
      asked = -1;
    },
  };
}
