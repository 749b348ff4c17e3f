import type { RunEvent } from "../../sampling/events.ts";

export type { Finished, Measured, RunEvent, Started, Stepped, Tuned } from "../../sampling/events.ts";

/** One chain of a run: a replica, a value of a scan, or both. */
export interface Member {
  /** "chain-0", "value-2-chain-1"; also its folder under members/. */
  readonly label: string;
  /**
   * Number of the chain in the whole run, from 0: replicas of the first value of a scan, then those of the next. With the
   * seed it addresses the random numbers, so that no two chains share any.
   */
  readonly chain: number;
  /** What the scan set for it, by the key of the run file; empty without a scan. */
  readonly scan: ScanPoint;
}

/** {"action.wilson-gauge.beta": 5.6}: anything that a run file can hold, since a lattice or an order can be scanned too. */
export type ScanPoint = Readonly<Record<string, unknown>>;

/** A chain with all that happened in it. */
export interface MemberRecord extends Member {
  /** The resolved run file of this chain. */
  readonly runText: string;
  /** In the order in which they happened; empty where the chain has not begun. */
  readonly events: readonly RunEvent[];
}

/** A run directory as plain data: all that analysis and report know. */
export interface RunRecord {
  /** Name of the directory, as it was given. */
  readonly directory: string;
  /** The resolved run file. */
  readonly runText: string;
  /** `runText` as a table. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** At least one; a single chain is one member labelled "chain-0". */
  readonly members: readonly MemberRecord[];
}
