import { RunFileError } from "../run-file/error.ts";
import { oddExtent } from "../run-file/odd-extent.ts";
import { show } from "../run-file/sentence.ts";
import { didYouMean } from "../run-file/suggest.ts";
import { placeKeys, selfLearningKeys } from "./keys.ts";
import { translateMeasurements } from "./measurements.ts";
import { type Reader, readSections } from "./reader.ts";

export { isParameterFile } from "./reader.ts";

export interface Translation {
  /** Plain data in the words of our run file. */
  readonly runFile: Record<string, unknown>;
  /** One sentence each, naming the file. */
  readonly warnings: readonly string[];
}

/**
 * Translates a parsed LatticeQCD.jl parameter file (1.x, quenched) into a run file. Its `Nsteps` counts all updates; the
 * first `Nthermalization` of them, which LatticeQCD.jl reads and ignores, are thermalisation here.
 * Throws RunFileError that names what is not supported yet.
 */
export function translate(table: Readonly<Record<string, unknown>>, file: string): Translation {
  const reader = readSections(table, file);
  refuseFermions(reader);
  const lattice = reader.list("L", [4, 4, 4, 4]);
  const update = translateUpdate(reader, lattice);
  const measure = translateMeasurements(reader);
  const runFile = {
    title: `translated from ${file.split(/[\\/]/).pop()} (LatticeQCD.jl)`,
    lattice,
    group: `SU(${reader.integer("NC", 3)})`,
    start: translateStart(reader),
    seed: reader.integer("randomseed", 111),
    ...translateLength(reader),
    action: [{ name: "wilson-gauge", beta: reader.number("β", 5.7) }],
    update,
    measure,
    save: translateSave(reader),
  };
  noteTheRest(reader);
  if (reader.problems.length > 0) throw new RunFileError(reader.problems);
  return { runFile, warnings: reader.warnings };
}

function refuseFermions(reader: Reader): void {
  const operator = reader.text("Dirac_operator", "nothing");
  const named = operator !== "nothing";
  if (!reader.boolean("quench", true))
    reader.refuse(
      named
        ? `dynamical fermions (quench = false, Dirac_operator = ${show(operator)}) are not supported yet; write quench = true to run it quenched`
        : "quench = false without a Dirac_operator has no meaning; write quench = true",
    );
  else if (named) reader.warn(`Dirac_operator = ${show(operator)} has no effect, because quench is true`);
  for (const key of selfLearningKeys)
    if (reader.has(key))
      reader.warn(`${key}: self-learning updates of the 0.1 releases are not supported yet; ignored`);
}

function translateStart(reader: Reader): unknown {
  const initial = reader.text("initial", "cold");
  if (initial === "cold") return "cold";
  if (initial === "one instanton") return "instanton";
  if (initial === "hot") {
    reader.warn('initial = "hot" draws links from the Haar measure here, which LatticeQCD.jl does not');
    return "hot";
  }
  const format = translateFormat(reader, "loadU_format");
  return format === undefined ? { file: initial } : { file: initial, format };
}

const formats: Readonly<Record<string, string>> = { ILDG: "ildg", BridgeText: "bridge-text" };

function translateFormat(reader: Reader, key: string): string | undefined {
  const name = reader.text(key, "");
  if (name === "") return undefined;
  if (name === "JLD")
    reader.refuse(
      `${key} = "JLD" is not supported (Julia's own container); save or convert as "ILDG" with LatticeQCD.jl`,
    );
  else if (!formats[name])
    reader.refuse(
      `${key}: ${show(name)} is no format${didYouMean(name, Object.keys(formats))} (one of "ILDG", "BridgeText")`,
    );
  return formats[name];
}

function translateLength(reader: Reader): { thermalise: number; trajectories: number } {
  const first = reader.integer("initialtrj", 1);
  const updates = reader.integer("Nsteps", 100) - first + 1;
  if (updates < 1) reader.refuse(`Nsteps: nothing to do, because initialtrj = ${first} is behind the last update`);
  if (first !== 1) reader.warn(`initialtrj = ${first}: ${updates} updates are done, counted from 1 here`);
  const thermalise = Math.min(reader.integer("Nthermalization", 0), updates);
  return { thermalise, trajectories: updates - thermalise };
}

const unsupported = ["Fileloading", "SLHMC", "SLMC", "IntegratedHMC", "IntegratedHB"];
const supported = ["HMC", "Heatbath"];

function translateUpdate(reader: Reader, lattice: readonly number[]): unknown {
  const method = reader.text("update_method", "HMC");
  if (method === "HMC") return translateHmc(reader);
  if (method === "Heatbath") return translateHeatbath(reader, lattice);
  if (method === "Fileloading")
    reader.refuse(
      'update_method = "Fileloading" is not supported yet; use "plaquette measure FILE..." on the configurations',
    );
  else if (unsupported.includes(method)) reader.refuse(`update_method = ${show(method)} is not supported yet`);
  else
    reader.refuse(
      `update_method: ${show(method)} is unknown${didYouMean(method, [...supported, ...unsupported])} (one of ${supported.map(show).join(", ")})`,
    );
  return [];
}

/** QPQ = true moves the links first (drift, kick, drift), false the momenta. */
function translateHmc(reader: Reader): unknown {
  const steps = reader.integer("MDsteps", 20);
  if (reader.boolean("SextonWeingargten", false))
    reader.warn("SextonWeingargten separates gauge and fermion forces and has no effect in a quenched run");
  return {
    name: "hmc",
    length: Number((steps * reader.number("Δτ", 0.05)).toPrecision(15)),
    steps,
    integrator: "leapfrog",
    start: reader.boolean("QPQ", true) ? "position" : "momentum",
  };
}

function translateHeatbath(reader: Reader, lattice: readonly number[]): unknown {
  let order = reader.boolean("isevenodd", true) ? "even-odd" : "sequential";
  if (order === "even-odd" && oddExtent(lattice) !== undefined) {
    order = "coloured";
    reader.warn(`isevenodd = true cannot be right for L = ${show(lattice)} with its odd extent; more colours are used`);
  }
  const sweeps = reader.boolean("useOR", false) ? reader.integer("numOR", 0) : 0;
  if (reader.has("numOR") && reader.integer("numOR", 0) > 0 && sweeps === 0)
    reader.warn("numOR has no effect, because useOR is false");
  const heatbath = { name: "heatbath", order };
  return sweeps > 0 ? [heatbath, { name: "overrelaxation", order, repeat: sweeps }] : heatbath;
}

function translateSave(reader: Reader): unknown {
  const format = translateFormat(reader, "saveU_format");
  return format === undefined ? { configurations: 0 } : { configurations: reader.integer("saveU_every", 1), format };
}

/** What is read and does nothing here, said once. */
function noteTheRest(reader: Reader): void {
  const places = placeKeys.filter((key) => reader.has(key) && reader.text(key, "") !== "");
  if (places.length > 0) reader.warn(`${places.join(", ")}: everything is written into the run directory instead`);
  if (reader.boolean("loadU_fromfile", false))
    reader.warn('loadU_fromfile belongs to update_method = "Fileloading" and has no effect');
}
