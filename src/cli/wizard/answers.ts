import { didYouMean } from "../../experiment/run-file/suggest.ts";
import { UsageError } from "../command-line/errors.ts";
import type { Respondent } from "./interview.ts";

/**
 * Answers from a table (key of the question -> value), and the offered answer for every other question. `source` names
 * the table in errors. `refuseUnused` throws after the interview where an answer belonged to no question.
 * Throws UsageError.
 */
export function askTable(
  answers: Readonly<Record<string, unknown>>,
  source: string,
): Respondent & { refuseUnused(): void } {
  const asked = new Set<string>();
  return {
    async ask(question) {
      asked.add(question.key);
      const given = answers[question.key];
      const value = given === undefined ? question.initial : given;
      if (value === undefined && question.optional) return undefined;
      if (value === undefined) throw new UsageError(`${source}: ${question.key} has no default; give it an answer`);
      const parsed = typeof value === "string" && given !== undefined ? question.parse(value) : value;
      const problem = question.refuse(parsed);
      if (problem !== undefined) throw new UsageError(`${source}: ${question.key}: ${problem}`);
      return parsed;
    },
    async refuse(key, sentence) {
      throw new UsageError(`${source}: ${key}: ${sentence}`);
    },
    refuseUnused() {
      const stray = Object.keys(answers).find((key) => !asked.has(key));
      if (stray !== undefined)
        throw new UsageError(
          `${source}: ${stray} answers no question${didYouMean(stray, asked)} (asked: ${[...asked].join(", ")})`,
        );
    },
  };
}
