import { cancel, confirm, intro, isCancel, log, multiselect, outro, select, text } from "@clack/prompts";
import type { Respondent } from "./interview.ts";
import { fieldText, type Question } from "./question.ts";

/** The person pressed Ctrl-C. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}

/**
 * A person at the terminal, who on a second time is offered the answers of the first. Throws Cancelled.
 */
export function person(): Respondent {
  const given = new Map<string, unknown>();
  return {
    async ask(question) {
      if (question.rich && question.optional) return question.initial;
      const again = given.get(question.key);
      const stillOffered = again !== undefined && question.refuse(again) === undefined;
      const answer = await ask(stillOffered ? { ...question, initial: again } : question);
      given.set(question.key, answer);
      return answer;
    },
    refuse: async (_, sentence) => log.error(`that cannot run: ${sentence}`),
  };
}

export const greet = (version: string): void => intro(`plaquette ${version}: a new run file`);
export const farewell = (line: string): void => outro(line);
export const giveUp = (): void => cancel("nothing was written");

async function ask(question: Question): Promise<unknown> {
  const answer = await prompt(question);
  if (isCancel(answer)) throw new Cancelled("cancelled");
  return answer === leaveOut ? undefined : answer;
}

const leaveOut = "(leave out)";

async function prompt(question: Question): Promise<unknown> {
  const { message, kind, initial, choices = [] } = question;
  const options = choices.map(({ value, hint }) => (hint === undefined ? { value } : { value, hint }));
  if (kind === "yes-or-no") return confirm({ message, initialValue: initial === true });
  if (kind === "several") return multiselect({ message, options, initialValues: initial as string[], required: true });
  if (kind === "one") {
    const all = question.optional && initial === undefined ? [{ value: leaveOut }, ...options] : options;
    return select({ message, options: all, initialValue: String(initial ?? all[0]?.value) });
  }
  return askText(question);
}

/** An empty line takes the offered answer, or leaves an optional key out. */
async function askText(question: Question): Promise<unknown> {
  const { message, initial, optional, parse, refuse } = question;
  const offered = fieldText(initial);
  const answer = await text({
    message,
    placeholder: offered || (optional ? "empty: left out" : ""),
    defaultValue: offered,
    validate: (typed = "") => (typed.trim() === "" ? emptyRefusal(question) : refuse(parse(typed))),
  });
  if (isCancel(answer)) return answer;
  return answer.trim() === "" ? initial : parse(answer);
}

const emptyRefusal = ({ initial, optional }: Question): string | undefined =>
  initial === undefined && !optional ? "this one needs an answer" : undefined;
