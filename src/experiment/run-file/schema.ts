import { z } from "zod";

/** Reading zod schemas: what wraps what, which keys are known, and the few facts a question or a table shows. */

type Schema = z.core.$ZodType;

const wrappers = new Set(["optional", "default", "prefault", "nullable", "readonly", "catch", "nonoptional"]);

/** The schema below optional, default and the like. */
export function bare(schema: Schema): Schema {
  const { def } = schema._zod;
  if (wrappers.has(def.type)) return bare((def as unknown as { innerType: Schema }).innerType);
  return def.type === "pipe" ? bare((def as unknown as { in: Schema }).in) : schema;
}

/** The description, wherever in the wrapping it was given. */
export function describe(schema: Schema): string {
  const own = z.globalRegistry.get(schema)?.description;
  if (own !== undefined) return own;
  const { def } = schema._zod;
  return wrappers.has(def.type) ? describe((def as unknown as { innerType: Schema }).innerType) : "";
}

/**
 * The value that stands where the key is absent; undefined where there is none. A default that depends on other keys is
 * filled in by their table and told in the metadata of the key.
 */
export function defaultOf(schema: Schema): unknown {
  const { def } = schema._zod;
  const told = z.globalRegistry.get(schema)?.default;
  if (told !== undefined) return told;
  if (def.type === "default" || def.type === "prefault")
    return (def as unknown as { defaultValue: unknown }).defaultValue;
  return wrappers.has(def.type) ? defaultOf((def as unknown as { innerType: Schema }).innerType) : undefined;
}

/** True when the key may be left out. */
export const isOptional = (schema: Schema): boolean => z.safeParse(schema, undefined).success;

/** The words a choice allows (an enumeration, or a union of literals), or undefined where it is not a choice. */
export const choices = (schema: Schema): readonly string[] | undefined => values(schema)?.map(String);

/** The same as they stand in a run file: words or numbers. */
function values(schema: Schema): readonly unknown[] | undefined {
  const { def } = bare(schema)._zod;
  if (def.type === "enum") return Object.values((def as z.core.$ZodEnumDef).entries);
  if (def.type === "literal") return (def as z.core.$ZodLiteralDef<z.core.util.Literal>).values;
  if (def.type !== "union") return undefined;
  const parts = (def as z.core.$ZodUnionDef).options.map(values);
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

/** The kinds of a table that its key `name` tells apart (a lattice Dirac operator), or undefined where it is none. */
export function namedTables(schema: Schema): readonly { name: string; table: z.ZodObject }[] | undefined {
  const { def } = bare(schema)._zod;
  if (def.type !== "union" || (def as z.core.$ZodDiscriminatedUnionDef).discriminator !== "name") return undefined;
  return (def as z.core.$ZodUnionDef).options.map((option) => {
    const table = bare(option) as z.ZodObject;
    return { name: choices(table.shape.name!)![0]!, table };
  });
}

/** A short name of the type for people: "number", "integer", "list of integer", "\"a\" | \"b\"". */
export function typeName(schema: Schema): string {
  const inner = bare(schema);
  const { def } = inner._zod;
  const words = values(inner);
  if (words) return words.map((word) => JSON.stringify(word)).join(" | ");
  if (def.type === "union") return [...new Set((def as z.core.$ZodUnionDef).options.map(typeName))].join(" | ");
  if (def.type === "array") return `list of ${typeName((def as z.core.$ZodArrayDef).element)}`;
  if (def.type === "tuple") return `[${(def as z.core.$ZodTupleDef).items.map(typeName).join(", ")}]`;
  if (def.type === "object" || def.type === "record") return "table";
  if (def.type === "number") return isInteger(inner) ? "integer" : "number";
  return def.type === "boolean" ? "true | false" : def.type;
}

/** True for a number that must be whole. */
export function isInteger(schema: Schema): boolean {
  const { def } = bare(schema)._zod;
  const formats = [def, ...(def.checks ?? []).map((check) => check._zod.def)];
  return (
    def.type === "number" && formats.some((entry) => String((entry as { format?: string }).format).includes("int"))
  );
}

/** One key of a run file that no schema knows. */
export interface UnknownKey {
  readonly path: readonly PropertyKey[];
  readonly known: readonly string[];
}

/** Every key of `value`, at any depth, that `schema` does not know. */
export function unknownKeys(schema: Schema, value: unknown, path: readonly PropertyKey[] = []): UnknownKey[] {
  const inner = bare(schema);
  const { def } = inner._zod;
  const kinds = namedTables(inner);
  if (kinds) {
    const kind = kinds.find(({ name }) => isTable(value) && value.name === name);
    return kind ? unknownKeys(kind.table, value, path) : [];
  }
  if (def.type === "union") return fewest((def as z.core.$ZodUnionDef).options.map((o) => unknownIn(o, value, path)));
  if (def.type === "array" && Array.isArray(value))
    return value.flatMap((entry, i) => unknownKeys((def as z.core.$ZodArrayDef).element, entry, [...path, i]));
  if (def.type !== "object" || !isTable(value)) return [];
  const shape = (def as z.core.$ZodObjectDef).shape as Record<string, Schema>;
  const known = Object.keys(shape);
  return Object.entries(value).flatMap(([key, entry]) =>
    Object.hasOwn(shape, key) ? unknownKeys(shape[key]!, entry, [...path, key]) : [{ path: [...path, key], known }],
  );
}

/** A plain table (not a list, not a date). */
export const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** One alternative of a union counts only where its shape fits the value at all. */
function unknownIn(option: Schema, value: unknown, path: readonly PropertyKey[]): UnknownKey[] | undefined {
  const type = bare(option)._zod.def.type;
  const nested = isTable(value) || Array.isArray(value);
  const fits = type === "object" ? isTable(value) : type === "array" ? Array.isArray(value) : !nested;
  return fits ? unknownKeys(option, value, path) : undefined;
}

const fewest = (lists: readonly (UnknownKey[] | undefined)[]): UnknownKey[] =>
  lists.filter((list) => list !== undefined).sort((a, b) => a.length - b.length)[0] ?? [];
