import { describe, expect, test } from "vitest";
import type { LinkSpace } from "../../lattice/links/links.ts";
import type { Configuration } from "../../lattice/space.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { forceAgainstDifferences } from "../action.contract.ts";
import type { Action, DifferentiableAction } from "../action.ts";
import { type Case, configuration, expectClose, linkSpace, smoothLinks } from "../testing.contract.ts";

export interface PseudofermionContract {
  readonly make: (space: LinkSpace) => DifferentiableAction;
  readonly cases: readonly Case[];
  /**
   * S right after the heat bath, from its noise: |xi|^2 (and what does not depend on phi) for square operators; absent where the
   * noise has more numbers than phi.
   */
  readonly drawn?: (space: LinkSpace) => { readonly norm2: number; readonly constant: number };
}

/** The links that all of these tests stand on: rough enough that no term is small. */
export const testLinks = (space: LinkSpace) => smoothLinks(space, 0.6, 3);

/** The action with its pseudofermions drawn once, at the test links, and then held. */
export function held(space: LinkSpace, action: Action, seed = "held"): Action {
  const c = configuration(space, testLinks(space));
  action.refresh!(c, addressedRng(seed, 0), 0);
  const at = (other: Configuration): Configuration => ({ ...other, auxiliary: c.auxiliary });
  return {
    value: (other) => action.value(at(other)),
    addForce: (other, weight, p) => action.addForce(at(other), weight, p),
  };
}

/** What every pseudofermion action must satisfy. */
export function describePseudofermion(name: string, { make, cases, drawn }: PseudofermionContract): void {
  describe.each(cases)(`${name}: $group on $extents`, (where) => {
    const space = linkSpace(where);
    const action = make(space);

    test("force is minus the derivative at fixed pseudofermions, to 1e-8", () => {
      const { exact, differences } = forceAgainstDifferences(space, held(space, action));
      expectClose(exact, differences, 1e-8);
    });

    test.runIf(drawn)("the heat bath draws from exp(-S): S is that of its noise", () => {
      const c = configuration(space, testLinks(space));
      const fresh = make(space);
      fresh.refresh!(c, addressedRng("drawn", 0), 7);
      const { norm2, constant } = drawn!(space);
      expectClose(fresh.value(c), norm2 + constant, 1e-9);
    });

    test("one and two workers give the same bits, and a new action the same numbers", () => {
      const [a, b] = ([1, 2] as const).map((workers) => {
        const on = linkSpace(where, workers);
        const act = held(on, make(on));
        const c = configuration(on, testLinks(on));
        const f = on.momenta();
        act.addForce(c, 0.7, f);
        return { value: act.value(c), force: f.view().slice() };
      });
      expect(a!.value).toBe(b!.value);
      expect(a!.force).toEqual(b!.force);
    });

    test("every part stands for itself: their sum is the action", () => {
      const parts = action.parts ?? [];
      if (parts.length === 0) return;
      const c = configuration(space, testLinks(space));
      action.refresh!(c, addressedRng("parts", 0), 0);
      expectClose(
        parts.reduce((sum, part) => sum + part.action.value(c), 0),
        action.value(c),
        1e-13,
      );
    });

    test("asked before its heat bath it says so", () => {
      expect(() => action.value(configuration(space))).toThrow(/not drawn yet/);
    });
  });
}

/** A force with a planted error of one part in a million. */
export const wrongForce = (action: Action): Action => ({
  ...action,
  addForce: (c, weight, p) => action.addForce(c, weight * (1 + 1e-6), p),
});
