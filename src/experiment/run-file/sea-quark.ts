import type { z } from "zod";
import type { Definition } from "../../lattice/definition.ts";
import { isTable, namedTables } from "./schema.ts";
import type { ActionPart } from "./types.ts";

/** The quark of the action, as an observable of quarks takes it. */
export interface SeaQuark {
  readonly fermion: Readonly<Record<string, unknown>>;
  readonly through?: Readonly<Record<string, unknown>>;
}

/**
 * The quarks of the action that this observable could be measured on, where it is one of quarks (it has a table
 * `fermion`): each with the keys that make its Dirac operator, and the map of the links that it sees. An action is of a
 * quark by its name, or has a table `fermion` itself (exact-determinant).
 */
export function seaQuarks(actions: readonly ActionPart[], { parameters }: Definition): readonly SeaQuark[] {
  const schema: z.core.$ZodType | undefined = parameters.shape.fermion;
  const kinds = (schema && namedTables(schema)) ?? [];
  return actions.flatMap(({ parameters, through, ...action }) => {
    const given = isTable(parameters.fermion) ? parameters.fermion : parameters;
    const name = given === parameters ? action.name : given.name;
    const kind = kinds.find((one) => one.name === name);
    if (!kind) return [];
    const keys = Object.keys(kind.table.shape).filter((key) => given[key] !== undefined);
    const fermion = { ...Object.fromEntries(keys.map((key) => [key, given[key]])), name };
    return [through ? { fermion, through: { name: through.name, ...through.parameters } } : { fermion }];
  });
}
