import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import type { RunEvent, RunRecord } from "../../storage/run-directory/record.ts";
import { type Contestant, contestantsOf } from "../comparison/index.ts";
import { syntheticRun } from "../synthetic-run.contract.ts";
import {
  type Assertion,
  type Candidate,
  type RunsFigure,
  renderReproduction,
  renderReproductionTable,
  reproduction,
  reproductionJson,
} from "./index.ts";

interface Made {
  readonly trajectories?: number;
  readonly change?: (event: RunEvent) => RunEvent | RunEvent[];
}

/** A made-up run: plaquette 0.594 with error 0.0002 and tau_int 2.8, acceptance about 0.72. */
function record(name: string, { trajectories = 1000, change = (e) => e }: Made = {}): RunRecord {
  const made = syntheticRun({ draws: name, flowEvery: 0, trajectories });
  const members = made.members.map((member) => ({ ...member, events: member.events.flatMap(change) }));
  return { ...made, directory: `runs/${name}`, members };
}

const candidate = (name: string, expected: Candidate["expected"], made: Made = {}, more = {}): Candidate => ({
  run: contestantsOf(record(name, made), name)[0]!,
  about: `the run ${name}`,
  expected,
  ...more,
});
const plaquette = (mean: number, error?: number) => ({
  quantity: "plaquette.plaquette",
  published: { mean, ...(error === undefined ? {} : { error }) },
});
const row = (one: Candidate) => reproduction([one], []).rows[0]!;

describe("a number beside that of others", () => {
  it("agrees within three standard deviations of both", () => {
    const { mean, error, published } = row(candidate("a", [plaquette(0.594, 0.0003)]));
    expect(error).toBeGreaterThan(0);
    expect(published?.difference).toBeCloseTo(mean - 0.594, 12);
    expect(published?.pull).toBeCloseTo((mean - 0.594) / Math.hypot(error!, 0.0003), 10);
    expect(published?.agrees).toBe(true);
  });

  it("differs beyond, and this is said in words", () => {
    const found = reproduction([candidate("a", [plaquette(0.604, 0.0003)])], []);
    expect(found.rows[0]!.published).toMatchObject({ agrees: false, mean: 0.604 });
    const text = renderReproductionTable(found);
    expect(text).toMatch(/^a +plaquette +0\.59\d+\(\d+\) +0\.6040\(3\) +−\d+\.\d !$/m);
    expect(text).toMatch(/^The one comparison with the numbers of others differs\.$/m);
    expect(text).toMatch(/^! plaquette of a: .* here against 0\.6040\(3\) published, \d+\.\d standard deviations$/m);
  });

  it("is judged by our error alone where theirs is not known", () => {
    const { error, published } = row(candidate("a", [plaquette(0.604)]));
    expect(published?.pull).toBeCloseTo(published!.difference / error!, 10);
    expect(published?.agrees).toBe(false);
  });

  it("agrees where the difference is one that is allowed", () => {
    const found = reproduction([candidate("a", [{ ...plaquette(0.604, 0.0003), within: 0.02 }])], []);
    expect(found.rows[0]!.published).toMatchObject({ agrees: true, within: 0.02 });
    expect(renderReproductionTable(found)).toMatch(/−\d+\.\d, within 0\.02$/m);
  });

  it("is not judged without an error of ours", () => {
    const short = candidate("short", [plaquette(0.7, 0.001)], { trajectories: 20 });
    const found = reproduction([short], []);
    expect(found.rows[0]!.published?.agrees).toBeUndefined();
    expect(found.rows[0]!.reason).toMatch(/too short|measurements/);
    const text = renderReproductionTable(found);
    expect(text).toMatch(/^No comparison can be made with so few trajectories\.$/m);
    expect(text).toMatch(/0\.59\d+\(\?\) .* 1\)$/m);
    expect(text).toMatch(/^1\) /m);
  });

  it("may be an acceptance, a tau_int or a coupling", () => {
    const couplings = { "beta plaquette": 2.74, "error plaquette": 0.01, "beta chair": 0.5, residual: 1 };
    const tuned = (event: RunEvent): RunEvent =>
      event.type === "tuned" && event.frozen ? { ...event, parameters: couplings } : event;
    const words = [
      "acceptance",
      "tau_int plaquette.plaquette",
      "coupling plaquette",
      "coupling chair",
      "coupling rectangle",
      "energy.e",
    ];
    const { rows } = reproduction(
      [
        candidate(
          "a",
          words.map((quantity) => ({ quantity })),
          { change: tuned },
        ),
      ],
      [],
    );
    const [acceptance, tau, fitted, rough, absent, unknown] = rows;
    // deltaH = 1/8 + normal of width 1/2
    expect(Math.abs(acceptance!.mean - 0.803)).toBeLessThan(5 * acceptance!.error!);
    // (1 + a)/(2 (1 - a)) with a = 0.7
    expect(Math.abs(tau!.mean - 1.7 / 0.6)).toBeLessThan(5 * tau!.error!);
    expect(fitted).toMatchObject({ name: "β of plaquette", mean: 2.74, error: 0.01 });
    expect(rough).toMatchObject({ mean: 0.5, reason: "too little was seen for an error" });
    expect(absent).toMatchObject({ mean: Number.NaN, reason: "no such coupling was fitted" });
    expect(unknown).toMatchObject({ mean: Number.NaN, reason: "it was not measured" });
  });
});

