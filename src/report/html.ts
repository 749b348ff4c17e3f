import type { MemberRecord, RunRecord } from "../storage/run-directory/record.ts";
import { type Analysis, groupByScan, type PointAnalysis } from "./analysis.ts";
import { methodCitations } from "./citations.ts";
import { tauText, valueText } from "./estimates.ts";
import { document } from "./page/document.ts";
import { errorsNote, estimatesTable } from "./page/estimates.ts";
import { flowSection } from "./page/flow.ts";
import { type Markup, markup, trusted } from "./page/markup.ts";
import { numberMarkup } from "./page/number.ts";
import { observablesSection } from "./page/observables.ts";
import { alarms, provenanceSection } from "./page/provenance.ts";
import { scanSection } from "./page/scan.ts";
import { trainingSection } from "./page/training.ts";
import { updatesSection } from "./page/updates.ts";
import { duration, parametersText } from "./summary.ts";

export interface ReportOptions {
  /** References of the actions, updates and observables of the run, to be listed with those of the analysis. */
  readonly citations?: readonly string[];
}

/** The report: one HTML file that needs nothing else, neither network nor scripts. */
export function renderReport(record: RunRecord, analysis: Analysis, options: ReportOptions = {}): string {
  const groups = groupByScan(record.members);
  const scanned = analysis.scanned.length > 0;
  const citations = [...new Set([...(options.citations ?? []), ...methodCitations(analysis)])];
  const body = markup`${header(record, analysis)}
${alarms(record)}
${scanSection(analysis)}
${analysis.points.map((point, i) => (scanned ? scanPoint(point, groups[i] ?? []) : wholePoint(point, groups[i] ?? [])))}
<h2>Run file</h2>
<pre>${record.runText}</pre>
${provenanceSection(record)}
<h2>References</h2>
<ol class="citations">${citations.map((text) => markup`<li>${text}</li>`)}</ol>
<footer>Made by Plaquette from <code>${record.directory}</code>. Every number can be derived again from <code>events.jsonl</code>.</footer>`;
  return document(analysis.title, body);
}

function header(record: RunRecord, analysis: Analysis): Markup {
  const { group, spins, lattice, points, title, scanned } = analysis;
  const field = group ?? (spins && `${spins} spins`);
  const isScanned = (key: string) => scanned.some((one) => one.key === key);
  const where = [
    isScanned("group") || isScanned("spins") ? "" : field,
    isScanned("lattice") ? "" : lattice?.join(" × "),
  ];
  return markup`<header>
<p class="kicker">Lattice field theory report</p>
<h1>${title}</h1>
<p class="lead">${[where.filter(Boolean).join(", "), ...actions(record.settings.action, scanned)].filter(Boolean).join("; ")}</p>
<div class="facts">${facts(record, points).map(([name, value]) => markup`<div><span>${name}</span><strong>${value}</strong></div>`)}</div>
</header>`;
}

/** "wilson-gauge (β = 6)" for every term of the action, without what is scanned. */
function actions(action: unknown, scanned: Analysis["scanned"]): string[] {
  const terms = Array.isArray(action) ? action : [];
  const isScanned = (...paths: string[]) => scanned.some(({ key }) => paths.includes(key));
  return terms.map((term: Record<string, unknown>, i) => {
    const { name, ...parameters } = term;
    const plain = Object.entries(parameters).filter(
      ([key, value]) => typeof value !== "object" && !isScanned(`action.${name}.${key}`, `action[${i}].${key}`),
    );
    return plain.length > 0 ? `${String(name)} (${parametersText(Object.fromEntries(plain))})` : String(name);
  });
}

/** The numbers to see first. */
function facts({ members }: RunRecord, points: readonly PointAnalysis[]): [Markup | string, Markup | string][] {
  const sum = (pick: (point: PointAnalysis) => number) => points.reduce((total, point) => total + pick(point), 0);
  const [only] = points.length === 1 ? points : [];
  const plaquette = only?.quantities.find(
    ({ observable, flowTime }) => observable === "plaquette" && flowTime === undefined,
  );
  const ofSpins = spinFacts(only);
  const { acceptance, expDeltaH } = only?.updates ?? {};
  const found: [Markup | string, Markup | string | undefined][] = [
    ["updates", String(sum(({ updates }) => updates.production))],
    ["chains", members.length > 1 ? String(members.length) : undefined],
    ["values of the scan", points.length > 1 ? String(points.length) : undefined],
    ["plaquette", plaquette && numberMarkup(valueText(plaquette.estimated))],
    [trusted("τ<sub>int</sub> of the plaquette"), plaquette && tauText(plaquette.estimated)],
    ...ofSpins,
    ["acceptance", acceptance?.rate.toFixed(3)],
    ["⟨exp(−ΔH)⟩", expDeltaH && numberMarkup(valueText(expDeltaH.estimate))],
    ["time", duration(sum(({ updates }) => updates.seconds))],
  ];
  return found.flatMap(([name, value]) => (value ? [[name, value]] : []));
}

/** Energy and order of spins: the staggered magnetisation where that was measured, else the uniform one. */
function spinFacts(point: PointAnalysis | undefined): [Markup | string, Markup | string | undefined][] {
  const find = (observable: string, label: string) =>
    point?.quantities.find((one) => one.observable === observable && one.label === label);
  const energy = find("spin-energy", "energy");
  const order = find("staggered-magnetisation", "abs") ?? find("magnetisation", "abs");
  return [
    ["E/N", energy && numberMarkup(valueText(energy.estimated))],
    [order?.name ?? "", order && numberMarkup(valueText(order.estimated))],
    [markup`τ<sub>int</sub> of ${order?.name ?? ""}`, order && tauText(order.estimated)],
  ];
}

function wholePoint(point: PointAnalysis, members: readonly MemberRecord[]): Markup {
  return markup`<h2>Estimates</h2>
${estimatesTable(point)}
${errorsNote}
${point.flow.length > 0 && markup`<h2>Gradient flow</h2>`}
${flowSection(point.flow)}
<h2>Updates</h2>
${updatesSection(point, members)}
${trainingPart(members)}
<h2>Observables</h2>
${observablesSection(point, members.length)}`;
}

const trainingPart = (members: readonly MemberRecord[]): Markup | undefined => {
  const section = trainingSection(members);
  return (
    section &&
    markup`<h2>Training</h2>
${section}`
  );
};

/** One value of a scan: its figures are folded away, the page would be endless with all of them. */
function scanPoint(point: PointAnalysis, members: readonly MemberRecord[]): Markup {
  return markup`<h2>${point.name}</h2>
${estimatesTable(point)}
${flowSection(point.flow)}
${updatesSection(point, members)}
${trainingSection(members)}
<details><summary>Histories and autocorrelations at ${point.name}</summary>
${observablesSection(point, members.length)}
</details>`;
}
