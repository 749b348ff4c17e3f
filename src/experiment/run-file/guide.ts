import { z } from "zod";
import type { Definition } from "../../lattice/definition.ts";
import type { Parts } from "../catalogue.ts";
import { asList, type Path, readTable, readTerm, type Say } from "./parts.ts";
import { isTable } from "./schema.ts";
import { pathName, show } from "./sentence.ts";
import { closest } from "./suggest.ts";
import type { ActionPart, GuidePart } from "./types.ts";

/** Where a guide takes its weights from. */
export const modelSchema = z
  .string()
  .min(1)
  .describe(
    "a trained model whose weights the guide begins with: its directory, that of its run, a .safetensors, or of a Transformer one set in a .json#n",
  );

/** What a term of a guide has besides the keys of an action. */
export const guideKeys = z.strictObject({
  scale: z.number().default(1).describe("factor in front of this term"),
  "learn-scale": z.boolean().default(false).describe("whether that factor is trained, too"),
  like: z
    .int()
    .min(0)
    .optional()
    .describe(
      "number (from 0) of the action whose pseudofermion this term sees; may be left out where one action only has its name",
    ),
});

/** What a level of effective actions of spins has besides the keys of an action. */
export const levelKeys = z.strictObject({
  model: modelSchema.optional(),
  grow: z
    .boolean()
    .default(false)
    .describe(
      "whether the model may be a smaller one, with fewer layers, heads or shells: what is more changes nothing yet",
    ),
});

/**
 * `[[update.guide]]`: the terms of the action that molecular dynamics follows, each as an `[[action]]` with keys of its
 * own. `path` is that of the list.
 */
export function readGuide({ actions, maps }: Parts, value: unknown, path: Path, say: Say): readonly GuidePart[] {
  const tables = asList(pathName(path), actions, value, say, "update.guide");
  return tables.flatMap((table, i) => {
    const at = [...path, i];
    const { own, rest } = apart(table, guideKeys, actions, at, say);
    const keys = readTable(guideKeys, own, at, "a guide", say);
    const term = readTerm(actions, maps, rest, at, say);
    if (!keys || !term) return [];
    const { scale, "learn-scale": learnScale, like } = keys;
    return [{ ...term, scale, learnScale, ...(like === undefined ? {} : { like }) }];
  });
}

/**
 * `[[update.guide]]` of spins: effective actions, one a level. The inner chain is that of the first, each further one
 * decides of what those before it propose, and the action of the run decides last. Where a level names no temperature it
 * is that of the action.
 */
export function readLevels(
  { actions, maps }: Parts,
  value: unknown,
  action: readonly ActionPart[],
  path: Path,
  say: Say,
): readonly GuidePart[] {
  const temperature = action[0]?.parameters.temperature;
  const tables = asList(pathName(path), actions, value, say, "update.guide");
  return tables.flatMap((table, i) => {
    const at = [...path, i];
    const { own, rest } = apart(table, levelKeys, actions, at, say);
    const keys = readTable(levelKeys, own, at, "a level", say);
    const follows = isTable(rest) && rest.temperature === undefined && temperature !== undefined;
    const term = readTerm(actions, maps, follows ? { temperature, ...rest } : rest, at, say);
    if (!keys || !term) return [];
    if (keys.grow && keys.model === undefined)
      say(`${pathName([...at, "grow"])}: there is no model to grow from; name one, model = "…", or leave grow out`);
    return [
      {
        ...term,
        ...(keys.grow ? { grow: true } : {}),
        ...(follows ? { follows: ["temperature"] } : {}),
        ...(keys.model === undefined ? {} : { model: keys.model }),
      },
    ];
  });
}

