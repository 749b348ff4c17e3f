import type { Finished, MemberRecord, RunRecord, Started } from "../../storage/run-directory/record.ts";
import { duration } from "../summary.ts";
import { type Markup, markup } from "./markup.ts";

/** Who made these numbers, with what, when and where: enough to make them again. */
export function provenanceSection(record: RunRecord): Markup {
  const starts = record.members.flatMap(({ events }) =>
    events.filter((event): event is Started => event.type === "started"),
  );
  const [first] = starts;
  const times = record.members.flatMap(({ events }) => events.map(({ time }) => time));
  const unique = (pick: (event: Started) => string) => [...new Set(starts.map(pick))].join("; ");
  const resumed = starts.filter((event) => event.resumed).length;
  const facts: [string, string | undefined][] = [
    ["Plaquette", unique(({ version }) => version)],
    ["seed", first?.seed],
    ["hash of the run file", unique(({ hash }) => hash)],
    ["begun", date(times.reduce((a, b) => Math.min(a, b), Infinity))],
    ["last event", date(times.reduce((a, b) => Math.max(a, b), -Infinity))],
    ["resumed", resumed > 0 ? `${resumed} ${resumed === 1 ? "time" : "times"}` : undefined],
    ["processor", unique(({ machine }) => machine.cpu)],
    ["runtime", unique(({ machine }) => [machine.runtime, ...machine.features].join(", "))],
    ["workers", unique(({ workers }) => String(workers))],
    ["run directory", record.directory],
  ];
  return markup`<h2>Provenance</h2>
<dl>${facts.map(([name, value]) => value && markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
${record.members.length > 1 && chainsTable(record.members)}`;
}

function chainsTable(members: readonly MemberRecord[]): Markup {
  return markup`<div class="table"><table>
<thead><tr><th>chain</th><th class="number">updates</th><th class="number">time</th><th>state</th></tr></thead>
<tbody>${members.map(({ label, events }) => {
    const steps = events.filter((event) => event.type === "stepped");
    const seconds = steps.reduce((sum, step) => sum + step.seconds, 0);
    return markup`<tr><td>${label}</td><td class="number">${steps.length}</td><td class="number">${duration(seconds)}</td><td>${stateOf(events)}</td></tr>`;
  })}</tbody></table></div>`;
}

/** How a chain stands by its last events: "finished", "interrupted", "not finished", "not begun". */
export function stateOf(events: MemberRecord["events"]): string {
  if (events.length === 0) return "not begun";
  const end = events.findLast(
    (event): event is Finished | Started => event.type === "finished" || event.type === "started",
  );
  if (end?.type !== "finished") return "not finished";
  return end.interrupted ? "interrupted" : "finished";
}

/** Everything a reader must know before believing the numbers: warnings of the run, and chains that did not end. */
export function alarms({ members }: RunRecord): Markup | undefined {
  const named = (label: string, text: string) => (members.length > 1 ? `${label}: ${text}` : text);
  const warned = members.flatMap(({ label, events }) =>
    events.flatMap((event) => (event.type === "warned" ? named(label, event.message) : [])),
  );
  const states = members.map(({ events }) => stateOf(events)).filter((state) => state !== "finished");
  const chains = members.length > 1 ? `${states.length} of ${members.length} chains: ` : "the chain is ";
  const unfinished =
    states.length > 0
      ? [`${chains}${[...new Set(states)].join(", ")}; this report shows the run as far as it went`]
      : [];
  const all = [...new Set([...unfinished, ...warned])];
  return all.length === 0
    ? undefined
    : markup`<div class="alarm" role="note"><ul>${all.map((text) => markup`<li>${text}</li>`)}</ul></div>`;
}

const date = (time: number): string | undefined =>
  Number.isFinite(time) ? `${new Date(time).toISOString().slice(0, 19).replace("T", " ")} UTC` : undefined;
