import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { command, contentOf, scratchFolder } from "./folder.contract.ts";

/** A recipe with hardly any statistics, as a user runs it. */
const { at, path: folder } = scratchFolder();
const few = ["--quick", "--trajectories", "16", "--training", "8", "--workers", "1"];
const again = (...more: string[]) => command("reproduce", "slhmc-su2", ...few, "--output", at("slhmc"), ...more);

describe("plaquette reproduce", () => {
  it("runs a recipe and prints its numbers beside the published ones", async () => {
    const { code, out, err } = await again();
    expect(code).toBe(0);
    expect(err).toMatch(/^Self-learning HMC .*\nY\. Nagai, A\. Tomiya, .*\n1 run, in /);
    expect(err).toMatch(/^trajectory-loss: run 1 of 1, in /m);
    expect(out).toMatch(/^run +quantity +here +published +Δ\/σ +independent +Δ\/σ$/m);
    expect(out).toMatch(/^trajectory-loss +acceptance +\d\.\d+\(\d+\) +– +0\.767\(9\) +[+−]\d\.\d/m);
    expect(out).toMatch(/^ +plaquette +0\.\d+\(\??\d*\) +0\.7023\(2\) .*0\.70251\(8\)/m);
    expect(out).toMatch(/^next:\n {2}plaquette reproduce slhmc-su2 +more of it/m);
    for (const file of ["trajectory-loss.toml", "reproduction.html", "trajectory-loss/models/training.csv"])
      expect(existsSync(at(join("slhmc", file)))).toBe(true);
    expect(readFileSync(at("slhmc/reproduction.html"), "utf8")).toContain("<svg");
  });

  it("takes what is there, and goes on where more is asked for", async () => {
    const run = join(at("slhmc"), "trajectory-loss");
    const before = contentOf(run);
    const { err } = await again();
    expect(err).toMatch(/^all of it is there already and is taken as it is; to run it again, remove that folder$/m);
    expect(contentOf(run)).toEqual(before);
    const { code, out } = await again("--json", "--quiet", "--trajectories=18");
    expect(code).toBe(2); // given twice
    expect(out).toBe("");
    const longer = ["--quick", "--trajectories", "18", "--training", "8", "--workers", "1", "--json", "--quiet"];
    const json = JSON.parse((await command("reproduce", "slhmc-su2", ...longer, "--output", at("slhmc"))).out);
    expect(json).toMatchObject({ recipe: "slhmc-su2", size: "quick" });
    expect(json.runs[0].updates.production).toBe(18);
    expect(json.numbers.map(({ name }: { name: string }) => name)).toContain("Re P");
  });

  it("leaves run files by which each run can be made again", async () => {
    const shown = (await command("run", at("slhmc/trajectory-loss.toml"), "--show")).out;
    const { out } = await command(
      "reproduce",
      "slhmc-su2",
      "--quick",
      "--trajectories",
      "18",
      "--training",
      "8",
      "--show",
    );
    expect(out).toBe(`# trajectory-loss.toml\n${shown}`);
    expect(readFileSync(at("slhmc/trajectory-loss/run.toml"), "utf8")).toBe(shown);
  });

  it("explains what it cannot do, and writes nothing", async () => {
    const before = contentOf(folder);
    const refusal = async (...argv: string[]) => {
      const { code, out, err } = await command("reproduce", ...argv);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      return err;
    };
    expect(await refusal()).toMatch(/which of the recipes\? slhmc-su2, .*plaquette list recipes/);
    expect(await refusal("shlmc-su2")).toMatch(/there is no recipe shlmc-su2; did you mean "slhmc-su2"\?/);
    expect(await refusal("slhmc-su2", "--quick", "--full")).toMatch(/exclude each other/);
    expect(await refusal("slhmc-su2", "--training", "0")).toMatch(/--training: expected a whole number from 1/);
    expect(await refusal("slhmc-su2", "--quick", "--training", "9", "-o", at("slhmc"))).toMatch(/holds another run/);
    writeFileSync(at("taken"), "");
    expect(await refusal("slhmc-su2", "--quick", "-o", at("taken"))).toMatch(/taken/);
    expect(Object.keys(contentOf(folder)).sort()).toEqual([...Object.keys(before), "taken"].sort());
  });

  it("is among the things that are listed", async () => {
    const { out } = await command("list", "recipes");
    for (const name of ["slhmc-su2", "slmc-su2", "cask-su2"]) expect(out).toMatch(new RegExp(`^ {2}${name}: `, "m"));
    expect((await command("list", "slhmc-su2")).out).toMatch(/^ {4}hmc +plain HMC, for comparison$/m);
  });
});
