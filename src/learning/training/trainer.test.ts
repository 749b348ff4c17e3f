import { describe, expect, it } from "vitest";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { fromArrays, toArrays } from "./flat-record.ts";
import { adam } from "./optimisers/adam.ts";
import { adamw } from "./optimisers/adamw.ts";
import { sgd } from "./optimisers/sgd.ts";
import { scheduleOf } from "./schedules.ts";
import { Trainer, type TrainerOptions, type TrainingStep } from "./trainer.ts";

const truth = [0.5, -1, 2];
const rng = addressedRng("training");

/** Squared error of a linear model on one noisy point: loss and gradient with respect to the weights. */
function noisy(weights: Float64Array, step: number): [loss: number, gradient: Float64Array] {
  const stream = rng.at("point", step);
  const x = truth.map(() => 2 * stream.uniform() - 1);
  const noise = stream.uniform() - 0.5;
  const error = x.reduce((sum, xi, i) => sum + xi * (weights[i]! - truth[i]!), 0) - noise;
  return [error ** 2 / 2, Float64Array.from(x, (xi) => error * xi)];
}

function train(trainer: Trainer, steps: number): TrainingStep[] {
  return Array.from({ length: steps }, () => trainer.step(...noisy(trainer.parameters, trainer.steps)));
}
const fresh = (options: Partial<TrainerOptions> = {}) =>
  new Trainer(new Float64Array(3), { steps: 20, optimiser: sgd(), rate: 0.1, ...options });
