import { describe, expect, test } from "vitest";
import { catalogue } from "../parts.ts";
import { checkRunFile, hashRunFile, RunFileError, readRunFile, resolveRunFile } from "./index.ts";
import { members } from "./scan.ts";
import { thermalisation } from "./types.ts";

const ising = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  lattice: [6, 6],
  spins: "ising",
  action: [{ name: "ising", temperature: 2.5 }],
  update: { name: "metropolis" },
  ...change,
});

const guided = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  lattice: [4, 4],
  spins: "O(3)",
  action: [{ name: "double-exchange", temperature: 0.1 }],
  update: { name: "self-learning", guide: [{ name: "linear-spins", shells: 5 }] },
  ...change,
});

const read = (plain: Record<string, unknown>) => checkRunFile(plain, "run.toml", catalogue);

function problems(plain: Record<string, unknown>): readonly string[] {
  try {
    read(plain);
  } catch (error) {
    if (error instanceof RunFileError) return error.problems;
    throw error;
  }
  return [];
}

describe("a run file of spins", () => {
  test("has its own parts, and saves in their format", () => {
    const runFile = read(ising());
    expect(runFile.spins).toBe("Ising");
    expect(runFile.group).toBeUndefined();
    expect(runFile.save.format).toBe("safetensors");
    expect(runFile.measure.map(({ name }) => name)).toEqual(["magnetisation"]);
  });

  test.each([ising({ start: "neel", chains: 2 }), guided({ thermalise: 10 })])(
    "resolved, it reads the same again",
    (plain) => {
      const runFile = read(plain);
      const text = resolveRunFile(runFile, "0");
      const again = readRunFile(text, "run.toml", catalogue).runFile;
      expect(again).toEqual(runFile);
      expect(hashRunFile(again)).toBe(hashRunFile(runFile));
    },
  );

  test("levels have the temperature of the action, also where it is scanned", () => {
    const runFile = read(guided({ scan: { "action.double-exchange.temperature": [0.1, 0.2] } }));
    const found = members(runFile, "run.toml", catalogue).map(
      (member) => member.runFile.update[0]!.guide![0]!.parameters.temperature,
    );
    expect(found).toEqual([0.1, 0.2]);
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ["both kinds of field", ising({ group: "SU(2)" }), /spins: a run has gauge links .* or spins, not both/],
    ["an unknown kind", ising({ spins: "O(4)" }), /spins "O\(4\)": expected "Ising", "XY" or "O\(3\)"/],
    ["an action of links", ising({ action: [{ name: "wilson-gauge", beta: 6 }] }), /"wilson-gauge" is no action/],
    ["a start of links", ising({ start: "instanton" }), /start: "instanton" is neither "cold", "hot", "neel"/],
    ["a format of links", ising({ save: { configurations: 1, format: "ildg" } }), /save.format: "ildg"/],
    ["a guide where none is followed", ising({ update: { name: "metropolis", guide: [] } }), /follows no guide/],
    [
      "a model of the whole guide",
      guided({ update: { name: "self-learning", model: "runs/a", guide: [{ name: "linear-spins" }] } }),
      /every level has its own/,
    ],
    [
      "keys of gauge guides",
      guided({ update: { name: "self-learning", guide: [{ name: "linear-spins", scale: 2 }] } }),
      /guide\[0\]\.scale/,
    ],
  ])("says what is wrong with %s", (_, plain, sentence) => {
    expect(problems(plain).join("\n")).toMatch(sentence);
  });

  test("after a training the chain settles before production", () => {
    const runFile = read(guided({ thermalise: 10, training: { trajectories: 40, every: 20, settle: 7 } }));
    expect(thermalisation(runFile)).toBe(57);
  });

  test("a run file without any field says both", () => {
    const { spins: _, ...plain } = ising();
    expect(problems(plain).join("\n")).toMatch(/group: missing.*or spins/);
  });
});
