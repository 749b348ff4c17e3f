import type { z } from "zod";
import { type SpinTrainingOptions, spinTrainingSchema } from "../../learning/spins/regression/options.ts";
import { type TrainingOptions, trainingSchema } from "../../learning/training/index.ts";
import { readTable, type Say } from "./parts.ts";
import { isTable } from "./schema.ts";
import { show } from "./sentence.ts";
import type { UpdatePart } from "./types.ts";

/** The keys of `[training]`, which are others where actions of spins are learnt. */
export const trainingSchemaFor = (spins: boolean): z.ZodObject => (spins ? spinTrainingSchema : trainingSchema);

/** `[training]`: how the guide of an update is trained before production. */
export function readTraining(
  value: unknown,
  spins: boolean,
  say: Say,
): TrainingOptions | SpinTrainingOptions | undefined {
  if (!isTable(value)) return void say(`training: expected a table, got ${show(value)}`);
  if ("prior" in value)
    return void say("training.prior: stands in [update], as prior = { steps = 20 }: it belongs to the trajectories");
  if (spins) return readTable(spinTrainingSchema, value, ["training"], "[training]", say);
  return readTable(trainingSchema, value, ["training"], "[training]", say);
}

/**
 * The table without keys that are what they would be if left out: such defaults depend on other keys, and follow them where
 * those are scanned.
 */
export function essentialTraining(full: Readonly<Record<string, unknown>>, spins: boolean): Record<string, unknown> {
  const schema = trainingSchemaFor(spins);
  const meaning = (table: Readonly<Record<string, unknown>>) => {
    const { success, data } = schema.safeParse(table);
    return success ? JSON.stringify(inOrder(data, spins)) : undefined;
  };
  return Object.keys(full).reduce<Record<string, unknown>>((table, key) => {
    const { [key]: _, ...without } = table;
    return meaning(without) === meaning(full) ? without : table;
  }, full);
}

/** In the order of the schema, whatever was given and what was filled in. */
export const inOrder = (training: object, spins: boolean): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(trainingSchemaFor(spins).shape).map(
      (key) => [key, (training as Record<string, unknown>)[key]] as const,
    ),
  );

/** Says why there is nothing that could be trained. */
export function checkTraining(update: readonly UpdatePart[], guided: readonly string[], say: Say): void {
  const guides = update.filter(({ guide }) => guide !== undefined);
  if (guides.length === 0)
    say(
      `training: there is no guide to be trained; it belongs to [update] with name = ${guided.map(show).join(" or ")}, or leave [training] out`,
    );
  if (guides.length > 1)
    say("training: the updates have several guides, and one at a time is trained; leave one of them out");
}
