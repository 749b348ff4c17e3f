import { describe, expect, it } from "vitest";
import type { RunEvent } from "../../sampling/events.ts";
import { block, plainLine, sparkline } from "./lines.ts";
import { progress } from "./progress.ts";
import { type ListenerOptions, terminalListener } from "./terminal.ts";

/** Events of one chain, one update a second: `thermalise` and then `trajectories`, every second one accepted. */
function* history(chain: number, thermalise: number, trajectories: number, resumedAfter = 0): Generator<RunEvent> {
  const machine = { runtime: "node", cpu: "cpu", features: [] };
  const time = (trajectory: number) => 1_000_000 + 1000 * (trajectory - resumedAfter);
  const head = { version: "1.0.0", hash: "abc", seed: "s", workers: 2, machine, thermalise, trajectories };
  yield {
    type: "started",
    chain,
    time: time(resumedAfter),
    trajectory: resumedAfter,
    resumed: resumedAfter > 0,
    ...head,
  };
  for (let trajectory = resumedAfter + 1; trajectory <= thermalise + trajectories; trajectory++) {
    const phase = trajectory <= thermalise ? "thermalise" : "production";
    const stamp = { chain, time: time(trajectory), trajectory };
    yield { ...stamp, type: "stepped", phase, accepted: trajectory % 2 === 0, deltaH: 0.25, seconds: 1 };
    if (trajectory === thermalise) yield { ...stamp, type: "tuned", frozen: true, parameters: { steps: 12 } };
    yield {
      ...stamp,
      type: "measured",
      phase,
      name: "plaquette",
      labels: ["plaquette"],
      values: [trajectory % 2 ? 0.5 : 0.6],
    };
  }
  const end = thermalise + trajectories;
  yield { type: "finished", chain, time: time(end), trajectory: end, seconds: end - resumedAfter, interrupted: false };
}

function record(
  options: Partial<ListenerOptions>,
  events: Iterable<RunEvent>,
  label = (e: RunEvent) => `chain-${e.chain}`,
) {
  const writes: string[] = [];
  const stream = { write: (text: string) => void writes.push(text), columns: 80 };
  const listener = terminalListener({ stream, mode: "plain", chains: 1, ...options });
  for (const event of events) listener.listen(event, label(event));
  listener.close();
  return writes;
}

describe("plain lines", () => {
  it("come every few seconds, with notices and a last line", () => {
    expect(record({ interval: 5 }, history(0, 5, 15))).toEqual([
      "plaquette 1.0.0, seed s, 2 workers\n",
      "thermalisation 1/20  acceptance 0.00  deltaH +0.250  19 s left\n",
      "tuned and frozen: steps = 12\n",
      "production 6/20  acceptance 1.00  deltaH +0.250  14 s left\n",
      "production 11/20  acceptance 0.50  deltaH +0.250  plaquette 0.56000  9 s left\n",
      "production 16/20  acceptance 0.55  deltaH +0.250  plaquette 0.55000  4 s left\n",
      "finished in 20 s\n",
      "20 of 20 updates  acceptance 0.53  deltaH +0.250  plaquette 0.55333\n",
    ]);
  });

  it("say how long an update takes where that is long, since nothing is heard meanwhile", () => {
    const slow = [...history(0, 2, 3)].map((event) => (event.type === "stepped" ? { ...event, seconds: 72 } : event));
    const lines = record({ interval: 1 }, slow);
    expect(lines[1]).toContain("thermalisation 1/5  acceptance 0.00  deltaH +0.250  1 min 12 s an update  4 s left");
    expect(record({ interval: 1 }, history(0, 2, 3)).join("")).not.toContain("an update");
  });

  it("know what a resumed run has done already", () => {
    const lines = record({ interval: 100 }, history(0, 5, 15, 10));
    expect(lines[0]).toBe("plaquette 1.0.0, seed s, 2 workers, resumed after update 10\n");
    expect(lines[1]).toContain("production 11/20");
    expect(lines[1]).toContain("9 s left");
  });

  it("say when a run was stopped, and pass on warnings", () => {
    const stamp = { chain: 0, time: 1 };
    const lines = record({}, [
      { ...stamp, type: "warned", message: "the disk is nearly full" },
      { ...stamp, type: "finished", trajectory: 7, seconds: 3, interrupted: true },
    ]);
    expect(lines).toEqual(["warning: the disk is nearly full\n", "stopped after update 7, checkpoint written\n"]);
  });
});

