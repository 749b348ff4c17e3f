import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { RunEvent } from "../../sampling/events.ts";
import { createRun, newestCheckpoint, type RunPaths, readRun } from "../../storage/run-directory/index.ts";
import { catalogue } from "../parts.ts";
import { checkRunFile, resolveRunFile } from "../run-file/index.ts";
import { type Outcome, runMember } from "./member.ts";
import type { Models } from "./models.ts";

/**
 * A run stopped anywhere and resumed, with another number of workers, gives the bits of one that was never stopped:
 * by an interruption (which checkpoints), and by a death between two events (which does not).
 * @param models reads those that guides begin with.
 */
export function describeResume(name: string, plain: Readonly<Record<string, unknown>>, models?: () => Models): void {
  describe(`${name}: resume`, () => {
    const scratch = mkdtempSync(join(tmpdir(), "plaquette-resume-"));
    afterAll(() => rmSync(scratch, { recursive: true, force: true }));
    const runFile = checkRunFile(plain, name, catalogue);
    const create = (folder: string): RunPaths =>
      createRun(join(scratch, folder), resolveRunFile(runFile, "test")).paths;
    const go = (
      paths: RunPaths,
      workers: number,
      listen: (event: RunEvent) => void = () => {},
      interruption?: AbortSignal,
    ): Promise<Outcome> =>
      runMember({
        ...{ paths, runFile, chain: 0, workers, version: "test", catalogue, listen, interruption },
        ...(models ? { models } : {}),
      });
    const straight = (async () => {
      const paths = create("straight");
      expect((await go(paths, 1)).kind).toBe("done");
      return outcome(paths);
    })();

    test.each([1, 6, 7, 12])("interrupted after update %i", async (after) => {
      const paths = create(`interrupted-${after}`);
      const controller = new AbortController();
      const stop = (event: RunEvent) => {
        if (event.type === "stepped" && event.trajectory === after) controller.abort();
      };
      expect(await go(paths, 1, stop, controller.signal)).toEqual({ kind: "interrupted", trajectory: after });
      expect((await go(paths, 2)).kind).toBe("done");
      expect(outcome(paths)).toEqual(await straight);
    });

    test.each([2, 9, 23, 31])("dead after event %i", async (events) => {
      const paths = create(`dead-${events}`);
      let count = 0;
      const die = () => {
        if (++count === events) throw new Error("dead");
      };
      expect((await go(paths, 2, die)).kind).toBe("failed");
      expect((await go(paths, 1)).kind).toBe("done");
      expect(outcome(paths)).toEqual(await straight);
    });
  });
}

/** All that must not depend on stops: the events less their times, and the last field, bit for bit. */
function outcome(paths: RunPaths) {
  const { events } = readRun(paths.root).members[0]!;
  const kept = events.filter((event) => ["stepped", "measured", "tuned"].includes(event.type));
  const timeless = kept.map((event) => ({ ...event, time: 0, seconds: 0 }));
  const { checkpoint } = newestCheckpoint(paths.checkpoints);
  return { events: timeless, links: checkpoint!.arrays[0]!.data, trajectory: checkpoint!.trajectory };
}
