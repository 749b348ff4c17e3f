import { isTable } from "../run-file/schema.ts";
import { show } from "../run-file/sentence.ts";
import { didYouMean } from "../run-file/suggest.ts";
import { type Lookup, lookup } from "./lookup.ts";
import { quarkKeys, translateFermion, translateSmearing, translateSolver } from "./quarks.ts";
import type { Reader } from "./reader.ts";

type Table = Readonly<Record<string, unknown>>;

/** One measurement method of LatticeQCD.jl: what it is here, and how often it is made where the file does not say. */
interface Method {
  /** Our observable; absent where there is none yet. */
  readonly observable?: string;
  readonly every: number;
  readonly parameters?: (table: Table) => Table;
  /** Of quarks: the operator where the file names none. They are not measured under the flow. */
  readonly fermion?: string;
  /** Its parameters, from the keys of the table and of its `fermion_parameters`. */
  readonly ofQuarks?: (look: Lookup, fermion: Table) => Table;
}

/** By `methodname`; defaults as in QCDMeasurements.jl. */
export const methods: Readonly<Record<string, Method>> = {
  Plaquette: { observable: "plaquette", every: 1 },
  Polyakov_loop: { observable: "polyakov-loop", every: 1 },
  Wilson_loop: {
    observable: "wilson-loop",
    every: 10,
    parameters: (table) => ({ maxR: table.Rmax ?? 4, maxT: table.Tmax ?? 4 }),
  },
  // All three definitions are measured here, whatever kinds_of_topological_charge asks for.
  Topological_charge: { observable: "topological-charge", every: 10 },
  // Both the standard density and the one LatticeQCD.jl prints are measured here, under names of their own.
  Energy_density: { observable: "energy-density", every: 10 },
  // The noise is proper Z4 here; that of LatticeQCD.jl has a mean, which biases a single configuration.
  Chiral_condensate: {
    observable: "chiral-condensate",
    every: 10,
    fermion: "Staggered",
    ofQuarks: (look, fermion) => ({
      ...(fermion.name === "staggered" ? { flavours: look.integer("Nf", 4) } : {}),
      sources: look.integer("Nr", 10),
      solver: translateSolver(look),
    }),
  },
  Pion_correlator: {
    observable: "pion-correlator",
    every: 10,
    fermion: "Wilson",
    ofQuarks(look) {
      look.warn(
        "C is the sum over all spins and colours of both ends; what LatticeQCD.jl prints, the source-diagonal part of it, stands beside it as latticeqcd-jl",
      );
      return { "latticeqcd-jl": true, solver: translateSolver(look) };
    },
  },
  Eigenvalue: {
    observable: "eigenvalues",
    every: 10,
    fermion: "Wilson",
    ofQuarks(look) {
      const which = look.text("which", "SM");
      if (which !== "SM") look.warn(`which = ${show(which)}: only those of smallest modulus ("SM") are measured here`);
      return {
        count: look.integer("nev", 10),
        of: look.boolean("isDdagD", false) ? "DdaggerD" : "D",
        method: look.text("solver", "Arpack") === "exact" ? "exact" : "krylov",
      };
    },
  },
  Correlation: { every: 10 },
  Guluonic_correlators: { every: 10 },
  Topological_charge_density_correlation: { every: 10 },
  MdagMspectrum: { every: 10 },
};

const commonKeys = ["methodname", "measure_every", "fermiontype", "fermion_parameters", "verbose_level", "printvalues"];
const methodKeys: Readonly<Record<string, readonly string[]>> = {
  Wilson_loop: ["Tmax", "Rmax"],
  Topological_charge: ["kinds_of_topological_charge"],
  Chiral_condensate: ["Nr"],
  Eigenvalue: ["nev", "which", "isDdagD", "solver"],
};
const fermionKeys = [...quarkKeys, "Dirac_operator", "hasclover"];

interface Asked {
  /** Of its table. */
  readonly name: string;
  readonly method: string;
  readonly every: number;
  readonly table: Table;
}

/** A table of a parameter file that asks for a measurement. */
export type MeasuredTable = Pick<Asked, "name" | "table">;

/**
 * `[measure]` of a translated run: the measurements that exist here; the others are named in a warning. With them the
 * tables that they come from.
 */
export function translateMeasurements(
  reader: Reader,
  lattice: readonly number[],
): { readonly measure: Table; readonly measured: Readonly<Record<string, MeasuredTable>> } {
  const measure: Record<string, unknown> = {};
  const measured: Record<string, MeasuredTable> = {};
  for (const { name, method, every, table } of asked(reader, reader.methods, "measurement_methods")) {
    const { observable, parameters, ofQuarks } = methods[method]!;
    if (observable === undefined) {
      reader.warn(`${method} is not supported yet; the run goes on without it`);
      continue;
    }
    const where = `measurement_methods.${name}`;
    const own = ofQuarks ? translateQuarks(reader, where, methods[method]!, table, lattice) : parameters?.(table);
    const key = observable in measure ? unusedName(observable, measure) : observable;
    if (key !== observable) {
      reader.warn(`${where}: a second ${method}; its measurements are called ${key}`);
      measure[key] = { observable, every, ...own };
    } else measure[key] = own ? { every, ...own } : every;
    measured[key] = { name, table };
  }
  const flow = translateFlow(reader);
  return { measure: flow ? { ...measure, "gradient-flow": flow } : measure, measured };
}

