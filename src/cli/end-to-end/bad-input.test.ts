import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseGroup } from "../../lattice/group.ts";
import { saveConfiguration } from "../../storage/files.ts";
import { command, contentOf, runText, scratchFolder } from "./folder.contract.ts";

/** What a new user gets wrong. Each has one clear sentence with file, key and remedy, exit code 2, and changes nothing. */
const { at, put, path: folder } = scratchFolder();
const cold = (lattice: readonly number[]) => {
  const links = new Float64Array(lattice.reduce((a, b) => a * b, 4 * 8));
  for (let i = 0; i < links.length; i += 8) links[i] = links[i + 6] = 1;
  return { group: parseGroup("SU(2)"), extents: lattice, links };
};

beforeAll(async () => {
  saveConfiguration(at("good.ildg"), cold([4, 4, 4, 4]));
  saveConfiguration(at("large.ildg"), cold([8, 8, 8, 8]));
  put("truncated.ildg", readFileSync(at("good.ildg")).subarray(0, 3000));
  put("words.ildg", "this is a letter to a friend\n");
  put("empty.ildg", "");
  saveConfiguration(at("good.txt"), cold([4, 4, 4, 4]));
  put("nan.txt", readFileSync(at("good.txt"), "utf8").replace("\n0\n", "\nNaN\n"));
  mkdirSync(at("folder.toml"));
  put("good.toml", runText());
  expect(await command("run", at("good.toml"), "--output", at("run"), "--quiet")).toMatchObject({ code: 0, err: "" });
  damagedRun("edited", (dir) => rewrite(join(dir, "run.toml"), "beta = 2.4", "beta = 2.5"));
  damagedRun("mistyped", (dir) => rewrite(join(dir, "run.toml"), "beta = 2.4", "betta = 2.4"));
  damagedRun("torn", (dir) => rewrite(join(dir, "events.jsonl"), /\n[^\n]*\n/, "\ngarbage\n"));
  damagedRun("garbage", (dir) => {
    rewrite(join(dir, "run.toml"), "trajectories = 4", "trajectories = 8");
    const checkpoints = join(dir, "checkpoints");
    for (const name of readdirSync(checkpoints)) writeFileSync(join(checkpoints, name), "garbage".repeat(50));
  });
});

const rewrite = (file: string, from: string | RegExp, to: string) =>
  writeFileSync(file, readFileSync(file, "utf8").replace(from, to));

/** A copy of the good run with something broken. */
function damagedRun(name: string, damage: (directory: string) => void): void {
  cpSync(at("run"), at(name), { recursive: true });
  damage(at(name));
}

/** The one sentence that a command says on refusing: exit code 2, no output, and every file as it was. */
async function refusal(...argv: string[]): Promise<string> {
  const before = contentOf(folder);
  const { code, out, err } = await command(...argv);
  expect(contentOf(folder)).toEqual(before);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).not.toContain("PLAQUETTE_DEBUG");
  expect(err.endsWith("\n")).toBe(true);
  return err.slice(0, -1);
}

