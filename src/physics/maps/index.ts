import type { Definition } from "../../lattice/definition.ts";
import { stoutDefinition } from "./stout/stout.ts";

/** Every map that a run file can take an action through. */
export const maps: readonly Definition[] = [stoutDefinition];
