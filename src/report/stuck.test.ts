import { expect, it } from "vitest";
import type { RunEvent, RunRecord } from "../storage/run-directory/record.ts";
import { analyse } from "./analysis.ts";
import { renderReport } from "./html.ts";
import { syntheticRun } from "./synthetic-run.contract.ts";
import { renderTable } from "./table.ts";

/** The first `stuck` members reject every trajectory of the production. */
function rejecting(record: RunRecord, stuck: number): RunRecord {
  const members = record.members.map((member, i) => ({
    ...member,
    events: member.events.map(
      (event): RunEvent =>
        event.type === "stepped" && event.phase === "production" && i < stuck ? { ...event, accepted: false } : event,
    ),
  }));
  return { ...record, members };
}
const shown = (record: RunRecord) => {
  const analysis = analyse(record);
  return [renderTable(analysis), renderReport(record, analysis)];
};
const sentence = "all trajectories of the production were rejected: proposals that lead less far";
const plain = syntheticRun({ trajectories: 100 });

it("a run that rejected everything says so in the terminal and on the page", () => {
  for (const text of shown(rejecting(plain, 1))) expect(text).toContain(sentence);
  for (const text of shown(plain)) expect(text).not.toContain(sentence);
  const betas = syntheticRun({ trajectories: 100, betas: [5.5, 6] });
  const [table, page] = shown(rejecting(betas, 1));
  expect(table).toContain(`warning: β = 5.5: ${sentence}`);
  expect(table).not.toContain("warning: β = 6");
  expect(page).toContain(sentence);
});

it("so does one of several replicas", () => {
  const two = syntheticRun({ trajectories: 100, chains: 2 });
  for (const text of shown(rejecting(two, 1))) expect(text).toContain(`in 1 of 2 chains ${sentence}`);
});
