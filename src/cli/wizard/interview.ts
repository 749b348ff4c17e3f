import { z } from "zod";
import { type Catalogue, type Parts, partsFor } from "../../experiment/catalogue.ts";
import { everySchema, head, repeatSchema } from "../../experiment/run-file/head.ts";
import type { ActionPart } from "../../experiment/run-file/index.ts";
import { seaQuarks } from "../../experiment/run-file/sea-quark.ts";
import type { Definition } from "../../lattice/definition.ts";
import { askField, startsOf, type Top } from "./field.ts";
import { askGuide, askTraining, isOfQuarks, usualGuide } from "./guide.ts";
import { askParameters, offeredParameters } from "./parameters.ts";
import { choiceQuestion, type Facts, type Question, questionFor } from "./question.ts";

/** Answers a question; undefined leaves an optional key out. */
export type Ask = (question: Question) => Promise<unknown>;

/** Whoever is asked: a person, or a table of answers. */
export interface Respondent {
  readonly ask: Ask;
  /** Is told why the answers about `key` cannot stand. Returns to be asked again, or throws. */
  refuse(key: string, sentence: string): Promise<void>;
}

/** What keeps a run of these answers from being carried out, in a sentence; undefined where nothing does. */
export type Trial = (plain: Readonly<Record<string, unknown>>) => string | undefined;

export type Table = Record<string, unknown>;

/**
 * Asks for everything a run file needs, from the schemas of the catalogue, and offers only what `trial` lets pass.
 * Returns plain data of a run file.
 */
export async function interview(all: Catalogue, to: Respondent, trial: Trial): Promise<Table> {
  const of: Top = (key, extra = {}) => to.ask({ ...questionFor(key, head.shape[key]), ...extra });
  const { base, facts, first } = await askField(to, of);
  const catalogue = partsFor(all, base);
  const anyUpdate = { update: { name: first.update } };

  const action = await askParts(to, catalogue.actions, facts, {
    family: "action",
    message: "the action is the sum of these terms",
    first: first.action,
    finish: (part, fits) => askThrough(to, catalogue, facts, part, fits),
    trial: (parts) => trial({ ...base, ...anyUpdate, action: parts, measure: {} }),
  });
  const isGuided = ({ name }: Table) => catalogue.updates.some((one) => one.name === name && one.guided);
  const usual = usualGuide(action, catalogue);
  const withGuide = (part: Table, guide: readonly Table[] | undefined) =>
    isGuided(part) && guide ? { ...part, guide } : part;
  const update = await askParts(to, catalogue.updates, facts, {
    family: "update",
    message: "the update; several make a mixture",
    first: first.update,
    complete: (part) => withGuide(part, usual),
    finish: async (part) => {
      if (!isGuided(part) || !usual) return part;
      const guide = await askGuide(to, `update.${String(part.name)}`, usual, catalogue, facts);
      return { ...part, guide };
    },
    trial: (parts) => {
      // one that cannot be alone is tried with a partner that always fits
      const partner = lonely(
        catalogue.updates,
        parts.map(({ name }) => String(name)),
      )
        ? [{ name: first.update }]
        : [];
      return trial({ ...base, action, update: [...parts, ...partner], measure: {} });
    },
  });
  if (update.length > 1)
    for (const part of update)
      part.repeat = await to.ask(questionFor(`update.${String(part.name)}.repeat`, repeatSchema));
  // levels of spins are fitted by the update itself
  const trains = facts.spins === undefined && update.filter(isGuided).length === 1;
  const training = trains ? { training: await askTraining(to) } : {};
  const known = { ...base, action, ...training, update: update.length === 1 ? update[0] : update };
  const start = await askStart(to, facts, (answer) => trial({ ...known, measure: {}, start: answer }));
  const measured = (wanted: Table) => trial({ ...known, measure: wanted });
  const measure = await askMeasure(to, { ...catalogue, first: first.observable }, facts, action, measured);
  const run = {
    thermalise: await of("thermalise"),
    trajectories: await of("trajectories"),
    chains: await of("chains"),
    seed: await of("seed", { parse: (text) => text.trim() }),
  };
  const save = await askSave(to, catalogue, (wanted) => trial({ ...known, measure: {}, save: wanted }));
  const { action: _, update: __, training: ___, ...rest } = { training: undefined, ...known };
  return { ...rest, start, ...run, action, update: known.update, ...training, measure, ...(save ? { save } : {}) };
}

/** Asks until `check` has no complaint, which the respondent is told. */
async function insist<T>(
  to: Respondent,
  key: string,
  answer: () => Promise<T>,
  check: (answer: T) => string | undefined,
) {
  for (;;) {
    const given = await answer();
    const problem = check(given);
    if (problem === undefined) return given;
    await to.refuse(key, problem);
  }
}

async function askStart(to: Respondent, facts: Facts, check: (start: unknown) => string | undefined) {
  const words = [...startsOf(facts), { value: "file", hint: "a stored configuration" }];
  const answer = await to.ask(choiceQuestion("start", "start configuration", "one", words, "cold"));
  if (answer !== "file") return answer;
  const path = z.string().min(1).describe("path of the configuration");
  const ask = async () => {
    const file = String(await to.ask(questionFor("start-file", path)));
    return /[./\\]/.test(file) ? file : `./${file}`;
  };
  return insist(to, "start-file", ask, check);
}

