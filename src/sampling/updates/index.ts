import { heatbathDefinition } from "./heatbath/index.ts";
import { hmcDefinition } from "./hmc/index.ts";
import { metropolisDefinition } from "./metropolis/index.ts";
import { overrelaxationDefinition } from "./overrelaxation/index.ts";
import { selfLearningDefinition } from "./self-learning/index.ts";
import { selfLearningHmcDefinition } from "./self-learning-hmc/index.ts";

/** Every update by name; a new one is one folder and one line here. */
export const updates = [
  hmcDefinition,
  heatbathDefinition,
  overrelaxationDefinition,
  metropolisDefinition,
  selfLearningDefinition,
  selfLearningHmcDefinition,
] as const;
