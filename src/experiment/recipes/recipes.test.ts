import { describe, expect, it } from "vitest";
import { targetDifferences } from "../compare/index.ts";
import { catalogue } from "../parts.ts";
import { checkRunFile, hashRunFile, members, type RunFile, readRunFile, resolveRunFile } from "../run-file/index.ts";
import { prepareRecipe, recipes, sizes } from "./index.ts";

const fileOf = (name: string) => `${name}.toml`;
const all = recipes.flatMap((recipe) => sizes.map((size) => ({ recipe, size })));
const prepare = ({ recipe, size }: (typeof all)[number], scale = {}) =>
  prepareRecipe(recipe, size, scale, catalogue, fileOf);

/** Milliseconds of a run: 4^4 on two cores; production along a guide costs more than the training. */
function costOfLinks(runFile: RunFile): number {
  const [update] = runFile.update;
  const through = update?.guide?.[1]?.through;
  const layers = Number(through?.parameters.layers ?? 0);
  const volume = runFile.lattice.reduce((a, b) => a * b, 1) / 256;
  const production = through?.name === "cask" ? 45 * layers : update?.name === "hmc" ? 9 : 11 + 5 * layers;
  const each = update?.name === "self-learning" ? 25 * volume ** 3 : production * volume;
  const training = (runFile.training?.trajectories ?? 0) * (9 + each / 4);
  return runFile.trajectories * each + training + runFile.thermalise * 9;
}

/** Of the double-exchange model: a diagonalisation, the inner chain along the first level, and what the further ones decide. */
function costOfSpins(runFile: RunFile): number {
  const volume = runFile.lattice.reduce((a, b) => a * b, 1) / 36;
  const [update] = runFile.update;
  const exact = 0.4 * volume ** 3;
  if (update?.name === "metropolis") return (runFile.trajectories + runFile.thermalise) * 36 * volume * exact;
  const [first, second] = update?.guide ?? [];
  const chain = (first?.name === "equivariant-transformer" ? 3 * Number(first.parameters.layers) : 0.3) * volume;
  const each = exact + (second ? 10 : 1) * chain + (second?.name === "low-energy-electrons" ? 2 : 0);
  const training = runFile.training ? runFile.training.trajectories * (each + 3) : 0;
  // sweeps of the exact action: those before a training, or the first few before a fit
  const sweeps = runFile.training ? runFile.thermalise : first?.name === "linear-spins" ? 100 : 0;
  const prior = Math.min(sweeps, runFile.thermalise) * 36 * volume * exact;
  return runFile.trajectories * each + training + prior;
}

describe.for(all)("recipe $recipe.name, $size", (one) => {
  const { recipe, size } = one;
  const runs = prepare(one);

  it("consists of run files that a person may write and run", () => {
    expect(runs.length).toBeGreaterThan(0);
    for (const { name, text, runFile } of runs) {
      expect(members(runFile, fileOf(name), catalogue)).toHaveLength(1);
      expect(readRunFile(resolveRunFile(runFile, "1"), "resolved", catalogue).runFile).toEqual(runFile);
      // the text is all there is of it
      expect(hashRunFile(readRunFile(text, fileOf(name), catalogue).runFile)).toBe(hashRunFile(runFile));
      expect(text).toContain(`# ${recipe.cite[0]}\n`);
    }
  });

  it("has runs with names and seeds of their own", () => {
    for (const key of [runs.map(({ name }) => name), runs.map(({ runFile }) => runFile.seed)])
      expect(new Set(key).size).toBe(runs.length);
    for (const { name, theory = "" } of runs) expect(`${name}${theory}`).toMatch(/^[a-z0-9.-]+$/);
  });

  it("measures what it prints", () => {
    for (const { runFile, expected } of runs) {
      const measured = runFile.measure.map(({ name }) => name);
      for (const { quantity } of expected) {
        const [, observable] = /^(?:tau_int )?([a-z-]+)\./.exec(quantity) ?? [];
        if (observable !== undefined) expect(measured).toContain(observable);
        else expect(quantity).toMatch(/^(acceptance|mse|coupling [a-z-]+)$/);
      }
    }
  });

  it("compares only runs of one theory with one another", () => {
    const theories = new Set(runs.map(({ theory }) => theory));
    for (const theory of theories) {
      const laws = runs.filter((run) => run.theory === theory).map(({ name, runFile }) => ({ name, runFile }));
      // four flavours of staggered quarks are the exact determinant, whatever the action is called
      const other = targetDifferences(laws).filter((line) => !/exact-determinant.* against staggered/.test(line));
      expect(other).toEqual([]);
    }
  });

  it("is no longer than it says, give or take the speed of a machine", () => {
    const cost = ({ runFile }: (typeof runs)[number]) => (runFile.spins ? costOfSpins(runFile) : costOfLinks(runFile));
    const minutes = runs.reduce((sum, run) => sum + cost(run), 0) / 60_000;
    expect(minutes).toBeLessThan(1.5 * recipe.minutes[size]);
    expect(minutes).toBeGreaterThan(recipe.minutes[size] / 3);
  });
});

describe("recipes", () => {
  it("are found by names of their own, and cite", () => {
    expect(new Set(recipes.map(({ name }) => name)).size).toBe(recipes.length);
    for (const { cite, about } of recipes) expect(Math.min(cite.length, about.length)).toBeGreaterThan(0);
  });

  it("claim something of runs that are there", () => {
    for (const recipe of recipes) {
      const runs = recipe.runs("full");
      const printed = (run: string) =>
        runs.find(({ name }) => name === run)?.expected.map(({ quantity }) => quantity) ?? [];
      for (const { greater, less, quantity } of recipe.claims)
        for (const run of [greater, less]) expect(printed(run)).toContain(quantity);
    }
  });

  it("take other statistics, and nothing else", () => {
    const usual = { recipe: recipes[0]!, size: "usual" } as const;
    const [plain, scaled] = [prepare(usual), prepare(usual, { trajectories: 7, training: 5 })];
    plain.forEach(({ runFile, plain: data }, i) => {
      const { trajectories, training } = scaled[i]!.runFile;
      expect(trajectories).toBe(7);
      expect(training?.trajectories).toBe(runFile.training ? 5 : undefined);
      // as if it had been written so
      const change = {
        ...data,
        trajectories: 7,
        ...(runFile.training && { training: { ...(data.training as object), trajectories: 5 } }),
      };
      expect(scaled[i]!.runFile).toEqual(checkRunFile(change, "changed", catalogue));
    });
  });

  it("learn in as many rounds as before with other statistics, and from the directories of earlier runs", () => {
    const recipe = recipes.find(({ name }) => name === "scaling-law")!;
    const rounds = (runs: ReturnType<typeof prepare>) =>
      runs.map(({ runFile: { training } }) =>
        training && "every" in training ? training.trajectories / (training.every ?? 1) : 0,
      );
    const [plain, scaled] = [prepare({ recipe, size: "quick" }), prepare({ recipe, size: "quick" }, { training: 70 })];
    expect(rounds(scaled)).toEqual(rounds(plain));
    expect(rounds(plain)).toContain(10);
    const grown = plain.find(({ name }) => name === "layers-2")!.runFile.update[0]!.guide![1]!;
    expect(grown).toMatchObject({ model: "layers-1", grow: true });
  });
});
