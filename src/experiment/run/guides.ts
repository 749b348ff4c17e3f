import { relative } from "node:path";
import type { RunEvent } from "../../sampling/events.ts";
import type { RunPaths } from "../../storage/run-directory/index.ts";
import type { BuiltChain } from "../build.ts";
import type { TrainingUnderWay } from "../build-guide.ts";
import { type RunFile, thermalisation } from "../run-file/index.ts";
import { keepModels, type Models, saveModel } from "./models.ts";

/** The chain whose guides are kept. */
export interface GuidedChain {
  readonly paths: RunPaths;
  readonly runFile: RunFile;
  readonly chain: number;
  readonly version: string;
}

/** The guides of a chain under way: keeps what they begin with, tells when a training ends early, saves what was learnt. */
export class GuidesUnderWay {
  private readonly of: GuidedChain;
  private readonly built: BuiltChain;
  private readonly tell: (event: RunEvent) => void;
  private told: boolean;

  constructor(of: GuidedChain, built: BuiltChain, tell: (event: RunEvent) => void) {
    this.of = of;
    this.built = built;
    this.tell = tell;
    this.told = this.trained?.trainer?.finished ?? false;
  }

  private get trained() {
    return this.built.guides.find(({ trainer }) => trainer !== undefined);
  }

  /** Before the first update: models that are given go into the run directory, so that it needs no other. */
  begin(models: Models | undefined): void {
    const { paths, runFile } = this.of;
    // of spins only the last level is trained; the others are used as they are
    if (runFile.training && runFile.spins === undefined) return;
    keepModels(paths, runFile, models ?? new Map());
  }

  /** After every update, before any checkpoint of it: a chain that has one after its training has its model, too. */
  afterUpdate(): void {
    const { trained, of, built } = this;
    const { trajectory } = built.chain;
    if (trained?.trainer) this.tellEarlyEnd(trained.trainer);
    if (trajectory !== thermalisation(of.runFile)) return;
    for (const guide of built.guides.filter(({ trainer, fitted }) => trainer || fitted)) {
      const folder = saveModel(of.paths, of.runFile, guide, of.version);
      this.tell({ ...this.stamp, type: "saved", trajectory, kind: "model", file: relative(of.paths.root, folder) });
    }
  }

  private get stamp() {
    return { chain: this.of.chain, time: Date.now() };
  }

  private tellEarlyEnd(trainer: TrainingUnderWay): void {
    const early =
      trainer.finished && !trainer.complete && this.built.chain.trajectory < thermalisation(this.of.runFile);
    if (early && !this.told) this.tell({ ...this.stamp, type: "warned", message: `training: ${trainer.reason}` });
    this.told ||= early;
  }
}