describe("the live block", () => {
  it("is drawn over itself and taken away at the end", () => {
    const writes = record({ mode: "live" }, history(0, 2, 4));
    const up = "\r\u001b[2A\u001b[0J";
    const blocks = writes.filter((text) => text.includes("░") || text.includes("█"));
    expect(blocks.length).toBeGreaterThanOrEqual(6);
    expect(writes.filter((text) => text === up)).toHaveLength(blocks.length);
    for (const text of blocks) expect(text.split("\n")).toHaveLength(3);
    expect(writes[writes.length - 1]).toMatch(/^6 of 6 updates {2}acceptance 0.50/);
  });

  it("is there before the first update is done", () => {
    const [begun] = record({ mode: "live" }, [...history(0, 2, 4)].slice(0, 1)).slice(1);
    expect(begun).toMatch(/^thermalisation .* 0\/6 {2}0%\n/);
  });

  it("leaves a line that is said above it, also where ^C stands in it", () => {
    const writes: string[] = [];
    const stream = { write: (text: string) => void writes.push(text), columns: 80 };
    const listener = terminalListener({ stream, mode: "live", chains: 1 });
    for (const event of [...history(0, 2, 4)].slice(0, 3)) listener.listen(event, "chain-0");
    writes.length = 0;
    listener.say("stopping");
    expect(writes).toEqual(["\r\u001b[2A\u001b[0J", "stopping\n"]);
    listener.close();
    expect(writes.filter((text) => text.startsWith("\r"))).toHaveLength(1);
  });

  it("fits the terminal", () => {
    const run = progress(1);
    for (const event of history(0, 2, 4)) run.take(event, "chain-0");
    for (const line of block(run.view(), 40)) expect(line.length).toBeLessThan(40);
  });
});

describe("a guide under training", () => {
  /** 4 trajectories of thermalisation, 40 of training whose loss falls from 8 to 1, and production. */
  function* training(chain = 0): Generator<RunEvent> {
    for (const event of history(chain, 44, 6)) {
      yield event.type === "started" ? { ...event, training: 40 } : event;
      if (event.type !== "stepped" || event.trajectory <= 4 || event.trajectory > 44) continue;
      const { time, trajectory } = event;
      const loss = 8 ** ((44 - trajectory) / 39);
      const weight = { "guide-2.staggered.layer-1.plaquette[0]": 0.1 };
      const parameters = { loss, gradient: 1, rate: 0.001, clipped: 0, ...weight };
      yield { type: "tuned", chain, time, trajectory, frozen: false, parameters };
      const saved = { chain, time, trajectory, kind: "model", file: "models" } as const;
      if (trajectory === 44) yield { type: "tuned", chain, time, trajectory, frozen: true, parameters: weight };
      if (trajectory === 44) yield { type: "saved", ...saved };
    }
  }
  const events = [...training()].filter((e) => !(e.type === "tuned" && "steps" in e.parameters));

  it("shows the running mean of the loss and how it fell, until production", () => {
    const run = progress(1);
    const at = (trajectory: number) => {
      for (const event of events) if (!("trajectory" in event) || event.trajectory <= trajectory) run.take(event, "a");
      return run.view();
    };
    expect(at(4)).toMatchObject({ phase: "thermalise" });
    expect(at(4).loss).toBeUndefined();
    const view = at(44);
    expect(view.phase).toBe("training");
    const last = [44, 43, 42, 41].map((trajectory) => 8 ** ((44 - trajectory) / 39));
    expect(view.loss!.mean).toBeCloseTo(last.reduce((a, b) => a + b) / 4, 12);
    expect(plainLine(view)).toMatch(/^training 44\/50 .* loss 1\.09 [▁▂▃▄▅▆▇█]{16} /);
    expect(at(50).phase).toBe("production");
    expect(plainLine(at(50))).not.toContain("loss");
  });

  it("says where the model is, and does not list the weights", () => {
    const lines = record({ interval: 1000 }, events);
    expect(lines).toContain("trained: the guide is frozen\n");
    expect(lines).toContain("the trained guide is in models\n");
    expect(lines.join("")).not.toContain("plaquette[0]");
  });

  it("draws a curve that falls as one that falls, evenly in its logarithm", () => {
    const falling = Array.from({ length: 80 }, (_, i) => 10 ** (-i / 10));
    expect(sparkline(falling, 8)).toBe("█▇▆▅▄▃▂▁");
    expect(sparkline([3, 3, 3])).toBe("▁▁▁");
    expect(sparkline([1, Number.NaN, 2])).toBe("▁!█");
  });
});

