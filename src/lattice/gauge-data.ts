import type { Group } from "./group.ts";

/**
 * A gauge configuration as plain data, in the order of an ILDG payload: the last direction slowest, x fastest,
 * then mu, row, column, (re, im). This is what files hold and what a link field is loaded from and stored to.
 */
export interface GaugeData {
  readonly group: Group;
  /** [Nx, Ny, Nz, Nt] for d = 4; any d from 1 to 4, the last direction is time. */
  readonly extents: readonly number[];
  /** Length volume * d * N * N * 2. */
  readonly links: Float64Array;
}
