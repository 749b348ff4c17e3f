import { RunFileError } from "../run-file/error.ts";
import { isTable } from "../run-file/schema.ts";
import type { Translation } from "./translate.ts";

type Table = Readonly<Record<string, unknown>>;

/** Keys of a parameter file by the last words of ours; of several the first that the file has. */
const quarkWords: Readonly<Record<string, readonly string[]>> = {
  kappa: ["hop"],
  r: ["r"],
  "c-sw": ["Clover_coefficient"],
  mass: ["mass", "Domainwall_m", "m"],
  height: ["Domainwall_M", "M"],
  ls: ["Domainwall_L5", "N5"],
  flavours: ["Nf"],
  boundary: ["BoundaryCondition"],
  "solver.absolute": ["eps"],
  "force-solver.absolute": ["eps"],
  "solver.iterations": ["MaxCGstep"],
  "force-solver.iterations": ["MaxCGstep"],
  "through.rho": ["stout_ρ"],
  "through.layers": ["stout_numlayers"],
};
const measureWords: Readonly<Record<string, readonly string[]>> = {
  ...quarkWords,
  every: ["measure_every"],
  maxR: ["Rmax"],
  maxT: ["Tmax"],
  sources: ["Nr"],
  count: ["nev"],
};
const topWords: Readonly<Record<string, readonly string[]>> = {
  lattice: ["L"],
  group: ["NC"],
  seed: ["randomseed"],
  start: ["initial"],
  thermalise: ["Nthermalization"],
  trajectories: ["Nsteps"],
  "update.steps": ["MDsteps"],
  "update.levels[0].steps": ["MDsteps"],
  "update.levels[1].steps": ["N_SextonWeingargten"],
  "update.length": ["Δτ", "MDsteps"],
  "action[0].beta": ["β"],
  "save.configurations": ["saveU_every"],
  "measure.gradient-flow.time": ["numflow", "eps_flow"],
  "measure.gradient-flow.step": ["eps_flow"],
};

/**
 * Carries out what may refuse a translated run file, and has its refusals name the keys of the parameter file: whoever
 * wrote `hop` has no action[1].kappa to look for. Throws RunFileError.
 */
export function inTheirWords<T>(table: Table, { measured }: Translation, file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof RunFileError)) throw error;
    throw new RunFileError(error.problems.map((problem) => renamed(problem, table, measured, file)));
  }
}

/** "a.toml (translated): action[1].kappa: …" as "a.toml: hop (here action[1].kappa): …". */
function renamed(problem: string, table: Table, measured: Translation["measured"], file: string): string {
  const [, path, sentence] = problem.slice(file.length).match(/^ \(translated\): ([^\s:]+)(?:: | (?="))(.*)$/s) ?? [];
  const theirs = path === undefined ? undefined : theirKey(path, table, measured);
  return theirs === undefined ? problem : `${file}: ${theirs} (here ${path}): ${sentence}`;
}

function theirKey(path: string, table: Table, measured: Translation["measured"]): string | undefined {
  // entries of a list belong to its key
  for (const at of [path, path.replace(/\[\d+\]$/, "")]) {
    if (topWords[at]) return firstOf(topWords[at], keysOf(table));
    const quark = /^action\[1\]\.(.+)$/.exec(at)?.[1];
    if (quark !== undefined && quarkWords[quark]) return firstOf(quarkWords[quark], keysOf(table));
    const [, name = "", key = ""] = /^measure\.([\w-]+)\.(?:fermion\.)?(.+)$/.exec(at) ?? [];
    const own = measured[name];
    if (own !== undefined && measureWords[key])
      return `measurement_methods.${own.name}.${firstOf(measureWords[key], keysOf(own.table))}`;
  }
  return undefined;
}

const firstOf = (words: readonly string[], keys: ReadonlySet<string>): string =>
  words.find((word) => keys.has(word)) ?? words[0]!;

/** The keys of the sections, or of a measurement with its `fermion_parameters`. */
const keysOf = (table: Table): ReadonlySet<string> =>
  new Set(Object.entries(table).flatMap(([key, value]) => (isTable(value) ? Object.keys(value) : [key])));
