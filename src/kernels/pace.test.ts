import { describe, expect, test } from "vitest";
import { Cost, Pace } from "./pace.ts";

/** Lives through ranges that take these milliseconds alone or shared; returns the fraction shared. */
function live(pace: Pace, runs: number, alone: number, shared: (run: number) => number): number {
  const cost = new Cost();
  cost.learn(1, alone);
  let count = 0;
  for (let run = 0; run < runs; run++)
    if (pace.share(cost, 1)) {
      count++;
      pace.learn(cost.of(1), shared(run));
    } else cost.learn(1, alone);
  return count / runs;
}

describe("what is worth sharing", () => {
  test.each([
    ["tiny ranges never", 0.002, 0.001, 0, 0],
    ["large ranges always, even where that is slower", 12, 13, 1, 1],
    ["ranges that gain, nearly always", 0.05, 0.028, 0.99, 1],
    ["ranges that lose, nearly never", 0.05, 0.09, 0, 0.1],
    ["ranges that gain nothing, nearly never", 0.05, 0.049, 0, 0.1],
  ])("%s", (_, alone, shared, least, most) => {
    const fraction = live(new Pace(), 10_000, alone, () => shared);
    expect(fraction).toBeGreaterThanOrEqual(least);
    expect(fraction).toBeLessThanOrEqual(most);
  });

  test("what is not known yet is shared", () => expect(new Pace().share(new Cost(), 1)).toBe(true));

  test("one long interruption is soon forgotten", () => {
    expect(live(new Pace(), 2000, 0.05, (run) => (run === 10 ? 40 : 0.028))).toBeGreaterThan(0.9);
  });

  test("waits that come again and again count", () => {
    expect(live(new Pace(), 10_000, 0.014, (run) => (run % 7 === 0 ? 0.08 : 0.01))).toBeLessThan(0.15);
  });

  test("the first ranges of a new try do not count, the workers are asleep", () => {
    const pace = new Pace();
    live(pace, 1000, 0.05, () => 0.1);
    expect(pace.sharing).toBe(false);
    let awake = 0;
    const fraction = live(pace, 10_000, 0.05, () => (++awake <= 4 ? 0.2 : 0.028));
    expect(fraction).toBeGreaterThan(0.8);
  });

  test("a machine that becomes busy or free is noticed", () => {
    const pace = new Pace();
    live(pace, 1000, 0.1, () => 0.055);
    expect(live(pace, 5000, 0.1, () => 0.2)).toBeLessThan(0.15);
    live(pace, 5000, 0.1, () => 0.055);
    expect(live(pace, 1000, 0.1, () => 0.055)).toBeGreaterThan(0.98);
  });
});

describe("what an item costs", () => {
  test("is nothing before it is known, then a guess, then what was measured", () => {
    const cost = new Cost();
    cost.learn(0, 1);
    cost.guess(0, 1);
    expect(cost.of(100)).toBe(0);
    cost.guess(10, 3);
    expect(cost.of(100)).toBeCloseTo(30, 12);
    cost.learn(10, 1);
    cost.guess(10, 3);
    expect(cost.of(100)).toBeCloseTo(10, 12);
  });

  test("follows a kernel that becomes faster, and slowly one that becomes slower", () => {
    const cost = new Cost();
    for (const time of [8, 1, 1, 1, 1, 1, 1]) cost.learn(1, time);
    expect(cost.of(1)).toBeLessThan(1.2);
    for (let i = 0; i < 100; i++) cost.learn(1, 3);
    expect(cost.of(1)).toBeGreaterThan(2.9);
  });

  test("is not spoilt by an interruption", () => {
    const cost = new Cost();
    for (let i = 0; i < 20; i++) cost.learn(128, 0.02);
    cost.learn(128, 400);
    expect(cost.of(128)).toBeLessThan(0.025);
  });

  test("is measured again, ever more rarely", () => {
    const cost = new Cost();
    expect(cost.due()).toBe(true);
    cost.learn(1, 1);
    const asked = Array.from({ length: 10_000 }, () => cost.due()).flatMap((due, i) => (due ? [i] : []));
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.length).toBeLessThan(20);
  });
});
