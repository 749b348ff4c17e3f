import { expect, test } from "vitest";
import { shellsOf } from "../../../../lattice/shells.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import { pairAction } from "../../actions/pair-couplings/pair-action.ts";
import { describeSpinObservable, measureSpins } from "../../spin-observable.contract.ts";
import { roughSpins, spinCases, spinSpace } from "../../testing.contract.ts";
import { spinEnergy } from "./spin-energy.ts";

/** J of the suite times the bonds of a site, (links - doubled ones) / 2. */
const perSite = (space: SpinSpace) => (1.3 * shellsOf(space.lattice.extents)[1]!.coordination) / 2;

describeSpinObservable({
  definition: spinEnergy,
  cases: spinCases,
  cold: (label, space) => ({ energy: -perSite(space), bond: 1 })[label],
  neel: (label, space) => ({ energy: perSite(space), bond: -1 })[label],
  hot: () => 0,
});

test("the energy is that of the action whatever T is, and what is no energy is not called so", () => {
  const where = { spins: "O(3)", extents: [4, 4] } as const;
  const space = spinSpace(where);
  const at = (t: number) => pairAction(space, { shells: [1, -0.4], field: [0, 0, 1] }, t, "test");
  const data = roughSpins(where);
  const [cold, warm] = [0.1, 2].map((t) => measureSpins(spinEnergy, space, data, {}, at(t)).get("energy")!);
  expect(Math.abs(cold! - warm!)).toBeLessThan(1e-14);
  const { couplings: _, ...weight } = at(1);
  expect([...measureSpins(spinEnergy, space, data, {}, weight).keys()]).toEqual(["free-energy", "bond"]);
});
