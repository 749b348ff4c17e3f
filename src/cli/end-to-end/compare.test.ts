import { cpSync, existsSync, readFileSync } from "node:fs";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { command, contentOf, scratchFolder } from "./folder.contract.ts";
import { plaquette } from "./program.contract.ts";

/** Two updates of one theory that must agree, as a user compares them. */
const { at, put, path: folder } = scratchFolder();

const text = (update: string, beta = 2.2, more = "") => `lattice = [4, 4]
group = "SU(2)"
start = "hot"
thermalise = 20
trajectories = 300
workers = 1
${more}
[[action]]
name = "wilson-gauge"
beta = ${beta}

[update]
${update}

[measure]
plaquette = 1
polyakov-loop = 1
`;
const hmc = put("hmc.toml", text('name = "hmc"\nsteps = 5'));
const heatbath = put("heatbath.toml", text('name = "heatbath"'));

interface Json {
  runs: {
    name: string;
    updates: { production: number; acceptance?: unknown };
    cost: { workers: number[]; forces?: unknown };
  }[];
  observables: {
    name: string;
    values: { estimated: { error: number }; cost: { refused: boolean; seconds: { mean: number; error: number } } }[];
    agreement: { disagree: unknown[] };
  }[];
  agreement: { pValue: number };
  cautions: { kind: string }[];
}
const kinds = ({ cautions }: Json) => cautions.map(({ kind }) => kind).filter((kind) => kind !== "uneven");

