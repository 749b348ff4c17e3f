import { z } from "zod";
import { type Catalogue, type FormatEntry, partsFor } from "../../experiment/catalogue.ts";
import { type Recipe, recipes } from "../../experiment/recipes/index.ts";
import { guideKeys, levelKeys, modelSchema } from "../../experiment/run-file/guide.ts";
import { bare, defaultOf, describe, isOptional, namedTables, typeName } from "../../experiment/run-file/schema.ts";
import { didYouMean } from "../../experiment/run-file/suggest.ts";
import type { Definition } from "../../lattice/definition.ts";
import { spinTrainingSchema } from "../../learning/spins/regression/options.ts";
import { trainingSchema } from "../../learning/training/index.ts";
import { command } from "../command-line/command.ts";
import { UsageError } from "../command-line/errors.ts";
import { columns } from "../format.ts";

const families = {
  actions: "terms of the action: [[action]]",
  maps: 'maps of the links that an action is taken through: through = { name = "…" }, parameters',
  updates: "updates: [update], or [[update]] several times",
  training: "training of the guide that an update follows: [training]",
  observables: "observables: [measure]",
  formats: "file formats",
  "spin-actions": "terms of the action in a run of spins, and effective actions for the levels of a guide",
  "spin-updates": "updates in a run of spins",
  "spin-training": "training of effective actions in a run of spins: [training]",
  "spin-observables": "observables in a run of spins: [measure]",
  recipes: "results of the literature: plaquette reproduce NAME",
} as const;
type Family = keyof typeof families;
const familyNames = Object.keys(families) as Family[];

/** [training] is no part of a catalogue: there is one of it. */
const training: Definition = {
  name: "training",
  title: "how the guide learns, in trajectories of HMC after those of thermalise",
  cite: ["Y. Nagai, A. Tomiya, Phys. Rev. D 111 (2025) 074501"],
  parameters: trainingSchema,
  build: () => undefined,
};

/** The same in a run of spins. */
const spinTraining: Definition = {
  name: "training",
  title: "how the last level of the guide learns the action, in updates after those of thermalise",
  cite: ["Y. Nagai, A. Tomiya, J. Phys. Soc. Jpn. 93 (2024) 114007, arXiv:2306.11527"],
  parameters: spinTrainingSchema,
  build: () => undefined,
};

type Part = Definition | FormatEntry | Recipe;

function partsOf(catalogue: Catalogue, family: Family): readonly Part[] {
  const { actions, updates, observables } = partsFor(catalogue, { spins: true });
  const ofSpins = { "spin-actions": actions, "spin-updates": updates, "spin-observables": observables };
  return {
    ...catalogue,
    training: [training],
    recipes,
    ...ofSpins,
    "spin-training": catalogue.spins ? [spinTraining] : [],
  }[family];
}

/** What the run file gives to an update along a guide, besides its own keys. */
const guidance: Readonly<Record<string, z.core.$ZodType>> = {
  model: modelSchema.optional(),
  guide: z
    .array(z.object({ name: z.string().describe("an action; its keys stand here, too"), ...guideKeys.shape }))
    .describe("terms of the action to follow: [[update.guide]]"),
};

/** What a run file of spins gives to an update with levels. */
const levels: Readonly<Record<string, z.core.$ZodType>> = {
  guide: z
    .array(z.object({ name: z.string().describe("an effective action; its keys stand here, too"), ...levelKeys.shape }))
    .describe("effective actions, one a level: the first makes proposals, each further one decides of them"),
};

/** All keys of a part in a run file. */
const keysOf = ({ parameters, guided }: Definition, family: Family): [string, z.core.$ZodType][] =>
  Object.entries({ ...parameters.shape, ...(guided ? (isOfSpins(family) ? levels : guidance) : {}) });

const isOfSpins = (family: Family): boolean => family.startsWith("spin-");

export const list = command({
  name: "list",
  summary: "Show actions, maps, updates, training, observables and file formats with their parameters, and recipes",
  args: {
    what: {
      type: "positional",
      required: false,
      description: "a family (actions, maps, updates, training, observables, formats, recipes), spins, or a name",
    },
    json: { type: "boolean", description: "print the entries as JSON" },
  },
  examples: [
    ["plaquette list", "everything"],
    ["plaquette list updates", "one family"],
    ["plaquette list hmc", "one part, with its references"],
    ["plaquette list spins", "all that a run of spins can name"],
  ],
  async run(args, terminal) {
    const catalogue = await terminal.catalogue();
    terminal.out.write(args.json ? listJson(catalogue, args.what) : listText(catalogue, args.what));
    return 0;
  },
});

interface Entry {
  readonly family: Family;
  readonly part: Part;
}