describe("an assertion", () => {
  const reject = (event: RunEvent): RunEvent =>
    event.type === "stepped" && event.trajectory % 2 === 0 ? { ...event, accepted: false, deltaH: 40 } : event;
  const expected = [{ quantity: "acceptance" }];
  const runs = [
    candidate("often", expected),
    candidate("seldom", expected, { change: reject }),
    candidate("same", expected),
  ];
  const says = (greater: string, less: string): Assertion => ({
    quantity: "acceptance",
    greater,
    less,
    source: "a paper",
  });
  const verdict = (greater: string, less: string) => reproduction(runs, [says(greater, less)]).assertions[0]?.verdict;

  it("holds, is contradicted, or is open", () => {
    expect(verdict("often", "seldom")).toBe("holds");
    expect(verdict("seldom", "often")).toBe("contradicted");
    expect(verdict("often", "same")).toBe("open");
    const text = renderReproductionTable(reproduction(runs, [says("seldom", "often")]));
    expect(text).toMatch(
      /^acceptance is larger in seldom than in often, says a paper: ! not so here, the difference is −0\.\d+\(\d+\)$/m,
    );
  });

  it("is left out where a run is not there", () => {
    expect(reproduction(runs, [says("often", "never run")]).assertions).toEqual([]);
  });
});

/** A loss that falls, and three weights. */
const learning = (event: RunEvent): RunEvent[] =>
  event.type === "stepped" && event.phase === "thermalise"
    ? [
        event,
        {
          type: "tuned",
          chain: event.chain,
          time: event.time,
          trajectory: event.trajectory,
          frozen: false,
          parameters: { loss: 10 / event.trajectory },
        },
      ]
    : [event];

