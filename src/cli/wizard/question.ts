import type { z } from "zod";
import { oddExtent } from "../../experiment/run-file/odd-extent.ts";
import {
  bare,
  choices,
  defaultOf,
  describe,
  isOptional,
  namedTables,
  typeName,
} from "../../experiment/run-file/schema.ts";
import { complaint } from "../../experiment/run-file/sentence.ts";
import { parseToml } from "../../experiment/run-file/toml.ts";
import type { SpinKind } from "../../lattice/spins/spin-data.ts";

export interface Choice {
  readonly value: string;
  readonly hint?: string;
}

/** One thing the wizard wants to know. */
export interface Question {
  /** Where the answer goes: "lattice", "action", "action.wilson-gauge.beta". Also the key in a file of answers. */
  readonly key: string;
  readonly message: string;
  readonly kind: "text" | "one" | "several" | "yes-or-no";
  readonly choices?: readonly Choice[];
  /** The answer offered; undefined where there is none to offer. */
  readonly initial?: unknown;
  /** True where no answer leaves the key out. */
  readonly optional: boolean;
  /** Too rich to be typed in a line: a person is not asked. */
  readonly rich?: boolean;
  /** Turns typed text into a value. */
  readonly parse: (text: string) => unknown;
  /** What is wrong with a value, or undefined. */
  readonly refuse: (value: unknown) => string | undefined;
}

/** What is known by the time a parameter is asked for. */
export interface Facts {
  readonly lattice: readonly number[];
  /** Canonical name of the group; undefined of spins. */
  readonly group?: string;
  readonly spins?: SpinKind;
}

/** The question for one key of a schema: description, choices, default and check all come from it. */
export function questionFor(key: string, schema: z.core.$ZodType, facts: Partial<Facts> = {}): Question {
  const words = usable(choices(schema), facts);
  const boolean = bare(schema)._zod.def.type === "boolean";
  const fallback = isOptional(schema) ? defaultOf(schema) : suggested(key, facts);
  const initial = words && fallback !== undefined && !words.includes(String(fallback)) ? words[0] : fallback;
  const type = words || boolean ? "" : typeHint(schema);
  return {
    key,
    message: `${shown(key)}: ${describe(schema)}${type}`,
    kind: words ? "one" : boolean ? "yes-or-no" : "text",
    ...(words ? { choices: words.map((value) => ({ value })) } : {}),
    ...(initial === undefined ? {} : { initial }),
    optional: isOptional(schema),
    parse: (text) => parseText(text, schema),
    refuse: (value) => refusal(schema, value),
  };
}

/** "rectangle-gauge beta" for "action.rectangle-gauge.beta": of two parts that have a beta it must be seen which is meant. */
export const shown = (key: string): string => key.replace(/^(action|update|measure)\./, "").replaceAll(".", " ");

export const lastWord = (key: string): string => key.split(".").pop()!;

/** True for keys that a person can answer in a word or a number; lists of tables and the like are left to an editor. */
export function isSimple(schema: z.core.$ZodType): boolean {
  const inner = bare(schema);
  const { def } = inner._zod;
  if (def.type === "array")
    return isSimple((def as z.core.$ZodArrayDef).element) && !isList((def as z.core.$ZodArrayDef).element);
  if (def.type === "union" && !namedTables(inner)) return (def as z.core.$ZodUnionDef).options.every(isSimple);
  return ["number", "string", "boolean", "enum", "literal"].includes(def.type) || choices(inner) !== undefined;
}

const isList = (schema: z.core.$ZodType) => bare(schema)._zod.def.type === "array";

/** " (integer)"; what kind of text is wanted goes without saying. */
function typeHint(schema: z.core.$ZodType): string {
  const type = bare(schema)._zod.def.type;
  if (type === "array") return " (a list like 4, 4)";
  return type === "number" ? ` (${typeName(schema)})` : "";
}

/** Between the entries of a list: one comma, one x, or blanks; "4,,4" has an empty entry, which is refused. */
const separator = /\s*[,x]\s*|\s+/;

function refusal(schema: z.core.$ZodType, value: unknown): string | undefined {
  const parsed = (schema as z.ZodType).safeParse(value, { reportInput: true });
  return parsed.success ? undefined : complaint(parsed.error.issues[0]!);
}

/** "6" for a number, "a" for a string, "4, 4" or "[4, 4]" for a list, TOML for anything else. */
function parseText(text: string, schema: z.core.$ZodType): unknown {
  const inner = bare(schema);
  const type = inner._zod.def.type;
  const trimmed = text.trim();
  if (type === "string" || type === "enum" || type === "literal") return trimmed;
  if (type === "number") return trimmed === "" ? text : Number(trimmed);
  if (type === "array" && !trimmed.startsWith("[")) {
    const element = (inner._zod.def as z.core.$ZodArrayDef).element;
    return trimmed.split(separator).map((word) => parseText(word, element));
  }
  try {
    return parseToml(`value = ${trimmed}`, "answer").value;
  } catch {
    return trimmed;
  }
}

/** Choices that cannot run here are not offered. */
function usable(words: readonly string[] | undefined, { lattice = [] }: Partial<Facts>) {
  return oddExtent(lattice) !== undefined ? words?.filter((word) => word !== "even-odd") : words;
}

/** Parameters that have no default, as they are commonly run: heavy quarks, gentle smearing. */
const usual: Readonly<Record<string, number>> = { mass: 0.5, kappa: 0.13, rho: 0.1, temperature: 1 };

/** An answer to offer where one is needed and the schema has no default: couplings as they are commonly run. */
function suggested(key: string, { group }: Partial<Facts>): unknown {
  const word = lastWord(key);
  if (word !== "beta" || group === undefined) return usual[word];
  const n = Number(group.replace(/\D/g, ""));
  // SU(2) and SU(3) near the onset of scaling; other N at the same 't Hooft coupling, beta ~ N^2.
  return { 1: 1, 2: 2.4, 3: 5.7 }[n] ?? Number((0.63 * n * n).toPrecision(3));
}

/** How a value stands in a text field. */
export const fieldText = (value: unknown): string =>
  Array.isArray(value) ? value.map((entry) => String(entry)).join(", ") : value === undefined ? "" : String(value);

/** A choice of one word, or of several, from a list that no schema has. */
export function choiceQuestion(
  key: string,
  message: string,
  kind: "one" | "several",
  options: readonly Choice[],
  initial: unknown,
): Question {
  const words = options.map(({ value }) => value);
  const wrong = (value: unknown) =>
    words.includes(String(value)) ? undefined : `${JSON.stringify(value)} is not one of ${words.join(", ")}`;
  const refuse = (value: unknown): string | undefined => {
    if (kind === "one") return wrong(value);
    if (!Array.isArray(value) || value.length === 0) return `expected a list with at least one of ${words.join(", ")}`;
    return value.map(wrong).find((text) => text !== undefined);
  };
  const parse = (text: string): unknown => (kind === "one" ? text.trim() : text.trim().split(/[\s,]+/));
  return { key, message, kind, choices: options, initial, optional: false, parse, refuse };
}
