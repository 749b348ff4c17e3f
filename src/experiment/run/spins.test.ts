import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { RunEvent } from "../../sampling/events.ts";
import { readModel } from "../../storage/models/directory.ts";
import { float64Tensor, numbersOf } from "../../storage/models/index.ts";
import { readSpins } from "../../storage/spins/index.ts";
import { catalogue } from "../parts.ts";
import { checkRunFile } from "../run-file/index.ts";
import { describeResume } from "./resume.contract.ts";
import { type RunContext, startRun } from "./run.ts";

const electrons = {
  lattice: [2, 2],
  spins: "O(3)",
  start: "hot",
  seed: "spins",
  workers: 1,
  action: [{ name: "double-exchange", temperature: 0.2 }],
  measure: { "staggered-magnetisation": 1 },
};
const linear = { name: "linear-spins", shells: 2 };
const network = { name: "equivariant-transformer", layers: 1, neighbours: 2, head: 2 };
const inner = { name: "metropolis", updates: 8 };

describeResume("Ising spins, tuned Metropolis and clusters", {
  lattice: [4, 4],
  spins: "Ising",
  seed: "ising",
  thermalise: 5,
  trajectories: 8,
  action: [{ name: "ising", temperature: 2.3 }],
  update: [{ name: "metropolis" }, { name: "wolff" }],
  checkpoint: { every: 4 },
  save: { configurations: 5 },
});

describeResume("couplings that are fitted while the chain thermalises", {
  ...electrons,
  thermalise: 8,
  trajectories: 6,
  checkpoint: { every: 3 },
  update: { name: "self-learning", inner, guide: [linear] },
});

describeResume("a Transformer above a linear level, trained in the middle", {
  ...electrons,
  thermalise: 3,
  trajectories: 5,
  checkpoint: { every: 4 },
  update: { name: "self-learning", inner, attempts: 2, guide: [linear, network] },
  training: { trajectories: 6, settle: 1, every: 2, steps: 3, batch: 4, buffer: 20 },
});

describeResume(
  "a Transformer that is trained above a level that was given",
  {
    ...electrons,
    thermalise: 2,
    trajectories: 5,
    checkpoint: { every: 4 },
    update: { name: "self-learning", inner, guide: [{ ...linear, model: "given" }, network] },
    training: { trajectories: 6, settle: 1, every: 2, steps: 3, batch: 4, buffer: 20 },
  },
  () =>
    new Map([
      [
        "0.0",
        {
          description: {},
          file: "given",
          weights: [
            float64Tensor("couplings", [2], Float64Array.of(-0.05, 0.02)),
            float64Tensor("constant", [1], Float64Array.of(-9)),
          ],
        },
      ],
    ]),
);

describeResume("parallel tempering beside another update", {
  ...electrons,
  thermalise: 3,
  trajectories: 14,
  checkpoint: { every: 4 },
  update: [
    { name: "metropolis" },
    {
      name: "tempering",
      temperatures: [0.2, 0.3, 0.5],
      inner: [{ name: "metropolis", sweeps: 1 }, { name: "langevin" }],
    },
  ],
});

