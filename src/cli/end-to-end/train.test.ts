import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readModel } from "../../storage/models/directory.ts";
import { numbersOf } from "../../storage/models/index.ts";
import { readRun } from "../../storage/run-directory/index.ts";
import { command, contentOf, scratchFolder } from "./folder.contract.ts";
import { plaquette } from "./program.contract.ts";

/** `plaquette train`, and runs with what it trained. */
const { at, put, path: folder } = scratchFolder();
const text = `lattice = [4, 2, 2, 2]
group = "SU(2)"
start = "hot"
seed = "train"
thermalise = 2
trajectories = 3
[[action]]
name = "wilson-gauge"
beta = 2.3
[[action]]
name = "staggered"
mass = 0.4
[update]
name = "self-learning-hmc"
steps = 3
length = 0.5
[[update.guide]]
name = "wilson-gauge"
beta = 2.3
[[update.guide]]
name = "staggered"
mass = 0.6
through = { name = "covariant-net", layers = 1 }
[training]
trajectories = 12
rate = 0.01
`;
const changed = (...changes: readonly (readonly [string, string])[]) =>
  changes.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replace(from, to);
  }, text);
const withModel = (model: string, ...changes: readonly (readonly [string, string])[]) =>
  changed(["length = 0.5", `length = 0.5\nmodel = ${JSON.stringify(model)}`], ...changes);
const untrained = ["[training]\ntrajectories = 12\nrate = 0.01\n", ""] as const;
const weights = (path: string) => readModel(path).weights.map((tensor) => [...numbersOf(tensor)]);

beforeAll(async () => {
  put("guide.toml", text);
  const { code, err, out } = await command("train", at("guide.toml"), "-o", at("guide"), "--quiet");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^\nloss: \S+ to \S+ in 12 trajectories\nmodel: .*guide\/models\n/);
  expect(out).toContain(`another run uses it with model = ${JSON.stringify(at("guide"))} in [update]\n`);
});

