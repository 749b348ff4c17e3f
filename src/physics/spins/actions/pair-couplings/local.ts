import type { Field } from "../../../../lattice/field.ts";
import { type Shell, shellsOf } from "../../../../lattice/shells.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import { squaresOf } from "../../../../lattice/squares.ts";
import type { LocalAction, SpinCouplings } from "../../spin-action.ts";

/**
 * S under single-spin changes. S is linear in every spin, S = -S_i.f_i + …, with the local field
 * f_i = h + sum_n K_n sum_j S_j + K_sq sum_sq S S S. The fields of all sites are kept: a question costs a few
 * multiplications, an accepted change as many additions as the spin has neighbours.
 *
 * @param writeFields writes the f_i of these spins, laid out as they are.
 */
export function localPairAction(
  space: SpinSpace,
  couplings: SpinCouplings,
  writeFields: (s: Field, fields: Float64Array) => void,
): LocalAction {
  const n = space.components;
  const { extents } = space.lattice;
  const spins = new Float64Array(space.length);
  const fields = new Float64Array(space.length);
  const shells = shellsOf(extents).slice(1, couplings.shells.length + 1);
  const corners = couplings.square === 0 ? undefined : squaresOf(extents);
  let field: Field | undefined;
  let asked = -1;
  const [proposed, moved] = [new Float64Array(n), new Float64Array(n)];

  return {
    begin(c) {
      field = c.field;
      asked = -1;
      spins.set(field.view());
      writeFields(field, fields);
    },
    change(site, spin) {
      const at = n * site;
      asked = site;
      let sum = 0;
      for (let a = 0; a < n; a++) {
        proposed[a] = spin[a]!;
        sum += (spin[a]! - spins[at + a]!) * fields[at + a]!;
      }
      return -sum;
    },
    accept() {
      if (!field || asked < 0)
        throw new Error("local action: accept without a change asked about since the last; call change first");
      const at = n * asked;
      const values = field.view();
      for (let a = 0; a < n; a++) {
        moved[a] = proposed[a]! - spins[at + a]!;
        spins[at + a] = values[at + a] = proposed[a]!;
      }
      addPairs(fields, moved, shells, couplings.shells, asked);
      if (corners) addSquares(fields, spins, couplings.square * moved[0]!, corners.corners, corners.perSite, asked);
      asked = -1;
    },
  };
}

/** fields_j += K_n v for every j in shell n of the site, for every shell. */
function addPairs(
  fields: Float64Array,
  v: Float64Array,
  shells: readonly Shell[],
  K: Float64Array,
  site: number,
): void {
  const n = v.length;
  for (let s = 0; s < shells.length; s++) {
    const { sites, coordination } = shells[s]!;
    const strength = K[s]!;
    for (let k = site * coordination; k < (site + 1) * coordination; k++) {
      const to = n * sites[k]!;
      for (let a = 0; a < n; a++) fields[to + a]! += strength * v[a]!;
    }
  }
}

/** What a change of the spin at `site` by moved/K does to the fields of the other corners of its squares. */
function addSquares(
  fields: Float64Array,
  spins: Float64Array,
  moved: number,
  corners: Int32Array,
  perSite: number,
  site: number,
): void {
  for (let k = 3 * site * perSite; k < 3 * (site + 1) * perSite; k += 3) {
    const [a, b, c] = [corners[k]!, corners[k + 1]!, corners[k + 2]!];
    fields[a]! += moved * spins[b]! * spins[c]!;
    fields[b]! += moved * spins[a]! * spins[c]!;
    fields[c]! += moved * spins[a]! * spins[b]!;
  }
}