const distance = (weights: Float64Array) => Math.hypot(...truth.map((t, i) => weights[i]! - t));
const bits = (weights: Float64Array) => [...new BigUint64Array(weights.slice().buffer)];
const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe("training", () => {
  it("reports loss, norm of the gradient, rate and clipping", () => {
    const trainer = new Trainer(Float64Array.of(1, 1), {
      steps: 10,
      optimiser: sgd(),
      rate: 0.1,
      schedule: scheduleOf("inverse", 10),
      clip: 1,
    });
    expect(trainer.step(2, Float64Array.of(0.3, 0.4))).toEqual({ loss: 2, gradient: 0.5, rate: 0.1, clipped: 0 });
    expect(trainer.step(1, Float64Array.of(3, 4))).toEqual({ loss: 1, gradient: 5, rate: 0.05, clipped: 1 });
    expect(trainer.parameters[0]).toBeCloseTo(1 - 0.03 - 0.05 * 0.6, 15);
    expect(trainer.loss).toBe(1.5);
    expect(trainer.steps).toBe(2);
    expect(trainer.reason).toBeUndefined();
  });
  it("takes the mean over the last part, which is nearer to the truth than the last weights", () => {
    const [mean, last] = [0.5, 0].map((average) => fresh({ steps: 4000, average }));
    train(mean!, 4000);
    train(last!, 4000);
    expect(distance(mean!.parameters)).toBeLessThan(0.03);
    expect(distance(last!.parameters)).toBeGreaterThan(2 * distance(mean!.parameters));
    expect(mean!.finished && mean!.reason).toMatch(/all 4000 steps/);
  });
  it("that mean is the mean of the weights after every step of the second half", () => {
    const [trainer, shadow] = [fresh({ steps: 10 }), fresh({ steps: 10, average: 0 })];
    const sum = [0, 0, 0];
    for (let step = 0; step < 10; step++) {
      train(shadow, 1);
      if (step >= 5) for (const i of [0, 1, 2]) sum[i]! += shadow.parameters[i]! / 5;
    }
    train(trainer, 10);
    for (const i of [0, 1, 2]) expect(trainer.parameters[i]).toBeCloseTo(sum[i]!, 14);
  });
  it("finish ends it early, with what there is of the mean, once", () => {
    const trainer = fresh({ steps: 10 });
    train(trainer, 7);
    const before = trainer.parameters.slice();
    trainer.finish();
    const final = trainer.parameters.slice();
    expect(final).not.toEqual(before);
    trainer.finish();
    expect(trainer.parameters).toEqual(final);
    expect(trainer.reason).toBe("ended after 7 of 10 steps");
    expect(() => train(trainer, 1)).toThrow(/after the end of the training \(ended after 7/);
    const early = fresh({ steps: 10 });
    train(early, 3);
    const third = early.parameters.slice();
    early.finish();
    expect(early.parameters).toEqual(third);
  });
});

describe("early stopping", () => {
  /** A rate that grows until training diverges: the best weights are long gone when the steps are done. */
  const diverging = { steps: 3000, schedule: (step: number) => 1.003 ** step, rate: 0.02, window: 50 };
  it("keeps the mean weights where the running mean of the loss was smallest", () => {
    const trainer = fresh({ ...diverging, patience: 200 });
    while (!trainer.finished) train(trainer, 1);
    expect(trainer.steps).toBeLessThan(2000);
    expect(trainer.reason).toMatch(
      /stopped early: the running mean of the loss has not fallen below 0\.0\d+ for 200 steps/,
    );
    expect(distance(trainer.parameters)).toBeLessThan(0.15);
    const stubborn = fresh({ ...diverging, average: 0 });
    train(stubborn, trainer.steps + 400);
    expect(distance(stubborn.parameters)).toBeGreaterThan(2 * distance(trainer.parameters));
  });
  it("waits for the window to be full, and never stops without patience", () => {
    const losses = (trainer: Trainer) => {
      let steps = 0;
      for (; steps < 100 && !trainer.finished; steps++) trainer.step(1 + steps, new Float64Array(3));
      return steps;
    };
    expect(losses(fresh({ steps: 200, patience: 5, window: 10 }))).toBe(15);
    expect(losses(fresh({ steps: 200, window: 10 }))).toBe(100);
  });
  it("is not fooled by one lucky step", () => {
    const trainer = fresh({ steps: 1000, patience: 20, window: 10 });
    const step = (loss: number) => trainer.step(loss, new Float64Array(3));
    for (let i = 0; i < 30; i++) step(i === 5 ? 0 : 2 - i * 0.05);
    expect(trainer.finished).toBe(false);
  });
});

describe("numbers that are not finite", () => {
  it.each([
    ["loss", Number.NaN, [1, 1, 1]],
    ["loss", Infinity, [1, 1, 1]],
    ["gradient", 1, [0, Number.NaN, 0]],
    ["gradient", 1, [1e200, 0, 0]],
  ])("in the %s bring back the last good weights", (what, loss, gradient) => {
    const trainer = fresh();
    train(trainer, 5);
    const good = trainer.parameters.slice();
    train(trainer, 1);
    // the sixth step led to weights whose loss is lost
    const report = trainer.step(loss, Float64Array.from(gradient));
    expect(report.rate).toBe(0);
    expect(trainer.finished).toBe(true);
    expect(trainer.parameters).toEqual(good);
    expect(trainer.reason).toMatch(new RegExp(`^the ${what} became infinite or not a number in step 7: the last good`));
    expect(trainer.reason).toMatch(/take a smaller rate than 0.1, or limit the gradient \(clip\)$/);
    trainer.finish();
    expect(trainer.parameters).toEqual(good);
  });
  it("in the weights bring back those before the step", () => {
    const trainer = fresh({ rate: 1e300, clip: 1e100 });
    trainer.parameters.set([1, 2, 3]);
    trainer.step(1, Float64Array.of(1e99, 0, 0));
    expect([...trainer.parameters]).toEqual([1, 2, 3]);
    expect(trainer.reason).toMatch(
      /^the weights became .* in step 1: .* a smaller limit on the gradient than clip = 1e\+100$/,
    );
  });
  it("after a long training bring back its best weights, not those on the way out", () => {
    const trainer = fresh({ steps: 1000, window: 10 });
    train(trainer, 300);
    const best = trainer.save();
    for (let i = 0; !trainer.finished; i++) trainer.step(10 ** (i * 50), Float64Array.of(1, 1, 1));
    expect([...trainer.parameters]).toEqual([0, 1, 2].map((i) => best[`kept.${i}`]));
    expect(trainer.reason).toMatch(/the mean weights around step \d+ are kept, where the loss was smallest/);
  });
});

describe("saved training", () => {
  const cases: [string, Partial<TrainerOptions>][] = [
    ["sgd", {}],
    ["momentum, clipped", { optimiser: sgd(0.9), clip: 0.2 }],
    ["adam, cosine", { optimiser: adam(), schedule: scheduleOf("cosine", 20) }],
    ["adamw, averaged over all, short window", { optimiser: adamw(), average: 1, window: 3 }],
    ["patience", { window: 2, patience: 6, rate: 2.5 }],
  ];
  it.each(cases)("goes on bit for bit: %s", (_, options) => {
    const whole = fresh(options);
    while (!whole.finished) train(whole, 1);
    for (const stop of [0, 3, 10, 15, 20]) {
      const [first, second] = [fresh(options), fresh(options)];
      while (!first.finished && first.steps < stop) train(first, 1);
      second.restore(throughJson(first.save()));
      expect(second.save()).toEqual(first.save());
      expect(second.reason).toBe(first.reason);
      while (!second.finished) train(second, 1);
      expect(bits(second.parameters)).toEqual(bits(whole.parameters));
      expect(second.save()).toEqual(whole.save());
    }
  });
  it("would go on otherwise with one number changed", () => {
    const half = fresh({ optimiser: adam() });
    train(half, 10);
    const run = (saved: Record<string, number>) => {
      const trainer = fresh({ optimiser: adam() });
      trainer.restore(saved);
      train(trainer, 10);
      return bits(trainer.parameters);
    };
    const saved = half.save();
    for (const key of ["optimiser.mean.1", "optimiser.square.0", "weights.2", "optimiser.steps"])
      expect(run({ ...saved, [key]: saved[key]! * (1 + 1e-9) })).not.toEqual(run(saved));
  });
  it("goes into arrays and back", () => {
    const trainer = fresh({ optimiser: adam() });
    train(trainer, 12);
    const saved = trainer.save();
    const arrays = toArrays(saved);
    expect(arrays.find(({ name }) => name === "optimiser.mean")).toMatchObject({ shape: [3] });
    expect(fromArrays(arrays)).toEqual(saved);
  });
  it("loses no sign: -0 never comes up", () => {
    const trainer = new Trainer(Float64Array.of(-0), { steps: 5, optimiser: sgd(0.5), rate: 1, average: 1 });
    for (let i = 0; i < 3; i++) trainer.step(-0, Float64Array.of(0));
    for (const x of Object.values(trainer.save())) expect(Object.is(x, -0)).toBe(false);
  });
  it("is refused where it does not fit", () => {
    const trainer = fresh({ optimiser: adam() });
    train(trainer, 3);
    const saved = trainer.save();
    const other = new Trainer(new Float64Array(2), { steps: 20, optimiser: adam(), rate: 0.1 });
    expect(() => other.restore(saved)).toThrow(/more than 2 numbers.*another network/);
    expect(() => fresh().restore({})).toThrow(/no "ending"/);
    expect(() => fresh({ optimiser: adam() }).restore({ ...saved, "weights.1": null as never })).toThrow(
      /"weights.1" = null/,
    );
  });
  it("lends its optimiser to a further training", () => {
    const earlier = fresh({ optimiser: adam() });
    train(earlier, 20);
    const further = fresh({ optimiser: adam() });
    further.inherit(throughJson(earlier.save()));
    expect(further.steps).toBe(0);
    const [warm] = [further.save(), earlier.save()].map((s) => s["optimiser.square.1"]);
    expect(warm).toBe(earlier.save()["optimiser.square.1"]);
    expect(warm).toBeGreaterThan(0);
  });
});

it("refuses options out of range and weights that are not finite", () => {
  for (const [options, complaint] of [
    [{ steps: 0 }, /steps = 0/],
    [{ rate: Number.NaN }, /rate = NaN/],
    [{ average: 2 }, /average = 2/],
    [{ patience: -1 }, /patience = -1/],
    [{ window: 0 }, /window = 0/],
    [{ clip: -1 }, /clip = -1/],
  ] as const)
    expect(() => fresh(options)).toThrow(complaint);
  expect(() => new Trainer(Float64Array.of(Number.NaN), { steps: 1, optimiser: sgd(), rate: 1 })).toThrow(
    /not all finite/,
  );
  expect(() => fresh().step(1, new Float64Array(2))).toThrow(/a gradient of 2 numbers for 3 weights/);
});