describe("plaquette train", () => {
  it("thermalises and trains, and produces nothing", () => {
    const { events } = readRun(at("guide")).members[0]!;
    const phases = events.flatMap((event) => (event.type === "stepped" ? event.phase : []));
    expect(phases).toEqual(Array.from({ length: 14 }, () => "thermalise"));
    expect(
      weights(at("guide"))
        .flat()
        .some((x) => x !== 0),
    ).toBe(true);
  });

  it("writes a report with the loss and the weights", () => {
    const html = readFileSync(at("guide/report.html"), "utf8");
    expect(html).toContain("<h2>Training</h2>");
    expect(html).toContain('aria-label="Loss of the training"');
    expect(html).toContain("guide-2.staggered.layer-1.plaquette");
    expect(html).toContain("Y. Nagai");
  });

  it("learns the same as the run that goes on to produce", async () => {
    expect((await command("run", at("guide.toml"), "-o", at("whole"), "--quiet")).code).toBe(0);
    expect(weights(at("whole"))).toEqual(weights(at("guide")));
    const { out } = await command("analyse", at("whole"));
    expect(out).toMatch(/^loss of the training +\S+ to \S+ in 12 trajectories$/m);
    expect(out).not.toContain("layer-1");
  });

  it("takes another number of trajectories, and trains without a table where it is given", async () => {
    const file = put("bare.toml", changed(untrained));
    const { code, err } = await command("train", file, "-o", at("bare"), "--trajectories", "2", "--quiet");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(readModel(at("bare")).training).toHaveLength(2);
  });

  it("trains one guide for every value of a scan", async () => {
    const scan = '[scan]\n"update.guide[1].mass" = [0.5, 0.7]\n';
    const file = put("scan.toml", changed(["trajectories = 12", "trajectories = 2"]) + scan);
    const { code, out, err } = await plaquette("train", file, "-o", at("scan"), "--quiet");
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(out.match(/model = "/g)).toHaveLength(2);
    const member = at("scan/members/value-1-chain-0");
    expect(out).toContain(`model = ${JSON.stringify(member)}`);
    expect(readModel(member).description).toMatchObject({ guide: [{}, { mass: 0.7 }] });
  }, 120_000); // builds where needed
});

describe("a run with a trained model", () => {
  it("finds it beside the run file", async () => {
    mkdirSync(at("elsewhere"));
    cpSync(at("guide/models"), at("elsewhere/net"), { recursive: true });
    const file = put("elsewhere/use.toml", withModel("net", untrained));
    const { code, err } = await command("run", file, "-o", at("use"), "--quiet");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(weights(at("use"))).toEqual(weights(at("guide")));
    expect((await command("run", file, "--show")).out).toContain('model = "net"');
  });

  it("may have a larger lattice", async () => {
    const file = put("large.toml", withModel(at("guide"), untrained, ["[4, 2, 2, 2]", "[4, 4, 2, 4]"]));
    expect(await command("run", file, "-o", at("large"), "--quiet")).toMatchObject({ code: 0, err: "" });
  });
});

describe("what is wrong", () => {
  /** The one sentence of a refusal, which changes no file. */
  async function refusal(...argv: string[]): Promise<string> {
    const before = contentOf(folder);
    const { code, out, err } = await command(...argv);
    expect(contentOf(folder)).toEqual(before);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    return err;
  }
  const run = (name: string, content: string) => refusal("run", put(name, content), "-o", at("never"));
  const train = (name: string, content: string) => refusal("train", put(name, content), "-o", at("never"));

  it.each<[string, () => Promise<string>, RegExp]>([
    [
      "training without a table",
      () => train("a.toml", changed(untrained)),
      /a\.toml: has no \[training\] table; add one/,
    ],
    [
      "training without a guide",
      () => train("b.toml", text.replace(/\[update\].*/s, '[update]\nname = "hmc"\n')),
      /b\.toml: there is no guide to be trained; write \[update\] with name = "self-learning-hmc"/,
    ],
    [
      "half a trajectory",
      () => refusal("train", at("guide.toml"), "-o", at("never"), "--trajectories", "0.5"),
      /--trajectories: expected a whole number from 1, got "0\.5"/,
    ],
    [
      "a directory that holds a run",
      () => refusal("train", at("guide.toml"), "-o", at("guide")),
      /guide holds a run already/,
    ],
    [
      "a model that is not there",
      () => run("c.toml", withModel("nowhere", untrained)),
      /c\.toml: update\.model: there is no model at .*nowhere or .*nowhere; correct the path, or train one/,
    ],
    [
      "a model of another network",
      () => run("d.toml", withModel(at("guide"), untrained, ["layers = 1", "layers = 3"])),
      /d\.toml: update\.model: .*weights\.safetensors: these weights are those of another network: .*layers = 1 \(here 3\)/,
    ],
    [
      "a model that is torn",
      () => {
        cpSync(at("guide/models"), at("torn"), { recursive: true });
        const bytes = readFileSync(at("guide/models/weights.safetensors"));
        writeFileSync(at("torn/weights.safetensors"), bytes.subarray(0, 40));
        return run("e.toml", withModel(at("torn"), untrained));
      },
      /e\.toml: update\.model: .*torn\/weights\.safetensors: /,
    ],
    [
      "weights of a network whose description is lost",
      () => {
        mkdirSync(at("lost"));
        copyFileSync(at("guide/models/weights.safetensors"), at("lost/weights.safetensors"));
        return run("f.toml", withModel(at("lost"), untrained));
      },
      /f\.toml: update\.model: .*lost has weights\.safetensors but no model\.toml/,
    ],
    [
      "a step size that is tuned while it trains",
      () => run("g.toml", changed(["steps = 3", "steps = 3\ntune = 0.8"])),
      /g\.toml: update: tune: not while the guide is trained/,
    ],
    [
      "a guide that cannot learn",
      () => run("h.toml", changed(['through = { name = "covariant-net", layers = 1 }\n', ""])),
      /h\.toml: update\.guide: has no number that could be trained/,
    ],
    [
      "a rate that is none",
      () => run("i.toml", changed(["rate = 0.01", "rate = 0"])),
      /i\.toml: training\.rate: must be more than 0, got 0/,
    ],
    [
      "a misspelt objective",
      () => run("j.toml", changed(["rate = 0.01", 'objective = "trajctory"'])),
      /j\.toml: training\.objective: "trajctory" is not one of .*did you mean "trajectory"\?/,
    ],
    [
      "a key of another optimiser",
      () => run("k.toml", changed(["rate = 0.01", "momentum = 0.9"])),
      /k\.toml: training\.momentum: has no effect with optimiser = "adam"/,
    ],
  ])("%s", async (_, act, sentence) => {
    const err = await act();
    expect(err).toMatch(sentence);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(existsSync(at("never"))).toBe(false);
  });

  it("is also a model that was lost from a run that uses it", async () => {
    const file = put("l.toml", withModel(at("guide"), untrained));
    expect((await command("run", file, "-o", at("lossy"), "--quiet")).code).toBe(0);
    rmSync(at("lossy/models"), { recursive: true });
    const path = join(at("lossy"), "run.toml");
    writeFileSync(path, readFileSync(path, "utf8").replace("\ntrajectories = 3\n", "\ntrajectories = 5\n"));
    const { code, err } = await command("resume", at("lossy"), "--quiet");
    expect(code).toBe(2);
    expect(err).toMatch(/lossy\/models: no such model/);
  });
});