/** Why these parts cannot be all there is, if they cannot. */
function lonely(list: readonly Definition[], names: readonly string[]): string | undefined {
  const reasons = names.map((name) => list.find((entry) => entry.name === name)?.needsPartner);
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
}

interface PartsQuestion {
  readonly family: "action" | "update";
  readonly message: string;
  /** The part offered first. */
  readonly first: string;
  readonly trial: (parts: readonly Table[]) => string | undefined;
  /** What a part is tried with before anything was asked of it. */
  readonly complete?: (part: Table) => Table;
  /** Asks for what the run file adds to a part; `fits` tries the part with it. */
  readonly finish?: (part: Table, fits: (whole: Table) => boolean) => Promise<Table>;
}

async function askParts(
  to: Respondent,
  list: readonly Definition[],
  facts: Facts,
  about: PartsQuestion,
): Promise<Table[]> {
  const { family, message, first, trial, finish, complete = (part) => part } = about;
  const offers = new Map(
    list.map((one) => [
      one,
      offeredParameters(one, facts).filter((offer) => trial([complete({ name: one.name, ...offer })]) === undefined),
    ]),
  );
  const fitting = list.filter((one) => offers.get(one)!.length > 0);
  // Nothing fits: the sentence of the usual part says why.
  const options = (fitting.length > 0 ? fitting : list).map(({ name, title }) => ({ value: name, hint: title }));
  const initial = [options.some(({ value }) => value === first) ? first : options[0]!.value];
  const question = choiceQuestion(family, `${family}: ${message}`, "several", options, initial);
  const names = await insist(
    to,
    family,
    async () => (await to.ask(question)) as string[],
    (chosen) => lonely(list, chosen),
  );
  const parts: Table[] = [];
  for (const name of names) {
    const definition = list.find((entry) => entry.name === name)!;
    const ask = async () => {
      const fitting = { fitting: offers.get(definition)! };
      const own = await askParameters(to, `${family}.${name}`, definition.parameters, facts, fitting);
      const part = { name, ...own };
      return finish ? finish(part, (whole) => trial([...parts, whole]) === undefined) : part;
    };
    parts.push(await insist<Table>(to, `${family}.${name}`, ask, (part) => trial([...parts, part])));
  }
  return parts;
}

/** Asks whether a quark action, which is what is taken on smeared links, sees such, of the maps that fit. */
async function askThrough(
  to: Respondent,
  { actions, maps }: Parts,
  facts: Facts,
  part: Table,
  fits: (whole: Table) => boolean,
): Promise<Table> {
  if (!actions.some((entry) => entry.name === part.name && isOfQuarks(entry))) return part;
  const fitting = maps.filter(
    (map) =>
      !map.learns &&
      offeredParameters(map, facts).some((offer) => fits({ ...part, through: { name: map.name, ...offer } })),
  );
  if (fitting.length === 0) return part;
  const key = `action.${String(part.name)}.through`;
  const message = `${String(part.name)} through: a map that smears the links it sees`;
  const options = fitting.map(({ name, title }) => ({ value: name, hint: title }));
  const name = await to.ask({
    ...choiceQuestion(`${key}.name`, message, "one", options, undefined),
    optional: true,
  });
  const map = fitting.find((entry) => entry.name === name);
  if (!map) return part;
  return { ...part, through: { name: map.name, ...(await askParameters(to, key, map.parameters, facts)) } };
}

/** A plain part of the run file, its parameters apart. */
function partOf({ name, through, ...parameters }: Table): ActionPart {
  const part = { name: String(name), parameters };
  return through === undefined ? part : { ...part, through: partOf(through as Table) };
}

async function askMeasure(
  to: Respondent,
  { observables, first }: Pick<Parts, "observables"> & { readonly first: string },
  facts: Facts,
  action: readonly Table[],
  trial: (measure: Table) => string | undefined,
): Promise<Table> {
  const fitting = observables.filter(({ name }) => trial({ [name]: 1 }) === undefined);
  const options = fitting.map(({ name, title }) => ({ value: name, hint: title }));
  const initial = [fitting.some(({ name }) => name === first) ? first : fitting[0]!.name];
  const names = (await to.ask(
    choiceQuestion("measure", "observables to measure", "several", options, initial),
  )) as string[];
  const measure: Table = {};
  for (const name of names) {
    const key = `measure.${name}`;
    const definition = observables.find((entry) => entry.name === name)!;
    const ask = async () => {
      const every = await to.ask({
        ...questionFor(`${key}.every`, everySchema),
        message: `${name}: measured every n updates`,
      });
      const [instead = {}] = seaQuarks(action.map(partOf), definition);
      const parameters = await askParameters(to, key, definition.parameters, facts, { instead });
      return Object.keys(parameters).length === 0 ? every : { every, ...parameters };
    };
    measure[name] = await insist(to, key, ask, (wanted) => trial({ [name]: wanted }));
  }
  return measure;
}

async function askSave(
  to: Respondent,
  { formats }: Parts,
  trial: (save: Table) => string | undefined,
): Promise<Table | undefined> {
  const schema = head.shape.save.unwrap().shape;
  const configurations = await to.ask(questionFor("save.configurations", schema.configurations));
  if (configurations === 0) return undefined;
  const options = formats
    .filter((format) => format.write !== undefined)
    .filter(({ name }) => trial({ configurations: 1, format: name }) === undefined)
    .map(({ name, title }) => ({ value: name, hint: title }));
  return {
    configurations,
    format: await to.ask(choiceQuestion("save.format", "file format", "one", options, options[0]?.value)),
  };
}
