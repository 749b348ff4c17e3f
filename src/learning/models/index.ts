import type { Definition } from "../../lattice/definition.ts";
import { caskDefinition } from "./cask/definition.ts";
import { covariantNetDefinition } from "./covariant-net/covariant-net.ts";

/** Every trained map of the links that a run file can take an action through. */
export const models: readonly Definition[] = [covariantNetDefinition, caskDefinition];
