import type { SpinKind } from "../../lattice/spins/spin-data.ts";
import type { SpinTrainingOptions } from "../../learning/spins/regression/options.ts";
import type { TrainingOptions } from "../../learning/training/index.ts";
import type { spinStartWords } from "../../physics/spins/starts.ts";
import type { startWords } from "./head.ts";

/** A part by name with validated parameters: what a definition's `build` takes. */
export interface Part {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** One term of the action, of the links themselves or of links that a map has smeared. */
export interface ActionPart extends Part {
  readonly through?: Part;
}

/**
 * One term of a guide, an action that drives the molecular dynamics and never decides; of spins one level of effective
 * actions, which has none of these keys but a model.
 */
export interface GuidePart extends ActionPart {
  /** Factor in front of the term, and whether it is trained. */
  readonly scale?: number;
  readonly learnScale?: boolean;
  /** Number of the target's action whose pseudofermion it sees, where it is not the first of its name. */
  readonly like?: number;
  /** Of a level: where its parameters lie, as `model` of an update. */
  readonly model?: string;
  /** Of a level: its model may be a smaller one. */
  readonly grow?: true;
  /** Of a level: parameters that were left out and are those of the action, whatever a scan makes of it. */
  readonly follows?: readonly string[];
}

/** One update of the mixture; `repeat` sweeps of it make its share of a pass. */
export interface UpdatePart extends Part {
  readonly repeat: number;
  /** Of an update that is guided. */
  readonly guide?: readonly GuidePart[];
  /** Where the weights that the guide begins with lie: a model directory, a run directory or a .safetensors file. */
  readonly model?: string;
}

/** One observable, measured every n updates. */
export interface MeasurePart extends Part {
  /** Its key in [measure], where that is not the observable's own name: what its measurements are called. */
  readonly as?: string;
  readonly every: number;
  /** Parameters that were left out and are those of the action, whatever a scan makes of it: "fermion", "through". */
  readonly follows?: readonly string[];
}

/** What the measurements of an observable are called: its key in [measure]. */
export const measuredName = ({ name, as }: MeasurePart): string => as ?? name;

export type Start =
  | (typeof startWords)[number]
  | (typeof spinStartWords)[number]
  | { readonly file: string; readonly format?: string | undefined };

/** A validated run file with every default filled in: plain data. */
export interface RunFile {
  readonly title?: string | undefined;
  /** [Nx, Ny, Nz, Nt] for d = 4; the last direction is time. */
  readonly lattice: readonly number[];
  /** Canonical name, "SU(3)", of a run of gauge links; undefined where there are spins. */
  readonly group?: string | undefined;
  /** What stands on the sites of a run of spins. */
  readonly spins?: SpinKind | undefined;
  readonly start: Start;
  readonly seed: string;
  readonly thermalise: number;
  readonly trajectories: number;
  readonly chains: number;
  readonly workers: number;
  readonly output?: string | undefined;
  readonly action: readonly ActionPart[];
  readonly update: readonly UpdatePart[];
  /** How a guide is trained, during trajectories of the thermalisation that come after `thermalise`. */
  readonly training?: TrainingOptions | SpinTrainingOptions;
  readonly measure: readonly MeasurePart[];
  readonly save: { readonly configurations: number; readonly format: string };
  readonly checkpoint: { readonly every: number; readonly minutes: number };
  /** Path of a key -> values; empty where nothing is scanned. */
  readonly scan: Readonly<Record<string, readonly unknown[]>>;
}

/** Updates before production: those asked for, those that a guide learns from, and those after which it is forgotten that it did. */
export const thermalisation = ({ thermalise, training }: RunFile): number =>
  thermalise + (training?.trajectories ?? 0) + (training && "settle" in training ? training.settle : 0);
