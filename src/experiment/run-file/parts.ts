import type { z } from "zod";
import type { Definition } from "../../lattice/definition.ts";
import { everySchema } from "./head.ts";
import { describe, isTable, unknownKeys } from "./schema.ts";
import { seaQuarks } from "./sea-quark.ts";
import { complaint, pathName, show } from "./sentence.ts";
import { closest, didYouMean } from "./suggest.ts";
import type { ActionPart, MeasurePart, Part } from "./types.ts";

/** Takes a sentence about a run file; the file's name is put in front by whoever listens. */
export type Say = (problem: string) => void;

export type Path = readonly PropertyKey[];

/**
 * Validates one table against a schema: unknown keys with a suggestion, then every value.
 * `owner` is who takes the keys, for the sentence; of tables within it their own key is. Returns undefined where something was said.
 */
export function readTable<S extends z.ZodObject>(schema: S, table: unknown, path: Path, owner: string, say: Say) {
  const strange = unknownKeys(schema, table, path);
  const meant = new Set<string>();
  for (const { path: at, known } of strange) {
    const key = String(at[at.length - 1]);
    const near = closest(key, known);
    if (near !== undefined) meant.add(pathName([...at.slice(0, -1), near]));
    const taker = pathName(at.slice(path.length, -1)) || owner;
    const keys = known.length > 0 ? `${taker} takes ${known.join(", ")}` : `${taker} takes no parameters`;
    say(`${pathName(at)}: unknown${didYouMean(key, known)} (${keys})`);
  }
  const parsed = schema.safeParse(table, { reportInput: true });
  for (const issue of parsed.error?.issues ?? []) {
    const name = pathName([...path, ...issue.path]);
    if (issue.code === "unrecognized_keys" || (issue.input === undefined && meant.has(name))) continue;
    // An alternative that failed for its unknown key has been spoken of.
    if (issue.code === "invalid_union" && strange.some(({ path: at }) => pathName(at).startsWith(`${name}.`))) continue;
    const about = describeAt(schema, issue.path);
    const what = complaint(issue);
    say(`${name || owner}: ${what}${what === "missing" ? `; ${owner} needs it${about && ` (${about})`}` : ""}`);
  }
  return parsed.success && strange.length === 0 ? (parsed.data as z.output<S>) : undefined;
}

function describeAt(schema: z.ZodObject, path: Path): string {
  const [key] = path;
  const field = path.length === 1 ? (schema.shape as Record<string, z.core.$ZodType>)[String(key)] : undefined;
  return field ? describe(field) : "";
}

/** A part of a family: `{ name = "…", parameters… }` plus the keys that the run file itself adds. */
export function readPart(
  family: string,
  list: readonly Definition[],
  table: unknown,
  path: Path,
  say: Say,
): Part | undefined {
  const at = pathName(path);
  const names = list.map((entry) => entry.name);
  if (!isTable(table)) return void say(`${at}: expected a table with a name, got ${show(table)}`);
  const { name, ...rest } = table;
  if (typeof name !== "string")
    return void say(
      `${at}.name: ${name === undefined ? "missing" : `expected a string, got ${show(name)}`}; one of ${names.join(", ")}`,
    );
  const definition = list.find((entry) => entry.name === name);
  if (!definition)
    return void say(`${at}.name: ${show(name)} is no ${family}${didYouMean(name, names)} (one of ${names.join(", ")})`);
  const meant = list.find((entry) => entry !== definition && takes(entry, rest) && closest(name, [entry.name]));
  if (meant && !takes(definition, rest))
    return void say(
      `${at}.name: ${name} does not take ${Object.keys(rest).join(", ")}; did you mean ${show(meant.name)}?`,
    );
  const parameters = readTable(definition.parameters, rest, path, name, say);
  return parameters && { name, parameters };
}

/** Whether these are parameters of this part, as they stand. */
const takes = ({ parameters }: Definition, table: Readonly<Record<string, unknown>>): boolean =>
  unknownKeys(parameters, table).length === 0 && parameters.safeParse(table).success;

/**
 * `[[action]]`: a list of parts, because actions add; a single `[action]` is a list of one. `through = { name = "stout",
 * … }` names a map: the action is then that of the smeared links.
 */
