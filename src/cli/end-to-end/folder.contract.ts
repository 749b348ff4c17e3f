import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll } from "vitest";
import { catalogue } from "../../experiment/parts.ts";
import { type Outcome, plaquetteWith } from "../command-line/terminal.contract.ts";

/** Carries out a command line in this process as main.ts does, with everything there is. */
export const command = (...argv: string[]): Promise<Outcome> => plaquetteWith(catalogue, ...argv);

/** A folder for one test file, gone at its end. */
export function scratchFolder(): {
  readonly path: string;
  at(name: string): string;
  /** Writes a file and returns its path. */
  put(name: string, content: string | Uint8Array): string;
} {
  const path = mkdtempSync(join(tmpdir(), "plaquette-end-to-end-"));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  const at = (name: string) => join(path, name);
  return {
    path,
    at,
    put(name, content) {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
      return at(name);
    },
  };
}

/** Every file below a folder with its content, and every folder: what must not change. */
export function contentOf(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (path: string) => {
    for (const name of readdirSync(path)) {
      const entry = join(path, name);
      const isFolder = statSync(entry).isDirectory();
      found[relative(folder, entry)] = isFolder ? "folder" : readFileSync(entry).toString("base64");
      if (isFolder) walk(entry);
    }
  };
  walk(folder);
  return found;
}

/** Configurations of other codes, which lie beside the repository; tests that need them are skipped without. */
export const sharedConfigs = join(import.meta.dirname, "../../../../shared/configs");

/** A small run file; `change` replaces pieces of its text. */
export function runText(...change: readonly (readonly [from: string | RegExp, to: string])[]): string {
  const text = `lattice = [4, 4, 4, 4]
group = "SU(2)"
seed = "small"
thermalise = 2
trajectories = 4

[[action]]
name = "wilson-gauge"
beta = 2.4

[update]
name = "heatbath"

[measure]
plaquette = 1
`;
  return change.reduce((before, [from, to]) => {
    const after = before.replace(from, to);
    if (after === before) throw new Error(`nothing to replace: ${from}`);
    return after;
  }, text);
}
