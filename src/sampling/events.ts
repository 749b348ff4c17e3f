/** One stream of events feeds the terminal, the disk and the page. Every event is one JSON line of events.jsonl. */
export type RunEvent = Started | Stepped | Tuned | Measured | Saved | Warned | Finished;

/** Common to all: the chain (replica) it came from and the wall-clock time (ms since 1970). */
interface Stamp {
  readonly chain: number;
  readonly time: number;
}

/** A chain begins, or goes on after a resume (then `trajectory` > 0). */
export interface Started extends Stamp {
  readonly type: "started";
  readonly version: string;
  /** Hash of the resolved run file. */
  readonly hash: string;
  readonly seed: string;
  readonly trajectory: number;
  readonly resumed: boolean;
  /** Trajectories in all: thermalisation and production. */
  readonly thermalise: number;
  readonly trajectories: number;
  /** The last so many trajectories of the thermalisation train a guide. */
  readonly training?: number;
  readonly workers: number;
  /** Node version, CPU model, WebAssembly feature set. */
  readonly machine: { readonly runtime: string; readonly cpu: string; readonly features: readonly string[] };
}

/** One update done. `trajectory` counts from 1; those <= thermalise are thermalisation. */
export interface Stepped extends Stamp {
  readonly type: "stepped";
  readonly trajectory: number;
  readonly phase: "thermalise" | "production";
  /** Absent for updates without an accept/reject of the whole field (heat bath, overrelaxation). */
  readonly accepted?: boolean;
  /** Fraction accepted of a local Metropolis sweep. */
  readonly acceptance?: number;
  readonly deltaH?: number;
  /** Force evaluations spent on the way of the update. */
  readonly forces?: number;
  /** Iterations of the solvers of sea quarks, where there were any; during thermalisation with those of what it learns. */
  readonly iterations?: number;
  /** Wall time of the update, without measurements; during thermalisation with what it learns from it. */
  readonly seconds: number;
}

/**
 * Step size or guide changed (during thermalisation) or frozen (at its end). Of a guide under training the parameters have
 * its "loss", the norm of the "gradient" and the "rate", and where they are few its weights by name.
 */
export interface Tuned extends Stamp {
  readonly type: "tuned";
  readonly trajectory: number;
  readonly frozen: boolean;
  readonly parameters: Readonly<Record<string, number>>;
}

/**
 * One observable measured. `values` has the observable's flattened shape, `labels` one name per value
 * ("plaquette"; "re", "im"; "W(1,1)" …). Under gradient flow `flowTime` is set and one event is written per flow time.
 */
export interface Measured extends Stamp {
  readonly type: "measured";
  readonly trajectory: number;
  readonly phase: "thermalise" | "production";
  readonly name: string;
  readonly labels: readonly string[];
  readonly values: readonly number[];
  readonly flowTime?: number;
}

export interface Saved extends Stamp {
  readonly type: "saved";
  readonly trajectory: number;
  readonly kind: "checkpoint" | "configuration" | "model";
  /** Relative to the run directory. */
  readonly file: string;
}

export interface Warned extends Stamp {
  readonly type: "warned";
  readonly message: string;
}

export interface Finished extends Stamp {
  readonly type: "finished";
  readonly trajectory: number;
  readonly seconds: number;
  readonly interrupted: boolean;
}