describe("a run file", () => {
  const withStart = (file: string) => [/^/, `start = "${at(file)}"\n`] as const;
  const mistakes: readonly [string, () => string, RegExp][] = [
    [
      "with a typo in a key",
      () => runText(["beta", "betta"]),
      /action\[0\]\.betta: unknown; did you mean "beta"\? \(wilson-gauge takes beta\)/,
    ],
    [
      "with a typo at the top",
      () => runText(["trajectories", "trajectorys"]),
      /trajectorys: unknown; did you mean "trajectories"\?/,
    ],
    ["with negative beta", () => runText(["2.4", "-2.4"]), /action\[0\]\.beta: beta must be 0 or more .*, got -2\.4/],
    [
      "with odd extents and an even-odd heat bath",
      () => runText(["[4, 4, 4, 4]", "[4, 4, 5, 4]"], ['"heatbath"', '"heatbath"\norder = "even-odd"']),
      /update\.order: .* needs even extents, and lattice = \[4,4,5,4\] has 5; write order = "coloured"/,
    ],
    [
      "with an unknown action",
      () => runText(["wilson-gauge", "wilson-guage"]),
      /action\[0\]\.name: "wilson-guage" is no action; did you mean "wilson-gauge"\?/,
    ],
    [
      "with the quarks of Wilson for his gauge action",
      () => runText(["wilson-gauge", "wilson"]),
      /action\[0\]\.name: wilson does not take beta; did you mean "wilson-gauge"\?/,
    ],
    [
      "with an unknown update",
      () => runText(["heatbath", "heatbth"]),
      /update\.name: "heatbth" is no update; did you mean "heatbath"\?/,
    ],
    [
      "with an unknown observable",
      () => runText(["plaquette = 1", "plackette = 1"]),
      /measure\.plackette: unknown observable; did you mean "plaquette"\?/,
    ],
    ["with a word for a number", () => runText(["= 4\n", '= "four"\n']), /trajectories: expected a number, got "four"/],
    ["with a word for a list", () => runText(["[4, 4, 4, 4]", '"4x4"']), /lattice: expected a list, got "4x4"/],
    ["with half a trajectory", () => runText(["= 4\n", "= 4.5\n"]), /trajectories: expected an integer, got 4\.5/],
    ["with an unknown group", () => runText(["SU(2)", "SO(3)"]), /group "SO\(3\)": expected "U\(1\)" or "SU\(N\)"/],
    [
      "with an unknown key in the scan",
      () => `${runText()}[scan]\n"action.wilson-gauge.betta" = [1.0, 2.0]\n`,
      /scan\."action\.wilson-gauge\.betta": matches nothing .*did you mean "action\.wilson-gauge\.beta"\?/,
    ],
    [
      "with a bad value in the scan",
      () => `${runText()}[scan]\n"action.wilson-gauge.beta" = [1.0, -2.0]\n`,
      /scan\."action\.wilson-gauge\.beta": .*beta must be 0 or more .*, got -2/,
    ],
    [
      "with an observable that this lattice has not",
      () => runText(["[4, 4, 4, 4]", "[4, 4]"], ["plaquette = 1", "topological-charge = 1"]),
      /measure\.topological-charge: .*four dimensions, this lattice has 2; leave it out/,
    ],
    ["that is no TOML", () => "beta is 5.7\n", /:1:6: not TOML: /],
    [
      "that starts from a truncated configuration",
      () => runText(withStart("truncated.ildg")),
      /start: .*truncated\.ildg: .* is truncated, copy it again/,
    ],
    [
      "that starts from a text renamed .ildg",
      () => runText(withStart("words.ildg")),
      /start: .*words\.ildg: it is named like ILDG .*"this is a letter to a friend"; give the right file/,
    ],
    [
      "that starts from an 8^4 file on 4^4",
      () => runText(withStart("large.ildg")),
      /start: .*large\.ildg: the file declares the lattice 8,8,8,8 but 4,4,4,4 .*write lattice = \[8, 8, 8, 8\]/,
    ],
    [
      "that starts from another group",
      () => runText(withStart("good.ildg"), ["SU(2)", "SU(3)"]),
      /start: .*good\.ildg: the file declares SU\(2\) but SU\(3\) .*write group = "SU\(2\)"/,
    ],
    [
      "that starts from a configuration with NaN",
      () => runText(withStart("nan.txt")),
      /start: .*nan\.txt: line \d+ holds NaN; do not use this configuration/,
    ],
    [
      "that starts from nowhere",
      () => runText(withStart("nowhere.ildg")),
      /start: there is no configuration at .*nowhere\.ildg; correct the path/,
    ],
    [
      "that starts from an empty file",
      () => runText(withStart("empty.ildg")),
      /start: .*empty\.ildg: the file is empty/,
    ],
    [
      "that starts from a folder",
      () => runText(withStart("run")),
      /start: .*run: it is a directory, a file was expected/,
    ],
  ];
  it.each(mistakes)("%s", async (name, text, sentence) => {
    const file = put(`${name.replaceAll(/\W+/g, "-")}.toml`, text());
    const said = await refusal("run", file, "--output", at("never"));
    expect(said.split("\n")).toHaveLength(1);
    expect(said).toContain(file);
    expect(said).toMatch(sentence);
  });

  it("that is empty tells everything that is missing", async () => {
    const said = await refusal("run", put("empty.toml", ""));
    expect(said.split("\n").map((line) => /empty\.toml: (\w+): missing/.exec(line)?.[1])).toEqual([
      "lattice",
      "group",
      "action",
      "update",
    ]);
    expect(said).toContain("add a [[action]] table with a name (one of wilson-gauge, ");
  });

  it("that does not exist, or is a folder", async () => {
    expect(await refusal("run", at("god.toml"))).toBe(
      `${at("god.toml")}: no such run file; did you mean "good.toml"?; check the path, or make one with "plaquette wizard"`,
    );
    expect(await refusal("run", at("folder.toml"))).toMatch(/folder\.toml: a directory, not a run file/);
  });
});

