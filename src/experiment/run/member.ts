import { cpus } from "node:os";
import { join } from "node:path";
import { hasRelaxedSimd } from "../../kernels/device.ts";
import { openDevice } from "../../kernels/node.ts";
import type { Progress } from "../../sampling/chain/chain.ts";
import type { RunEvent, Started } from "../../sampling/events.ts";
import { BrokenMeasurement, BrokenTrajectory } from "../../sampling/update.ts";
import {
  type Checkpoint,
  checkpointName,
  type EventLog,
  type RunPaths,
  resumeRun,
  writeCheckpoint,
  writeMeasurements,
} from "../../storage/run-directory/index.ts";
import { type BuiltChain, buildChain, type Loaded } from "../build.ts";
import type { Catalogue } from "../catalogue.ts";
import { checkpointArray, dataIn, type FieldData, keptArrays, keptIn } from "../field-data.ts";
import { hashRunFile, type RunFile, thermalisation } from "../run-file/index.ts";
import { endingOf, saveField } from "./field-files.ts";
import { GuidesUnderWay } from "./guides.ts";
import { type Models, ownModels } from "./models.ts";

/** One chain to be carried out in its own directory, from its beginning or from its newest checkpoint. */
export interface MemberJob {
  readonly paths: RunPaths;
  readonly runFile: RunFile;
  readonly chain: number;
  readonly workers: number;
  readonly version: string;
  readonly catalogue: Catalogue;
  /** Reads the start configuration, where the run file names one; asked only where the chain has not begun. */
  readonly start?: () => FieldData | undefined;
  /** Reads the models that guides begin with, where the run file names some; asked likewise. */
  readonly models?: () => Models;
  readonly listen: (event: RunEvent) => void;
  readonly interruption?: AbortSignal | undefined;
}

export type Outcome =
  | { readonly kind: "done" | "interrupted"; readonly trajectory: number }
  /** There was nothing left to do. */
  | { readonly kind: "complete"; readonly trajectory: number }
  | { readonly kind: "failed"; readonly trajectory: number; readonly error: Error };

/**
 * Runs a chain to its end, its first failure or the interruption. Whatever happens, what was measured is in the log;
 * after an update or a measurement that broke the last good state is checkpointed, and saved as a configuration to
 * start another run from. The caller holds the lock of the directory.
 */
export async function runMember(job: MemberJob): Promise<Outcome> {
  const hash = hashRunFile(job.runFile);
  const { checkpoint, log, warnings } = resumeRun(job.paths, hash);
  const device = openDevice({ workers: job.workers });
  try {
    const loaded = checkpoint ? takenUp(checkpoint, job) : { start: job.start?.(), models: job.models?.() };
    const built = buildChain(job.runFile, job.chain, device, job.catalogue, loaded);
    if (checkpoint) built.chain.restore(checkpoint.state as Progress, keptIn(checkpoint));
    const underWay = new ChainUnderWay(job, built, log, hash, checkpoint !== undefined, device.workers);
    return await underWay.run(warnings, loaded.models);
  } finally {
    log.close();
    device.close();
  }
}

/**
 * What a chain goes on from: guides under training have their weights in the checkpoint, others in models/. Of spins only
 * the last level is trained, and those below it need what they were given.
 */
const takenUp = (checkpoint: Checkpoint, { paths, runFile }: MemberJob): Loaded => ({
  start: dataIn(checkpoint, runFile),
  models: runFile.training && runFile.spins === undefined ? undefined : ownModels(paths, runFile),
});

/** A chain under way: events to log and listener, checkpoints when due. */
class ChainUnderWay {
  private readonly job: MemberJob;
  private readonly built: BuiltChain;
  private readonly log: EventLog;
  private readonly hash: string;
  private readonly resumed: boolean;
  private readonly workers: number;
  private readonly guides: GuidesUnderWay;
  private lastCheckpoint = performance.now();
  private readonly begin = performance.now();

  constructor(job: MemberJob, built: BuiltChain, log: EventLog, hash: string, resumed: boolean, workers: number) {
    this.job = job;
    this.built = built;
    this.log = log;
    this.hash = hash;
    this.resumed = resumed;
    this.workers = workers;
    this.guides = new GuidesUnderWay(job, built, (event) => this.tell(event));
  }

  /** `models`: those that guides begin with, in a chain that has not begun. */
  async run(warnings: readonly string[], models?: Models): Promise<Outcome> {
    const { job, built } = this;
    const { chain } = built;
    try {
      this.tell(this.started());
      for (const message of warnings) this.tell({ ...this.stamp(), type: "warned", message });
      // trajectory 0: from here on start configuration and models are no longer needed
      if (!this.resumed) {
        this.guides.begin(models);
        this.checkpoint();
      }
      while (chain.trajectory < chain.total) {
        if (job.interruption?.aborted) return this.stop();
        this.advance();
        this.guides.afterUpdate();
        this.saveIfDue();
        await new Promise((resolve) => setImmediate(resolve));
      }
      this.checkpoint();
      // Before the chain is called finished: what is finished is never taken up again.
      writeMeasurements(job.paths);
      this.finished(false);
    } catch (error) {
      return this.fail(error as Error);
    }
    return { kind: "done", trajectory: chain.trajectory };
  }

