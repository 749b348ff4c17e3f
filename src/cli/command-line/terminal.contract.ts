import type { Catalogue } from "../../experiment/catalogue.ts";
import { catalogue as fixture } from "../../experiment/catalogue-fixture.contract.ts";
import { commands } from "../commands/index.ts";
import type { Terminal } from "./command.ts";
import { dispatch } from "./dispatch.ts";

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Carries out a command line as main.ts does, with the test catalogue, and returns what it wrote. */
export const plaquette = (...argv: string[]): Promise<Outcome> => plaquetteWith(fixture, ...argv);

/** The same with another catalogue. */
export async function plaquetteWith(catalogue: Catalogue, ...argv: string[]): Promise<Outcome> {
  const written = { out: "", err: "" };
  const stream = (name: "out" | "err") => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const terminal: Terminal = {
    out: stream("out"),
    err: stream("err"),
    env: {},
    version: "1.2.3",
    self: ["plaquette"],
    catalogue: async () => catalogue,
    interruption: () => new AbortController().signal,
  };
  const code = await dispatch(commands, argv, terminal);
  return { code, ...written };
}