describe("the place of a run", () => {
  const run = (output: string) => refusal("run", at("good.toml"), "--output", output);

  it("that holds a run already", async () => {
    expect(await run(at("run"))).toMatch(/holds a run already; go on with it by "plaquette resume .*--new/);
  });

  it("that is a file, is below one, or holds something else", async () => {
    expect(await run(at("good.toml"))).toMatch(/good\.toml: it, or a part of its path, is a file; choose another/);
    expect(await run(at("good.toml/deep"))).toMatch(/is a file; choose another output directory \(--output DIR/);
    expect(await run(at("."))).toMatch(/is not empty \(.*choose another output directory/);
  });

  it("that is read-only", async ({ skip }) => {
    const place = at("read-only");
    if (!mountedReadOnly(place)) skip("this user may not mount a read-only file system");
    try {
      expect(await run(join(place, "run"))).toMatch(/cannot create .*read-only.*choose another place \(EROFS\)/);
      expect(await refusal("convert", at("good.ildg"), join(place, "x.ildg"))).toMatch(/cannot write .*EROFS/);
      expect(await refusal("wizard", join(place, "x.toml"), "--yes")).toMatch(/cannot write .*EROFS/);
      expect(await refusal("report", at("run"), "--output", join(place, "x.html"))).toMatch(/cannot write .*EROFS/);
    } finally {
      spawnSync("umount", [place]);
    }
  });
});

/** Makes an empty folder on a read-only file system; false where this user may not mount one. */
function mountedReadOnly(path: string): boolean {
  mkdirSync(path);
  return spawnSync("mount", ["-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", path]).status === 0;
}

describe("a configuration", () => {
  const mistakes: readonly [string, string[], RegExp][] = [
    ["that is truncated", ["truncated.ildg"], /truncated\.ildg: .* is truncated, copy it again/],
    ["that is a text renamed .ildg", ["words.ildg"], /words\.ildg: it is named like ILDG .*give the right file/],
    ["that is empty", ["empty.ildg"], /empty\.ildg: the file is empty; copy or write it again/],
    ["that does not exist", ["nowhere.ildg"], /cannot read .*nowhere\.ildg: no such file or directory; check the path/],
    ["that is a folder", ["run"], /cannot read .*run: it is a directory, a file was expected/],
    [
      "of another lattice",
      ["large.ildg", "--lattice", "4,4,4,4"],
      /large\.ildg: the file declares the lattice 8,8,8,8 but 4,4,4,4 was asked for; ask for --lattice 8,8,8,8/,
    ],
    [
      "of another group",
      ["good.ildg", "--group", "SU(3)"],
      /good\.ildg: the file declares SU\(2\) but SU\(3\) was asked for; ask for --group 'SU\(2\)'/,
    ],
    [
      "that says neither group nor lattice",
      ["good.txt"],
      /good\.txt: the file does not say its group and lattice .*for example --group 'SU\(2\)' --lattice 4,4,4,4/,
    ],
    ["with NaN", ["nan.txt", "--lattice", "4,4,4,4"], /nan\.txt: line \d+ holds NaN; do not use this configuration/],
  ];
  it.each(mistakes)("%s", async (_, [file, ...options], sentence) => {
    const said = [
      await refusal("measure", at(file!), ...options),
      await refusal("convert", at(file!), at("new.nersc"), ...options),
    ];
    for (const one of said) {
      expect(one.split("\n")).toHaveLength(1);
      expect(one).toMatch(sentence);
    }
  });

  it("to be written over another file, or in a format that nobody named", async () => {
    expect(await refusal("convert", at("good.ildg"), at("large.ildg"))).toMatch(/exists already; .*--overwrite/);
    expect(await refusal("convert", at("good.ildg"), at("new.conf"))).toMatch(
      /new\.conf: .*end it in \.ildg, .*--to ildg/,
    );
    expect(await refusal("convert", at("good.ildg"), at("new.milc"))).toMatch(
      /new\.milc: .*can be read but not written/,
    );
    expect(await refusal("convert", at("good.ildg"), at("new.oqcd"))).toMatch(/new\.oqcd: openQCD files hold SU\(3\)/);
  });

  it("among others does not keep them from being measured", async () => {
    const before = contentOf(folder);
    const { code, out, err } = await command("measure", at("truncated.ildg"), at("good.ildg"), "--json");
    expect({ code, plaquette: JSON.parse(out).plaquette }).toEqual({ code: 2, plaquette: 1 });
    expect(err).toMatch(/^\S*truncated\.ildg: .*\n$/);
    expect(contentOf(folder)).toEqual(before);
  });
});

describe("a run directory", () => {
  const mistakes: readonly [string, string, RegExp][] = [
    ["that does not exist", "nowhere", /nowhere: no such run directory; check the path/],
    ["that is a run file", "good.toml", /good\.toml is a file, not a run directory; a run is begun by "plaquette run/],
    ["that is none", ".", /is not a run directory: it has no run\.toml/],
    [
      "whose run file was edited",
      "edited",
      /edited\/run\.toml is not the run file that this run was begun with .*put it back/,
    ],
    [
      "whose run file was mistyped",
      "mistyped",
      /mistyped\/run\.toml: action\[0\]\.betta: unknown; did you mean "beta"\?/,
    ],
    ["whose checkpoints are garbage", "garbage", /garbage\/checkpoints: no checkpoint can be used .*start a new run/],
    ["whose events are damaged", "torn", /torn\/events\.jsonl, line 2: not a JSON object: garbage; restore the file/],
  ];
  it.each(mistakes)("%s cannot be resumed", async (_, name, sentence) => {
    const said = await refusal("resume", at(name));
    expect(said.split("\n")[0]).toMatch(sentence);
  });

  it("that does not exist, or is damaged, cannot be analysed", async () => {
    for (const name of ["analyse", "report"]) {
      expect(await refusal(name, at("nowhere"))).toMatch(/nowhere: no such run directory; check the path/);
      expect(await refusal(name, at("torn"))).toMatch(/torn\/events\.jsonl, line 2/);
    }
  });
});
