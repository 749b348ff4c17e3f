import type { Space } from "../../lattice/space.ts";
import type { Action } from "../../physics/action.ts";
import type { Guide } from "../guide/guide.ts";
import { centred, published, trajectory } from "./action.ts";
import { force } from "./force.ts";
import type { Objective } from "./objective.ts";

/** What a guide can be trained on, in the word of a run file; the first one is the default. */
export const objectiveNames = ["trajectory", "published", "centred", "force"] as const;

export type ObjectiveName = (typeof objectiveNames)[number];

/** Builds an objective by its name. */
export function objective(name: ObjectiveName, space: Space, guide: Guide, target: Action): Objective {
  switch (name) {
    case "published":
      return published(guide, target);
    case "centred":
      return centred(guide, target);
    case "force":
      return force(space, guide, target);
    default:
      return trajectory(guide, target);
  }
}

export type { Objective, Sample } from "./objective.ts";
