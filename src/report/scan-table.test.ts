import { describe, expect, it } from "vitest";
import { analyse } from "./analysis.ts";
import { footnotes } from "./footnotes.ts";
import { renderReport } from "./html.ts";
import { scanColumns } from "./scan-columns.ts";
import { broken, scanTable } from "./scan-table.ts";
import { syntheticRun } from "./synthetic-run.contract.ts";
import { renderTable } from "./table.ts";

describe("the table of a scan", () => {
  const record = syntheticRun({ betas: [5.7, 5.8, 6], chains: 2, trajectories: 300 });
  const analysis = analyse(record);
  const lines = renderTable(analysis).split("\n");

  it("has one row a value, which lines up with its heading", () => {
    const header = lines.findIndex((line) => /^β +plaquette +Re P +Im P/.test(line));
    expect(header).toBeGreaterThan(0);
    for (const [i, beta] of ["5.7", "5.8", "6"].entries()) {
      const row = lines[header + 2 + i]!;
      expect(row.startsWith(`${beta} `)).toBe(true);
      expect(row.slice(lines[header]!.indexOf("plaquette"))).toMatch(/^0\.\d+\(\d+\) /);
    }
    expect(lines.some((line) => /^β +updates +acceptance/.test(line))).toBe(true);
    expect(lines.every((line) => [...line].length <= 100)).toBe(true);
  });

  it("follows the scales of the flow, and leaves out what is the same everywhere", () => {
    const names = scanColumns(analysis).map(({ name }) => name);
    expect(names).toContain("t₀ (clover)");
    expect(names.filter((name) => name.startsWith("W("))).toHaveLength(4);
    const still = {
      ...record,
      members: record.members.map((member) => ({ ...member, events: constant(member.events) })),
    };
    expect(scanColumns(analyse(still)).map(({ name }) => name)).not.toContain("Im P");
  });

  it("breaks into pieces that repeat the scanned keys", () => {
    const table = scanTable(analysis);
    const pieces = broken(table, 40, (cell) => cell.length + 2);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.every(({ header }) => header[0] === "β" && header.length > 1)).toBe(true);
    expect(pieces.flatMap(({ header }) => header.slice(1))).toEqual(table.header.slice(1));
    expect(pieces.map(({ rows }) => rows[2]![0])).toEqual(pieces.map(() => "6"));
  });

  it("stands on the page too, where the action does not claim one value of what is scanned", () => {
    const html = renderReport(record, analysis);
    expect(html).toContain('<th class="">β</th>');
    expect(html).not.toContain("wilson-gauge (β = 6)");
    expect(html.match(/Errors are one standard deviation/g)).toHaveLength(1);
  });

  it("knows lists among the scanned values, and takes the volume of each", () => {
    const lattices = [
      [4, 4, 4, 4],
      [8, 8, 8, 8],
    ];
    const members = record.members.slice(0, 2).map((member, i) => ({ ...member, scan: { lattice: lattices[i] } }));
    const scanned = analyse({ ...record, members });
    expect(scanned.points.map(({ name }) => name)).toEqual(["lattice = 4 × 4 × 4 × 4", "lattice = 8 × 8 × 8 × 8"]);
    const [small, large] = scanned.points.map(
      ({ quantities }) =>
        quantities.find(({ name }) => name.startsWith("⟨Q²⟩/V"))!.series.replicas[0]!.production[0]!.y,
    );
    const [q, other] = scanned.points.map(
      ({ quantities }) => quantities.find(({ name }) => name.startsWith("Q ("))!.series.replicas[0]!.production[0]!.y,
    );
    expect(small).toBeCloseTo(q! ** 2 / 4 ** 4, 12);
    expect(large).toBeCloseTo(other! ** 2 / 8 ** 4, 12);
  });
});

/** The imaginary part of the Polyakov loop as SU(2) has it. */
const constant = (events: ReturnType<typeof syntheticRun>["members"][number]["events"]) =>
  events.map((event) =>
    event.type === "measured" && event.name === "polyakov-loop" ? { ...event, values: [event.values[0]!, 0] } : event,
  );

describe("footnotes", () => {
  it("are shared by sentences that begin alike", () => {
    const notes = footnotes();
    const said = ["too short: 10 values", "only 1 value", "too short: 11 values", "only 1 value"];
    expect(said.map((sentence) => notes.mark(sentence))).toEqual([1, 2, 1, 2]);
    expect(notes.texts()).toEqual(["too short: 10 values (this is the first of 2 such values)", "only 1 value"]);
  });
});

describe("the table of a run", () => {
  const text = renderTable(analyse(syntheticRun({ trajectories: 300 })));

  it("sets what was measured along the flow apart, and the Wilson loops as a square", () => {
    expect(text).toMatch(/\n\nalong the gradient flow\nt₀ \(clover\)/);
    expect(text).toMatch(/\nW\(R,T\) +T = 1 +T = 2 +T = 3 +T = 4\n─+\nR = 1 +0\.\d/);
    expect(text).toContain("30 measurements, one every 10 updates");
    expect(text).not.toMatch(/^W\(1,1\)/m);
  });
});
