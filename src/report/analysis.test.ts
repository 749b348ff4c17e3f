import { describe, expect, it } from "vitest";
import type { Measured, RunEvent, RunRecord } from "../storage/run-directory/record.ts";
import { type Analysis, analyse, type Quantity } from "./analysis.ts";
import { analysisJson } from "./json.ts";
import { syntheticRun } from "./synthetic-run.contract.ts";

const named = (analysis: Analysis, name: string, point = 0): Quantity => {
  const found = analysis.points[point]?.quantities.find((quantity) => quantity.name === name);
  if (!found) throw new Error(`no ${name} among ${analysis.points[point]?.quantities.map((q) => q.name)}`);
  return found;
};

/** Within 5 standard errors: a false alarm once in two million, and the seeds are fixed. */
function near(quantity: Quantity, truth: number): void {
  const { estimated } = quantity;
  if (estimated.refused) throw new Error(estimated.reason);
  expect(Math.abs(estimated.mean - truth)).toBeLessThan(5 * estimated.error);
}

const change = (record: RunRecord, f: (event: RunEvent) => RunEvent | RunEvent[]): RunRecord => ({
  ...record,
  members: record.members.map((member) => ({ ...member, events: member.events.flatMap(f) })),
});

const isFlowed = (event: RunEvent): event is Measured => event.type === "measured" && event.flowTime !== undefined;

describe("analysis of a run", () => {
  const record = syntheticRun({ chains: 2, trajectories: 4000 });
  const analysis = analyse(record);

  it("finds the means and tau_int of AR(1) chains, merging replicas", () => {
    expect(analysis.points).toHaveLength(1);
    expect(analysis.points[0]?.members).toEqual(["chain-0", "chain-1"]);
    const plaquette = named(analysis, "plaquette");
    near(plaquette, 0.594);
    near(named(analysis, "Re P"), 0);
    const { estimated } = plaquette;
    if (estimated.refused) throw new Error(estimated.reason);
    expect(estimated.n).toBe(8000);
    expect(Math.abs(estimated.tauInt - 1.7 / 0.6)).toBeLessThan(5 * estimated.tauIntError); // (1 + a)/(2 (1 - a)), a = 0.7
    expect(estimated.replicas?.means).toHaveLength(2);
    expect(plaquette.every).toBe(1);
    expect(named(analysis, "W(1,1)").every).toBe(10);
  });

  it("leaves thermalisation out, which would shift the mean by many errors", () => {
    const everything = change(record, (event) => ("phase" in event ? { ...event, phase: "production" } : event));
    const shifted = named(analyse(everything), "plaquette").estimated;
    const right = named(analysis, "plaquette").estimated;
    if (right.refused) throw new Error(right.reason);
    expect(Math.abs(shifted.mean - right.mean)).toBeGreaterThan(5 * right.error);
  });

  it("summarises the updates", () => {
    const { updates } = analysis.points[0]!;
    expect(updates).toMatchObject({
      thermalisation: 200,
      production: 8000,
      forcesPerUpdate: 11,
      secondsPerUpdate: 0.25,
    });
    expect(updates.seconds).toBe(0.25 * 8200);
    expect(updates.tuned).toEqual({ steps: 10, length: 1 });
    expect(Math.abs(updates.expDeltaH?.pull ?? 99)).toBeLessThan(5); // 5 sigma
    expect(Math.abs((updates.deltaH?.mean ?? 99) - 0.125)).toBeLessThan(5 * (0.5 / Math.sqrt(8000)));
    const { rate = 0, binomialError = 0 } = updates.acceptance ?? {};
    // For normal deltaH of mean sigma^2/2 the acceptance is erfc(sigma/(2 sqrt 2)); sigma = 0.5 makes it 0.802587.
    expect(Math.abs(rate - 0.802587)).toBeLessThan(5 * binomialError);
    expect(updates.expectedAcceptance).toBeCloseTo(0.8026, 1);
  });

  it("derives |P| and the susceptibility value by value", () => {
    const measured = (name: string, trajectory: number, labels: string[], values: number[]): RunEvent => ({
      type: "measured",
      chain: 0,
      time: 0,
      phase: "production",
      trajectory,
      name,
      labels,
      values,
    });
    const events = [1, 2].flatMap((i) => [
      measured("polyakov-loop", i, ["re", "im"], [3 * i, -4 * i]),
      measured("topological-charge", i, ["clover"], [2 * i]),
    ]);
    const small = analyse({ ...record, members: [{ ...record.members[0]!, events }] });
    expect(named(small, "|P|").series.replicas[0]?.production).toEqual([
      { x: 1, y: 5 },
      { x: 2, y: 10 },
    ]);
    expect(named(small, "⟨Q²⟩/V (clover)").series.replicas[0]?.production.map(({ y }) => y)).toEqual([
      4 / 4096,
      16 / 4096,
    ]);
  });

  it("refuses where the chain is too short, and where a measurement is not a number", () => {
    const short = analyse(syntheticRun({ trajectories: 30 }));
    expect(named(short, "plaquette").estimated).toMatchObject({
      refused: true,
      reason: expect.stringMatching(/too short/),
    });
    const broken = change(syntheticRun(), (event) =>
      event.type === "measured" && event.name === "plaquette" && event.trajectory === 500
        ? { ...event, values: [Number.NaN] }
        : event.type === "stepped" && event.trajectory === 500
          ? { ...event, deltaH: Number.NaN, accepted: false }
          : event,
    );
    const result = analyse(broken);
    expect(named(result, "plaquette").estimated).toMatchObject({ refused: true, reason: expect.stringMatching(/NaN/) });
    expect(result.points[0]?.updates.notFinite).toBe(1);
    expect(result.points[0]?.updates.deltaH).toMatchObject({ refused: true });
    expect(result.points[0]?.updates.expDeltaH?.estimate.refused).toBe(false);
  });

  it("stands a run without events, without acceptance and without production", () => {
    const nothing = analyse({ ...record, settings: {}, members: [{ ...record.members[0]!, events: [] }] });
    expect(nothing).toMatchObject({ title: "quenched", points: [{ quantities: [], flow: [] }] });
    const sweeps = analyse(syntheticRun({ hmc: false }));
    expect(sweeps.points[0]?.updates.acceptance).toBeUndefined();
    expect(sweeps.points[0]?.updates.production).toBe(1000);
    const warming = change(record, (event) => ("phase" in event ? { ...event, phase: "thermalise" } : event));
    expect(analyse(warming).points[0]?.quantities).toEqual([]);
  });

  it("is plain JSON", () => {
    const json = JSON.parse(JSON.stringify(analysisJson(analysis)));
    expect(json.points[0].estimates[0]).toMatchObject({
      observable: "plaquette",
      label: "plaquette",
      n: 8000,
      every: 1,
    });
    expect(json.points[0].estimates[0].tauInt).toBeGreaterThan(2);
    expect(json.points[0].flow[0].t0.method).toBe("jackknife");
    expect(json.points[0].updates.acceptance.rate).toBeGreaterThan(0.7);
    expect(JSON.stringify(json)).not.toMatch(/"rho"|"series"/);
  });
});

