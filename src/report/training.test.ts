import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import type { MemberRecord, RunEvent, RunRecord } from "../storage/run-directory/record.ts";
import { analyse } from "./analysis.ts";
import { renderReport } from "./html.ts";
import { syntheticRun } from "./synthetic-run.contract.ts";
import { renderTable } from "./table.ts";
import { lossOf, lossText, runningMeans, trainingOf } from "./training.ts";

const weight = "guide-2.staggered.layer-1.plaquette[0]";

/** The last 40 of 100 thermalising trajectories train; the loss of the i-th of them is `loss(i)`. */
function trained(member: MemberRecord, loss: (i: number) => number, prefix = ""): MemberRecord {
  const events = member.events.flatMap((event): RunEvent[] => {
    if (event.type === "tuned") return [{ ...event, parameters: { [`${prefix}${weight}`]: 0.125, steps: 10 } }];
    if (event.type !== "stepped" || event.trajectory <= 60 || event.trajectory > 100) return [event];
    const { chain, time, trajectory } = event;
    const parameters = { [`${prefix}loss`]: loss(trajectory - 60), [`${prefix}rate`]: 1 };
    return [event, { type: "tuned", chain, time, trajectory, frozen: false, parameters }];
  });
  return { ...member, events };
}
const run = (chains: number, loss: (i: number) => number, prefix?: string): RunRecord => {
  const record = syntheticRun({ chains, trajectories: 200 });
  return { ...record, members: record.members.map((member) => trained(member, loss, prefix)) };
};

describe("the training of a guide", () => {
  it("is read from what was told while it was tuned", () => {
    for (const prefix of ["", "1."]) {
      const [chain, ...others] = trainingOf(run(1, (i) => 10 / i, prefix).members);
      expect(others).toEqual([]);
      expect(chain!.losses).toHaveLength(40);
      expect(chain!.losses[0]).toEqual({ trajectory: 61, loss: 10 });
      expect(chain!.weights).toEqual({ [`${prefix}${weight}`]: 0.125 });
      expect(chain!.seconds).toBeCloseTo(40 * 0.25, 12);
      // means of four: 10 (1 + 1/2 + 1/3 + 1/4)/4, and the last
      expect(lossText(chain!)).toBe("5.21 to 0.26 in 40 trajectories");
    }
    expect(trainingOf(syntheticRun().members)).toEqual([]);
    expect(lossOf({ steps: 4 })).toBeUndefined();
  });

  it("leaves out a loss that is no number, and keeps means apart from one that was huge", () => {
    const [chain] = trainingOf(run(1, (i) => (i === 40 ? Number.NaN : 1)).members);
    expect(chain!.losses).toHaveLength(39);
    const means = runningMeans([1e300, ...Array.from({ length: 59 }, () => 1)]);
    expect(means.slice(6)).toEqual(Array.from({ length: 54 }, () => 1));
  });

  it("stands in the table and on the page, with curve and weights", () => {
    const record = run(2, (i) => 100 / i);
    const table = renderTable(analyse(record));
    expect(table).toMatch(
      /^loss of the training +52\.1 to 2\.6 in 40 trajectories; 52\.1 to 2\.6 in 40 trajectories$/m,
    );
    expect(table).toMatch(/^tuned +steps = 10$/m);
    const { document } = parseHTML(renderReport(record, analyse(record)));
    const headings = [...document.querySelectorAll("h2")].map((heading) => heading.textContent);
    expect(headings).toContain("Training");
    const figure = document.querySelector('svg[aria-label="Loss of the training"]');
    expect(figure?.getAttribute("aria-description")).toBe("loss against the trajectory, logarithmic, 2 chain(s)");
    const rows = [...document.querySelectorAll("tr")].map((row) => row.textContent);
    expect(rows).toContain("guide-2.staggered.layer-1.plaquette0.1250.125");
    const plain = syntheticRun();
    expect(renderReport(plain, analyse(plain))).not.toContain("<h2>Training");
  });
});
