import type { Definition } from "../../lattice/definition.ts";
import { type Catalogue, type Parts, partsFor } from "../catalogue.ts";
import { checkWithoutScan } from "./check.ts";
import { RunFileError } from "./error.ts";
import { guideKeys, levelKeys } from "./guide.ts";
import { head } from "./head.ts";
import { toPlain } from "./plain.ts";
import { isTable } from "./schema.ts";
import { pathName, show } from "./sentence.ts";
import { didYouMean } from "./suggest.ts";
import { essentialTraining, trainingSchemaFor } from "./training.ts";
import { measuredName, type Part, type RunFile } from "./types.ts";

/** One chain of a run: a replica of one value of the scan. */
export interface Member {
  /** "chain-0", or "value-1-chain-0" in a scan. Also the folder's name under members/. */
  readonly label: string;
  /** Number of the chain in the whole run; with the seed it addresses the random numbers, so no two members share any. */
  readonly chain: number;
  /** The scanned keys and their values here; empty without a scan. */
  readonly scan: Readonly<Record<string, unknown>>;
  /** The run file of this member: no scan, one chain. */
  readonly runFile: RunFile;
}

/** Keys that say how a run is carried out, not what is run. */
const notScannable = ["title", "output", "workers", "chains", "save", "checkpoint"];

/** All members of a run: the scanned values (with several keys, all combinations; the last key fastest) times the chains. */
export function members(runFile: RunFile, file: string, catalogue: Catalogue): readonly Member[] {
  const { scan, chains } = runFile;
  const base = { ...runFile, scan: {}, chains: 1 };
  const scanned = Object.keys(scan).length > 0;
  return combinations(scan).flatMap((values, i) => {
    const one = scanned ? checkWithoutScan(withValues(base, values), file, catalogue) : base;
    return Array.from({ length: chains }, (_, replica) => ({
      label: scanned ? `value-${i}-chain-${replica}` : `chain-${replica}`,
      chain: i * chains + replica,
      scan: values,
      runFile: one,
    }));
  });
}

/** What is wrong with `[scan]`: no list, a path that matches nothing, a value that the key does not take. */
export function scanProblems(runFile: RunFile, scan: unknown, file: string, catalogue: Catalogue): string[] {
  if (!isTable(scan)) return [`${file}: scan: expected a table of paths and lists of values, got ${show(scan)}`];
  const paths = scannablePaths(runFile, catalogue);
  return Object.entries(scan).flatMap(([path, values]) => {
    const at = `${file}: ${pathName(["scan", path])}`;
    if (isTable(values)) return [`${at}: a path is one quoted key: write "${path}.${Object.keys(values)[0]}" = [...]`];
    if (!Array.isArray(values) || values.length === 0)
      return [`${at}: expected a list of values, got ${show(values)}; write ${JSON.stringify(path)} = [value, value]`];
    if (notScannable.includes(path.split(".")[0]!)) return [`${at}: this key cannot be scanned; start another run`];
    if (!paths.some((known) => path === known || path.startsWith(`${known}.`) || path.startsWith(`${known}[`)))
      return [`${at}: matches nothing in this run file${didYouMean(path, paths)} (it has ${paths.join(", ")})`];
    return values.flatMap((value) => valueProblems(runFile, { [path]: value }, at, file, catalogue));
  });
}

function valueProblems(
  runFile: RunFile,
  values: Readonly<Record<string, unknown>>,
  at: string,
  file: string,
  catalogue: Catalogue,
): string[] {
  try {
    checkWithoutScan(withValues(runFile, values), file, catalogue);
    return [];
  } catch (error) {
    if (!(error instanceof RunFileError)) throw error;
    return error.problems.map((problem) => problem.replace(`${file}:`, `${at}:`));
  }
}

