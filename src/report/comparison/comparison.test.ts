import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import type { RunEvent, RunRecord } from "../../storage/run-directory/record.ts";
import { complaints } from "../report.contract.ts";
import { type SyntheticOptions, syntheticRun } from "../synthetic-run.contract.ts";
import { agreement } from "./agreement.ts";
import {
  breakEven,
  type Comparison,
  cheapest,
  compareRuns,
  comparisonJson,
  contestantsOf,
  renderComparison,
  renderComparisonTable,
} from "./index.ts";

interface Made extends SyntheticOptions {
  /** Mean of the plaquette over that of the others. */
  readonly shift?: number;
  /** Seconds of a production update. */
  readonly seconds?: number;
  readonly workers?: number;
  readonly seed?: string;
  readonly change?: (event: RunEvent) => RunEvent | RunEvent[];
}

let begin = 0;

/** A made-up run with chains, times and a seed of its own. */
function run(
  name: string,
  { shift = 0, seconds = 0.25, workers = 2, seed = name, change = (e) => e, ...options }: Made = {},
): RunRecord {
  const record = syntheticRun({ draws: name, flowEvery: 0, ...options });
  return {
    ...record,
    directory: `runs/${name}`,
    members: record.members.map((member, i) => {
      begin += 1e9;
      const events = member.events
        .map((event) => ({ ...event, time: event.time + begin + i }) as RunEvent)
        .map((event): RunEvent => {
          if (event.type === "started") return { ...event, seed, workers };
          if (event.type === "stepped" && event.phase === "production")
            return { ...event, seconds: seconds * (1 + 0.01 * (event.trajectory % 3)) };
          if (event.type !== "measured" || event.name !== "plaquette") return event;
          return { ...event, values: event.values.map((x) => x + shift) };
        })
        .flatMap(change);
      return { ...member, events };
    }),
  };
}

const compare = (...records: RunRecord[]): Comparison =>
  compareRuns(records.flatMap((record) => contestantsOf(record, record.directory.replace("runs/", ""))));
const of = (comparison: Comparison, name: string) => comparison.observables.find((one) => one.name === name)!;
const kinds = (comparison: Comparison) => comparison.cautions.map(({ kind }) => kind);
/** tau_int of the plaquette of made-up runs: (1 + a)/(2 (1 - a)) with a = 0.7. */
const tau = 1.7 / 0.6;