describe("analysis of the gradient flow", () => {
  const record = syntheticRun({ trajectories: 4000 });
  const scales = (analysis: Analysis) => analysis.points[0]!.flow;

  it("finds t0 and w0 of t^2 E = 0.2 t (1.5 and sqrt 1.5) with errors that cover them", () => {
    const [clover, plaquette] = scales(analyse(record));
    expect(clover?.label).toBe("clover");
    for (const [estimated, truth] of [
      [clover?.t0, 1.5],
      [clover?.w0, Math.sqrt(1.5)],
      [plaquette?.t0, 1.5 / 1.1],
    ] as const) {
      if (!estimated || estimated.refused) throw new Error(estimated?.reason);
      expect(Math.abs(estimated.mean - truth)).toBeLessThan(5 * estimated.error); // 5 sigma
      // t0 fluctuates as E does, by 2 % with tau_int = 1.96 before measurements 10 apart are nearly independent.
      expect(estimated.error / estimated.mean).toBeGreaterThan(0.02 / Math.sqrt(400) / 4);
      expect(estimated.error / estimated.mean).toBeLessThan((2 * 0.02) / Math.sqrt(400));
    }
    const [first, , third] = clover!.energy;
    expect(first).toMatchObject({ t: 0, mean: 0 });
    expect(third?.mean).toBeCloseTo(0.04, 3);
    expect(clover?.slope.at(-1)?.mean).toBeCloseTo(0.4, 2);
    expect(clover?.slope.at(-1)?.error).toBeGreaterThan(0);
  });

  it("takes no scale from the LatticeQCD.jl convention", () => {
    expect(scales(analyse(record)).map(({ label }) => label)).toEqual(["clover", "plaquette"]);
    expect(named(analyse(record), "E (latticeqcd-jl) at t = 2").estimated.n).toBe(400);
  });

  it("says so when the flow is too short", () => {
    const short = change(record, (event) => (isFlowed(event) && event.flowTime! > 1.05 ? [] : event));
    expect(scales(analyse(short))[0]?.t0).toMatchObject({
      refused: true,
      reason: expect.stringMatching(
        /t² E does not rise through 0\.3 up to t = 1 .*flow further \(gradient-flow\.time\)/,
      ),
    });
  });

  it("leaves out the configuration whose flow is not finished, and flow times that few reached", () => {
    const last = 4100;
    const cut = change(record, (event) => {
      if (!isFlowed(event)) return event;
      if (event.trajectory === last && event.flowTime! > 0.95) return [];
      return event.trajectory === 200 && event.flowTime! > 1.95 ? [event, { ...event, flowTime: 2.05 }] : event;
    });
    const [clover] = scales(analyse(cut));
    expect(clover?.n).toBe(399);
    expect(clover?.energy.at(-1)?.t).toBe(2);
  });
});

describe("analysis of a scan", () => {
  const record = syntheticRun({ betas: [5.7, 5.8, 6], chains: 2, trajectories: 400 });

  it("keeps the values apart and merges the replicas of each", () => {
    const analysis = analyse(record);
    expect(analysis.scanned).toEqual([{ key: "action.wilson-gauge.beta", name: "β" }]);
    expect(analysis.points.map(({ name, members }) => [name, members])).toEqual([
      ["β = 5.7", ["value-0-chain-0", "value-0-chain-1"]],
      ["β = 5.8", ["value-1-chain-0", "value-1-chain-1"]],
      ["β = 6", ["value-2-chain-0", "value-2-chain-1"]],
    ]);
    near(named(analysis, "plaquette", 0), 0.564);
    near(named(analysis, "plaquette", 1), 0.574);
    near(named(analysis, "plaquette", 2), 0.594);
  });
});
