import type { Body, Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { LinkLayout } from "../../../lattice/links/layout.ts";

/** Where the random numbers of one link and step lie: key and counter words of numerics/addressed-random.ts. */
export interface Address {
  readonly key: readonly [Int, Int];
  /** Address of the site numbers of the block. */
  readonly site: Int;
  readonly step: Int;
  readonly mu: Int;
}

/** One link a lane under update. */
export interface Visit {
  /** Address of U_mu(n), to be changed in place. */
  readonly link: Int;
  /** Address of the staple sum A: the weight of the link is exp(scale Re tr(U A)). */
  readonly staple: Int;
  readonly scale: Vec;
  readonly address: Address;
  /** Free memory of the worker, `workVecs` of the rule. */
  readonly work: Int;
}

/** What a local update does to one link while everything else stands still. Must leave the weight of `Visit` alone. */
export interface LinkRule {
  /** Names the rule; part of the key of its module. */
  readonly key: string;
  /** Scratch in units of vec. */
  readonly workVecs: number;
  /** Real parameters of the kernel. */
  readonly parameters: number;
  /** Whether `emit` returns numbers to be summed over the links (accepted proposals). */
  readonly counts: boolean;
  /** The same with its parts (SU(2) subgroups) in reverse order, where the rule has parts. */
  readonly backwards?: LinkRule;
  /** Prepares helper functions; the emitter it returns is used once a kernel. */
  emit(m: ModuleBuilder, layout: LinkLayout): (k: Body, visit: Visit, parameters: readonly Vec[]) => Vec | undefined;
}

/**
 * The counter word for direction mu (below 4) and a part of the update of one link (a subgroup; below 2^30). Draws
 * within a part count in the first counter word.
 */
export const subStream = (mu: Int, part: Int): Int => part.shl(2).or(mu);