describe("a figure of runs", () => {
  const mse = [{ quantity: "acceptance", independent: { mean: 0.7, error: 0.02 } }, { quantity: "mse" }];
  // decisions about an effective action are recorded as those about a trajectory are
  const effective = (name: string): Contestant => {
    const made = record(name, {});
    const settings = { ...made.settings, update: { name: "self-learning" } };
    return contestantsOf({ ...made, settings }, name)[0]!;
  };
  const runs = ["one", "two", "three"].map((name) => ({ ...candidate(name, mse), run: effective(name) }));
  const figure = (more: Partial<RunsFigure> = {}): RunsFigure => ({
    title: "Acceptance",
    caption: "What was accepted.",
    x: { label: "layers" },
    y: { label: "acceptance", quantity: "acceptance" },
    series: [{ label: "ours", runs: [...runs.keys()].map((x) => ({ run: runs[x]!.run.name, x: x + 1 })) }],
    ...more,
  });
  const drawnFrom = (more: Partial<RunsFigure> = {}) => reproduction(runs, [], [figure(more)]).figures[0]!;

  it("has the numbers of the runs, and hollow ones of others", () => {
    const [ours, theirs] = drawnFrom().data.series;
    const { rows } = reproduction(runs, []);
    expect(ours!.points.map(({ y }) => y)).toEqual(
      rows.filter(({ quantity }) => quantity === "acceptance").map(({ mean }) => mean),
    );
    expect(theirs).toMatchObject({ hollow: true, points: [1, 2, 3].map((x) => ({ x, y: 0.7, error: 0.02 })) });
  });
  it("may set one quantity against another, with curves through its range", () => {
    const { series, curves } = drawnFrom({
      x: { label: "MSE", quantity: "mse", logarithmic: true },
      curves: [{ label: "twice", at: (x) => 2 * x }],
    }).data;
    const xs = series[0]!.points.map(({ x }) => x);
    expect(Math.min(...xs)).toBeGreaterThan(0);
    expect(curves![0]!.points[0]!.x).toBeCloseTo(Math.min(...xs), 10);
    expect(curves![0]!.points.at(-1)!.y).toBeCloseTo(2 * Math.max(...xs), 10);
  });
  it("tells the power law through its points", () => {
    const found = reproduction(runs, [], [figure({ power: { from: 1, published: { scale: 7.1, exponent: 1.1 } } })]);
    expect(found.figures[0]!.power).toMatchObject({ points: 3, published: { exponent: 1.1 } });
    expect(renderReproductionTable(found)).toMatch(
      /^acceptance falls as \(x₀\/x\)\^α in x = layers, with α = .* through 3 points; published α = 1.1, x₀ = 7.1$/m,
    );
    expect(reproductionJson(found).figures[0]).toMatchObject({ title: "Acceptance", power: { points: 3 } });
  });
  it("is left out where no run is there", () => {
    expect(
      reproduction(runs, [], [figure({ series: [{ label: "x", runs: [{ run: "never", x: 1 }] }] })]).figures,
    ).toEqual([]);
  });
});

describe("the page", () => {
  const more = { objective: "trajectory" };
  const runs = [
    candidate("one", [plaquette(0.604, 0.0003)], { change: learning }, more),
    candidate("two", [plaquette(0.594, 0.0003)], { change: learning }, more),
    candidate("apart", [{ quantity: "acceptance" }], {}, { theory: "another" }),
  ];
  const found = reproduction(runs, []);
  const html = renderReproduction(found, {
    title: "A result <again>",
    about: ["What was done."],
    cite: ["a paper"],
    command: "plaquette reproduce it",
    comparisons: ["comparison.html"],
  });
  const { document } = parseHTML(html);

  it("has the table, what differs, the loss curves and links to everything beside it", () => {
    expect(document.querySelector("h1")?.textContent).toBe("A result <again>");
    expect(document.querySelector(".alarm")?.textContent).toMatch(/^plaquette of one: /);
    expect(document.querySelectorAll("tr.flagged")).toHaveLength(1);
    expect(document.querySelectorAll("svg")).toHaveLength(1);
    const links = [...document.querySelectorAll("a")].map((a) => a.getAttribute("href"));
    expect(links).toEqual([
      "comparison.html",
      ...["one", "two", "apart"].flatMap((name) => [`${name}/report.html`, `${name}.toml`]),
    ]);
    expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  });

  it("compares the runs of a theory with one another, not those of others", () => {
    expect(found.theories.map(({ comparison }) => comparison.runs.map(({ name }) => name))).toEqual([["one", "two"]]);
    expect(found.trainings.map(({ chains }) => chains.map(({ label }) => label))).toEqual([["one", "two"]]);
  });

  it("is plain data for programs", () => {
    const json = JSON.parse(JSON.stringify(reproductionJson(found)));
    expect(json.runs.map(({ name }: { name: string }) => name)).toEqual(["one", "two", "apart"]);
    expect(json.numbers[0]).toMatchObject({ run: "one", published: { mean: 0.604, agrees: false } });
    expect(json.agreement).toHaveLength(1);
  });
});