describe("a run of spins on disk", () => {
  const scratch = mkdtempSync(join(tmpdir(), "plaquette-spins-"));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  const at = (name: string) => join(scratch, name);
  const events: RunEvent[] = [];
  const context: RunContext = { version: "test", catalogue, listen: (event) => void events.push(event), self: [] };
  const go = async (name: string, change: object) => {
    events.length = 0;
    const plain = { ...electrons, thermalise: 6, trajectories: 2, ...change };
    const { members } = await startRun(checkRunFile(plain, "a.toml", catalogue), "a.toml", at(name), context);
    if (members[0]!.kind === "failed") throw members[0]!.error;
    return events.slice();
  };

  test("a level of another temperature is refused", async () => {
    const guide = [{ ...linear, temperature: 0.3 }];
    await expect(go("warmer", { update: { name: "self-learning", inner, guide } })).rejects.toThrow(
      /guide\[0\]\.temperature: 0.3, and that of the action is 0.2/,
    );
  });

  test("saved configurations start another run", async () => {
    const update = { name: "metropolis" };
    await go("saved", { update, save: { configurations: 4 } });
    const file = join(at("saved"), "configurations", "00000008.safetensors");
    expect(readSpins(readFileSync(file), file).extents).toEqual([2, 2]);
    await go("continued", { update, start: file, thermalise: 0 });
    await expect(go("other", { update, start: file, lattice: [4, 2] })).rejects.toThrow(/O\(3\) spins on \[2, 2\]/);
  });

  test("fitted couplings are a model that the level of another run takes, without fit", async () => {
    const told = await go("fitted", { update: { name: "self-learning", inner, guide: [linear] } });
    expect(told.some((event) => event.type === "saved" && event.kind === "model")).toBe(true);
    const { weights } = readModel(at("fitted"));
    expect(weights.map(({ name }) => name)).toEqual([
      "level-1.linear-spins.constant",
      "level-1.linear-spins.couplings",
    ]);
    const guide = [{ ...linear, model: at("fitted") }, network];
    const two = await go("two", { thermalise: 0, update: { name: "self-learning", inner, guide } });
    expect(two.some((event) => event.type === "tuned")).toBe(false);
    expect(existsSync(join(at("two"), "models", "given", "level-0", "weights.safetensors"))).toBe(true);
  });

  test("a trained Transformer goes on to another lattice", async () => {
    const training = { trajectories: 4, settle: 1, every: 2, steps: 2, batch: 4 };
    await go("trained", { update: { name: "self-learning", inner, guide: [network] }, training });
    const trained = readModel(at("trained")).weights.flatMap((tensor) => Array.from(numbersOf(tensor)));
    const guide = [{ ...network, model: at("trained") }];
    await go("larger", { lattice: [4, 2], thermalise: 0, update: { name: "self-learning", inner, guide } });
    expect(trained.every(Number.isFinite)).toBe(true);
    const other = [{ ...network, layers: 2, model: at("trained") }];
    await expect(
      go("deeper", { thermalise: 0, update: { name: "self-learning", inner, guide: other } }),
    ).rejects.toThrow(/guide\[0\]\.model: .*another network/);
    const deeper = [{ ...network, layers: 2, heads: 2, model: at("trained"), grow: true }];
    const smaller = [{ ...network, head: 1, model: at("trained"), grow: true }];
    // what is new changes nothing: the chain makes the same steps
    const steps = async (name: string, levels: readonly object[]) =>
      (await go(name, { thermalise: 0, update: { name: "self-learning", inner, guide: levels } })).flatMap((event) =>
        event.type === "stepped" ? [event.deltaH] : [],
      );
    const [before, after] = [await steps("as-trained", guide), await steps("grown", deeper)];
    after.forEach((deltaH, i) => expect(deltaH).toBeCloseTo(before[i]!, 10));
    await expect(
      go("shrunk", { thermalise: 0, update: { name: "self-learning", inner, guide: smaller } }),
    ).rejects.toThrow(/guide\[0\]\.model: .*head would shrink from 2 to 1/);
  });
});

const byFrequencies = {
  ...electrons,
  lattice: [4, 4],
  action: [{ name: "double-exchange", temperature: 0.2, local: "matsubara" }],
};

describeResume("Green's functions that follow single spins", {
  ...byFrequencies,
  thermalise: 4,
  trajectories: 10,
  checkpoint: { every: 3 },
  update: { name: "metropolis", sweeps: 2 },
});

describeResume("Green's functions that follow the first steps of a fit", {
  ...byFrequencies,
  thermalise: 10,
  trajectories: 4,
  checkpoint: { every: 3 },
  update: { name: "self-learning", inner, guide: [linear], fit: { first: 8 }, prior: { sweeps: 2 } },
});
