import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseGroup } from "../../lattice/group.ts";
import { saveConfiguration } from "../../storage/files.ts";
import { commands } from "../commands/index.ts";
import { command, runText, scratchFolder, sharedConfigs } from "./folder.contract.ts";
import { plaquette } from "./program.contract.ts";

/** Every command line that a --help shows, typed into a shell in a folder that has the files it names. */
const { at, put, path: folder } = scratchFolder();
const milc = join(sharedConfigs, "milc/lat.sample.l4444");

/** What an example writes and the next one must find absent again. */
const made = ["lat.ildg", "conf.ildg", "lat.nersc", "first.toml", "best.toml", "data"];
/** Minutes of the machine, and one that needs a person at a terminal (looked at by hand; its questions are in wizard/). */
const elsewhere = [
  "plaquette bench",
  "plaquette reproduce slhmc-su2 --quick",
  "plaquette reproduce slhmc-su2",
  "plaquette reproduce cask-su2 --full",
  "plaquette wizard first.toml",
];

const examples = await Promise.all(
  Object.values(commands).map(async (load) => {
    const { examples, hidden } = await load();
    return hidden ? [] : examples.map(([line]) => line);
  }),
).then((lists) => lists.flat());

const guidedText = `lattice = [2, 2, 2, 2]
group = "SU(2)"
thermalise = 1
trajectories = 1
action = [{ name = "wilson-gauge", beta = 2 }, { name = "staggered", mass = 0.8 }]
[update]
name = "self-learning-hmc"
steps = 2
guide = [{ name = "staggered", mass = 0.9, through = { name = "covariant-net", layers = 1 } }]
[training]
trajectories = 2
`;

beforeAll(async () => {
  const links = new Float64Array(4 ** 5 * 18);
  for (let i = 0; i < links.length; i += 18) links[i] = links[i + 8] = links[i + 16] = 1;
  const cold = { group: parseGroup("SU(3)"), extents: [4, 4, 4, 4], links };
  mkdirSync(at("stock"));
  saveConfiguration(at("stock/lat.ildg"), cold);
  saveConfiguration(at("stock/conf.txt"), cold);
  if (existsSync(milc)) copyFileSync(milc, at("lat.milc"));
  put("a.toml", runText());
  put("examples/quenched-su3.toml", runText());
  put("test01.toml", '["Physical setting"]\nL = [4, 4, 4, 4]\nNsteps = 2\n["System Control"]\n["Measurement set"]\n');
  put("examples/su2-slhmc.toml", guidedText);
  put("a.json", '{ "lattice": [4, 4], "update": ["heatbath", "overrelaxation"] }');
  const quick = put("quick.toml", runText(["trajectories = 4", "trajectories = 20"]));
  expect(await command("run", quick, "--output", at("stock/quick"), "--quiet")).toMatchObject({ code: 0, err: "" });
  const small = runText(
    ["[4, 4, 4, 4]", "[4, 4]"],
    ["trajectories = 4", "trajectories = 400"],
    [/$/, "polyakov-loop = 1\n"],
  );
  const hmc = small.replace('"heatbath"', '"hmc"\nsteps = 4');
  put("steps.toml", `${hmc}[scan]\n"update.steps" = [3, 5]\n`);
  const mixture = small.replace("[update]", '[[update]]\nname = "hmc"\nsteps = 4\n\n[[update]]');
  put("mixture.toml", mixture);
  for (const [name, text] of Object.entries({ hmc, heatbath: small.replace('"small"', '"other"') }))
    expect(await command("run", put(`${name}.toml`, text), "-o", at(`stock/${name}`), "-q")).toMatchObject({ code: 0 });
  mkdirSync(at("bin"));
  symlinkSync(join(import.meta.dirname, "../../../plaquette"), at("bin/plaquette"));
  await plaquette("--version"); // builds where needed, and says so
});

/** The files that an example reads, and none that it writes. */
function prepare(line: string): void {
  for (const name of made) rmSync(at(name), { recursive: true, force: true });
  rmSync(at("runs"), { recursive: true, force: true });
  for (const name of ["quick", "hmc", "heatbath"]) cpSync(at(`stock/${name}`), at(`runs/${name}`), { recursive: true });
  const words = line.split(" ");
  const reads = words[1] === "convert" ? words.slice(2, 3) : words.slice(2);
  if (reads.some((word) => /^(lat|\*)\.ildg$/.test(word))) copyFileSync(at("stock/lat.ildg"), at("lat.ildg"));
  if (reads.includes("conf.ildg")) copyFileSync(at("stock/lat.ildg"), at("conf.ildg"));
  if (reads.includes("conf.txt")) copyFileSync(at("stock/conf.txt"), at("conf.txt"));
}

describe("every example of a --help runs", () => {
  it("and there are some of every command", () => {
    expect(examples.length).toBeGreaterThan(20);
    for (const line of elsewhere) expect(examples).toContain(line);
  });

  it.for(examples.filter((line) => !elsewhere.includes(line)))("%s", (line, { skip }) => {
    if (line.includes("lat.milc") && !existsSync(milc)) skip("../shared/configs is absent");
    prepare(line);
    // an absolute place, as in the help, is somebody's own
    const typed = line.replace("/data/", `${folder}/data/`);
    const { status, stderr } = spawnSync("sh", ["-c", typed], {
      cwd: folder,
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: `${at("bin")}${delimiter}${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
      },
    });
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  });
});