describe("the cost of an independent configuration", () => {
  const comparison = compare(run("slow", { trajectories: 4000 }), run("quick", { trajectories: 4000, seconds: 0.05 }));
  const [slow, quick] = of(comparison, "plaquette").values;

  it("is 2 tau_int updates, in time and in forces, with errors", () => {
    if (slow!.cost.refused || quick!.cost.refused || slow!.estimated.refused) throw new Error("refused");
    const { tauInt, tauIntError } = slow!.estimated;
    expect(Math.abs(tauInt - tau)).toBeLessThan(3 * tauIntError);
    // the median of 0.25, 0.2525 and 0.255
    expect(slow!.cost.seconds.mean).toBeCloseTo(2 * tauInt * 0.2525, 10);
    expect(slow!.cost.seconds.error / slow!.cost.seconds.mean).toBeCloseTo(tauIntError / tauInt, 3);
    expect(slow!.cost.forces).toEqual({ mean: 2 * tauInt * 11, error: expect.closeTo(2 * tauIntError * 11, 10) });
    expect(quick!.cost.seconds.mean / slow!.cost.seconds.mean).toBeCloseTo(quick!.relative!.mean, 12);
    expect(Math.abs(quick!.relative!.mean - 0.2)).toBeLessThan(3 * quick!.relative!.error);
    expect(slow!.relative).toBeUndefined();
  });

  it("counts the updates between measurements", () => {
    const rare = compare(run("a", { trajectories: 2000, flowEvery: 10 }), run("bb"));
    const every = of(rare, "W(1,1)").values[0]!;
    if (every.cost.refused || every.estimated.refused) throw new Error("refused");
    expect(every.every).toBe(10);
    expect(every.cost.tauInt.mean).toBeCloseTo(10 * every.estimated.tauInt, 12);
  });

  it("has thermalisation and training stated apart", () => {
    const learning = (event: RunEvent): RunEvent[] => {
      const learns = event.type === "stepped" && event.phase === "thermalise" && event.trajectory > 60;
      if (!learns) return [event];
      const { chain, time, trajectory } = event;
      return [
        event,
        { type: "tuned", chain, time, trajectory, frozen: false, parameters: { loss: 100 / trajectory, step: 1 } },
      ];
    };
    const { runs } = compare(run("plain"), run("learner", { change: learning }));
    expect(runs[0]!.cost.thermalisation).toEqual({ updates: 100, seconds: 25, forces: 1100 });
    expect(runs[0]!.cost.training).toBeUndefined();
    expect(runs[1]!.cost.training).toEqual({
      updates: 40,
      seconds: 10,
      forces: 440,
      firstLoss: 100 / 61,
      lastLoss: 1,
    });
    const lasting = (event: RunEvent): RunEvent => (event.type === "started" ? { ...event, training: 30 } : event);
    const silent = compare(run("plain"), run("silent", { change: lasting }));
    expect(silent.runs[1]!.cost.training).toEqual({ updates: 30, seconds: 7.5, forces: 330 });
    const solving = (event: RunEvent): RunEvent[] =>
      learning(event).map((e) => (e.type === "stepped" && e.trajectory % 2 === 0 ? { ...e, iterations: 25 } : e));
    const solved = compare(run("sweeps", { hmc: false }), run("solver", { change: solving }));
    expect(solved.runs[0]!.cost.thermalisation).toEqual({ updates: 100, seconds: 25 });
    expect(solved.runs[1]!.cost.thermalisation).toMatchObject({ forces: 1100, iterations: 1250 });
    expect(solved.runs[1]!.cost.training).toMatchObject({ forces: 440, iterations: 500 });
    expect(comparisonJson(solved).runs[1]!.cost.training).toMatchObject({ iterations: 500 });
    for (const text of [renderComparisonTable(solved), renderComparison(solved)])
      expect(text).toContain("trained for 10 s (440 force evaluations, 500 solver iterations) in 40 updates");
    const fast = compare(
      run("plain", { trajectories: 3000 }),
      run("learner", { trajectories: 3000, seconds: 0.05, change: learning }),
    );
    const { observable, configurations } = breakEven(fast, 1)!;
    const [plain, learner] = of(fast, observable).values.map((value) =>
      value!.cost.refused ? Number.NaN : value!.cost.seconds.mean,
    );
    expect(configurations.mean * (plain! - learner!)).toBeCloseTo(10, 8);
    expect(renderComparisonTable(fast)).toMatch(
      /learner: trained for 10 s \(440 force evaluations\) in 40 updates of its thermalisation; loss from 1\.64 to 1; it pays after \d+.* independent/,
    );
    // no cheaper, no training, or the first itself
    expect(breakEven(compare(run("plain"), run("learner", { change: learning })), 1)).toBeUndefined();
    expect([breakEven(fast, 0), breakEven(compare(run("plain"), run("bb", { seconds: 0.01 })), 1)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("is refused where the chain is too short for an error, and for what does not fluctuate", () => {
    const short = compare(run("a", { trajectories: 30 }), run("bb", { trajectories: 30 }));
    for (const { values } of short.observables)
      for (const value of values)
        expect(value!.cost).toMatchObject({ refused: true, reason: expect.stringMatching(/too short|only \d/) });
    expect(short.agreement).toEqual({ tested: 0 });
    expect(renderComparisonTable(short)).toMatch(/whether they agree is not known/);
    expect(() => cheapest(short)).toThrow(/no run has a cost .*too short/);
    const still = (event: RunEvent): RunEvent =>
      event.type === "measured" && event.name === "plaquette" ? { ...event, values: [0.5] } : event;
    const constant = compare(run("a", { change: still }), run("bb"));
    expect(of(constant, "plaquette").values[0]!.cost).toMatchObject({ reason: expect.stringMatching(/are equal/) });
  });
});

describe("agreement", () => {
  it("is not asked of digits that are rounding: a constant agrees with itself", () => {
    const constant = (mean: number, error: number) => ({ mean, error, refused: false }) as never;
    const filling = agreement([constant(1, 2e-19), constant(1 + 4e-16, 3e-19)]);
    expect(filling.disagree).toEqual([]);
    expect(filling.test).toBeUndefined();
    expect(agreement([constant(1, 2e-19), constant(1.001, 3e-19)]).disagree).toHaveLength(1);
  });

  it("is found where runs sample one distribution", () => {
    const comparison = compare(run("a", { trajectories: 2000 }), run("bb", { trajectories: 2000, hmc: false }));
    const { pulls, disagree, test } = of(comparison, "plaquette").agreement;
    expect(pulls).toHaveLength(1);
    expect(disagree).toEqual([]);
    expect(test!.chiSquared).toBeCloseTo(pulls[0]!.pull ** 2, 8);
    expect(comparison.agreement.pValue).toBeGreaterThan(0.01);
    expect(renderComparisonTable(comparison)).toContain("The runs agree: ");
  });

  it("is denied where one is off, with its sign and by name", () => {
    const records = [
      run("a", { trajectories: 2000 }),
      run("bb", { trajectories: 2000, shift: 0.001 }),
      run("c", { trajectories: 2000 }),
    ];
    const comparison = compare(...records);
    const { disagree, test } = of(comparison, "plaquette").agreement;
    expect(disagree.map(({ a, b, pull }) => [a, b, Math.sign(pull)])).toEqual([
      [0, 1, 1],
      [1, 2, -1],
    ]);
    expect(test!.dof).toBe(2);
    expect(comparison.agreement).toMatchObject({ worst: { name: "plaquette" } });
    expect(comparison.agreement.pValue).toBeLessThan(0.01);
    const text = renderComparisonTable(comparison);
    expect(text).toContain("The runs disagree: ");
    expect(text).toMatch(/^! plaquette: a and bb differ by \d+\.\d standard deviations$/m);
    expect(text).toMatch(/bb +0\.59\d+\(\d+\) .*\+\d+\.\d !/);
  });

  it("of constants is equality", () => {
    const still =
      (x: number) =>
      (event: RunEvent): RunEvent =>
        event.type === "measured" && event.name === "plaquette" ? { ...event, values: [x] } : event;
    expect(
      of(compare(run("a", { change: still(0.5) }), run("bb", { change: still(0.5) })), "plaquette").agreement.disagree,
    ).toEqual([]);
    const { disagree, test } = of(
      compare(run("a", { change: still(0.5) }), run("bb", { change: still(0.6) })),
      "plaquette",
    ).agreement;
    expect(disagree).toEqual([{ a: 0, b: 1, pull: Infinity }]);
    expect(test).toBeUndefined();
  });
});

describe("what is not fair", () => {
  it("goes without a word where there is nothing", () => {
    expect(compare(run("a"), run("bb")).cautions).toEqual([]);
  });

  it("is told", () => {
    expect(kinds(compare(run("a"), run("bb", { trajectories: 900 })))).toEqual(["statistics"]);
    expect(kinds(compare(run("a"), run("bb", { workers: 1 })))).toEqual(["workers"]);
    expect(kinds(compare(run("a", { seed: "one" }), run("bb", { seed: "one" })))).toEqual(["seed"]);
    expect(kinds(compare(run("a"), run("bb", { finished: false })))).toEqual(["unfinished"]);
    const other = (event: RunEvent): RunEvent =>
      event.type === "started" ? { ...event, machine: { ...event.machine, cpu: "Another processor" } } : event;
    expect(kinds(compare(run("a"), run("bb", { change: other })))).toEqual(["machine"]);
    const hiccup = (event: RunEvent): RunEvent =>
      event.type === "stepped" && event.trajectory % 100 === 0 ? { ...event, seconds: 50 } : event;
    expect(kinds(compare(run("a"), run("bb", { change: hiccup })))).toEqual(["uneven"]);
    const rare = (event: RunEvent): RunEvent[] =>
      event.type === "measured" && event.name === "plaquette" && event.trajectory % 5 !== 0 ? [] : [event];
    expect(compare(run("a"), run("bb", { change: rare })).cautions).toEqual([
      { kind: "distance", sentence: expect.stringMatching(/^Plaquette was measured .*a: every 1; bb: every 5/) },
    ]);
    const a = run("a");
    const together = { ...a, directory: "runs/bb", members: a.members.map((member) => ({ ...member, chain: 1 })) };
    expect(kinds(compare(a, together))).toEqual(["concurrent"]);
  });
});

describe("equal statistics", () => {
  it("come from the beginning of a longer run", () => {
    const long = run("long", { trajectories: 1000 });
    const [first] = contestantsOf(long, "long", 400);
    expect(first!.point.updates).toMatchObject({ production: 400, thermalisation: 100 });
    const same = contestantsOf(run("same", { trajectories: 400, draws: "long" }), "same");
    const plaquette = (one: typeof first) => one!.point.quantities.find(({ name }) => name === "plaquette")!.estimated;
    expect(plaquette(first).mean).toBe(plaquette(same[0]).mean);
    expect(kinds(compareRuns([first!, ...same]))).toEqual([]);
  });
});

describe("the cheapest run", () => {
  const runs = [run("slow", { trajectories: 3000 }), run("quick", { trajectories: 3000, seconds: 0.05 })];
  const comparison = compare(...runs);

  it("is that with the lowest cost for its most expensive observable, or for the one asked for", () => {
    const found = cheapest(comparison);
    expect(found).toMatchObject({ run: 1, rivals: [], unknown: [] });
    const costs = comparison.observables.flatMap(({ name, values }) => {
      const cost = values[1]!.cost;
      return cost.refused ? [] : [{ name, seconds: cost.seconds.mean }];
    });
    expect(found.seconds.mean).toBe(Math.max(...costs.map(({ seconds }) => seconds)));
    expect(cheapest(comparison, "plaquette")).toMatchObject({ run: 1, observable: "plaquette" });
    expect(cheapest(comparison, "polyakov-loop").observable).toMatch(/P/);
    expect(() => cheapest(comparison, "palquette")).toThrow(
      /no observable "palquette" was compared; there is plaquette, Re P/,
    );
  });

  it("is not one whose cost is unknown, and has rivals where the errors do not decide", () => {
    const stuck = (event: RunEvent): RunEvent =>
      event.type === "measured" && event.name === "plaquette" ? { ...event, values: [0.5] } : event;
    const found = cheapest(compare(...runs, run("frozen", { trajectories: 3000, seconds: 0.001, change: stuck })));
    expect(found).toMatchObject({ run: 1, unknown: [2] });
    const twins = cheapest(compare(run("a", { trajectories: 1000 }), run("bb", { trajectories: 1000 })), "plaquette");
    expect(twins.rivals).toHaveLength(1);
  });
});

describe("a comparison as JSON and as a page", () => {
  const comparison = compare(run("hmc <b>"), run("sweeps", { hmc: false, shift: 0.01 }), run("hmc2", { chains: 2 }));

  it("is plain data", () => {
    const json = JSON.parse(JSON.stringify(comparisonJson(comparison)));
    expect(json.runs.map(({ name }: { name: string }) => name)).toEqual(["hmc <b>", "sweeps", "hmc2"]);
    expect(json.runs[2].members).toEqual(["chain-0", "chain-1"]);
    expect(json.observables[0].values[0]).toMatchObject({ estimated: { method: "gamma" }, cost: { refused: false } });
    expect(JSON.stringify(json)).not.toContain('autocorrelation":');
  });

  it("keeps the contract of pages", () => {
    const html = renderComparison(comparison);
    const { document } = parseHTML(html);
    expect([...document.querySelectorAll("h2")].map((h) => h.textContent)).toEqual([
      "Cost of an independent configuration",
      "Agreement",
      "Runs",
    ]);
    expect(document.querySelectorAll("script, link, img, b")).toHaveLength(0);
    expect(html.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:/);
    const figures = html.match(/<svg .*?<\/svg>/gs) ?? [];
    expect(figures).toHaveLength(1);
    expect(figures.flatMap(complaints)).toEqual([]);
    expect(document.querySelector(".alarm")?.textContent).toMatch(/plaquette: hmc <b> and sweeps differ/);
    expect(document.querySelector("tr.flagged")).not.toBeNull();
  });
});
