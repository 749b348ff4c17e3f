import type { z } from "zod";
import { choices, defaultOf, describe, isOptional, namedTables } from "../../experiment/run-file/schema.ts";
import { complaint } from "../../experiment/run-file/sentence.ts";
import type { Definition } from "../../lattice/definition.ts";
import type { Respondent, Table } from "./interview.ts";
import { choiceQuestion, type Facts, isSimple, type Question, questionFor, shown } from "./question.ts";

export interface Offers {
  /** Offers of `offeredParameters` that can run: of a key that is needed only their words are offered. */
  readonly fitting?: readonly Table[];
  /** What is offered instead of the defaults of the schema. */
  readonly instead?: Table;
  /** What is known already and not asked for; it stands in the answer. */
  readonly known?: Table;
}

/** Asks for the parameters of one part until they obey the rules of its schema. */
export async function askParameters(
  to: Respondent,
  prefix: string,
  parameters: z.ZodObject,
  facts: Facts,
  offers: Offers = {},
): Promise<Table> {
  for (;;) {
    const table = await askOnce(to, prefix, parameters, facts, offers);
    const parsed = parameters.safeParse(table, { reportInput: true });
    if (parsed.success) return table;
    await to.refuse(prefix, complaint(parsed.error.issues[0]!));
  }
}

async function askOnce(
  to: Respondent,
  prefix: string,
  parameters: z.ZodObject,
  facts: Facts,
  { fitting = [], instead = {}, known = {} }: Offers,
): Promise<Table> {
  const table: Table = { ...known };
  for (const [key, schema] of Object.entries(parameters.shape as Record<string, z.core.$ZodType>)) {
    if (key in known) continue;
    const kinds = namedTables(schema);
    if (kinds) {
      const offer = (instead[key] ?? defaultOf(schema)) as Table | undefined;
      const chosen = await askNamed(to, `${prefix}.${key}`, schema, kinds, facts, offer);
      if (chosen) table[key] = chosen;
      continue;
    }
    const rule = ruleFor(key, table, parameters);
    if (rule === "excluded") continue;
    const plain = questionFor(`${prefix}.${key}`, schema, facts);
    const offered = instead[key] === undefined ? plain : { ...plain, initial: instead[key] };
    const words = fitting.map((offer) => offer[key]);
    const question = rule === "needed" ? needed(offered, words) : offered;
    const value = await to.ask(isSimple(schema) ? question : { ...question, optional: isOptional(schema), rich: true });
    if (value !== undefined && JSON.stringify(value) !== JSON.stringify(unasked(schema, question.initial)))
      table[key] = value;
  }
  return table;
}

/** A table of one of several kinds: its name first, then the keys of that kind. Undefined leaves it out. */
async function askNamed(
  to: Respondent,
  key: string,
  schema: z.core.$ZodType,
  kinds: readonly { readonly name: string; readonly table: z.ZodObject }[],
  facts: Facts,
  fallback: Table | undefined,
): Promise<Table | undefined> {
  const options = kinds.map(({ name }) => ({ value: name }));
  const about = `${shown(key)}: ${describe(schema)}`;
  const question = choiceQuestion(`${key}.name`, about, "one", options, fallback?.name);
  const name = await to.ask({ ...question, optional: fallback === undefined && isOptional(schema) });
  const kind = kinds.find((one) => one.name === name);
  if (!kind) return undefined;
  const instead = fallback !== undefined && fallback.name === name ? fallback : {};
  return askParameters(to, key, kind.table, facts, { known: { name }, instead });
}

/** The question without the choice to leave the key out, and with only those words that can run. */
function needed(question: Question, fitting: readonly unknown[]): Question {
  const all = question.choices ?? [];
  const some = all.filter(({ value }) => fitting.includes(value));
  const offered = some.length > 0 ? some : all;
  return { ...question, optional: false, choices: offered, initial: offered[0]?.value };
}

/**
 * Of keys that exclude each other (c1 and improvement; levels and steps): "excluded" where another one was given and no
 * answer, or not even the default, could stand, "needed" where none was given and this is the one with words to choose
 * from.
 */
function ruleFor(key: string, table: Table, parameters: z.ZodObject): "excluded" | "needed" | undefined {
  const schema = (parameters.shape as Record<string, z.core.$ZodType>)[key]!;
  const words = choices(schema);
  const fallback = defaultOf(schema);
  const stands = (answer: Table) => parameters.safeParse(answer).success;
  if (fallback !== undefined) return stands(table) && !stands({ ...table, [key]: fallback }) ? "excluded" : undefined;
  if (!words || !isOptional(schema)) return undefined;
  const withIt = words.some((word) => stands({ ...table, [key]: word }));
  if (stands(table)) return withIt ? undefined : "excluded";
  return withIt ? "needed" : undefined;
}

/** A rich key that keeps its default is not written down. */
const unasked = (schema: z.core.$ZodType, initial: unknown): unknown => (isSimple(schema) ? undefined : initial);

/**
 * The parameters that would be offered for a part, to try whether it fits at all: the offers of every question, and for
 * a key that is needed each of its words.
 */
export function offeredParameters({ parameters }: Definition, facts: Facts): Table[] {
  const shape = Object.entries(parameters.shape as Record<string, z.core.$ZodType>);
  const offers = shape.flatMap(([key, schema]) => {
    const { initial } = questionFor(key, schema, facts);
    return initial === undefined ? [] : [[key, initial] as const];
  });
  const table = Object.fromEntries(offers);
  if (parameters.safeParse(table).success) return [table];
  return shape.flatMap(([key, schema]) =>
    ruleFor(key, table, parameters) === "needed"
      ? (choices(schema) ?? []).map((word) => ({ ...table, [key]: word }))
      : [],
  );
}
