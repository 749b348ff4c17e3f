import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue } from "../../experiment/catalogue-fixture.contract.ts";
import { catalogue as everything } from "../../experiment/parts.ts";
import { recipes } from "../../experiment/recipes/index.ts";
import { checkRunFile, readRunFile, resolveRunFile } from "../../experiment/run-file/index.ts";
import { parseGroup } from "../../lattice/group.ts";
import { addressedRng } from "../../numerics/index.ts";
import type { RunEvent } from "../../sampling/events.ts";
import { loadConfiguration, saveConfiguration } from "../../storage/files.ts";
import { createRun, encodeEvent } from "../../storage/run-directory/index.ts";
import { plaquette, plaquetteWith } from "../command-line/terminal.contract.ts";
import { freeDirectory, locateFiles, outputDirectory } from "../run/prepare.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const text = (name: string, content: string) => {
  writeFileSync(at(name), content);
  return at(name);
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "plaquette-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runText = `lattice = [4, 4]
group = "SU(2)"
start = "conf/a.ildg"
action = { name = "wilson-gauge", beta = 2.5 }
update = { name = "hmc" }
`;

describe("run", () => {
  it("--show prints the resolved run file, which shows as itself", async () => {
    const file = text("a.toml", runText);
    const { code, out, err } = await plaquette("run", file, "--show", "--seed", "mine", "--chains", "2");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^# plaquette 1\.2\.3\n# seed mine\n# hash [0-9a-f]{64}\n/);
    const { runFile } = readRunFile(out, "shown", catalogue);
    expect(runFile).toMatchObject({ seed: "mine", chains: 2, start: { file: "conf/a.ildg" } });
    expect((await plaquette("run", text("b.toml", out), "--show")).out).toBe(out);
  });

  it("--show prints the translation of a LatticeQCD.jl file and warns", async () => {
    const file = text("q.toml", '["Physical setting"]\nNC = 2\nNstep = 3\n["System Control"]\n["Measurement set"]\n');
    const { code, out, err } = await plaquette("run", file, "--show");
    expect(code).toBe(0);
    expect(out).toContain('group = "SU(2)"');
    expect(err).toContain(`warning: ${file}: ["Physical setting"] Nstep: unknown, ignored; did you mean "Nsteps"?`);
  });

  it("explains a file that is not there, a folder, Julia input and a wrong key", async () => {
    text("quick.toml", runText);
    expect(await plaquette("run", at("quik.toml"))).toMatchObject({
      code: 2,
      err: `${at("quik.toml")}: no such run file; did you mean "quick.toml"?; check the path, or make one with "plaquette wizard"\n`,
    });
    mkdirSync(at("folder"));
    expect((await plaquette("run", at("folder"))).err).toContain(
      `to go on with a run: plaquette resume ${at("folder")}`,
    );
    expect((await plaquette("run", at("a.jl"))).err).toContain("Julia input files are not read");
    const wrong = text("wrong.toml", runText.replace("beta", "betta"));
    expect(await plaquette("run", wrong)).toEqual({
      code: 2,
      out: "",
      err: `${wrong}: action[0].betta: unknown; did you mean "beta"? (wilson-gauge takes beta)\n`,
    });
  });

  it("looks for the start configuration beside the run file too", async () => {
    const file = text("start.toml", runText);
    const { err, code } = await plaquette("run", file);
    expect(code).toBe(2);
    expect(err).toContain(`${file}: start: there is no configuration at `);
    expect(err).toContain(` or ${at("conf/a.ildg")}; correct the path`);
    mkdirSync(at("conf"), { recursive: true });
    writeFileSync(at("conf/a.ildg"), "");
    const { runFile } = readRunFile(runText, file, catalogue);
    expect(locateFiles(runFile, file).start).toEqual({ file: at("conf/a.ildg") });
    expect(locateFiles({ ...runFile, start: "hot" }, file).start).toBe("hot");
  });

  it("names the run directory", () => {
    const { runFile } = readRunFile(runText, "a.toml", catalogue);
    expect(outputDirectory(runFile, "dir/name.toml", undefined)).toBe(join("runs", "name"));
    expect(outputDirectory({ ...runFile, output: "there" }, "a.toml", undefined)).toBe("there");
    expect(outputDirectory({ ...runFile, output: "there" }, "a.toml", "here")).toBe("here");
    mkdirSync(at("taken-2"), { recursive: true });
    expect(freeDirectory(at("taken"))).toBe(at("taken"));
    mkdirSync(at("taken"));
    expect(freeDirectory(at("taken"))).toBe(at("taken-3"));
  });
});

describe("wizard", () => {
  // what the wizard writes is built once before, which the test catalogue cannot
  const real = (...argv: string[]) => plaquetteWith(everything, ...argv);

  it("writes a run file from defaults or answers, and never over another", async () => {
    const plaquette = real;
    const file = at("first.toml");
    expect(await plaquette("wizard", file, "--yes")).toMatchObject({ code: 0, err: "" });
    expect((await plaquette("run", file, "--show")).code).toBe(0);
    expect(await plaquette("wizard", file, "--yes")).toMatchObject({ code: 2 });
    const answers = text("answers.json", '{ "group": "U(1)", "lattice": "6, 6", "action.wilson-gauge.beta": 2 }');
    expect((await plaquette("wizard", file, "--answers", answers, "--overwrite")).code).toBe(0);
    expect((await plaquette("run", file, "--show")).out).toContain('lattice = [6, 6]\ngroup = "U(1)"');
  });

  it("explains what it cannot do", async () => {
    const plaquette = real;
    expect((await plaquette("wizard", at("new.toml"))).err).toContain("without one give --yes or --answers FILE");
    const answers = text("bad.json", "{");
    expect((await plaquette("wizard", at("new.toml"), "--answers", answers)).err).toContain(`${answers}: not JSON`);
    const stray = text("stray.json", '{ "grup": "U(1)" }');
    const { code, err } = await plaquette("wizard", at("new.toml"), "--answers", stray);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('did you mean "group"?') });
    expect(existsSync(at("new.toml"))).toBe(false);
  });
});

describe("list", () => {
  it("shows parts with types, defaults and descriptions", async () => {
    const { out } = await plaquette("list");
    expect(out).toMatch(/^ {4}beta {2,}number {2,}required {2,}inverse coupling$/m);
    expect(out).toMatch(/^ {4}steps {2,}integer {2,}default 10 {2,}integration steps$/m);
    expect(out).toMatch(/^ {4}tune {2,}number {2,}optional {2,}target acceptance$/m);
    expect(out).toMatch(/^ {4}order {2,}"even-odd" \| "coloured" \| "sequential" {2,}default "even-odd"/m);
    expect(out).toContain("  milc: MILC v5\n    .milc (read only)");
    expect(out).not.toContain("a paper");
    expect((await plaquette("list", "hmc")).out).toContain("a paper");
    expect((await plaquette("list", "updates")).out).not.toContain("wilson-gauge");
  });

  it("shows maps, tables with their keys, and of several kinds of table who has which key", async () => {
    const { out } = await plaquetteWith(everything, "list");
    expect(out).toMatch(/^maps of the links .*: through = \{ name = "…" \}/m);
    expect(out).toMatch(/^ {2}stout: stout smearing/m);
    expect(out).toMatch(/^ {4}solver\.iterations {2,}integer {2,}default 3000 {2,}most iterations of a solver$/m);
    expect(out).toMatch(/^ {4}levels\[\]\.actions {2,}list of string {2,}required/m);
    const pion = (await plaquetteWith(everything, "list", "pion-correlator")).out;
    expect(pion).toMatch(
      /^ {4}fermion\.name {2,}choice {2,}required {2,}"staggered" \| "wilson" \| "clover" \| "domain-wall"$/m,
    );
    expect(pion).toMatch(/^ {4}fermion\.kappa {2,}number {2,}required {2,}wilson, clover: hopping parameter/m);
    expect(pion).toMatch(/^ {4}fermion\.ls {2,}integer {2,}default 8 {2,}domain-wall: slices/m);
    expect(pion).toMatch(
      /^ {4}fermion\.boundary {2,}list of 1 \| -1 \| table {2,}optional {2,}phase of the quark field/m,
    );
    expect(pion.match(/fermion\.boundary/g)).toHaveLength(1);
  });

  it("shows what the run file gives to an update along a guide, and its training", async () => {
    const { out } = await plaquetteWith(everything, "list", "self-learning-hmc");
    expect(out).toMatch(/^ {4}model {2,}string {2,}optional {2,}a trained model/m);
    expect(out).toMatch(/^ {4}guide\[\]\.learn-scale {2,}true \| false {2,}default false/m);
    expect(out).toMatch(/^ {4}prior\.steps {2,}integer/m);
    const training = (await plaquetteWith(everything, "list", "training")).out;
    expect(training).toMatch(/^ {4}trajectories {2,}integer {2,}required/m);
    expect(training).toMatch(/^ {4}rate {2,}number {2,}default 0.001/m);
    const [slhmc] = JSON.parse((await plaquetteWith(everything, "list", "self-learning-hmc", "--json")).out);
    expect(slhmc.parameters.map(({ key }: { key: string }) => key)).toContain("guide");
  });

  it("--json is the same for programs", async () => {
    const rows = JSON.parse((await plaquette("list", "--json")).out) as { family: string; name: string }[];
    const names = Object.values(catalogue).flatMap((list: readonly { name: string }[]) => list.map(({ name }) => name));
    const known = [...names, "training", ...recipes.map(({ name }) => name)];
    expect(rows.map(({ name }) => name).sort()).toEqual(known.sort());
    const [hmc] = JSON.parse((await plaquette("list", "hmc", "--json")).out);
    expect(hmc.parameters[1]).toEqual({
      key: "steps",
      type: "integer",
      required: false,
      default: 10,
      description: "integration steps",
    });
  });
});

describe("convert", () => {
  const group = parseGroup("U(1)");
  const stream = addressedRng("convert", 0).at("phases", 0);
  const links = Float64Array.from({ length: 4 * 4 * 2 * 2 });
  for (let i = 0; i < links.length; i += 2) {
    const phase = 2 * Math.PI * stream.uniform();
    links.set([Math.cos(phase), Math.sin(phase)], i);
  }

  it("keeps every bit, says what it did, and never writes over another file", async () => {
    saveConfiguration(at("u1.ildg"), { group, extents: [4, 4], links });
    const { code, out } = await plaquette("convert", at("u1.ildg"), at("u1.txt"), "--to", "bridge-text");
    expect({ code, out }).toEqual({ code: 0, out: `${at("u1.txt")}: U(1), 4 x 4, from ildg, checksum verified\n` });
    expect(await plaquette("convert", at("u1.ildg"), at("u1.txt"))).toMatchObject({ code: 2 });
    const back = await plaquette("convert", at("u1.txt"), at("back.ildg"), "--group", "U(1)", "--lattice", "4,4");
    expect(back.code).toBe(0);
    expect(loadConfiguration(at("back.ildg")).data.links).toEqual(links);
  });

  it("explains a file that is not there and one that is none", async () => {
    expect(await plaquette("convert", at("none.ildg"), at("x.ildg"))).toMatchObject({ code: 2 });
    const { code, err } = await plaquette("convert", text("poem.ildg", "a poem\n"), at("x.ildg"));
    expect(code).toBe(2);
    expect(err).toContain("poem.ildg");
    expect(existsSync(at("x.ildg"))).toBe(false);
  });
});

/** A finished run of heat bath on 4^2 with made-up plaquettes. */
function madeUpRun(directory: string): void {
  const plain = {
    lattice: [4, 4],
    group: "SU(2)",
    action: [{ name: "wilson-gauge", beta: 2 }],
    update: { name: "heatbath" },
  };
  const runFile = checkRunFile({ ...plain, thermalise: 10, trajectories: 400 }, "run.toml", catalogue);
  const { paths } = createRun(directory, resolveRunFile(runFile, "1.2.3"));
  const noise = addressedRng("made-up", 0).at("plaquette", 0);
  const machine = { runtime: "node", cpu: "cpu", features: [] };
  const begun = { version: "1.2.3", hash: "h", seed: "1", thermalise: 10, trajectories: 400, workers: 1, machine };
  const events: RunEvent[] = [{ type: "started", chain: 0, time: 1000, trajectory: 0, resumed: false, ...begun }];
  for (let trajectory = 1; trajectory <= 410; trajectory++) {
    const stamp = { chain: 0, time: 1000 + trajectory, trajectory };
    const phase = trajectory <= 10 ? "thermalise" : "production";
    events.push({ ...stamp, type: "stepped", phase, seconds: 0.001 });
    const values = [0.5 + 0.01 * noise.normal()];
    events.push({ ...stamp, type: "measured", phase, name: "plaquette", labels: ["plaquette"], values });
  }
  events.push({ type: "finished", chain: 0, time: 2000, trajectory: 410, seconds: 1, interrupted: false });
  writeFileSync(
    paths.events,
    events
      .map(encodeEvent)
      .map((line) => `${line.replace(/\n$/, "")}\n`)
      .join(""),
  );
}

describe("analyse and report", () => {
  it("need only the directory", async () => {
    madeUpRun(at("run"));
    const { code, out } = await plaquette("analyse", at("run"));
    expect(code).toBe(0);
    expect(out).toMatch(/plaquette +0\.\d+\(\d+\) .* 400/);
    const { points } = JSON.parse((await plaquette("analyse", at("run"), "--json")).out);
    const [estimate] = points[0].estimates;
    expect(estimate).toMatchObject({ observable: "plaquette", n: 400 });
    // 400 independent values of width 0.01: within five sigma, false alarm below 1e-6.
    expect(Math.abs(estimate.mean - 0.5)).toBeLessThan(5 * (0.01 / 20));
    const report = await plaquette("report", at("run"));
    expect(report).toMatchObject({ code: 0, out: `${at("run/report.html")}\n` });
    const html = readFileSync(at("run/report.html"), "utf8");
    expect(html).toContain("<svg");
    expect(html.split("a paper").length).toBe(2);
  });

  it("explain a directory that is no run", async () => {
    for (const name of ["analyse", "report", "resume"]) {
      const { code, err } = await plaquette(name, at("nowhere"));
      expect(code).toBe(2);
      expect(err).toContain(at("nowhere"));
    }
  });
});
