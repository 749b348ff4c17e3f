import { buildChain } from "../src/experiment/build.ts";
import { catalogue } from "../src/experiment/parts.ts";
import { doubleExchange } from "../src/experiment/recipes/double-exchange.ts";
import { electrons, inner, transformer } from "../src/experiment/recipes/electrons.ts";
import type { RecipeRun } from "../src/experiment/recipes/recipe.ts";
import { modelKey } from "../src/experiment/run/models.ts";
import { checkRunFile } from "../src/experiment/run-file/index.ts";
import type { Device } from "../src/kernels/device.ts";
import { openDevice } from "../src/kernels/node.ts";
import { formatWithError, gammaMethod } from "../src/statistics/index.ts";
import { readModel, type StoredModel } from "../src/storage/models/directory.ts";
import { tensorsOf } from "../src/storage/models/index.ts";
import { acceptanceOf, type Result } from "./quarks.ts";

/**
 * Acceptances that the models of the recipe must reach at 6 x 6, t = J = 1, mu = 0, T = 0.05 with 1080 updates of the inner chain
 * (the notes on spins and fermions, 4.3 and 7): from, to.
 */
const gate: Readonly<Record<string, readonly [least: number, most: number]>> = {
  "linear-nearest": [0, 0.04],
  "linear-all": [0.64, 0.69],
  "layers-1": [0.33, 1],
  "layers-2": [0.5, 1],
  "layers-3": [0.6, 1],
  "all-shells-1": [0.8, 1],
  "low-energy": [0.9, 1],
};

const SIGMAS = 3;

/** What was found in a run, and the model that it trained. */
interface Carried {
  readonly values: ReadonlyMap<string, readonly number[]>;
  readonly deltaH: readonly number[];
  readonly model?: StoredModel;
}

/** Carries a run out in this thread; levels with a model take it from `models` by its name, or from a file. */
function carry(plain: RecipeRun["plain"], models: ReadonlyMap<string, StoredModel>, device: Device): Carried {
  const runFile = checkRunFile(plain, "validation", catalogue);
  const [update] = runFile.update;
  const given = (update?.guide ?? []).flatMap((part, level) =>
    part.model === undefined ? [] : [[modelKey(0, level), models.get(part.model) ?? readModel(part.model)] as const],
  );
  const { chain, guides } = buildChain(runFile, 0, device, catalogue, { models: new Map(given) });
  const values = new Map<string, number[]>();
  const deltaH: number[] = [];
  while (chain.trajectory < chain.total)
    for (const event of chain.advance(() => performance.now())) {
      if (event.type === "stepped" && event.phase === "production" && event.deltaH !== undefined)
        deltaH.push(event.deltaH);
      if (event.type !== "measured" || event.phase !== "production") continue;
      event.labels.forEach((label, i) => {
        const key = `${event.name}.${label}`;
        values.set(key, [...(values.get(key) ?? []), event.values[i]!]);
      });
    }
  const guide = guides[0]?.guide;
  return {
    values,
    deltaH,
    ...(guide ? { model: { description: {}, weights: tensorsOf(guide), file: "trained here" } } : {}),
  };
}

/** The acceptance against its bounds, and the means against those of the independent program. */
function judge({ name, expected }: RecipeRun, { values, deltaH }: Carried, seconds: number): Result {
  const bounds = gate[name];
  const accepted = acceptanceOf(deltaH);
  const parts = [
    ...(bounds
      ? [
          {
            ok: accepted >= bounds[0] && accepted <= bounds[1],
            text: `acceptance ${accepted.toFixed(3)}, wanted ${bounds[0]} to ${bounds[1]}`,
          },
        ]
      : []),
    ...expected.flatMap(({ quantity, independent }) => {
      const series = values.get(quantity);
      if (!independent || !series) return [];
      const found = gammaMethod([series]);
      if (found.refused) return [{ ok: false, text: `${quantity}: ${found.reason}` }];
      const pull = (found.mean - independent.mean) / Math.hypot(found.error, independent.error ?? 0);
      const text = `${quantity} ${formatWithError(found.mean, found.error)} (${pull.toFixed(1)} sigma)`;
      return [{ ok: Math.abs(pull) < SIGMAS, text }];
    }),
  ];
  const ok = parts.every((part) => part.ok);
  const said = parts.map(({ text }) => text).join("; ");
  return { ok, line: `double-exchange, ${name} ${ok ? "passed" : "FAILED"}: ${said} (${seconds.toFixed(0)} s)` };
}

/** Weights that an independent program trained, and its acceptances from 600 to 800 steps: sets of one .json file. */
const stored: readonly { readonly run: RecipeRun }[] = [
  { layers: 1, all: false, acceptance: 0.371 },
  { layers: 2, all: false, acceptance: 0.611 },
  { layers: 3, all: false, acceptance: 0.613 },
  { layers: 1, all: true, acceptance: 0.842 },
].map(({ layers, all, acceptance }, set) => ({
  run: {
    name: `stored-${set}`,
    about: `set ${set} of the independent program`,
    plain: electrons({
      title: "Weights of an independent program",
      seed: `double-exchange, stored ${set}`,
      size: 6,
      temperature: 0.05,
      thermalise: 100,
      trajectories: 1000,
      parts: {
        update: {
          name: "self-learning",
          inner: inner(6),
          guide: [{ ...transformer(layers, all ? { neighbours: 9, head: 9 } : {}), model: `stored#${set}` }],
        },
      },
    }),
    expected: [{ quantity: "acceptance", independent: { mean: acceptance, error: 0.025 } }],
  },
}));

/** All cases whose name contains `filter`. The sets are read from the file that TRANSFORMER_SETS names, where it does. */
export function* validateDoubleExchange(filter = ""): Generator<Result> {
  if (!`double-exchange`.includes(filter)) return;
  const device = openDevice({ workers: 1 });
  const models = new Map<string, StoredModel>();
  try {
    for (const run of doubleExchange.runs("usual")) {
      if (run.name.startsWith("exact-")) continue;
      const begin = performance.now();
      const carried = carry(run.plain, models, device);
      if (carried.model) models.set(run.name, carried.model);
      // what a run only trains is judged where it is used
      if (!run.name.endsWith("-training")) yield judge(run, carried, (performance.now() - begin) / 1000);
    }
    const file = process.env.TRANSFORMER_SETS;
    if (file === undefined) return;
    for (const [set, { run }] of stored.entries()) {
      const begin = performance.now();
      const { deltaH } = carry(run.plain, new Map([[`stored#${set}`, readModel(`${file}#${set}`)]]), device);
      const [accepted, { mean, error }] = [acceptanceOf(deltaH), run.expected[0]!.independent as { mean: number; error: number }]; // biome-ignore format: pairs
      const ok = Math.abs(accepted - mean) < SIGMAS * Math.hypot(error, 0.015);
      const seconds = ((performance.now() - begin) / 1000).toFixed(0);
      yield {
        ok,
        line: `double-exchange, ${run.name} ${ok ? "passed" : "FAILED"}: acceptance ${accepted.toFixed(3)}, that of the independent program ${mean} (${seconds} s)`,
      };
    }
  } finally {
    device.close();
  }
}