describe("several chains", () => {
  const together = function* () {
    const [a, b] = [[...history(0, 2, 40)], [...history(1, 2, 40)]];
    for (let i = 0; i < a.length; i++) yield* [a[i]!, b[i]!];
  };

  it("are shown as one", () => {
    const run = progress(3);
    const chain = new Map<number, number>();
    for (const event of together()) {
      run.take(event, `chain-${event.chain}`);
      chain.set(event.chain, (chain.get(event.chain) ?? 0) + 1);
    }
    const view = run.view();
    expect(view).toMatchObject({ done: 84, total: 126, chains: 3, finishedChains: 2, phase: "production" });
    expect(view.plaquette?.mean).toBeCloseTo(0.55, 12);
    // Two chains of 40 values +-0.05 that alternate: no larger than the error of one of them.
    const one = progress(1);
    for (const event of history(0, 2, 40)) one.take(event, "chain-0");
    expect(view.plaquette!.error!).toBeCloseTo(one.view().plaquette!.error! / Math.SQRT2, 12);
    expect(plainLine(view)).toContain("2 of 3 chains done");
  });

  it("of a scan have no common plaquette", () => {
    const run = progress(2);
    for (const event of together()) run.take(event, `value-${event.chain}-chain-0`);
    expect(run.view().plaquette).toBeUndefined();
  });

  it("start with one line and end with one each", () => {
    const lines = record({ chains: 2, interval: 1000 }, together());
    expect(lines.filter((line) => line.includes("seed s"))).toHaveLength(1);
    expect(lines.filter((line) => /^chain-\d: finished/.test(line))).toHaveLength(2);
  });
});

describe("events for machines", () => {
  it("are one JSON object a line, with the member", () => {
    const lines = record({ mode: "json" }, history(0, 1, 2));
    const events = [...history(0, 1, 2)];
    expect(lines.map((line) => JSON.parse(line))).toEqual(events.map((event) => ({ member: "chain-0", ...event })));
  });

  it("keep numbers that JSON does not know, as in events.jsonl", () => {
    const blown: RunEvent = {
      type: "stepped",
      chain: 0,
      time: 1,
      trajectory: 1,
      phase: "production",
      deltaH: Number.NaN,
      seconds: 1,
    };
    expect(JSON.parse(record({ mode: "json" }, [blown])[0]!)).toMatchObject({ member: "chain-0", deltaH: "NaN" });
  });

  it("are silent when quiet, but for warnings", () => {
    const warning: RunEvent = { type: "warned", chain: 0, time: 1, message: "careful" };
    expect(record({ mode: "quiet" }, [...history(0, 1, 2), warning])).toEqual(["warning: careful\n"]);
  });
});
