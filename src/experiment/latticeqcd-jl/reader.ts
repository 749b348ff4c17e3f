import { isTable } from "../run-file/schema.ts";
import { show } from "../run-file/sentence.ts";
import { didYouMean } from "../run-file/suggest.ts";
import { knownKeys, requiredSections, sections, subtables } from "./keys.ts";

type Table = Readonly<Record<string, unknown>>;

/** A parameter file with its sections merged, and what there was to say about it. */
export interface Reader {
  readonly file: string;
  readonly warnings: string[];
  readonly problems: string[];
  /** The measurement tables by name. */
  readonly methods: Table;
  readonly flowMethods: Table;
  has(key: string): boolean;
  /** The value of a key, or the default of LatticeQCD.jl; a value of another type is a problem. */
  number(key: string, fallback: number): number;
  integer(key: string, fallback: number): number;
  boolean(key: string, fallback: boolean): boolean;
  text(key: string, fallback: string): string;
  list(key: string, fallback: readonly number[]): readonly number[];
  warn(sentence: string): void;
  refuse(sentence: string): void;
}

/** True for a table that has the section names of LatticeQCD.jl. */
export const isParameterFile = (table: Table): boolean => sections.some((section) => isTable(table[section]));

/** Merges the sections; unknown sections and keys become warnings with a suggestion. */
export function readSections(table: Table, file: string): Reader {
  const values = new Map<string, unknown>();
  const warnings: string[] = [];
  const problems: string[] = [];
  const warn = (sentence: string) => void warnings.push(`${file}: ${sentence}`);
  const refuse = (sentence: string) => void problems.push(`${file}: ${sentence}`);

  for (const section of requiredSections)
    if (!isTable(table[section])) warn(`section ["${section}"] is missing; its defaults are taken`);
  // The flow section comes last because its four keys override those of System Control.
  const order = Object.keys(table).sort((a, b) => Number(a === lastSection) - Number(b === lastSection));
  for (const section of order) {
    const content = table[section];
    if (!isTable(content)) warn(`${section}: a key outside every section; ignored`);
    else {
      if (!(sections as readonly string[]).includes(section))
        warn(`section ["${section}"] is unknown${didYouMean(section, sections)} (its keys are read all the same)`);
      merge(content, section, values, warn);
    }
  }
  const get = <T>(key: string, fallback: T, fits: (value: unknown) => value is T, kind: string): T => {
    const value = values.get(key);
    if (value === undefined || value === "nothing") return fallback;
    if (fits(value)) return value;
    refuse(`${key}: expected ${kind}, got ${show(value)}`);
    return fallback;
  };
  return {
    file,
    warnings,
    problems,
    methods: subtable(table, "Measurement set", "measurement_methods"),
    flowMethods: subtable(table, lastSection, "measurements_for_flow"),
    has: (key) => values.has(key) && values.get(key) !== "nothing",
    number: (key, fallback) => get(key, fallback, isNumber, "a number"),
    integer: (key, fallback) => get(key, fallback, isInteger, "an integer"),
    boolean: (key, fallback) => get(key, fallback, isBoolean, "true or false"),
    text: (key, fallback) => get(key, fallback, isText, "a string"),
    list: (key, fallback) => get(key, fallback, isList, "a list of integers"),
    warn,
    refuse,
  };
}

const lastSection = "gradientflow_measurements";

function merge(content: Table, section: string, values: Map<string, unknown>, warn: (sentence: string) => void): void {
  for (const [key, value] of Object.entries(content)) {
    if ((subtables as readonly string[]).includes(key)) continue;
    if (!knownKeys.includes(key)) warn(`["${section}"] ${key}: unknown, ignored${didYouMean(key, knownKeys)}`);
    else values.set(key, value);
  }
}

function subtable(table: Table, section: string, name: string): Table {
  const content = table[section];
  const inner = isTable(content) ? content[name] : undefined;
  return isTable(inner) ? inner : {};
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isInteger = (value: unknown): value is number => Number.isInteger(value);
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const isText = (value: unknown): value is string => typeof value === "string";
const isList = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every(isInteger);
