import { describe, expect, test } from "vitest";
import { describeAction } from "../../action.contract.ts";
import { type LoopFamily, loopsOf } from "../../loops/families.ts";
import { configuration, expectClose, linkSpace, roughLinks } from "../../testing.contract.ts";
import { LoopCombination } from "./loop-combination.ts";
import { loopGauge } from "./loop-gauge.ts";

const families: readonly LoopFamily[] = ["plaquette", "rectangle", "polyakov-x", "polyakov-t", "chair"];
const couplings = [2.1, -0.3, 0.2, 0.7, 0.1];

describeAction("a combination of loops", {
  make(space) {
    const known = families.slice(0, space.lattice.dimension === 2 ? 4 : 5);
    const action = new LoopCombination(space, known);
    action.couplings.set(couplings.slice(0, known.length));
    return action;
  },
  cases: [
    { group: "SU(3)", extents: [4, 2, 3, 4] },
    { group: "SU(2)", extents: [4, 4, 4] },
    { group: "U(1)", extents: [4, 6] },
  ],
  extensive: false,
});

describe("a combination of loops", () => {
  const { group, extents } = { group: "SU(3)", extents: [4, 4, 2, 4] };
  const space = linkSpace({ group, extents });
  const c = configuration(space, roughLinks(group, extents));
  const action = new LoopCombination(space, families);

  test("is the sum of its families, at whatever couplings it has now", () => {
    for (const factor of [1, -0.5]) {
      action.couplings.set(couplings.map((beta) => factor * beta));
      const sum = families.reduce(
        (s, family, i) => s + loopGauge(space, factor * couplings[i]!, loopsOf(family, extents)).value(c),
        0,
      );
      expectClose(action.value(c), sum, 1e-12, 100);
      expectClose(action.valueAt(action.features(c.field)), sum, 1e-12, 100);
      action.staples.forEach(({ coupling }, i) => expectClose(coupling, (factor * couplings[i]!) / 3, 1e-15, 1));
    }
  });
  test("has the sources of the actions of run files", () => {
    const keys = action.staples.map(({ source }) => source.key);
    expect(keys[0]).toBe("plaquette");
    expect(keys[1]).toBe(loopGauge(space, 1, loopsOf("rectangle", extents)).staples[0]!.source.key);
  });
  test("tells its derivative", () => {
    const delta = space.field();
    delta.zero();
    action.addDerivative(c, 0.5, delta);
    const other = space.field();
    other.zero();
    families.forEach((family, i) => {
      const beta = action.couplings[i]!;
      loopGauge(space, beta, loopsOf(family, extents)).addDerivative(c, 0.5, other);
    });
    const values = other.view();
    delta.view().forEach((x, i) => expectClose(x, values[i]!, 1e-12, 10));
  });
});
