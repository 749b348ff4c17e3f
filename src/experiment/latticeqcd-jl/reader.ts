import { isTable } from "../run-file/schema.ts";
import { didYouMean } from "../run-file/suggest.ts";
import { knownKeys, requiredSections, sections, subtables } from "./keys.ts";
import { type Lookup, lookup } from "./lookup.ts";

type Table = Readonly<Record<string, unknown>>;

/** A parameter file with its sections merged, and what there was to say about it. */
export interface Reader extends Lookup {
  readonly file: string;
  readonly warnings: string[];
  readonly problems: string[];
  /** The measurement tables by name. */
  readonly methods: Table;
  readonly flowMethods: Table;
}

/** True for a table that has the section names of LatticeQCD.jl. */
export const isParameterFile = (table: Table): boolean => sections.some((section) => isTable(table[section]));

/** Merges the sections; unknown sections and keys become warnings with a suggestion. */
export function readSections(table: Table, file: string): Reader {
  const values = new Map<string, unknown>();
  const warnings: string[] = [];
  const problems: string[] = [];
  const warn = (sentence: string) => void warnings.push(`${file}: ${sentence}`);
  const refuse = (sentence: string) => void problems.push(`${file}: ${sentence}`);

  for (const section of requiredSections)
    if (!isTable(table[section])) warn(`section ["${section}"] is missing; its defaults are taken`);
  // The flow section comes last because its four keys override those of System Control.
  const order = Object.keys(table).sort((a, b) => Number(a === lastSection) - Number(b === lastSection));
  for (const section of order) {
    const content = table[section];
    if (!isTable(content)) warn(`${section}: a key outside every section; ignored`);
    else {
      if (!(sections as readonly string[]).includes(section))
        warn(`section ["${section}"] is unknown${didYouMean(section, sections)} (its keys are read all the same)`);
      merge(content, section, values, warn);
    }
  }
  return {
    ...lookup(values, { warn, refuse }),
    file,
    warnings,
    problems,
    methods: subtable(table, "Measurement set", "measurement_methods"),
    flowMethods: subtable(table, lastSection, "measurements_for_flow"),
  };
}

const lastSection = "gradientflow_measurements";

function merge(content: Table, section: string, values: Map<string, unknown>, warn: (sentence: string) => void): void {
  for (const [key, value] of Object.entries(content)) {
    if ((subtables as readonly string[]).includes(key)) continue;
    if (!knownKeys.includes(key)) warn(`["${section}"] ${key}: unknown, ignored${didYouMean(key, knownKeys)}`);
    else values.set(key, value);
  }
}

function subtable(table: Table, section: string, name: string): Table {
  const content = table[section];
  const inner = isTable(content) ? content[name] : undefined;
  return isTable(inner) ? inner : {};
}
