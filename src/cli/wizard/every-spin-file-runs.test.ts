import { afterAll, describe, expect, it, vi } from "vitest";
import { catalogue } from "../../experiment/parts.ts";
import { openDevice } from "../../kernels/node.ts";
import { offered, runText, taking, tryingOnce } from "./every-file.contract.ts";
import { interview, type Respondent } from "./interview.ts";
import type { Question } from "./question.ts";
import { writeRunFile } from "./write.ts";

vi.setConfig({ testTimeout: 120_000 });

const device = openDevice({ workers: 1 });
afterAll(() => device.close());
const trial = tryingOnce(device);

async function write(to: Respondent): Promise<string> {
  const plain = await interview(catalogue, to, trial);
  return writeRunFile({ ...plain, thermalise: 2, trajectories: 1 }, "run.toml", catalogue);
}

const lonely = (update: string) =>
  catalogue.spins?.updates.find(({ name }) => name === update)?.needsPartner !== undefined;

describe("every file of spins that the wizard writes runs", () => {
  it.each([
    ["Ising", [4], 4],
    ["Ising", [4, 4], 4],
    ["XY", [3, 4], 8],
    ["XY", [2, 4, 2], 8],
    ["O(3)", [5], 8],
    ["O(3)", [4, 2], 8],
  ])("%s on %j", async (spins, lattice, least) => {
    const common = { field: "spins", spins, lattice, start: "hot" };
    const seen = new Map<string, Question>();
    await write(taking({ ...common, "save.configurations": 1 }, seen));
    expect(offered(seen, "start")).toContain("hot");
    expect(offered(seen, "start")).not.toContain("instanton");
    let files = 0;
    const given = { "action.pair-couplings.J": [1, 0.5], "update.hmc.steps": 2 };
    for (const action of offered(seen, "action")) {
      const withAction = new Map<string, Question>();
      await write(taking({ ...common, ...given, action: [action] }, withAction));
      for (const update of offered(withAction, "update")) {
        const accompanied = lonely(update) ? [update, "metropolis"] : [update];
        runText(await write(taking({ ...common, ...given, action: [action], update: accompanied })), device);
        files += 1;
      }
    }
    const measure = offered(seen, "measure");
    expect(measure).toContain("magnetisation");
    runText(await write(taking({ ...common, measure, chains: 2 })), device);
    expect(files).toBeGreaterThanOrEqual(least);
  });
});
