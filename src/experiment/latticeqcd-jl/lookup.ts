import { show } from "../run-file/sentence.ts";

/** Typed reading of keys with the defaults of LatticeQCD.jl; a value of another type is a problem. "nothing" is null there. */
export interface Lookup {
  has(key: string): boolean;
  number(key: string, fallback: number): number;
  integer(key: string, fallback: number): number;
  boolean(key: string, fallback: boolean): boolean;
  text(key: string, fallback: string): string;
  /** Lists of integers, of numbers, of strings. */
  list(key: string, fallback: readonly number[]): readonly number[];
  numbers(key: string, fallback: readonly number[]): readonly number[];
  texts(key: string, fallback: readonly string[]): readonly string[];
  warn(sentence: string): void;
  refuse(sentence: string): void;
}

/** Reads from `values`; what is wrong goes to `refuse`, what should be known to `warn`. */
export function lookup(
  values: ReadonlyMap<string, unknown>,
  { warn, refuse }: Pick<Lookup, "warn" | "refuse">,
): Lookup {
  const get = <T>(key: string, fallback: T, fits: (value: unknown) => value is T, kind: string): T => {
    const value = values.get(key);
    if (value === undefined || value === "nothing") return fallback;
    if (fits(value)) return value;
    refuse(`${key}: expected ${kind}, got ${show(value)}`);
    return fallback;
  };
  return {
    has: (key) => values.has(key) && values.get(key) !== "nothing",
    number: (key, fallback) => get(key, fallback, isNumber, "a number"),
    integer: (key, fallback) => get(key, fallback, isInteger, "an integer"),
    boolean: (key, fallback) => get(key, fallback, isBoolean, "true or false"),
    text: (key, fallback) => get(key, fallback, isText, "a string"),
    list: (key, fallback) => get(key, fallback, listOf(isInteger), "a list of integers"),
    numbers: (key, fallback) => get(key, fallback, listOf(isNumber), "a list of numbers"),
    texts: (key, fallback) => get(key, fallback, listOf(isText), "a list of strings"),
    warn,
    refuse,
  };
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isInteger = (value: unknown): value is number => Number.isInteger(value);
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const isText = (value: unknown): value is string => typeof value === "string";
const listOf =
  <T>(fits: (value: unknown) => value is T) =>
  (value: unknown): value is readonly T[] =>
    Array.isArray(value) && value.every(fits);
