import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Definition } from "../../lattice/definition.ts";
import { wilsonGaugeAction } from "../../physics/actions/wilson-gauge/wilson-gauge.ts";
import type { Observable } from "../../physics/observable.ts";
import type { RunEvent } from "../../sampling/events.ts";
import { loadConfiguration } from "../../storage/files.ts";
import { newestCheckpoint, readRun, runPaths } from "../../storage/run-directory/index.ts";
import type { Catalogue } from "../catalogue.ts";
import { catalogue as everything } from "../parts.ts";
import { checkRunFile } from "../run-file/index.ts";
import { type RunContext, resume, startRun } from "./run.ts";

const scratch = mkdtempSync(join(tmpdir(), "plaquette-not-converged-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const gaveUp = () => Object.assign(new Error("CG did not converge in 10 iterations"), { name: "NotConverged" });
const parameters = z.object({});

/** What fails after a number of calls, over all that was built: each run builds it anew. */
const trouble = { force: Number.POSITIVE_INFINITY, measurement: Number.POSITIVE_INFINITY };

/** A gauge action and an observable whose solvers can be made to give up. */
const fragileAction: Definition = {
  name: "fragile",
  title: "fragile",
  cite: ["a paper"],
  parameters,
  build: (_, bench) => {
    const action = wilsonGaugeAction.build({ beta: 2 }, bench as never);
    return {
      ...action,
      addForce: (...args: Parameters<typeof action.addForce>) => {
        if (--trouble.force < 0) throw gaveUp();
        action.addForce(...args);
      },
    };
  },
};
const fragileObservable: Definition = {
  name: "fragile-condensate",
  title: "fragile",
  cite: ["a paper"],
  parameters,
  build: (): Observable => ({
    name: "fragile-condensate",
    measure: () => {
      if (--trouble.measurement < 0) throw gaveUp();
      return [{ name: "fragile-condensate", labels: ["condensate"], values: Float64Array.of(1) }];
    },
  }),
};
const catalogue: Catalogue = {
  ...everything,
  actions: [...everything.actions, fragileAction],
  observables: [...everything.observables, fragileObservable],
};

const warnings: string[] = [];
const listen = (event: RunEvent) => void (event.type === "warned" && warnings.push(event.message));
const context: RunContext = { version: "test", catalogue, listen, self: [] };
const runFile = checkRunFile(
  {
    lattice: [4, 4],
    group: "SU(2)",
    thermalise: 0,
    trajectories: 6,
    workers: 1,
    action: [{ name: "fragile" }],
    update: { name: "hmc", steps: 3 },
    // the observable after the one that fails is measured all the same
    measure: { "fragile-condensate": 2, plaquette: 1 },
    save: { configurations: 4 },
  },
  "test.toml",
  catalogue,
);

/** Events without what differs from run to run. */
function record(root: string) {
  const { events } = readRun(root).members[0]!;
  return events
    .filter(({ type }) => type === "stepped" || type === "measured")
    .map((event) => ({ ...event, time: 0, seconds: 0 }));
}
const healthy = async (name: string) => {
  Object.assign(trouble, { force: Infinity, measurement: Infinity });
  const root = join(scratch, name);
  expect((await startRun(runFile, "test.toml", root, context)).members).toMatchObject([{ kind: "done" }]);
  return record(root);
};
const lastGood = (root: string) => loadConfiguration(join(root, "configurations/last-good.ildg")).data.links;
const checkpointed = (root: string) => newestCheckpoint(runPaths(root).checkpoints).checkpoint!;

describe("a solver that gives up", () => {
  test("in a force stops the run where the update began, and the run can go on", async () => {
    const root = join(scratch, "force");
    // 3 steps of omelyan: 7 forces a trajectory; the first three pass
    Object.assign(trouble, { force: 3 * 7 + 2, measurement: Infinity });
    const { members } = await startRun(runFile, "test.toml", root, context);
    expect(members).toMatchObject([{ kind: "failed", trajectory: 3 }]);
    const { error } = members[0] as { error: Error };
    expect(error.name).toBe("BrokenTrajectory");
    expect(error.message).toBe("step 3: CG did not converge in 10 iterations");
    expect(warnings.at(-2)).toBe(error.message);
    expect(warnings.at(-1)).toContain("the last good configuration is configurations/last-good.ildg");
    expect(checkpointed(root).trajectory).toBe(3);
    expect(lastGood(root)).toEqual(checkpointed(root).arrays[0]!.data);
    const measured = record(root);
    trouble.force = Infinity;
    expect((await resume(root, context)).members).toMatchObject([{ kind: "done", trajectory: 6 }]);
    const straight = await healthy("force-healthy");
    expect(measured).toEqual(straight.slice(0, measured.length));
    expect(record(root)).toEqual(straight);
  });

  test("in a measurement stops the run after the update, with all else measured; resumed it goes on with the next", async () => {
    const root = join(scratch, "measurement");
    // the rehearsal builds and measures nothing; updates 2 and 4 are measured, and the second time fails
    Object.assign(trouble, { force: Infinity, measurement: 1 });
    const { members } = await startRun(runFile, "test.toml", root, context);
    expect(members).toMatchObject([{ kind: "failed", trajectory: 4 }]);
    const { error } = members[0] as { error: Error };
    expect(error.name).toBe("BrokenMeasurement");
    expect(error.message).toBe(
      "fragile-condensate could not be measured after update 4: CG did not converge in 10 iterations",
    );
    expect(checkpointed(root).trajectory).toBe(4);
    expect(lastGood(root)).toEqual(checkpointed(root).arrays[0]!.data);
    expect(loadConfiguration(join(root, "configurations/00000004.ildg")).data.links).toEqual(lastGood(root));
    const straight = await healthy("measurement-healthy");
    const isMissing = (event: (typeof straight)[number]) =>
      event.type === "measured" && event.name === "fragile-condensate" && event.trajectory === 4;
    expect(record(root)).toEqual(straight.filter((e) => "trajectory" in e && e.trajectory <= 4 && !isMissing(e)));
    trouble.measurement = Infinity;
    expect((await resume(root, context)).members).toMatchObject([{ kind: "done", trajectory: 6 }]);
    expect(record(root)).toEqual(straight.filter((event) => !isMissing(event)));
  });
});
