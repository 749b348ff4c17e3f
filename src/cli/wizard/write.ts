import type { z } from "zod";
import { type Catalogue, type Parts, partsFor } from "../../experiment/catalogue.ts";
import { guideKeys, levelKeys, modelSchema } from "../../experiment/run-file/guide.ts";
import { head, repeatSchema } from "../../experiment/run-file/head.ts";
import { checkRunFile } from "../../experiment/run-file/index.ts";
import { bare, choices, describe } from "../../experiment/run-file/schema.ts";
import { type Comment, writeToml } from "../../experiment/run-file/toml.ts";
import { trainingSchemaFor } from "../../experiment/run-file/training.ts";
import type { Definition } from "../../lattice/definition.ts";

/**
 * The text of a run file with a comment on every key, from the descriptions in the schemas. `file` is the name it will
 * have. Throws RunFileError where the answers do not make a run file that can run.
 */
export function writeRunFile(plain: Readonly<Record<string, unknown>>, file: string, catalogue: Catalogue): string {
  checkRunFile(plain, file, catalogue);
  return `# A run file of Plaquette: plaquette run ${file}\n\n${writeToml(plain, commentFrom(partsFor(catalogue, plain), plain.spins !== undefined))}`;
}

const commentFrom =
  (catalogue: Parts, spins: boolean): Comment =>
  ([section, key, ...deeper], table) => {
    const families: Readonly<Record<string, readonly Definition[]>> = {
      action: catalogue.actions,
      update: catalogue.updates,
    };
    const list = families[section!];
    if (section === "update" && key === "guide")
      return partComment(catalogue.actions, deeper[0], table, (spins ? levelKeys : guideKeys).shape);
    if (list) return partComment(list, key, table, { model: modelSchema });
    if (section === "training")
      return key === undefined ? "how the guide learns" : describe((trainingSchemaFor(spins).shape as Shape)[key]!);
    if (section === "measure") return measureComment(catalogue.observables, key);
    const top = (head.shape as Readonly<Record<string, z.core.$ZodType>>)[section!];
    if (!top || key === undefined) return top && describe(top);
    const field = (bare(top) as z.ZodObject).shape[key];
    return field && describe(field);
  };

type Shape = Readonly<Record<string, z.core.$ZodType>>;

function partComment(
  list: readonly Definition[],
  key: string | undefined,
  table: Readonly<Record<string, unknown>>,
  further: Shape,
) {
  const definition = list.find((entry) => entry.name === table.name);
  if (key === undefined) return definition?.title;
  if (key === "name") return undefined;
  if (key === "repeat") return describe(repeatSchema);
  if (key === "through") return "the links are smeared before the action sees them";
  const schema = (definition?.parameters.shape as Shape | undefined)?.[key] ?? further[key];
  const words = schema && choices(schema);
  return schema && `${describe(schema)}${words ? ` [${words.join(" | ")}]` : ""}`;
}

function measureComment(list: readonly Definition[], key: string | undefined): string | undefined {
  if (key === undefined) return "every n updates; parameters in a table { every = n, … }";
  return list.find((entry) => entry.name === key)?.title;
}
