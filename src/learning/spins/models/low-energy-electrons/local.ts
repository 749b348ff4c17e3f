import type { Field } from "../../../../lattice/field.ts";
import type { Configuration } from "../../../../lattice/space.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import type { LocalAction } from "../../../../physics/spins/spin-action.ts";

/** An action under single-spin changes by its whole value each time. */
export function localBy(space: SpinSpace, value: (c: Configuration) => number): LocalAction {
  const n = space.components;
  let field: Field | undefined;
  let here = 0;
  let there = 0;
  let site = 0;
  const asked = new Array<number>(n).fill(0);
  const at = (f: Field) => value({ space, field: f, auxiliary: new Map() });
  return {
    begin(c) {
      field = c.field;
      here = at(field);
    },
    change(where, spin) {
      if (!field) throw new Error("a change was asked for before `begin` said of which field");
      site = where;
      for (let a = 0; a < n; a++) asked[a] = spin[a]!;
      const before = field.view().slice(n * site, n * site + n);
      field.view().set(asked, n * site);
      there = at(field);
      field.view().set(before, n * site);
      return there - here;
    },
    accept() {
      field!.view().set(asked, n * site);
      here = there;
    },
  };
}
