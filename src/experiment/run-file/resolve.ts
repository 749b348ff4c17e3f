import { toPlain } from "./plain.ts";
import { isTable } from "./schema.ts";
import { sha256 } from "./sha256.ts";
import { writeToml } from "./toml.ts";
import type { RunFile, Start } from "./types.ts";

/**
 * The resolved run file: canonical TOML with every default written out, under comments with version, seed and hash.
 * Reading it again gives the same run file and the same text.
 */
export function resolveRunFile(runFile: RunFile, version: string): string {
  const comments = [`plaquette ${version}`, `seed ${runFile.seed}`, `hash ${hashRunFile(runFile)}`];
  return `${comments.map((line) => `# ${line.replace(/\s+/g, " ")}\n`).join("")}\n${writeToml(toPlain(runFile))}`;
}

/**
 * SHA-256 of what decides the numbers: lattice, group, start, seed, thermalisation, action, update, measurements and
 * scan. Title, output, workers, checkpoints, saved configurations, and how long or how many chains, do not enter:
 * replicas and a lengthened run share the hash of the run they belong to.
 */
export function hashRunFile(runFile: RunFile): string {
  const { title, output, workers, checkpoint, save, trajectories, chains, ...physics } = toPlain(runFile);
  return sha256(JSON.stringify(sorted({ ...physics, start: startName(runFile.start) })));
}

/** Where a start configuration lies says nothing about it, so only the file's name enters. */
const startName = (start: Start): unknown =>
  typeof start === "string" ? start : { ...start, file: start.file.split(/[\\/]/).pop() };

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isTable(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
