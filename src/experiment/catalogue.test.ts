import { describe, expect, it } from "vitest";
import { z } from "zod";
import { complaints, describeDefinitions } from "../lattice/definition.contract.ts";
import { catalogue as small } from "./catalogue-fixture.contract.ts";

for (const family of ["actions", "updates", "observables"] as const)
  describeDefinitions(`test ${family}`, small[family]);

describe("the contract of definitions", () => {
  const good = { name: "a-part", title: "A part", cite: ["a paper"], build: () => undefined };
  const broken: readonly [string, z.ZodObject, Partial<typeof good>, string][] = [
    ["no description", z.object({ beta: z.number() }), {}, "a-part.beta has no description"],
    [
      "no description in a list",
      z.object({ l: z.array(z.object({ k: z.int() })).describe("l") }),
      {},
      "a-part.l[].k has no description",
    ],
    [
      "a key of the run file",
      z.object({ every: z.int().describe("n") }),
      {},
      "a-part: the key every belongs to the run file",
    ],
    ["no title", z.object({}), { title: "" }, "a-part has no title"],
    ["no reference", z.object({}), { cite: [] }, "a-part cites nothing"],
    ["a name in camel case", z.object({}), { name: "aPart" }, "aPart is not in kebab-case"],
    [
      "a default that moves",
      z.object({
        n: z
          .int()
          .default(1)
          .transform((n) => n + 1)
          .describe("n"),
      }),
      {},
      "a-part: its defaults change when they are read again",
    ],
  ];
  it.each(broken)("notices %s", (_, parameters, change, sentence) => {
    const definition = { ...good, ...change, parameters };
    expect(complaints(definition.name, definition)).toEqual([sentence]);
  });
});