/** Every path that a scan of this run file may name. */
function scannablePaths(runFile: RunFile, catalogue: Catalogue): string[] {
  const parts = partsFor(catalogue, runFile);
  const ofSpins = runFile.spins !== undefined;
  const of = (family: string, parts: readonly Part[], list: readonly Definition[], common: readonly string[]) =>
    parts.flatMap((part, i) => {
      const keys = Object.keys(list.find((entry) => entry.name === part.name)?.parameters.shape ?? {});
      const unique = parts.filter((other) => other.name === part.name).length === 1;
      const prefixes = [unique ? `${family}.${part.name}` : `${family}[${i}]`];
      if (family === "update" && parts.length === 1) prefixes.unshift("update");
      return prefixes.flatMap((prefix) => [...keys, ...common].map((key) => `${prefix}.${key}`));
    });
  return [
    ...Object.keys(head.shape).filter((key) => !notScannable.includes(key)),
    ...of("action", runFile.action, parts.actions, []),
    ...throughPaths(runFile, parts),
    ...of("update", runFile.update, parts.updates, ["repeat"]),
    ...guidePaths(runFile, parts),
    ...(runFile.training ? Object.keys(trainingSchemaFor(ofSpins).shape).map((key) => `training.${key}`) : []),
    ...measurePaths(runFile, parts),
  ];
}

/** "measure.wilson-loop.maxR"; measurements under a name of their own by that name. */
function measurePaths({ measure }: RunFile, { observables }: Parts): string[] {
  return measure.flatMap((part) => {
    const keys = Object.keys(observables.find((entry) => entry.name === part.name)?.parameters.shape ?? {});
    return [...keys, "every"].map((key) => `measure.${measuredName(part)}.${key}`);
  });
}

/** "update.guide[1].mass" and "update.guide[1].through.layers", for updates along a guide. */
function guidePaths({ update, spins }: RunFile, { actions, maps }: Parts): string[] {
  const keysOf = (list: readonly Definition[], name: string) =>
    Object.keys(list.find((entry) => entry.name === name)?.parameters.shape ?? {});
  return update.flatMap(({ guide }, number) => {
    if (!guide) return [];
    const of = update.length === 1 ? "update" : `update[${number}]`;
    const terms = guide.flatMap(({ name, through }, i) => {
      const own = [...keysOf(actions, name), ...Object.keys((spins === undefined ? guideKeys : levelKeys).shape)];
      const map = through ? keysOf(maps, through.name).map((key) => `through.${key}`) : [];
      return [...own, ...map].map((key) => `${of}.guide[${i}].${key}`);
    });
    return [`${of}.model`, ...terms];
  });
}

/** "action.staggered.through.rho", for the actions that are taken through a map. */
function throughPaths({ action }: RunFile, { maps }: Parts): string[] {
  return action.flatMap(({ name, through }, i) => {
    if (!through) return [];
    const unique = action.filter((other) => other.name === name).length === 1;
    const keys = Object.keys(maps.find((entry) => entry.name === through.name)?.parameters.shape ?? {});
    return keys.map((key) => `${unique ? `action.${name}` : `action[${i}]`}.through.${key}`);
  });
}

/** The plain run file with values put in at their paths. */
function withValues(runFile: RunFile, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const plain = toPlain(runFile);
  if (isTable(plain.training)) plain.training = essentialTraining(plain.training, plain.spins !== undefined);
  for (const [path, value] of Object.entries(values)) put(plain, path, value);
  return plain;
}

function put(plain: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.replace(/\[(\d+)\]/g, ".$1").split(".");
  const [family, name] = keys;
  let at: unknown = plain;
  const list = plain[family!];
  if (family === "action" || family === "update") {
    const parts = (Array.isArray(list) ? list : [list]) as Record<string, unknown>[];
    const part = parts.find((entry) => entry.name === name) ?? (Array.isArray(list) ? parts[Number(name)] : undefined);
    keys.splice(0, part ? 2 : 1);
    at = part ?? parts[0];
  } else if (family === "measure") {
    const measure = list as Record<string, unknown>;
    if (!isTable(measure[name!])) measure[name!] = { every: measure[name!] };
  }
  for (const key of keys.slice(0, -1)) at = (at as Record<string, unknown>)[key] ??= {};
  (at as Record<string, unknown>)[keys[keys.length - 1]!] = value;
}

function combinations(scan: RunFile["scan"]): Record<string, unknown>[] {
  return Object.entries(scan).reduce<Record<string, unknown>[]>(
    (rows, [path, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [path]: value }))),
    [{}],
  );
}
