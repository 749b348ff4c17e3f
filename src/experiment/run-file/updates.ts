import type { Definition } from "../../lattice/definition.ts";
import type { Parts } from "../catalogue.ts";
import { modelSchema, readGuide, readLevels } from "./guide.ts";
import { repeatSchema } from "./head.ts";
import { asList, type Path, readCount, readPart, type Say } from "./parts.ts";
import { isTable } from "./schema.ts";
import { complaint, pathName, show } from "./sentence.ts";
import type { ActionPart, UpdatePart } from "./types.ts";

/** `[update]`, or `[[update]]` several times: a mixture, each with `repeat`, and of those that are guided with a guide. */
export function readUpdates(
  catalogue: Parts,
  value: unknown,
  action: readonly ActionPart[],
  spins: boolean,
  say: Say,
): readonly UpdatePart[] {
  const { updates } = catalogue;
  const tables = asList("update", updates, value, say);
  return tables.flatMap((table, i) => {
    const path = Array.isArray(value) ? ["update", i] : ["update"];
    const { repeat: given, guide, model, ...rest } = isTable(table) ? table : ({} as Record<string, unknown>);
    const repeat = readCount(repeatSchema, given, [...path, "repeat"], say);
    const part = readPart("update", updates, isTable(table) ? rest : table, path, say);
    const definition = isTable(table) ? updates.find(({ name }) => name === table.name) : undefined;
    const extra = definition && guidance(definition, { guide, model }, { catalogue, action, spins }, path, say);
    return part && repeat !== undefined && extra ? [{ ...part, repeat, ...extra }] : [];
  });
}

/** The keys of an update that is guided; of any other update they are refused. */
function guidance(
  definition: Definition,
  given: { readonly guide?: unknown; readonly model?: unknown },
  {
    catalogue,
    action,
    spins,
  }: { readonly catalogue: Parts; readonly action: readonly ActionPart[]; readonly spins: boolean },
  path: Path,
  say: Say,
): Pick<UpdatePart, "guide" | "model"> | undefined {
  const { guide, model } = given;
  if (!definition.guided) {
    const stray = (["guide", "model"] as const).filter((key) => given[key] !== undefined);
    const others = catalogue.updates.filter(({ guided }) => guided).map(({ name }) => show(name));
    for (const key of stray)
      say(
        `${pathName([...path, key])}: ${definition.name} follows no guide; leave it out, or write name = ${others.join(" or ")}`,
      );
    return stray.length === 0 ? {} : undefined;
  }
  if (spins && model !== undefined)
    return void say(
      `${pathName([...path, "model"])}: of spins every level has its own; write it into [[update.guide]]`,
    );
  const at = [...path, "guide"];
  const terms = spins ? readLevels(catalogue, guide, action, at, say) : readGuide(catalogue, guide, at, say);
  const parsed = modelSchema.optional().safeParse(model, { reportInput: true });
  if (!parsed.success) say(`${pathName([...path, "model"])}: ${complaint(parsed.error.issues[0]!)}`);
  const complete = terms.length > 0 && terms.length === [guide].flat().length;
  if (!complete || !parsed.success) return undefined;
  return { guide: terms, ...(parsed.data === undefined ? {} : { model: parsed.data }) };
}
