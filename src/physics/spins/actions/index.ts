import type { Definition } from "../../../lattice/definition.ts";
import { doubleExchangeAction } from "./double-exchange/double-exchange.ts";
import { heisenbergAction } from "./heisenberg/heisenberg.ts";
import { isingAction } from "./ising/ising.ts";
import { pairCouplingsAction } from "./pair-couplings/pair-couplings.ts";
import { xyAction } from "./xy/xy.ts";

/** Actions of spins: the list that the run file, `plaquette list` and the wizard read. */
export const spinActions: readonly Definition[] = [
  isingAction,
  xyAction,
  heisenbergAction,
  pairCouplingsAction,
  doubleExchangeAction,
];