/** The entries of a family or of a name, or all. Throws UsageError. */
function entries(catalogue: Catalogue, what: string | undefined): Entry[] {
  const all = familyNames.flatMap((family) => partsOf(catalogue, family).map((part): Entry => ({ family, part })));
  if (what === undefined) return all;
  const found = all.filter(
    ({ family, part }) => family === what || part.name === what || (what === "spins" && isOfSpins(family)),
  );
  if (found.length > 0) return found;
  const words = [...familyNames, "spins", ...all.map(({ part }) => part.name)];
  throw new UsageError(`plaquette list: there is no ${what}${didYouMean(what, words)} (one of ${words.join(", ")})`);
}

/** For people. References are shown where one part is asked for. */
export function listText(catalogue: Catalogue, what?: string): string {
  const found = entries(catalogue, what);
  const sections = familyNames.flatMap((family) => {
    const parts = found.filter((entry) => entry.family === family).map(({ part }) => part);
    return parts.length === 0
      ? []
      : [[families[family], ...parts.map((part) => describePart(part, family, found.length <= 2))].join("\n\n")];
  });
  return `${sections.join("\n\n\n")}\n`;
}

function describePart(part: Part, family: Family, references: boolean): string {
  const lines = [`  ${part.name}: ${part.title}`];
  if ("parameters" in part) {
    const rows = keysOf(part, family).flatMap(([key, schema]) => parameterRows(key, schema));
    if (rows.length > 0) lines.push(columns(rows, "    "));
  } else if ("extensions" in part)
    lines.push(`    ${part.extensions.join(", ")}${part.write === undefined ? " (read only)" : ""}`);
  else lines.push(...describeRecipe(part, references));
  if (references) lines.push(...part.cite.map((text) => `    ${text}`));
  return lines.join("\n");
}

/** How long each size of a recipe takes; where it alone is asked for, what it is and its runs. */
function describeRecipe({ minutes, about, example, runs }: Recipe, alone: boolean): string[] {
  const times = `minutes on two idle cores: ${minutes.quick} (--quick), ${minutes.usual}, ${minutes.full} (--full)`;
  if (!alone) return [`    ${times}`];
  const rows = runs("full").map(({ name, about: what }) => [name, what]);
  return [
    `    ${times}`,
    ...about.map((line) => `    ${line}`),
    columns(rows, "    "),
    `    to begin with: ${example}`,
  ];
}

/** The parameter, and below it the keys of the table, or of the tables in the list, that it is. */
function parameterRows(key: string, schema: z.core.$ZodType): string[][] {
  const { def } = bare(schema)._zod;
  const list = def.type === "array";
  const inner = list ? bare((def as z.core.$ZodArrayDef).element) : bare(schema);
  return [parameterRow(key, schema), ...tableRows(list ? `${key}[]` : key, inner)];
}

/** The keys of a table; where it is one of several kinds, told apart by a name, with the kinds that have the key. */
function tableRows(prefix: string, schema: z.core.$ZodType): string[][] {
  if (schema._zod.def.type === "object")
    return Object.entries((schema as z.ZodObject).shape).flatMap(([key, entry]) =>
      parameterRows(`${prefix}.${key}`, entry),
    );
  const kinds = namedTables(schema) ?? [];
  const owners = new Map<string, string[]>();
  for (const { name, table } of kinds)
    for (const row of tableRows(prefix, table).filter(([key]) => key !== `${prefix}.name`))
      owners.set(JSON.stringify(row), [...(owners.get(JSON.stringify(row)) ?? []), name]);
  const rows = [...owners].map(([text, names]) => {
    const [about = "", ...cells] = (JSON.parse(text) as string[]).reverse();
    return [...cells.reverse(), names.length === kinds.length ? about : `${names.join(", ")}: ${about}`];
  });
  const name = [`${prefix}.name`, "choice", "required", kinds.map((kind) => JSON.stringify(kind.name)).join(" | ")];
  return kinds.length === 0 ? [] : [name, ...rows];
}

function parameterRow(key: string, schema: z.core.$ZodType): string[] {
  const fallback = defaultOf(schema);
  const standing =
    fallback !== undefined ? `default ${JSON.stringify(fallback)}` : isOptional(schema) ? "optional" : "required";
  const type = typeName(schema);
  // A long list of choices would push the descriptions off the screen.
  return type.length <= 40
    ? [key, type, standing, describe(schema)]
    : [key, "choice", standing, `${describe(schema)} [${type}]`];
}

/** For machines. */
export function listJson(catalogue: Catalogue, what?: string): string {
  const rows = entries(catalogue, what).map(({ family, part }) => ({
    family,
    name: part.name,
    title: part.title,
    cite: part.cite,
    ...("parameters" in part
      ? {
          parameters: keysOf(part, family).map(([key, schema]) => ({
            key,
            type: typeName(schema),
            required: !isOptional(schema),
            default: defaultOf(schema),
            description: describe(schema),
          })),
        }
      : "extensions" in part
        ? { extensions: part.extensions, write: part.write !== undefined }
        : {
            about: part.about,
            minutes: part.minutes,
            runs: part.runs("full").map(({ name, about }) => ({ name, about })),
          }),
  }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}
