import { RunFileError } from "../run-file/error.ts";
import { oddExtent } from "../run-file/odd-extent.ts";
import { show } from "../run-file/sentence.ts";
import { didYouMean } from "../run-file/suggest.ts";
import { placeKeys, selfLearningKeys } from "./keys.ts";
import { type MeasuredTable, translateMeasurements } from "./measurements.ts";
import { translateFermion, translateSmearing, translateSolver } from "./quarks.ts";
import { type Reader, readSections } from "./reader.ts";

export { isParameterFile } from "./reader.ts";

export interface Translation {
  /** Plain data in the words of our run file. */
  readonly runFile: Record<string, unknown>;
  /** One sentence each, naming the file. */
  readonly warnings: readonly string[];
  /** The measurement tables by the names their measurements have here. */
  readonly measured: Readonly<Record<string, MeasuredTable>>;
}

/**
 * Translates a parsed LatticeQCD.jl parameter file (1.x) into a run file. Its `Nsteps` counts all updates; the
 * first `Nthermalization` of them, which LatticeQCD.jl reads and ignores, are thermalisation here.
 * Throws RunFileError that names what is not supported yet.
 */
export function translate(table: Readonly<Record<string, unknown>>, file: string): Translation {
  const reader = readSections(table, file);
  const lattice = reader.list("L", [4, 4, 4, 4]);
  const quarks = translateQuarkAction(reader, lattice);
  const update = translateUpdate(reader, lattice, quarks);
  const { measure, measured } = translateMeasurements(reader, lattice);
  const runFile = {
    title: `translated from ${file.split(/[\\/]/).pop()} (LatticeQCD.jl)`,
    lattice,
    group: `SU(${reader.integer("NC", 3)})`,
    start: translateStart(reader),
    seed: reader.integer("randomseed", 111),
    ...translateLength(reader),
    action: [{ name: "wilson-gauge", beta: reader.number("β", 5.7) }, ...(quarks ? [quarks] : [])],
    update,
    measure,
    save: translateSave(reader),
  };
  noteTheRest(reader);
  if (reader.problems.length > 0) throw new RunFileError(reader.problems);
  return { runFile, warnings: reader.warnings, measured };
}

/** The action of dynamical quarks; undefined where the run is quenched, or where it was refused. */
function translateQuarkAction(reader: Reader, lattice: readonly number[]): Record<string, unknown> | undefined {
  for (const key of selfLearningKeys)
    if (reader.has(key))
      reader.warn(`${key}: self-learning updates of the 0.1 releases are not supported yet; ignored`);
  const word = reader.text("Dirac_operator", "nothing");
  const named = word !== "nothing";
  if (reader.boolean("quench", true)) {
    if (named) reader.warn(`Dirac_operator = ${show(word)} has no effect, because quench is true`);
    return undefined;
  }
  if (!named) {
    reader.refuse("quench = false without a Dirac_operator has no meaning; write quench = true");
    return undefined;
  }
  const fermion = translateFermion(reader, word);
  if (!fermion) return undefined;
  const staggered = fermion.name === "staggered";
  noteQuarks(reader, word, staggered);
  const solver = translateSolver(reader);
  return {
    ...fermion,
    ...(staggered ? { flavours: reader.integer("Nf", 4) } : {}),
    ...(staggered || oddExtent(lattice) === undefined ? {} : { preconditioning: "none" }),
    solver,
    "force-solver": solver,
    ...translateSmearing(reader, lattice),
  };
}

/** Where dynamical quarks differ from what LatticeQCD.jl does with the same file. */
function noteQuarks(reader: Reader, word: string, staggered: boolean): void {
  if (word === "WilsonClover")
    reader.warn('Dirac_operator = "WilsonClover" stops LatticeQCD.jl, which has no force for it; here it runs');
  const eps = reader.number("eps", 1e-19);
  if (staggered && eps !== 1e-19)
    reader.warn(
      `eps = ${eps} is taken as it stands; LatticeQCD.jl solves for staggered quarks to 1e-19 whatever the file says`,
    );
  if (!staggered && reader.has("Nf") && reader.integer("Nf", 2) !== 2)
    reader.warn(`Nf = ${reader.integer("Nf", 2)} has no effect: ${word} quarks come as two flavours`);
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

function translateUpdate(reader: Reader, lattice: readonly number[], quarks: { name?: unknown } | undefined): unknown {
  const method = reader.text("update_method", "HMC");
  if (method === "HMC") return translateHmc(reader, quarks?.name);
  if (method === "Heatbath") {
    if (!reader.boolean("quench", true))
      reader.refuse('update_method = "Heatbath" has no way to move dynamical quarks; write "HMC", or quench = true');
    return translateHeatbath(reader, lattice);
  }
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

/** QPQ = true moves the links first (drift, kick, drift), false the momenta. `quarks` is the name of their action. */
function translateHmc(reader: Reader, quarks: unknown): unknown {
  const steps = reader.integer("MDsteps", 20);
  const first = reader.boolean("QPQ", true) ? "position" : "momentum";
  const nested = reader.boolean("SextonWeingargten", false);
  if (nested && reader.boolean("quench", true))
    reader.warn("SextonWeingargten separates gauge and fermion forces and has no effect in a quenched run");
  const levels = nested && quarks !== undefined ? translateLevels(reader, steps, String(quarks)) : undefined;
  return {
    name: "hmc",
    length: Number((steps * reader.number("Δτ", 0.05)).toPrecision(15)),
    ...(levels ? { levels } : { steps, integrator: "leapfrog" }),
    start: first,
  };
}

/**
 * Sexton-Weingarten: one fermion kick a step between two halves of N/2 gauge steps each. That is a leapfrog of the quarks
 * whose half drift is N/2 leapfrogs of the gauge field, all of them position first.
 */
function translateLevels(reader: Reader, steps: number, quarks: string): unknown {
  const gaugeSteps = reader.integer("N_SextonWeingargten", 2);
  if (!reader.boolean("QPQ", true))
    reader.refuse("SextonWeingargten goes with QPQ = true: LatticeQCD.jl has it for steps that begin with the links");
  if (gaugeSteps % 2 !== 0 || gaugeSteps < 2)
    reader.refuse(`N_SextonWeingargten: expected an even number, N/2 gauge steps a half step, got ${gaugeSteps}`);
  if (gaugeSteps !== 2)
    reader.warn(
      `N_SextonWeingargten = ${gaugeSteps} is taken as it stands; LatticeQCD.jl makes it 2 whatever the file says`,
    );
  return [
    { actions: [quarks], steps, integrator: "leapfrog" },
    { actions: ["wilson-gauge"], steps: gaugeSteps / 2, integrator: "leapfrog" },
  ];
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
