import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Definition } from "./definition.ts";

/** Keys of the run file itself, which no part may claim. */
const reserved = ["name", "every", "repeat"];

/** What the run file, the wizard and the lists need of every definition in a family's index. */
export function describeDefinitions(family: string, definitions: readonly Definition[]): void {
  describe(`definitions of ${family}`, () => {
    it("have names of their own", () => {
      expect(new Set(definitions.map(({ name }) => name)).size).toBe(definitions.length);
    });

    it.each(definitions.map((definition) => [definition.name, definition] as const))("%s", (name, definition) => {
      expect(complaints(name, definition)).toEqual([]);
    });
  });
}

/** What is wrong with a definition, one sentence each. */
export function complaints(name: string, { title, cite, parameters }: Definition): string[] {
  const found: string[] = [];
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) found.push(`${name} is not in kebab-case`);
  if (title.trim() === "") found.push(`${name} has no title`);
  if (cite.length === 0) found.push(`${name} cites nothing`);
  for (const key of Object.keys(parameters.shape))
    if (reserved.includes(key)) found.push(`${name}: the key ${key} belongs to the run file`);
  found.push(...undescribed(z.toJSONSchema(parameters, { io: "input", unrepresentable: "any" }), name));
  const parsed = parameters.safeParse({});
  if (parsed.success && JSON.stringify(parameters.parse(parsed.data)) !== JSON.stringify(parsed.data))
    found.push(`${name}: its defaults change when they are read again`);
  return found;
}

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** Keys without a description, at any depth. */
function undescribed(schema: unknown, path: string): string[] {
  const { properties = {}, items, anyOf = [] } = schema as JsonSchema;
  const own = Object.entries(properties).flatMap(([key, inner]) => [
    ...(inner.description ? [] : [`${path}.${key} has no description`]),
    ...undescribed(inner, `${path}.${key}`),
  ]);
  return [...own, ...(items ? undescribed(items, `${path}[]`) : []), ...anyOf.flatMap((one) => undescribed(one, path))];
}
