import { describe, expect, test } from "vitest";
import type { Guide } from "../guide/guide.ts";
import { ends, guidedToy } from "../guide/testing.contract.ts";
import { centred } from "./action.ts";
import { objective, objectiveNames } from "./index.ts";

const toy = guidedToy();
const { space, guide, target } = toy;
const sample = ends(toy);
const other = { start: sample.end, end: sample.start };

/** dloss/dparameters by fourth-order differences of what `loss` gives. */
function byDifferences(of: Guide, loss: () => number): number[] {
  const h = 1e-3;
  return [...of.parameters].map((before, i) => {
    const at = (x: number) => {
      of.parameters[i] = before + x;
      of.assign();
      const value = loss();
      of.parameters[i] = before;
      of.assign();
      return value;
    };
    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
  });
}

describe.each(objectiveNames.filter((name) => name !== "centred"))("the objective %s", (name) => {
  test("has the gradient of its loss", () => {
    const made = objective(name, space, guide, target);
    const gradient = new Float64Array(guide.parameters.length);
    const loss = made.evaluate(sample, 3, gradient);
    expect(loss).toBeGreaterThan(0);
    const expected = byDifferences(guide, () => made.evaluate(sample, 0, new Float64Array(gradient.length))!);
    const scale = Math.max(...expected.map(Math.abs));
    gradient.forEach((g, i) => {
      expect(Math.abs(g / 3 - expected[i]!)).toBeLessThan(1e-6 * scale);
    });
  });
});

describe("the centred objective", () => {
  test("is the squared distance from the running mean, and knows nothing of a constant", () => {
    const shifted = { ...target, value: (c: typeof sample.end) => target.value(c) - 1000 };
    const [plain, far] = [centred(guide, target), centred(guide, shifted)];
    const seen = [plain, far].map((made) => {
      const gradient = new Float64Array(guide.parameters.length);
      const losses = [sample, other, sample].map((one) => made.evaluate(one, 1, gradient));
      return { losses, gradient: [...gradient] };
    });
    expect(seen.map(({ losses }) => losses[0])).toEqual([undefined, undefined]);
    for (const i of [1, 2]) expect(seen[0]!.losses[i]!).toBeCloseTo(seen[1]!.losses[i]!, 8);
    for (const [i, g] of seen[0]!.gradient.entries()) expect(g).toBeCloseTo(seen[1]!.gradient[i]!, 7);
    const difference = (c: typeof sample.end) => guide.value(c) - target.value(c);
    const [a, b] = [difference(sample.end), difference(other.end as typeof sample.end)];
    expect(seen[0]!.losses[1]).toBeCloseTo((b - a) ** 2 / 2, 9);
    expect(seen[0]!.losses[2]).toBeCloseTo((a - (a + b) / 2) ** 2 / 2, 9);
  });
  test("its mean goes along with the weights", () => {
    const { guide: moving, target: same } = guidedToy();
    const made = centred(moving, same);
    const gradient = new Float64Array(moving.parameters.length);
    for (const one of [sample, other]) made.evaluate(one, 1, gradient);
    const still = made.save!();
    const before = made.evaluate(sample, 0, gradient)!;
    made.restore!(still);
    // a small step that changes S_theta by about as much everywhere: the loss stays, to first order
    const step = 1e-4;
    moving.parameters[4]! += step;
    moving.assign();
    const slopes = [sample.end, other.end].map((c) => {
      const g = new Float64Array(moving.parameters.length);
      moving.addGradient(c, 1, g);
      return g[4]!;
    });
    const spread = Math.sqrt(2 * before) * step * Math.abs(slopes[0]! - slopes[1]!);
    const lagging = Math.sqrt(2 * before) * step * Math.abs(slopes[0]!);
    const change = Math.abs(made.evaluate(sample, 0, gradient)! - before);
    expect(change).toBeLessThan(2 * spread);
    expect(lagging).toBeGreaterThan(4 * spread);
  });
  test("goes on where it was saved", () => {
    const [straight, first, second] = [1, 2, 3].map(() => centred(guide, target));
    const gradient = () => new Float64Array(guide.parameters.length);
    for (const one of [sample, other]) straight!.evaluate(one, 1, gradient());
    first!.evaluate(sample, 1, gradient());
    second!.restore!(JSON.parse(JSON.stringify(first!.save!())));
    second!.evaluate(other, 1, gradient());
    const [a, b] = [gradient(), gradient()];
    expect(second!.evaluate(sample, 1, b)).toBe(straight!.evaluate(sample, 1, a));
    expect(b).toEqual(a);
  });
});
