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
 * SHA-256 of what decides the numbers: lattice, group, start, seed, thermalisation, action, update with its
 * guide, training, measurements and scan. Title, output, workers, checkpoints, saved configurations, and how long or how many chains, do not enter:
 * replicas and a lengthened run share the hash of the run they belong to.
 */
export function hashRunFile(runFile: RunFile): string {
  const { title, output, workers, checkpoint, save, trajectories, chains, ...physics } = toPlain(runFile);
  const update = [physics.update].flat().map((part) => nameless(part as Record<string, unknown>));
  return sha256(
    JSON.stringify(
      sorted({ ...physics, start: startName(runFile.start), update: update.length === 1 ? update[0] : update }),
    ),
  );
}

/** Where a start configuration or a model lies says nothing about it, so only the file's name enters. */
const startName = (start: Start): unknown => (typeof start === "string" ? start : { ...start, file: base(start.file) });

const nameless = ({ model, guide, ...part }: Record<string, unknown>): Record<string, unknown> => ({
  ...part,
  ...(guide === undefined ? {} : { guide: (guide as Record<string, unknown>[]).map(nameless) }),
  ...(model === undefined ? {} : { model: modelName(String(model)) }),
});

const base = (path: string) => path.split(/[\\/]/).pop();

/** "other" for runs/other and for what lies in it. */
const modelName = (path: string) =>
  path.split(/[\\/]/).findLast((word) => word !== "" && word !== "models" && word !== "weights.safetensors");

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isTable(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
