import { describe, expect, it } from "vitest";
import { catalogue } from "../../experiment/catalogue-fixture.contract.ts";
import { catalogue as everything } from "../../experiment/parts.ts";
import { readRunFile } from "../../experiment/run-file/index.ts";
import { askTable } from "./answers.ts";
import { interview } from "./interview.ts";
import { questionFor } from "./question.ts";
import { writeRunFile } from "./write.ts";

/** The text that the wizard writes for some answers, and the offered answer to everything else. */
async function write(answers: Record<string, unknown>): Promise<string> {
  const table = askTable(answers, "answers.json");
  const plain = await interview(catalogue, table, () => undefined);
  table.refuseUnused();
  return writeRunFile(plain, "run.toml", catalogue);
}

const subsets = (names: readonly string[]): string[][] =>
  Array.from({ length: 2 ** names.length - 1 }, (_, i) => names.filter((_, k) => ((i + 1) >> k) & 1));
const names = (list: readonly { name: string }[]) => list.map((entry) => entry.name);

describe("the wizard", () => {
  it("writes a commented run file from the defaults", async () => {
    const text = await write({});
    expect(text).toContain("# A run file of Plaquette: plaquette run run.toml\n");
    expect(text).toContain("lattice = [8, 8, 8, 8]  # extents [Nx, Ny, Nz, Nt], 1 to 4 directions, the last is time");
    expect(text).toContain('[[action]]\nname = "wilson-gauge"\nbeta = 5.7  # inverse coupling');
    expect(text).toContain('integrator = "omelyan"  # integrator [leapfrog | omelyan]');
    expect(text).toContain("plaquette = 1  # plaquette for tests");
    expect(readRunFile(text, "run.toml", catalogue).runFile).toMatchObject({ group: "SU(3)", lattice: [8, 8, 8, 8] });
  });

  it("writes a file that can run for every combination of parts, groups and lattices", async () => {
    let written = 0;
    for (const lattice of [[4], [4, 6], [3, 4, 5], [4, 4, 4, 4], [8, 8, 8, 5]])
      for (const group of ["U(1)", "SU(2)", "SU(3)", "SU(5)"])
        for (const start of lattice.length === 4 && group !== "U(1)" ? ["hot", "instanton"] : ["hot"])
          for (const action of subsets(names(catalogue.actions)))
            for (const update of subsets(names(catalogue.updates))) {
              const text = await write({
                lattice,
                group,
                start,
                action,
                update,
                measure: names(catalogue.observables),
              });
              const { runFile } = readRunFile(text, "run.toml", catalogue);
              expect(runFile).toMatchObject({ lattice, group, start });
              expect(names(runFile.action)).toEqual(action);
              expect(names(runFile.update)).toEqual(update);
              expect(names(runFile.measure)).toEqual(names(catalogue.observables));
              written += 1;
            }
    expect(written).toBe((5 * 4 + 2 * 3) * 7 * 7);
  });

  it("asks for no steps of a trajectory that has levels, which have their own", async () => {
    const plain = { lattice: [4, 4], group: "U(1)", update: ["hmc"] };
    const ask = (answers: Record<string, unknown>) =>
      interview(everything, askTable({ ...plain, ...answers }, "answers.json"), () => undefined);
    const levels = [{ actions: ["wilson-gauge"], steps: 3 }];
    expect((await ask({ "update.hmc.levels": levels })).update).toEqual({
      name: "hmc",
      length: 1,
      levels,
      start: "momentum",
    });
    expect((await ask({})).update).toMatchObject({ steps: 20, integrator: "omelyan" });
  });

  it("takes every single answer", async () => {
    const text = await write({
      lattice: "4x4",
      group: "su2",
      start: "file",
      "start-file": "conf",
      update: ["heatbath", "overrelaxation"],
      "update.overrelaxation.repeat": 4,
      "update.heatbath.order": "sequential",
      action: ["loop-gauge"],
      "action.loop-gauge.beta": "2.5",
      "action.loop-gauge.paths": [[1, 2, -1, -2]],
      measure: ["wilson-loop"],
      "measure.wilson-loop.every": 5,
      "measure.wilson-loop.maxR": 2,
      "save.configurations": 10,
      "save.format": "bridge-text",
      seed: "mine",
      chains: 2,
    });
    expect(readRunFile(text, "run.toml", catalogue).runFile).toMatchObject({
      lattice: [4, 4],
      group: "SU(2)",
      start: { file: "./conf" },
      seed: "mine",
      chains: 2,
      action: [{ name: "loop-gauge", parameters: { beta: 2.5, paths: [[1, 2, -1, -2]] } }],
      update: [{ repeat: 1, parameters: { order: "sequential" } }, { repeat: 4 }],
      measure: [{ name: "wilson-loop", every: 5, parameters: { maxR: 2 } }],
      save: { configurations: 10, format: "bridge-text" },
    });
  });

  const refused: readonly [string, Record<string, unknown>, string][] = [
    ["a misspelt key", { latice: [4] }, 'answers.json: latice answers no question; did you mean "lattice"?'],
    [
      "a value out of range",
      { "action.wilson-gauge.beta": -1 },
      "answers.json: action.wilson-gauge.beta: beta must be positive, got -1",
    ],
    [
      "an unknown part",
      { update: ["hmcc"] },
      'answers.json: update: "hmcc" is not one of hmc, heatbath, overrelaxation',
    ],
    ["no part", { action: [] }, "answers.json: action: expected a list with at least one of wilson-gauge"],
    ["an unknown group", { group: "SO(3)" }, 'answers.json: group: group "SO(3)": expected'],
    [
      "a file that only is read",
      { "save.configurations": 1, "save.format": "milc" },
      'answers.json: save.format: "milc" is not one of ildg, bridge-text',
    ],
    [
      "an order that cannot run",
      { lattice: [3, 4], update: ["heatbath"], "update.heatbath.order": "even-odd" },
      'run.toml: update.order: heatbath in "even-odd" order needs even extents',
    ],
  ];
  it.each(refused)("refuses %s", async (_, answers, sentence) => {
    await expect(write(answers)).rejects.toThrow(sentence);
  });

  it("offers only what can run", () => {
    const order = catalogue.updates[1]!.parameters.shape.order!;
    const even = questionFor("update.heatbath.order", order, { lattice: [4, 4] });
    const odd = questionFor("update.heatbath.order", order, { lattice: [4, 3] });
    expect(even).toMatchObject({ initial: "even-odd", kind: "one" });
    expect(odd).toMatchObject({ initial: "coloured", choices: [{ value: "coloured" }, { value: "sequential" }] });
  });
});