/** The keys of the guide apart from those of its action; a key that belongs to neither and is near to ours is told. */
function apart(value: unknown, keys: z.ZodObject, actions: readonly Definition[], path: Path, say: Say) {
  if (!isTable(value)) return { own: {}, rest: value };
  const table: Readonly<Record<string, unknown>> = value;
  const ownKeys: readonly string[] = Object.keys(keys.shape);
  const shape = actions.find(({ name }) => name === table.name)?.parameters.shape ?? {};
  const own: Record<string, unknown> = {};
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(table)) {
    const near = closest(key, [...ownKeys, "through", ...Object.keys(shape), "name"]);
    if (ownKeys.includes(key)) own[key] = value;
    else if (key in shape || key === "name" || key === "through" || near === undefined || near in shape)
      rest[key] = value;
    else say(`${pathName([...path, key])}: unknown; did you mean ${show(near)}? (a guide takes ${ownKeys.join(", ")})`);
  }
  return { own, rest };
}

/** Keys that decide where a pseudofermion lives and how many there are. */
const shapeKeys = ["flavours", "sites", "preconditioning", "ls", "hasenbusch"] as const;

/** Quarks with pseudofermions have a boundary among their keys. */
const hasPseudofermion = ({ name }: ActionPart, actions: readonly Definition[]): boolean =>
  "boundary" in (actions.find((one) => one.name === name)?.parameters.shape ?? {});

/** Number of the action whose pseudofermion a term of a guide sees; -1 where there is none. */
export const likeOf = ({ name, like }: GuidePart, action: readonly ActionPart[]): number =>
  like ?? action.findIndex((part) => part.name === name);

/**
 * Says what keeps a guide from following this action: a quark whose pseudofermion the action does not have, or has in
 * another shape, since only one is drawn and both must see it.
 */
export function checkGuide(
  guide: readonly GuidePart[],
  action: readonly ActionPart[],
  actions: readonly Definition[],
  path: Path,
  say: Say,
): void {
  for (const [i, term] of guide.entries()) {
    const tell = (key: string, problem: string) => say(`${pathName([...path, i, key])}: ${problem}`);
    if (hasPseudofermion(term, actions)) checkQuark(term, action, tell);
    else if (term.like !== undefined) tell("like", `${term.name} has no pseudofermion; leave like out`);
  }
}

function checkQuark(term: GuidePart, action: readonly ActionPart[], tell: (key: string, problem: string) => void) {
  const { name, like, parameters } = term;
  const number = likeOf(term, action);
  const target = action[number];
  const choices = action.flatMap((part, i) => (part.name === name ? [i] : []));
  if (Number(parameters.history ?? 0) > 0)
    tell("history", "past solutions are forgotten when a pseudofermion is drawn, and a guide draws none; leave it out");
  if (like === undefined && choices.length > 1)
    return tell(
      "like",
      `missing; action ${choices.join(" and ")} are ${name}, each with a pseudofermion of its own; say which one this term sees, ${choices.map((i) => `like = ${i}`).join(" or ")}`,
    );
  if (!target && like === undefined)
    return tell(
      "name",
      `${name} needs the pseudofermion of a ${name} action, and this run has none; add [[action]] name = ${show(name)}, or leave this term out`,
    );
  if (!target) return tell("like", `there is no action ${like}; they are numbered from 0 to ${action.length - 1}`);
  if (target.name !== name)
    return tell("like", `action[${like}] is ${target.name}, whose pseudofermion is none of ${name}`);
  for (const key of shapeKeys) {
    const [own, theirs] = [parameters[key], target.parameters[key]].map((value) => shapeOf(key, value));
    if (own !== theirs)
      tell(
        key,
        `${own} here and ${theirs} in action[${number}]; a guide sees the pseudofermion of the action, so both must agree`,
      );
  }
}

/** Of mass splitting only the number of factors counts, their masses are the guide's own. */
const shapeOf = (key: (typeof shapeKeys)[number], value: unknown): string =>
  value === undefined
    ? "not given"
    : key === "hasenbusch"
      ? `${(value as readonly unknown[]).length} heavier`
      : show(value);
