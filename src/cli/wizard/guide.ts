import type { z } from "zod";
import type { Parts } from "../../experiment/catalogue.ts";
import type { Definition } from "../../lattice/definition.ts";
import { trainingSchema } from "../../learning/training/index.ts";
import type { Respondent, Table } from "./interview.ts";
import { askParameters, offeredParameters } from "./parameters.ts";
import { choiceQuestion, type Facts, questionFor } from "./question.ts";

/** Actions of quarks have a boundary condition. */
export const isOfQuarks = ({ parameters }: Definition): boolean => "boundary" in parameters.shape;

/** How much heavier a guide's quark is, by the key that says so: cheaper to invert, and near enough to be corrected. */
const heavier: Readonly<Record<string, number>> = { mass: 4 / 3, kappa: 0.95 };
const network = "covariant-net";
/** The effective action that fits any spins. */
const linear = "linear-spins";
const usualTraining = 500;

/**
 * What a guide begins with: the terms of the action, its quarks heavier and through a network. Undefined where there is no
 * quark: the action itself is then the cheapest guide. Of spins a linear effective action.
 */
export function usualGuide(action: readonly Table[], { actions, maps }: Parts): Table[] | undefined {
  // of spins: one level, whose couplings the update fits
  if (actions.some(({ name }) => name === linear)) return [{ name: linear }];
  const quark = ({ name }: Table) => actions.some((one) => one.name === name && isOfQuarks(one));
  if (!action.some(quark)) return undefined;
  const through = maps.some(({ name }) => name === network) ? { through: { name: network } } : {};
  return action.map((part) => (quark(part) ? { ...heavierThan(part), ...through } : part));
}

function heavierThan({ history: _, ...part }: Table): Table {
  const key = Object.keys(heavier).find((one) => typeof part[one] === "number");
  if (key === undefined) return part;
  const scaled = (x: number) => Number((x * heavier[key]!).toPrecision(3));
  const { hasenbusch } = part;
  const split = Array.isArray(hasenbusch) ? { hasenbusch: hasenbusch.map(scaled) } : {};
  return { ...part, [key]: scaled(part[key] as number), ...split };
}

/** Asks for the quarks of a guide: how heavy they are, and through which map they see the links. */
export async function askGuide(
  to: Respondent,
  prefix: string,
  guide: readonly Table[],
  catalogue: Parts,
  facts: Facts,
): Promise<Table[]> {
  const terms: Table[] = [];
  for (const term of guide) {
    const definition = catalogue.actions.find(({ name }) => name === term.name);
    if (!definition || !isOfQuarks(definition)) terms.push(term);
    else terms.push(await askQuark(to, `${prefix}.guide.${definition.name}`, term, definition, catalogue, facts));
  }
  return terms;
}

async function askQuark(
  to: Respondent,
  prefix: string,
  { through: _, ...term }: Table,
  { parameters }: Definition,
  { maps }: Parts,
  facts: Facts,
): Promise<Table> {
  const quark = { ...term };
  for (const key of Object.keys(heavier)) {
    const schema = (parameters.shape as Record<string, z.core.$ZodType>)[key];
    if (schema && quark[key] !== undefined)
      quark[key] = await to.ask({ ...questionFor(`${prefix}.${key}`, schema, facts), initial: quark[key] });
  }
  const fitting = maps.filter((map) => offeredParameters(map, facts).length > 0);
  const options = fitting.map(({ name, title }) => ({ value: name, hint: title }));
  const first = fitting.some(({ name }) => name === network) ? network : undefined;
  const message = `${String(term.name)} through: the network that the guide's quark sees the links through`;
  const name = await to.ask({
    ...choiceQuestion(`${prefix}.through.name`, message, "one", options, first),
    optional: true,
  });
  const map = fitting.find((one) => one.name === name);
  if (!map) return quark;
  const own = await askParameters(to, `${prefix}.through`, map.parameters, facts);
  return { ...quark, through: { name: map.name, ...own } };
}

/** Asks how long a guide is trained. */
export async function askTraining(to: Respondent): Promise<Table> {
  const { trajectories } = trainingSchema.shape;
  return {
    trajectories: await to.ask({ ...questionFor("training.trajectories", trajectories), initial: usualTraining }),
  };
}
