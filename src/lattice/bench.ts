import { LinkSpace } from "./links/links.ts";
import type { Space } from "./space.ts";
import { SpinSpace } from "./spins/spins.ts";

/** What a part is built on. */
export interface Bench {
  readonly space: Space;
  /** Tells parts of one name in a run apart; enters the addresses of their random numbers. */
  readonly label?: string;
}

/** The space of the bench as gauge links; throws a TypeError that names the part when it is something else. */
export function linksOf(bench: Bench, part: string): LinkSpace {
  if (bench.space instanceof LinkSpace) return bench.space;
  throw new TypeError(`${part} acts on gauge links; this run has ${bench.space.kind}`);
}

/** The space of the bench as spins; throws a TypeError that names the part when it is something else. */
export function spinsOf(bench: Bench, part: string): SpinSpace {
  if (bench.space instanceof SpinSpace) return bench.space;
  throw new TypeError(`${part} acts on spins; this run has ${bench.space.kind}`);
}
