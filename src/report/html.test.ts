import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../storage/run-directory/record.ts";
import { analyse } from "./analysis.ts";
import { renderReport } from "./html.ts";
import { complaints } from "./report.contract.ts";
import { syntheticRun } from "./synthetic-run.contract.ts";
import { renderTable } from "./table.ts";

const report = (record: RunRecord, citations: readonly string[] = []) =>
  renderReport(record, analyse(record), { citations });
const page = (html: string) => parseHTML(html).document;

describe("the HTML report", () => {
  const record = syntheticRun({ chains: 2 });
  const html = report(record, ["K. Wilson, Confinement of quarks, Phys. Rev. D 10 (1974) 2445"]);
  const document = page(html);

  it("has every part", () => {
    const headings = [...document.querySelectorAll("h2")].map((heading) => heading.textContent);
    expect(headings).toEqual([
      "Estimates",
      "Gradient flow",
      "Updates",
      "Observables",
      "Run file",
      "Provenance",
      "References",
    ]);
    const estimate = renderTable(analyse(record)).match(/plaquette +(\S+) +(\S+)/);
    expect(document.querySelector("table")?.textContent).toContain(`plaquette${estimate?.[1]}${estimate?.[2]}`);
    const text = document.body.textContent ?? "";
    for (const part of [
      "0f3a9c51d2e84b76",
      "quenched-1",
      "Node 20.20.0",
      "2023-11-14 22:13:20 UTC",
      "K. Wilson",
      "U. Wolff",
    ])
      expect(text).toContain(part);
    expect(document.querySelector("pre")?.textContent).toBe(record.runText);
  });

  it("needs nothing but itself", () => {
    expect(document.querySelectorAll("script, link, img, iframe, object")).toHaveLength(0);
    expect(html).not.toMatch(/@import|url\(|src=|\shref=/);
    expect(html.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:/);
  });

  it("has figures that keep the contract, in colours that the page defines for light, dark and print", () => {
    const figures = html.match(/<svg .*?<\/svg>/gs) ?? [];
    expect(figures.length).toBeGreaterThan(10);
    expect(figures.flatMap(complaints)).toEqual([]);
    const style = document.querySelector("style")?.textContent ?? "";
    for (const [, name] of html.matchAll(/var\((--figure-[a-z]+)/g)) expect(style.split(`${name}:`)).toHaveLength(4);
    expect(style).toMatch(/prefers-color-scheme: dark/);
    expect(style).toMatch(/@media print/);
  });

  it("escapes everything that comes from outside", () => {
    const evil = '<script>alert("x")</script>&amp;';
    const hostile: RunRecord = {
      directory: evil,
      runText: evil,
      settings: { title: evil, group: evil, action: [{ name: evil, beta: evil }] },
      members: record.members.map((member) => ({
        ...member,
        label: evil,
        scan: { [evil]: evil },
        events: member.events.map((event) =>
          event.type === "measured" && event.name === "polyakov-loop"
            ? { ...event, name: evil, labels: [evil, "im"] }
            : event.type === "started"
              ? { ...event, version: evil, seed: evil, machine: { runtime: evil, cpu: evil, features: [evil] } }
              : event.type === "finished"
                ? { type: "warned", chain: 0, time: 0, message: evil }
                : event,
        ),
      })),
    };
    const text = report(hostile, [evil]);
    expect(text).not.toMatch(/<script/);
    expect(page(text).querySelector("h1")?.textContent).toBe(evil);
    expect(page(text).querySelector("title")?.textContent).toBe(evil);
    expect(page(text).querySelector("pre")?.textContent).toBe(evil);
  });

  it("warns of a run that is not finished and of warnings in it", () => {
    expect(document.querySelector(".alarm")).toBeNull();
    const running = syntheticRun({ finished: false, trajectories: 200 });
    const warned = {
      ...running,
      members: running.members.map((member) => ({
        ...member,
        events: [...member.events, { type: "warned" as const, chain: 0, time: 0, message: "a checkpoint was damaged" }],
      })),
    };
    const alarm = page(report(warned)).querySelector(".alarm")?.textContent;
    expect(alarm).toMatch(/the chain is not finished/);
    expect(alarm).toMatch(/a checkpoint was damaged/);
  });

  it("says why where there is no error, instead of drawing one", () => {
    const short = page(report(syntheticRun({ trajectories: 20 })));
    expect(short.querySelector(".notes")?.textContent).toMatch(/too short/);
    expect(short.querySelector("table")?.textContent).toMatch(/plaquette.*\(\?\)/s);
    const empty = { ...record, members: [{ ...record.members[0]!, events: [] }] };
    expect(page(report(empty)).body.textContent).toMatch(/No measurements in the production phase yet/);
  });

  it("plots a scan, one figure a quantity, and leaves out what has no error", () => {
    const scan = page(report(syntheticRun({ betas: [5.7, 5.8, 6], trajectories: 300 })));
    const headings = [...scan.querySelectorAll("h2")].map((heading) => heading.textContent);
    expect(headings.slice(0, 4)).toEqual(["Scan of β", "β = 5.7", "β = 5.8", "β = 6"]);
    const labels = [...scan.querySelectorAll("svg")].map((svg) => svg.getAttribute("aria-label"));
    expect(labels).toContain("plaquette against β");
    expect(labels).not.toContain("Q (clover) at t = 2 against β");
  });
});

describe("the table for the terminal", () => {
  it("has columns that line up, and footnotes for what is refused", () => {
    const lines = renderTable(analyse(syntheticRun({ trajectories: 300 }))).split("\n");
    const header = lines.find((line) => line.startsWith("observable")) ?? "";
    const plaquette = lines.find((line) => line.startsWith("plaquette")) ?? "";
    expect(plaquette).toMatch(/^plaquette +0\.\d+\(\d+\) +\d+\.\d+\(\d+\) +300$/);
    expect(plaquette.indexOf("0.")).toBe(header.indexOf("value"));
    expect(plaquette.lastIndexOf("300")).toBe(header.indexOf("N"));
    const charge = lines.find((line) => line.startsWith("Q (clover)")) ?? "";
    const mark = /(\d+\))$/.exec(charge)?.[1];
    expect(lines.some((line) => line.startsWith(`${mark} the chain is too short`))).toBe(true);
    expect(lines.some((line) => /^acceptance +0\.\d+\(\d+\)$/.test(line))).toBe(true);
  });
});