/** "chiral-condensate-2" for the second table of one method. */
function unusedName(observable: string, measure: Table): string {
  for (let n = 2; ; n++) if (!(`${observable}-${n}` in measure)) return `${observable}-${n}`;
}

/** Parameters of an observable of quarks. The keys of a measurement stand in its table or in `fermion_parameters`. */
function translateQuarks(
  reader: Reader,
  where: string,
  { fermion, ofQuarks }: Method,
  table: Table,
  lattice: readonly number[],
): Table {
  const inner = isTable(table.fermion_parameters) ? table.fermion_parameters : {};
  for (const key of Object.keys(inner))
    if (!fermionKeys.includes(key))
      reader.warn(`${where}.fermion_parameters.${key}: unknown, ignored${didYouMean(key, fermionKeys)}`);
  const look = lookup(new Map(Object.entries({ ...table, ...inner })), {
    warn: (sentence) => reader.warn(`${where}: ${sentence}`),
    refuse: (sentence) => reader.refuse(`${where}.${sentence}`),
  });
  const word = look.text("Dirac_operator", look.text("fermiontype", fermion!));
  const quark = translateFermion(look, word, { domainWall: { M: -1, m: 0.1, N5: 4 } });
  if (!quark) return {};
  return { fermion: quark, ...translateSmearing(look, lattice), ...ofQuarks!(look, quark) };
}

/**
 * The gradient flow: `numflow` Runge-Kutta steps of `eps_flow` after every update, and measurements at the steps that
 * their `measure_every` divides. Here all flow observables share their flow times.
 */
function translateFlow(reader: Reader): Record<string, unknown> | undefined {
  const step = reader.number("eps_flow", 0.01);
  const steps = reader.integer("numflow", 100);
  const list = asked(reader, reader.flowMethods, "measurements_for_flow").filter(({ method, every }) => {
    const { observable, ofQuarks } = methods[method]!;
    if (observable === undefined) reader.warn(`${method} under the flow is not supported yet; left out`);
    else if (ofQuarks) reader.warn(`${method} is not measured under the flow; left out there`);
    else if (every > steps)
      reader.warn(`${method} under the flow every ${every} of ${steps} steps is never measured; left out`);
    else return true;
    return false;
  });
  if (list.length === 0) return undefined;
  if (!reader.boolean("hasgradientflow", false)) {
    reader.warn("hasgradientflow is false, so the measurements_for_flow are left out");
    return undefined;
  }
  if (list.some(({ method, table }) => method === "Wilson_loop" && (table.Tmax ?? table.Rmax) !== undefined))
    reader.warn("Tmax and Rmax of Wilson loops under the flow are not taken; up to 4 x 4 is measured there");
  const stride = list.map(({ every }) => every).reduce(greatestCommonDivisor);
  if (list.some(({ every }) => every !== stride))
    reader.warn(`measure_every differs between flow measurements; all of them are made every ${stride} flow steps`);
  if (reader.integer("Nflow", 1) !== 1)
    reader.warn(
      "Nflow only relabels the flow time in LatticeQCD.jl; here flow times are the number of steps times eps_flow",
    );
  return {
    every: 1,
    time: flowTime(steps, step),
    step,
    "every-time": flowTime(stride, step),
    action: "wilson",
    observables: [...new Set(list.map(({ method }) => methods[method]!.observable!))],
  };
}

/** n steps, without the digits that a product of decimal fractions leaves behind (10 * 0.01 -> 0.1). */
const flowTime = (n: number, step: number) => Number((n * step).toPrecision(15));

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** The measurements a subtable asks for, checked as far as the names go. */
function asked(reader: Reader, table: Table, where: string): Asked[] {
  return Object.entries(table).flatMap(([name, entry]) => {
    if (!isTable(entry)) {
      reader.refuse(`${where}.${name}: expected a table, got ${show(entry)}`);
      return [];
    }
    const method = typeof entry.methodname === "string" ? entry.methodname : name;
    const known = methods[method];
    if (!known) {
      const names = Object.keys(methods);
      const meant = didYouMean(method, names) || ` (one of ${names.join(", ")})`;
      reader.refuse(`${where}.${name}: ${show(method)} is no measurement${meant}`);
      return [];
    }
    if (known.observable !== undefined) warnOfKeys(reader, `${where}.${name}`, method, entry);
    const every = entry.measure_every ?? known.every;
    if (Number.isInteger(every) && (every as number) >= 1)
      return [{ name, method, every: every as number, table: entry }];
    reader.refuse(`${where}.${name}.measure_every: expected a positive integer, got ${show(every)}`);
    return [];
  });
}

function warnOfKeys(reader: Reader, where: string, method: string, table: Table): void {
  const quarks = methods[method]!.ofQuarks ? fermionKeys : [];
  const known = [...commonKeys, ...quarks, ...(methodKeys[method] ?? [])];
  for (const key of Object.keys(table))
    if (!known.includes(key)) reader.warn(`${where}.${key}: unknown, ignored${didYouMean(key, known)}`);
}
