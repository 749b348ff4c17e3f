import { afterAll, describe, expect, it } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { hermitianEigenvalues } from "../../../numerics/hermitian.ts";
import { Learnt } from "./differences.ts";
import { type FitOptions, fitModel, PairBuffer, pairsOf } from "./index.ts";
import { goldenSpins, pairsFrom, type ToyOptions, toyModel } from "./testing.contract.ts";

const device = openDevice({ workers: 1 });
afterAll(() => device.close());
const extents = [3, 4];
const truth = [-0.3, 0.12, -7];

function fitted(given: ToyOptions, options: FitOptions, start = [0.01, 0.01, 0]) {
  const target = toyModel(device, extents, { bent: given.bent ?? false });
  target.parameters.set(truth);
  const model = toyModel(device, extents, given);
  model.parameters.set(start);
  const [pairs, test] = [pairsFrom(target, 150), pairsFrom(target, 50, 0, "test")];
  const result = fitModel(model, device, pairs, test, options, addressedRng("fit"));
  return { ...result, off: Math.max(...truth.map((x, i) => Math.abs(model.parameters[i]! - x))) };
}

describe("the gradient of the loss", () => {
  const target = toyModel(device, extents);
  target.parameters.set(truth);
  const pairs = pairsFrom(target, 9, 0.3);
  const indices = Int32Array.of(3, 0, 3, 8, 5);
  const worst = (objective: "variance" | "square", options: ToyOptions) => {
    const model = toyModel(device, extents, { bent: true, ...options });
    model.parameters.set([0.1, -0.2, -6]);
    const learnt = new Learnt(model, device, 8);
    const [gradient, unused] = [new Float64Array(3), new Float64Array(3)];
    learnt.loss(objective, pairs, indices, gradient);
    const h = 1e-4;
    const differences = [0, 1, 2].map((i) => {
      const at = (x: number) => {
        const before = model.parameters[i]!;
        model.parameters[i] = before + x;
        const loss = learnt.loss(objective, pairs, indices, unused);
        model.parameters[i] = before;
        return loss;
      };
      return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    });
    learnt.release();
    return Math.max(...differences.map((d, i) => Math.abs(d - gradient[i]!) / Math.max(1, Math.abs(d))));
  };
  it.each(["variance", "square"] as const)("is that of %s, by differences", (objective) => {
    expect(worst(objective, {})).toBeLessThan(1e-8);
  });
  it("a wrong one is found out", () => {
    expect(worst("variance", { wrong: true })).toBeGreaterThan(0.1);
  });
});

describe("least squares", () => {
  it("finds a linear model in one step", () => {
    const { off, test, losses, errors } = fitted({}, { optimiser: "least-squares", steps: 5 });
    expect(off).toBeLessThan(1e-10);
    expect(losses[0]!.loss).toBeLessThan(1e-20);
    expect(test).toBeLessThan(1e-20);
    expect(Math.max(...errors!)).toBeLessThan(1e-9);
  });
  it("finds one that is not linear, in a few", () => {
    const { off, test } = fitted({ bent: true }, { optimiser: "least-squares", steps: 30 });
    expect(off).toBeLessThan(1e-8);
    expect(test).toBeLessThan(1e-14);
  });
  it("gives errors that the scatter of fits to noisy data confirms", () => {
    const target = toyModel(device, extents);
    target.parameters.set(truth);
    const fits = Array.from({ length: 60 }, (_, k) => {
      const model = toyModel(device, extents);
      const pairs = pairsFrom(target, 40, 0.5, `noisy ${k}`);
      const { errors } = fitModel(
        model,
        device,
        pairs,
        pairs,
        { optimiser: "least-squares", steps: 1 },
        addressedRng("-"),
      );
      return [0, 1].map((i) => (model.parameters[i]! - truth[i]!) / errors![i]!);
    });
    // 120 pulls: their mean square is 1.05 +- 0.14 (Student with 37 degrees of freedom); 4 sigma
    const square = fits.flat().reduce((sum, x) => sum + x * x, 0) / 120;
    expect(Math.abs(square - 1.05)).toBeLessThan(0.56);
  });
  it("leaves the parameters alone where there are too few pairs", () => {
    const model = toyModel(device, extents);
    model.parameters.set([0.5, 0.5, 0]);
    const pairs = pairsFrom(model, 3);
    const { steps } = fitModel(
      model,
      device,
      pairs,
      pairs,
      { optimiser: "least-squares", steps: 5 },
      addressedRng("-"),
    );
    expect([steps, ...model.parameters.slice(0, 2)]).toEqual([0, 0.5, 0.5]);
  });
});

