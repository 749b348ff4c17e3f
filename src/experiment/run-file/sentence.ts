import type { z } from "zod";
import { isTable } from "./schema.ts";
import { closest } from "./suggest.ts";

/** Sentences about a value that a schema refused. */

/** `action[0].beta`, `measure.wilson-loop.maxR`; keys that are not plain words are quoted. */
export function pathName(path: readonly PropertyKey[]): string {
  let name = "";
  for (const part of path) {
    if (typeof part === "number") name += `[${part}]`;
    else {
      const key = /^[\p{L}\p{N}_-]+$/u.test(String(part)) ? String(part) : JSON.stringify(String(part));
      name += name === "" ? key : `.${key}`;
    }
  }
  return name;
}

/** A value as it could stand in a run file, cut where it is long. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** What is wrong with one value, without its path. A message written in the schema itself is used as it stands. */
export function complaint(issue: z.core.$ZodIssue): string {
  const input = issue.input;
  if (issue.code === "invalid_union") return unionComplaint(issue);
  if (issue.code === "invalid_type" && input === undefined) return "missing";
  if (!/^(Invalid|Too |Unrecognized)/.test(issue.message)) return `${issue.message}${wholeTable(input)}`;
  switch (issue.code) {
    case "invalid_type":
      return `expected ${article(issue.expected)}, got ${show(input)}`;
    case "invalid_value":
      return noneOf(input, issue.values);
    case "too_small":
      return sizeComplaint(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum, input);
    case "too_big":
      return sizeComplaint(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum, input);
    default:
      return `${issue.message}, got ${show(input)}`;
  }
}

function noneOf(input: unknown, values: readonly unknown[]): string {
  const near = typeof input === "string" ? closest(input, values.map(String)) : undefined;
  const options = values.map((value) => show(value)).join(", ");
  if (input === undefined) return `missing; one of ${options}`;
  return `${show(input)} is not one of ${options}${near === undefined ? "" : `; did you mean ${show(near)}?`}`;
}

/** What was given, where it is one value; a rule about a whole table names its keys itself. */
const wholeTable = (input: unknown) => (isTable(input) ? "" : `, got ${show(input)}`);

function sizeComplaint(origin: string, comparison: string, bound: number | bigint, input: unknown): string {
  if (origin === "array")
    return `needs ${comparison} ${bound} ${bound === 1 ? "entry" : "entries"}, got ${show(input)}`;
  if (origin === "string") return input === "" ? "must not be empty" : `needs ${comparison} ${bound} characters`;
  return `must be ${comparison} ${bound}, got ${show(input)}`;
}

/**
 * Of a union either all alternatives, by name, or the complaint of the one that got furthest into the value: beyond its
 * kind, or beyond the words it allows.
 */
function unionComplaint(issue: z.core.$ZodIssueInvalidUnion): string {
  if (issue.discriminator !== undefined && issue.inclusive !== false)
    return wordComplaint(issue.input, issue.discriminator, issue.options ?? []);
  // tables told apart by a key, which has none of their words; the path of the issue ends in that key
  const { options } = issue as { options?: readonly unknown[] };
  if (issue.discriminator !== undefined && isTable(issue.input) && options)
    return noneOf(issue.input[issue.discriminator], options);
  const atOnce = ({ path, code }: z.core.$ZodIssue) =>
    path.length === 0 && (code === "invalid_type" || code === "invalid_value");
  const deep = issue.errors.filter((list) => !list.every(atOnce));
  const first = deep.sort((a, b) => depth(b) - depth(a))[0]?.[0];
  if (first) return `${first.path.length > 0 ? `${pathName(first.path)}: ` : ""}${complaint(first)}`;
  if (issue.input === undefined) return "missing";
  const all = issue.errors.flat();
  const values = all.flatMap((e) => (e.code === "invalid_value" ? e.values : []));
  if (typeof issue.input === "string" && values.some((value) => typeof value === "string"))
    return noneOf(issue.input, values);
  const expected = all.flatMap((e) =>
    e.code === "invalid_type" ? article(e.expected) : e.code === "invalid_value" ? e.values.map(show) : [],
  );
  return `expected ${alternatives(expected) || "another value"}, got ${show(issue.input)}`;
}

/** "1, -1 or a table" */
function alternatives(words: readonly string[]): string {
  const unique = [...new Set(words)];
  return [unique.slice(0, -1).join(", "), unique.at(-1) ?? ""].filter((part) => part !== "").join(" or ");
}

/** Of alternatives that are told apart by the word under one key. */
function wordComplaint(input: unknown, key: string, options: readonly unknown[]): string {
  const words = options.map(String);
  const given = isTable(input) ? input[key] : undefined;
  const near = typeof given === "string" ? closest(given, words) : undefined;
  const listed = `one of ${words.join(", ")}`;
  if (given === undefined) return `missing; ${listed}`;
  return `${show(given)} is not ${listed}${near === undefined ? "" : `; did you mean ${show(near)}?`}`;
}

const depth = (list: readonly z.core.$ZodIssue[]) => Math.max(0, ...list.map((e) => e.path.length));

const articles: Readonly<Record<string, string>> = {
  number: "a number",
  int: "an integer",
  string: "a string",
  boolean: "true or false",
  array: "a list",
  object: "a table",
  record: "a table",
};
const article = (kind: string): string => articles[kind] ?? kind;
