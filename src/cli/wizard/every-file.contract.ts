import { expect } from "vitest";
import { buildChain } from "../../experiment/build.ts";
import { catalogue } from "../../experiment/parts.ts";
import { members, readRunFile } from "../../experiment/run-file/index.ts";
import type { Device } from "../../kernels/device.ts";
import { askTable } from "./answers.ts";
import type { Respondent, Trial } from "./interview.ts";
import type { Question } from "./question.ts";
import { trialBy } from "./trial.ts";

/** For tests that carry out what the wizard writes. */

/** The same offers are tried again for every file: once is enough. */
export function tryingOnce(device: Device): Trial {
  const tried = new Map<string, string | undefined>();
  const tryOut = trialBy(catalogue, "run.toml", () => device);
  return (plain) => {
    const key = JSON.stringify(plain);
    if (!tried.has(key)) tried.set(key, tryOut(plain));
    return tried.get(key);
  };
}

/** Runs a file that the wizard wrote: an update of thermalisation, where it tunes, one of training, one of production. */
export function runText(text: string, device: Device): void {
  const { runFile } = readRunFile(text, "run.toml", catalogue);
  for (const member of members(runFile, "run.toml", catalogue)) {
    const { chain, state } = buildChain(member.runFile, member.chain, device, catalogue);
    for (let i = 0; i < chain.total; i++) {
      const events = chain.advance(() => 0);
      const values = events.flatMap((event) => (event.type === "measured" ? event.values : []));
      expect(values.every(Number.isFinite)).toBe(true);
    }
    expect(chain.trajectory).toBe(chain.total);
    state.field.release();
  }
}

/** Takes every offer, but these: the question is recorded. */
export function taking(answers: Readonly<Record<string, unknown>>, seen = new Map<string, Question>()): Respondent {
  const { ask, refuse } = askTable(answers, "test");
  const noting = (question: Question) => {
    seen.set(question.key, question);
    return ask(question);
  };
  return { ask: noting, refuse };
}

/** The words that a question with choices offers. */
export const offered = (seen: Map<string, Question>, key: string) =>
  seen.get(key)?.choices?.map(({ value }) => value) ?? [];
