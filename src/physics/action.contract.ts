import { describe, expect, test } from "vitest";
import type { LinkSpace } from "../lattice/links/links.ts";
import { addressedRng } from "../numerics/addressed-random.ts";
import type { Action } from "./action.ts";
import {
  type Case,
  configuration,
  doubled,
  expectClose,
  gaugeTransformed,
  linkSpace,
  roughLinks,
  translated,
} from "./testing.contract.ts";

export interface ActionContract {
  /** The action on a space; it may throw where the lattice has too few directions, and the case is then left out. */
  readonly make: (space: LinkSpace) => Action;
  readonly cases: readonly Case[];
  /** False for loops round the lattice, whose action is no sum of a local density. */
  readonly extensive?: boolean;
}

/** What every gauge action must satisfy. */
export function describeAction(name: string, { make, cases, extensive = true }: ActionContract): void {
  describe.each(cases)(`${name}: $group on $extents`, ({ group, extents, lanes }) => {
    const data = roughLinks(group, extents);
    const space = linkSpace({ group, extents, lanes });
    const action = make(space);
    const value = action.value(configuration(space, data));
    // sums of many terms of either sign: their size is that of a random walk
    const size = Math.max(Math.abs(value), Math.sqrt(space.lattice.volume));

    test("force is minus the derivative, to 1e-8", () => {
      const { exact, differences } = forceAgainstDifferences(space, action);
      expectClose(exact, differences, 1e-8);
    });

    test("gauge invariance", () => {
      expectClose(action.value(configuration(space, gaugeTransformed(data))), value, 1e-12, size);
    });

    test("translation invariance", () => {
      const moved = translated(
        data,
        extents.map((_, mu) => mu + 1),
      );
      expectClose(action.value(configuration(space, moved)), value, 1e-12, size);
    });

    test.runIf(extensive)("extensive: twice the lattice, twice the action", () => {
      const large = doubled(data);
      const wide = linkSpace({ group, extents: large.extents, lanes });
      expectClose(make(wide).value(configuration(wide, large)), 2 * value, 1e-12, size);
    });

    test("one and two workers give the same bits", () => {
      const [a, b] = ([1, 2] as const).map((workers) => {
        const where = linkSpace({ group, extents, lanes }, workers);
        const c = configuration(where, data);
        const f = where.momenta();
        const act = make(where);
        act.addForce(c, 0.7, f);
        return { value: act.value(c), force: f.view().slice() };
      });
      expect(a!.value).toBe(b!.value);
      expect(a!.force).toEqual(b!.force);
    });

    test("the force is added to what is there, times its weight", () => {
      const c = configuration(space, data);
      const [f, g] = [space.momenta(), space.momenta()];
      action.addForce(c, 1, f);
      space.drawMomenta(g, addressedRng("added", 0), 0);
      const before = g.view().slice();
      action.addForce(c, -0.3, g);
      const added = g.view();
      f.view().forEach((x, i) => expectClose(added[i]!, before[i]! - 0.3 * x, 1e-13, Math.abs(x) + 1));
    });
  });
}

/**
 * The derivative of an action along a random direction P of the momenta, at a rough configuration: -<F, P>, and by
 * sixth-order differences of S(exp(h P) U).
 */
export function forceAgainstDifferences(space: LinkSpace, action: Action): { exact: number; differences: number } {
  const { lattice, group } = space;
  const c = configuration(space, roughLinks(group.name, lattice.extents, 1));
  const [f, p] = [space.momenta(), space.momenta()];
  action.addForce(c, 1, f);
  // a step partly along the force keeps the derivative away from zero
  space.drawMomenta(p, addressedRng("direction", 0), 0);
  space.addScaled(p, f, 1);
  const direction = p.view();
  const exact = -f.view().reduce((sum, x, i) => sum + x * direction[i]!, 0);
  const along = (h: number) => {
    const moved = configuration(space, space.store(c.field));
    space.drift(moved.field, p, h);
    return action.value(moved);
  };
  // the truncation error goes with the seventh power of how far the steepest link turns
  const steepest = Math.sqrt(direction.reduce((most, x) => Math.max(most, x * x), 0));
  const h = 4e-3 / Math.max(1, steepest);
  const difference = (k: number) => along(k * h) - along(-k * h);
  const differences = (45 * difference(1) - 9 * difference(2) + difference(3)) / (60 * h);
  return { exact, differences };
}