export function readActions(
  list: readonly Definition[],
  maps: readonly Definition[],
  value: unknown,
  say: Say,
): readonly ActionPart[] {
  const tables = asList("action", list, value, say);
  return tables.flatMap((table, i) => readTerm(list, maps, table, ["action", i], say) ?? []);
}

/** One term of an action. */
export function readTerm(
  list: readonly Definition[],
  maps: readonly Definition[],
  table: unknown,
  path: Path,
  say: Say,
): ActionPart | undefined {
  const { through: given, ...rest } = isTable(table) ? table : { through: undefined };
  const through = given === undefined ? undefined : readPart("map", maps, given, [...path, "through"], say);
  const part = readPart("action", list, isTable(table) ? rest : table, path, say);
  if (!part || (given !== undefined && !through)) return undefined;
  return through ? { ...part, through } : part;
}

/**
 * `[measure]`: name = n, or name = { every = n, parameters… }; n = 0 leaves the observable out. A table under another name
 * says which `observable` it is, so that one can be measured several times. Observables of quarks are measured on the
 * quark of the action where they name no `fermion`.
 */
export function readMeasure(
  list: readonly Definition[],
  value: unknown,
  actions: readonly ActionPart[],
  say: Say,
): readonly MeasurePart[] {
  if (!isTable(value)) {
    say(`measure: expected a table of observables, got ${show(value)}`);
    return [];
  }
  const names = list.map((entry) => entry.name);
  return Object.entries(value).flatMap(([key, entry]) => {
    const path = ["measure", key];
    const {
      every: given,
      observable = key,
      ...rest
    }: Readonly<Record<string, unknown>> = isTable(entry) ? entry : { every: entry };
    const definition = list.find((candidate) => candidate.name === observable);
    if (!definition) {
      const word = String(observable);
      const at = pathName(word === key ? path : [...path, "observable"]);
      const what = word === key ? "unknown observable" : `${show(observable)} is no observable`;
      say(`${at}: ${what}${didYouMean(word, names)} (one of ${names.join(", ")})`);
      return [];
    }
    const { name } = definition;
    if (key !== name && !mayBeCalled(key, name, names, say)) return [];
    const every = readCount(everySchema, given, isTable(entry) ? [...path, "every"] : path, say);
    const [quark, ...others] = rest.fermion === undefined ? seaQuarks(actions, definition) : [];
    if (quark && others.length > 0) {
      say(`${pathName(path)}.fermion: missing; the action has more than one quark: name one, { name = …, parameters }`);
      return [];
    }
    const parameters = readTable(definition.parameters, { ...quark, ...rest }, path, name, say);
    const follows = Object.keys(quark ?? {}).filter((one) => !(one in rest));
    const as = key === name ? {} : { as: key };
    return parameters && every ? [{ name, ...as, every, parameters, ...(quark ? { follows } : {}) }] : [];
  });
}

/** Whether measurements of `observable` may be called `key`: a table of theirs is a file, and a path of a scan. */
function mayBeCalled(key: string, observable: string, names: readonly string[], say: Say): boolean {
  const at = pathName(["measure", key]);
  const example = `"${observable}-2"`;
  if (!/^[A-Za-z][\w-]*$/.test(key)) say(`${at}: a name is letters, digits and hyphens, such as ${example}`);
  else if (names.includes(key)) say(`${at}: is itself an observable; call this ${observable} otherwise, ${example}`);
  else if (key === "updates") say(`${at}: is the table of the updates; call this ${observable} otherwise, ${example}`);
  else return true;
  return false;
}

export function readCount(schema: z.ZodType<number>, value: unknown, path: Path, say: Say): number | undefined {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  return void say(`${pathName(path)}: ${complaint(parsed.error.issues[0]!)}`);
}

/** The tables of a family, of which there must be one; `key` is their path, `table` what they are called in TOML. */
export function asList(
  key: string,
  family: readonly Definition[],
  value: unknown,
  say: Say,
  table = key,
): readonly unknown[] {
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const names = family.map(({ name }) => name).join(", ");
  if (list.length === 0) say(`${key}: missing; add a [[${table}]] table with a name (one of ${names})`);
  return list;
}