describe("descent", () => {
  it.each(["variance", "square"] as const)("finds a linear model by AdamW, with the %s", (objective) => {
    // the decay pulls the weights off by about decay rate theta a step, against the restoring curvature of the loss
    const options: FitOptions = {
      objective,
      steps: 4000,
      rate: 0.02,
      decay: 0,
      batch: 16,
      ...(objective === "square" && { rate: 0.05 }),
    };
    const { off, test, losses } = fitted({}, options);
    expect(off).toBeLessThan(1e-4);
    expect(test).toBeLessThan(1e-4);
    expect(losses).toHaveLength(40);
    expect(losses[0]!.loss).toBeGreaterThan(1);
  });
  it("follows a planted wrong gradient away from the truth", () => {
    const { off } = fitted({ wrong: true }, { steps: 500, rate: 0.02, batch: 16 });
    expect(off).toBeGreaterThan(0.1);
  });
  it("gives the same bits whatever is told on the way", () => {
    const [a, b] = [10, 37].map((tell) => fitted({}, { steps: 100, batch: 8, tell }));
    expect(a!.off).toBe(b!.off);
    expect(a!.test).toBe(b!.test);
  });
});

describe("pairs", () => {
  it("keep the newest", () => {
    const buffer = new PairBuffer(3, 2);
    for (let i = 0; i < 5; i++) buffer.add(Float64Array.of(i, -i), 10 * i);
    const seen = Array.from({ length: buffer.count }, (_, i) => [...buffer.spins(i), buffer.value(i)]);
    expect(seen).toEqual([2, 3, 4].map((i) => [i, -i, 10 * i]));
    const other = new PairBuffer(3, 2);
    const { spins, values } = buffer.save();
    other.restore(spins, values);
    for (const one of [buffer, other]) one.add(Float64Array.of(7, 7), 7);
    expect(other.save()).toEqual(buffer.save());
  });
  it("are refused where they make no sense", () => {
    const buffer = new PairBuffer(3, 2);
    expect(() => buffer.add(new Float64Array(3), 0)).toThrow("3 numbers among those of 2");
    expect(() => buffer.add(new Float64Array(2), Number.POSITIVE_INFINITY)).toThrow("no weight there");
    expect(() => buffer.restore(new Float64Array(8), new Float64Array(4))).toThrow("belong to another");
    expect(() => pairsOf(new Float64Array(7), new Float64Array(2))).toThrow("are not 2 configurations");
  });
});

/** ln W of the double-exchange model with t = J = 1, mu = 0, by the general solver: the layout of the notes, 1.3. */
function minusLogWeight(spins: Float64Array, [lx, ly]: readonly [number, number], temperature: number): number {
  const n = 2 * lx * ly;
  const h = new Float64Array(2 * n * n);
  const add = (row: number, column: number, re: number, im = 0) => {
    h[2 * (row * n + column)]! += re;
    h[2 * (row * n + column) + 1]! += im;
  };
  for (let y = 0; y < ly; y++)
    for (let x = 0; x < lx; x++) {
      const i = x + lx * y;
      for (const j of [((x + 1) % lx) + lx * y, x + lx * ((y + 1) % ly)])
        for (const s of [0, 1]) {
          add(2 * i + s, 2 * j + s, -1);
          add(2 * j + s, 2 * i + s, -1);
        }
      const [sx, sy, sz] = spins.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
      add(2 * i, 2 * i, sz / 2);
      add(2 * i + 1, 2 * i + 1, -sz / 2);
      add(2 * i, 2 * i + 1, sx / 2, -sy / 2);
      add(2 * i + 1, 2 * i, sx / 2, sy / 2);
    }
  const log = (x: number) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
  return -hermitianEigenvalues(h).reduce((sum, e) => sum + log(-e / temperature), 0);
}

describe("the regression of the notes on double exchange, 5.6", () => {
  it.each([
    { shells: 2, J: [-0.0725393948, 0.0098901535], constant: -25.6031695368, mse: 0.2830186 },
    {
      shells: 5,
      J: [-0.0051386221, 0.0055308476, 0.0085332724, -0.013312501, 0.0611344282],
      constant: -26.43136084024,
      mse: 0.00187764,
    },
  ])("on 4x4 with $shells shells", ({ shells, J, constant, mse }) => {
    const count = 200;
    const configurations = new Float64Array(48 * count);
    for (let k = 0; k < count; k++) configurations.set(goldenSpins(16, 16 * k), 48 * k);
    const actions = Float64Array.from({ length: count }, (_, k) =>
      minusLogWeight(configurations.subarray(48 * k, 48 * (k + 1)), [4, 4], 0.1),
    );
    const pairs = pairsOf(configurations, actions);
    const model = toyModel(device, [4, 4], { shells });
    const { trained } = fitModel(
      model,
      device,
      pairs,
      pairs,
      { optimiser: "least-squares", steps: 3 },
      addressedRng("-"),
    );
    J.forEach((x, n) => {
      expect(Math.abs(model.parameters[n]! - x)).toBeLessThan(1e-10);
    });
    expect(Math.abs(model.parameters[shells]! - constant)).toBeLessThan(1e-10);
    expect(Math.abs(trained - mse)).toBeLessThan(1e-8);
  });
});
