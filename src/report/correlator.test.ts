import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import type { RunEvent, RunRecord } from "../storage/run-directory/record.ts";
import { analyse } from "./analysis.ts";
import { renderReport } from "./html.ts";
import { analysisJson } from "./json.ts";
import { ar1, syntheticRun } from "./synthetic-run.contract.ts";
import { renderTable } from "./table.ts";

const extent = 6;
const mass = 0.7;

/** A run that measures C(t) = cosh(m (t - T/2)) with a fluctuating mass, 0.01 wide, and the other convention beside it. */
function withCorrelator(record: RunRecord, labels = ["C", "latticeqcd-jl"]): RunRecord {
  const members = record.members.map((member) => {
    const draws = ar1(`mass ${member.label}`, 5000, 0.5);
    const events = member.events.flatMap((event): RunEvent[] => {
      if (event.type !== "measured" || event.name !== "plaquette") return [event];
      const m = mass + 0.01 * draws[event.trajectory]!;
      const at = (t: number) => Math.cosh(m * (t - extent / 2));
      const times = Array.from({ length: extent }, (_, t) => t);
      return [
        event,
        {
          ...event,
          name: "pion-correlator",
          labels: labels.flatMap((label) => times.map((t) => `${label}(${t})`)),
          values: labels.flatMap(() => times.map(at)),
        },
      ];
    });
    return { ...member, events };
  });
  return { ...record, members };
}

describe("correlators in a report", () => {
  const record = withCorrelator(syntheticRun({ trajectories: 1000 }));
  const analysis = analyse(record);

  it("have effective masses with errors", () => {
    const [c, other] = analysis.points[0]!.correlators;
    expect([c?.label, other?.label]).toEqual(["C", "latticeqcd-jl"]);
    expect(c?.times.map(({ t, mass }) => [t, mass?.t])).toEqual(
      [0, 1, 2, 3, 4, 5].map((t) => [t, t < 3 ? t : undefined]),
    );
    for (const { mass: found } of c!.times.slice(0, 3)) {
      if (!found || found.cosh.refused) throw new Error("no mass");
      const { mean, error } = found.cosh;
      expect(Math.abs(mean - mass)).toBeLessThan(5 * error); // 5 sigma
      // 0.01 wide, with tau_int = 1.5 in units of the measurements
      expect(error / (0.01 * Math.sqrt(3 / 1000))).toBeGreaterThan(0.7);
      expect(error / (0.01 * Math.sqrt(3 / 1000))).toBeLessThan(1.4);
    }
  });

  it("stand in tables of their own, in the terminal and on the page", () => {
    const text = renderTable(analysis);
    expect(text).toMatch(/Pion correlator +C\(t\) +m_eff \(cosh\) +m_eff \(log\)/);
    expect(text).toMatch(/t = 2 +1\.25\d*\(\d+\) +0\.\d+\(\d+\) +0\.\d+\(\d+\)/);
    expect(text).not.toMatch(/pion correlator C\(0\)/);
    const { document } = parseHTML(renderReport(record, analysis));
    const headers = [...document.querySelectorAll("thead")].map((head) => head.textContent);
    expect(headers).toContain("C(t)m_eff (cosh)m_eff (log)");
    expect(headers).toContain("latticeqcd-jl(t)m_eff (cosh)m_eff (log)");
    const figures = [...document.querySelectorAll("svg")].map((svg) => svg.getAttribute("aria-label"));
    expect(figures.filter((label) => label?.startsWith("Effective mass"))).toEqual([
      "Effective mass of Pion correlator, C(t)",
      "Effective mass of Pion correlator, latticeqcd-jl(t)",
    ]);
  });

  it("are plain JSON", () => {
    const json = JSON.parse(JSON.stringify(analysisJson(analysis)));
    const [c] = json.points[0].effectiveMasses;
    expect(c).toMatchObject({ observable: "pion-correlator", label: "C" });
    expect(c.masses).toHaveLength(3);
    expect(c.masses[1].cosh).toMatchObject({ method: "gamma", n: 1000 });
  });

  it("of a short chain, or with a measurement that is not finite, say why there is no error", () => {
    const short = analyse(withCorrelator(syntheticRun({ trajectories: 5 })));
    expect(short.points[0]!.correlators[0]!.times[0]!.mass!.cosh).toMatchObject({
      refused: true,
      reason: expect.stringMatching(/only 5 measurements/),
    });
    expect(renderTable(short)).toMatch(/t = 0 .*\(\?\) .*\d\)/);
    expect(renderReport(withCorrelator(syntheticRun({ trajectories: 5 })), short)).not.toContain("Effective mass of");
    const broken = structuredClone(record) as unknown as {
      members: { events: { name?: string; values?: number[] }[] }[];
    };
    broken.members[0]!.events.findLast(({ name }) => name === "pion-correlator")!.values![0] = Number.NaN;
    const [c] = analyse(broken as unknown as RunRecord).points[0]!.correlators;
    expect(c!.times[0]).toMatchObject({ value: { refused: true, reason: expect.stringMatching(/NaN/) } });
    expect(c!.times[0]!.mass).toBeUndefined();
  });
});
