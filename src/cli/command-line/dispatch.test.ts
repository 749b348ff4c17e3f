import { describe, expect, it } from "vitest";
import { RunFileError } from "../../experiment/run-file/index.ts";
import { commands } from "../commands/index.ts";
import { latticeOption } from "./arguments.ts";
import { errorText, exitCode, UsageError } from "./errors.ts";
import { plaquette } from "./terminal.contract.ts";

describe("help", () => {
  it("shows every command", async () => {
    const { code, out } = await plaquette("--help");
    expect(code).toBe(0);
    for (const name of Object.keys(commands).filter((word) => word !== "member"))
      expect(out).toMatch(new RegExp(`^  ${name} +[A-Z]`, "m"));
    expect(out).not.toContain("member");
    expect((await plaquette("help")).out).toBe(out);
    expect(await plaquette()).toMatchObject({ code: 2, out });
  });

  it.each(Object.keys(commands))("of %s tells arguments, examples and exit codes", async (name) => {
    const { code, out } = await plaquette(name, "--help");
    expect(code).toBe(0);
    const command = await commands[name]!();
    expect(command.name).toBe(name);
    for (const option of Object.keys(command.args)) expect(out.toLowerCase()).toContain(option);
    for (const [line] of command.examples) expect(out).toContain(line);
    expect(out).not.toContain("\u001b");
    expect(out).toMatch(/Exit codes: 0 done, 1 failed, 2 bad input/);
    expect((await plaquette("help", name)).out).toBe(out);
  });

  it("does not run what stands behind it", async () => {
    expect((await plaquette("run", "nowhere.toml", "--help")).code).toBe(0);
  });

  it("has the version", async () => {
    expect(await plaquette("--version")).toEqual({ code: 0, out: "1.2.3\n", err: "" });
  });
});

describe("a wrong command line", () => {
  const lines: readonly [string, string][] = [
    ["rnu a.toml", 'plaquette: unknown command rnu; did you mean "plaquette run"?'],
    ["quick.toml", 'plaquette: unknown command quick.toml; did you mean "plaquette run quick.toml"?'],
    ["constructor", "plaquette: unknown command constructor; one of run, train, resume, "],
    ["run", 'plaquette run: Missing required positional argument: FILE; see "plaquette run --help"'],
    ["run a.toml b.toml", "plaquette run: one argument too many (b.toml)"],
    [
      "run a.toml --ouput x",
      'plaquette run: unknown option --ouput; did you mean "--output"? (see "plaquette run --help")',
    ],
    ["run a.toml -z", "plaquette run: unknown option -z"],
    ["run a.toml --output", "plaquette run: --output needs a value"],
    ["run a.toml --output --json", "plaquette run: --output needs a value"],
    ["run a.toml --chains 0", '--chains: expected a whole number from 1, got "0"'],
    ["run a.toml --workers two", '--workers: expected a whole number from 0, got "two"'],
    [
      "convert a b --precision 16",
      "plaquette convert: Invalid value for argument: --precision (16). Expected one of: 32, 64",
    ],
    ["convert a nowhere --group SO(3)", '--group: group "SO(3)": expected "U(1)" or "SU(N)"'],
    [
      "convert a nowhere --lattice 4,a",
      '--lattice: expected 1 to 4 extents like 4,4,4,8 (the last is time), got "4,a"',
    ],
    ["list quark", "plaquette list: there is no quark (one of actions, maps, updates, "],
    ["list hcm", 'plaquette list: there is no hcm; did you mean "hmc"?'],
  ];
  it.each(lines)("%s", async (line, sentence) => {
    const { code, out, err } = await plaquette(...line.split(" "));
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain(sentence);
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  it("takes values that look like options", async () => {
    expect((await plaquette("run", "nowhere.toml", "--seed", "-1")).err).toContain("nowhere.toml: no such run file");
    expect((await plaquette("run", "nowhere.toml", "--seed=-1")).err).toContain("nowhere.toml: no such run file");
  });

  it("reads a lattice with commas or crosses", () => {
    expect(latticeOption("4,4,4,8")).toEqual([4, 4, 4, 8]);
    expect(latticeOption("4x6")).toEqual([4, 6]);
  });
});

describe("exit codes", () => {
  const system = (code: string) => Object.assign(new Error(code), { code, syscall: "open", path: "/a/b" });
  const named = (name: string) => Object.assign(new Error("a sentence"), { name });
  const table: readonly [string, unknown, number, string][] = [
    ["a run file", new RunFileError(["a", "b"]), 2, "a\nb"],
    ["usage", new UsageError("a sentence"), 2, "a sentence"],
    ["a damaged file", named("FormatError"), 2, "a sentence"],
    ["a run directory", named("RunDirectoryError"), 2, "a sentence"],
    ["a full disk in a run directory", Object.assign(named("RunDirectoryError"), { code: "ENOSPC" }), 1, "a sentence"],
    ["a missing file", system("ENOENT"), 2, "/a/b: no such file or directory; check the path"],
    ["a full disk", system("ENOSPC"), 1, "/a/b: the disk is full; free some space"],
    [
      "a fault",
      new TypeError("x is undefined"),
      1,
      "x is undefined\n(set PLAQUETTE_DEBUG=1 to see where this came from)",
    ],
    ["anything", "thrown", 1, "thrown"],
  ];
  it.each(table)("of %s", (_, error, code, text) => {
    expect(exitCode(error)).toBe(code);
    expect(errorText(error)).toBe(text);
  });

  it("come with the place of the fault when asked", () => {
    expect(errorText(new TypeError("x"), true)).toContain("dispatch.test.ts");
  });
});
