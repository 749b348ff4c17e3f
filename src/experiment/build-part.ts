import type { Bench } from "../lattice/bench.ts";
import type { Definition } from "../lattice/definition.ts";
import type { Action } from "../physics/action.ts";
import type { FieldMap } from "../physics/maps/field-map.ts";
import { through } from "../physics/maps/through.ts";
import type { Parts } from "./catalogue.ts";
import type { ActionPart, Part } from "./run-file/index.ts";

/** Builds a part; what it refuses is told with the key `where` it stands in the run file. */
export function built<Built>(part: Part, list: readonly Definition[], bench: unknown, where: string): Built {
  const definition = list.find((d) => d.name === part.name);
  if (!definition) throw new RangeError(`"${part.name}" is not known; there is ${list.map((d) => d.name).join(", ")}`);
  return located(where, () => definition.build(part.parameters as never, bench) as Built);
}

/** One term of the action, of smeared links where the run file says so. */
export function actionOf(part: ActionPart, catalogue: Parts, bench: Bench, where: string): Action {
  const action = built<Action>(part, catalogue.actions, bench, where);
  const map = mapOf(part, catalogue, bench, where);
  return map ? located(`${where}.through`, () => through(action, map)) : action;
}

/** The map that a term of an action is taken through, if any. */
export const mapOf = (part: ActionPart, catalogue: Parts, bench: Bench, where: string): FieldMap | undefined =>
  part.through && built<FieldMap>(part.through, catalogue.maps, bench, `${where}.through`);

/** Puts the key `where` in front of what `make` refuses. */
export function located<T>(where: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const refused = error instanceof RangeError || error instanceof TypeError;
    // parts that name their key themselves begin with it
    if (refused && !error.message.startsWith(where.replace(/\[.*/, ""))) error.message = `${where}: ${error.message}`;
    throw error;
  }
}
