import type { Definition } from "../../lattice/definition.ts";
import { hmcDefinition } from "../updates/hmc/index.ts";
import { heatbathDefinition } from "./heatbath/index.ts";
import { langevinDefinition } from "./langevin/index.ts";
import { metropolisDefinition } from "./metropolis/index.ts";
import { overrelaxationDefinition } from "./overrelaxation/index.ts";
import { selfLearningDefinition } from "./self-learning/index.ts";
import { swendsenWangDefinition } from "./swendsen-wang/index.ts";
import { temperingDefinition } from "./tempering/index.ts";
import { wolffDefinition } from "./wolff/index.ts";

/** Updates of spins: the list that the run file, `plaquette list` and the wizard read. */
export const spinUpdates: readonly Definition[] = [
  metropolisDefinition,
  heatbathDefinition,
  overrelaxationDefinition,
  wolffDefinition,
  swendsenWangDefinition,
  hmcDefinition,
  langevinDefinition,
  temperingDefinition,
  selfLearningDefinition,
];