describe("plaquette compare", () => {
  it("runs two run files in turn and finds that they agree", async () => {
    const { code, out, err } = await command("compare", hmc, heatbath, "--output", at("one"));
    expect(code).toBe(0);
    expect(err).toMatch(/^hmc: run 1 of 2, in .*one\/hmc$/m);
    expect(err).toMatch(/^heatbath: run 2 of 2/m);
    expect(out).toMatch(/^SU\(2\), 4 × 4, 1 worker, .*Node/);
    expect(out).toMatch(/^plaquette +hmc +0\.4\d+\(\d+\) +\d\.\d+\(\d+\) /m);
    expect(out).toMatch(/^The runs agree: /m);
    // both files have the default seed: the second one gets its own
    expect(readFileSync(at("one/heatbath/run.toml"), "utf8")).toContain('seed = "1-heatbath"');
    const { document } = parseHTML(readFileSync(at("one/comparison.html"), "utf8"));
    expect(document.querySelector("h1")?.textContent).toBe("hmc and heatbath");
    expect(document.querySelectorAll("svg")).toHaveLength(1);
    expect(existsSync(at("one/hmc/report.html"))).toBe(true);
  });

  it("uses what is there again, as JSON, and changes nothing in the runs", async () => {
    const before = contentOf(at("one/hmc"));
    const { code, out, err } = await command("compare", hmc, heatbath, "--output", at("one"), "--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(contentOf(at("one/hmc"))).toEqual(before);
    const json = JSON.parse(out) as Json;
    expect(json.runs.map(({ name }) => name)).toEqual(["hmc", "heatbath"]);
    expect(json.runs[0]).toMatchObject({ updates: { production: 300 }, cost: { workers: [1], forces: { mean: 11 } } });
    expect(kinds(json)).toEqual([]);
    expect(json.agreement.pValue).toBeGreaterThan(0.01);
    const [first, second] = json.observables.find(({ name }) => name === "plaquette")!.values;
    for (const value of [first!, second!]) {
      expect(value.estimated.error).toBeGreaterThan(0);
      expect(value.cost.seconds.error).toBeGreaterThan(0);
    }
    // a heat bath sweep is cheaper than a trajectory of eleven forces, on any machine
    expect(second!.cost.seconds.mean).toBeLessThan(first!.cost.seconds.mean);
    const stored = await command("compare", at("one/hmc"), at("one/heatbath"), "--json");
    expect(JSON.parse(stored.out)).toEqual(json);
  });

  it("lengthens runs and compares the beginning of longer ones", async () => {
    cpSync(at("one"), at("two"), { recursive: true });
    const longer = await command("compare", at("two/hmc"), at("two/heatbath"), "--trajectories", "350", "--json", "-q");
    const production = (json: Json) => json.runs.map(({ updates }) => updates.production);
    const json = JSON.parse(longer.out) as Json;
    expect(production(json)).toEqual([350, 350]);
    expect(kinds(json)).toEqual([]);
    const shorter = await command("compare", at("two/hmc"), at("one/heatbath"), "--json");
    expect(production(JSON.parse(shorter.out))).toEqual([350, 300]);
    expect(kinds(JSON.parse(shorter.out))).toEqual(["statistics"]);
    const equal = JSON.parse((await command("compare", hmc, heatbath, "--output", at("two"), "--json")).out) as Json;
    expect(production(equal)).toEqual([300, 300]);
    const original = JSON.parse((await command("compare", hmc, heatbath, "--output", at("one"), "--json")).out) as Json;
    expect(equal.observables).toEqual(original.observables);
  });

  it("flags a planted disagreement", async () => {
    const other = put("other.toml", text('name = "heatbath"', 2.6, 'seed = "other"'));
    const refused = await command("compare", hmc, other, "--output", at("one"));
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toMatch(
      /^other samples another distribution than hmc: beta of wilson-gauge = 2\.6 against 2\.2\n.*--different\n$/,
    );
    const { code, out, err } = await command("compare", hmc, other, "--output", at("one"), "--different", "--quiet");
    expect(code).toBe(0);
    expect(err).toMatch(/^warning: other samples another distribution/);
    expect(out).toMatch(/^The runs disagree: plaquette has the smallest probability/m);
    expect(out).toMatch(/^! plaquette: hmc and other differ by \d+\.\d standard deviations$/m);
  });

  it("compares the values of a scan, one after the other, and writes the cheapest", async () => {
    const scan = put("scan.toml", `${text('name = "hmc"\nsteps = 5')}[scan]\n"update.steps" = [2, 40]\n`);
    const { code, out, err } = await plaquette("compare", scan, "-o", at("three"), "--best", at("best.toml"), "-q");
    expect(code).toBe(0);
    expect(out).toMatch(/^plaquette +steps = 2 /m);
    expect(out).toMatch(/^ +steps = 40 /m);
    expect(out).not.toMatch(/at the same time/);
    expect(err).toMatch(/^steps = 2: cheapest of 2 runs, .*per independent .*; written to .*best\.toml$/m);
    expect(existsSync(at("three/comparison.html"))).toBe(true);
    const best = readFileSync(at("best.toml"), "utf8");
    expect(best).toMatch(/^# steps = 2: cheapest of 2 runs/);
    expect(best).toMatch(/^steps = 2$/m);
    expect(best).not.toContain("scan");
    expect(await command("run", at("best.toml"), "--show")).toMatchObject({ code: 0 });
  });

  it("compares the updates of a mixture, each by itself", async () => {
    const both = put(
      "both.toml",
      text('name = "hmc"\nsteps = 5\n[[update]]\nname = "heatbath"').replace("[update]", "[[update]]"),
    );
    const { code, out } = await command("compare", both, "--each-update", "-o", at("four"), "-q");
    expect(code).toBe(0);
    expect(out).toMatch(/^plaquette +both-hmc /m);
    expect(out).toMatch(/^ +both-heatbath /m);
    expect(readFileSync(at("four/both-heatbath/run.toml"), "utf8")).not.toContain('hmc"');
  });

  it("prints no small errors of short chains", async () => {
    const { code, out } = await command("compare", hmc, heatbath, "--output", at("one"), "--trajectories", "20");
    expect(code).toBe(0);
    expect(out).toMatch(/^plaquette +hmc +0\.\d+\(\?\) +\(\?\)/m);
    expect(out).toMatch(/^No observable has errors in two runs: whether they agree is not known\.$/m);
    expect(out).toMatch(/^1\) /m);
  });

  it("explains what it cannot compare, and changes nothing", async () => {
    const before = contentOf(folder);
    const refusal = async (...argv: string[]) => {
      const { code, out, err } = await command("compare", ...argv);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      return err;
    };
    const lattice = put("lattice.toml", text('name = "heatbath"').replace("[4, 4]", "[4, 6]"));
    const taken = put("taken/hmc.toml", text('name = "hmc"\nsteps = 6'));
    const besides = contentOf(folder);
    expect(await refusal(at("hcm.toml"), heatbath)).toMatch(/no such run file; did you mean "hmc\.toml"\?/);
    expect(await refusal(hmc)).toMatch(
      /hmc\.toml: nothing to compare it with; give another run, one with a \[scan\], or --each-update/,
    );
    expect(await refusal(hmc, "--each-update")).toMatch(/hmc\.toml: --each-update needs \[\[update\]\] several times/);
    expect(await refusal(hmc, hmc)).toMatch(/hmc would be compared with itself/);
    expect(await refusal(hmc, lattice)).toMatch(/lattice = \[4,6\] against \[4,4\]/);
    expect(await refusal(heatbath, taken, "-o", at("one"))).toMatch(
      /one\/hmc holds another run than .*taken\/hmc\.toml/,
    );
    expect(await refusal(folder, heatbath)).toMatch(/is not a run directory: it has no run\.toml/);
    expect(await refusal(hmc, heatbath, "--trajectories", "0")).toMatch(
      /--trajectories: expected a whole number from 1/,
    );
    expect(await refusal(hmc, heatbath, "--by", "plaquette")).toMatch(/--by chooses the cheapest run for --best FILE/);
    expect(contentOf(folder)).toEqual(besides);
    expect(Object.keys(besides).length).toBe(Object.keys(before).length + 3);
    const unknown = await command("compare", hmc, heatbath, "-o", at("one"), "--best", at("no.toml"), "--by", "Q");
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.err).toMatch(/--best: no observable "Q" was compared; there is plaquette, Re P/);
    expect(existsSync(at("no.toml"))).toBe(false);
  });
});