  /** What was measured beside a measurement that broke is told before the run ends. */
  private advance(): void {
    try {
      const events = this.built.chain.advance(() => performance.timeOrigin + performance.now());
      for (const event of events) this.tell(event);
    } catch (error) {
      if (error instanceof BrokenMeasurement) {
        for (const event of error.events) this.tell(event);
        this.saveConfigurationIfDue();
      }
      throw error;
    }
  }

  private stop(): Outcome {
    this.checkpoint();
    this.finished(true);
    return { kind: "interrupted", trajectory: this.built.chain.trajectory };
  }

  /** The field is the last good one; disk errors may keep even this checkpoint from being written. */
  private fail(error: Error): Outcome {
    const { trajectory } = this.built.chain;
    try {
      this.tell({ ...this.stamp(), type: "warned", message: error.message });
      if (error instanceof BrokenTrajectory || error instanceof BrokenMeasurement) {
        this.checkpoint();
        this.saveLastGood();
      }
    } catch {
      // the first error is the one to report
    }
    return { kind: "failed", trajectory, error };
  }

  private saveIfDue(): void {
    const { trajectory, total } = this.built.chain;
    const { checkpoint } = this.job.runFile;
    this.saveConfigurationIfDue();
    const byCount = checkpoint.every > 0 && trajectory % checkpoint.every === 0;
    const byTime = checkpoint.minutes > 0 && performance.now() - this.lastCheckpoint > 60_000 * checkpoint.minutes;
    if ((byCount || byTime) && trajectory < total) this.checkpoint();
  }

  private saveConfigurationIfDue(): void {
    const { configurations } = this.job.runFile.save;
    if (configurations > 0 && this.built.chain.trajectory % configurations === 0) this.saveConfiguration();
  }

  private saveConfiguration(): void {
    const { built, job } = this;
    const { trajectory } = built.chain;
    const { format } = job.runFile.save;
    const data = built.space.store(built.state.field);
    const name = `${String(trajectory).padStart(8, "0")}${endingOf(data, format)}`;
    saveField(join(job.paths.configurations, name), data, { format, sequence: trajectory });
    this.tell({ ...this.stamp(), type: "saved", trajectory, kind: "configuration", file: `configurations/${name}` });
  }

  private saveLastGood(): void {
    const { built, job } = this;
    const data = built.space.store(built.state.field);
    const name = `configurations/last-good${endingOf(data)}`;
    saveField(join(job.paths.root, name), data);
    const message = `the last good configuration is ${name}: start another run from it, with more steps or other couplings`;
    this.tell({ ...this.stamp(), type: "warned", message });
  }

  /** The event goes first, so that the log a resumed run finds is the log an uninterrupted one would have. */
  private checkpoint(): void {
    const { built, job, log } = this;
    const state = built.chain.progress();
    const { trajectory } = state;
    this.tell({
      ...this.stamp(),
      type: "saved",
      trajectory,
      kind: "checkpoint",
      file: `checkpoints/${checkpointName(trajectory)}`,
    });
    log.sync();
    writeCheckpoint(job.paths.checkpoints, {
      trajectory,
      logBytes: log.bytes,
      runHash: this.hash,
      version: job.version,
      arrays: [checkpointArray(built.space.store(built.state.field)), ...keptArrays(built.chain.kept())],
      state,
    });
    this.lastCheckpoint = performance.now();
  }

  private tell(event: RunEvent): void {
    this.log.append(event);
    this.job.listen(event);
  }

  private stamp() {
    return { chain: this.job.chain, time: Date.now() };
  }

  private started(): Started {
    const { job, built } = this;
    const { seed, trajectories, training } = job.runFile;
    return {
      ...this.stamp(),
      type: "started",
      version: job.version,
      hash: this.hash,
      seed,
      trajectory: built.chain.trajectory,
      resumed: this.resumed,
      thermalise: thermalisation(job.runFile),
      ...(training ? { training: training.trajectories } : {}),
      trajectories,
      workers: this.workers,
      machine: {
        runtime: `Node ${process.versions.node}`,
        cpu: cpus()[0]?.model ?? "unknown",
        features: ["simd128", ...(hasRelaxedSimd() ? ["relaxed-simd (not used)"] : [])],
      },
    };
  }

  private finished(interrupted: boolean): void {
    const seconds = (performance.now() - this.begin) / 1000;
    this.tell({ ...this.stamp(), type: "finished", trajectory: this.built.chain.trajectory, seconds, interrupted });
    this.log.sync();
  }
}
