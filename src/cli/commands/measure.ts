import { basename } from "node:path";
import type { Measured, Reading } from "../../experiment/measure.ts";
import type { MeasurePart } from "../../experiment/run-file/index.ts";
import { positiveNumber, wholeNumber } from "../command-line/arguments.ts";
import { command, type Terminal } from "../command-line/command.ts";
import { errorText, exitCode, UsageError } from "../command-line/errors.ts";
import { hintOptions, hints } from "../command-line/file-options.ts";
import { columns } from "../format.ts";
import { readText } from "../run/prepare.ts";

export const measure = command({
  name: "measure",
  summary: "Measure the observables of stored gauge configurations",
  args: {
    file: { type: "positional", required: true, description: "one configuration or more, in any format" },
    format: {
      type: "string",
      valueHint: "format",
      description: "format of the files, where it should not be recognised",
    },
    ...hintOptions,
    with: {
      type: "string",
      valueHint: "file",
      description: "measure the observables of this file's [measure] table too: a run file, or that table alone",
    },
    observables: {
      type: "string",
      valueHint: "words",
      description: "measure these too: names, or what [measure] holds: 'wilson-loop = { maxR = 2 }'",
    },
    flow: { type: "string", valueHint: "time", description: "measure along the Wilson flow too, up to this time" },
    step: { type: "string", valueHint: "eps", description: "step of the flow (default 0.01)" },
    "every-time": {
      type: "string",
      valueHint: "t",
      description: "measure at multiples of this flow time (default 0.1)",
    },
    workers: { type: "string", valueHint: "n", description: "worker threads, 0: all cores (default 0)" },
    json: { type: "boolean", description: "one JSON object a line instead of a table" },
  },
  variadic: true,
  details: [
    "Plaquette and rectangle are Re tr / N; the Polyakov loop is the mean of tr, not divided by N; topological charges from",
    "plaquettes, clover leaves and the improved combination; the energy density is that of the clover leaves. With --json",
    "the keys are file, format, group, lattice, plaquette, rectangle, polyakovLoop [re, im], topologicalCharge {plaquette,",
    "clover, improved}, energyDensity, unitarityDefect, checksum, and flowTime for what was measured along the flow; with",
    "--with or --observables also observables, a list of {name, labels, values}, which are measured at rest.",
    "A file that cannot be read is told of, and the others are measured all the same.",
  ].join("\n"),
  examples: [
    ["plaquette measure lat.ildg", "a table"],
    ["plaquette measure conf.ildg --group 'SU(3)' --lattice 4,4,4,4", "a file that says neither group nor lattice"],
    ["plaquette measure *.ildg --json > all.jsonl", "many files for a program"],
    ["plaquette measure lat.ildg --flow 2", "along the Wilson flow up to t = 2"],
    ["plaquette measure lat.ildg --observables wilson-loop,pion-correlator", "these too, with their defaults"],
    ["plaquette measure lat.ildg --with a.toml --json", "what the run file a.toml measures"],
  ],
  async run(args, terminal) {
    const { loadConfiguration } = await import("../../storage/files.ts");
    const { measureConfiguration } = await import("../../experiment/measure.ts");
    const observables = await asked(args, terminal);
    const options = { workers: wholeNumber(args, "workers") ?? 0, observables, ...flowOptions(args) };
    let worst = 0;
    for (const file of args._) {
      try {
        const { data, format, checksum, notes } = loadConfiguration(file, hints(args, args.format));
        for (const note of notes) terminal.err.write(`note: ${file}: ${note}\n`);
        const found = { file, format, group: data.group.name, lattice: data.extents };
        const flowed: Measured[] = [];
        for (const values of measureConfiguration(data, { ...options, seed: basename(file) })) {
          if (args.json) terminal.out.write(`${JSON.stringify({ ...found, ...values, checksum })}\n`);
          else if (values.flowTime === undefined) terminal.out.write(`${table({ ...found, ...values, checksum })}\n\n`);
          else flowed.push(values);
        }
        if (flowed.length > 0) terminal.out.write(`${flowTable(flowed)}\n\n`);
      } catch (error) {
        // One damaged file among many does not keep the others from being measured.
        terminal.err.write(`${errorText(error, terminal.env.PLAQUETTE_DEBUG === "1")}\n`);
        worst = Math.max(worst, exitCode(error));
      }
    }
    return worst;
  },
});

/** What the options ask for along the flow; nothing without --flow. Throws UsageError. */
function flowOptions(args: Readonly<Record<string, unknown>>) {
  const time = positiveNumber(args, "flow");
  const step = positiveNumber(args, "step");
  const every = positiveNumber(args, "every-time");
  const stray = step !== undefined ? "--step" : "--every-time";
  if (time === undefined && (step ?? every) !== undefined)
    throw new UsageError(`plaquette measure: ${stray} belongs to the gradient flow; add --flow TIME`);
  return time === undefined ? {} : { flow: { time, step: step ?? 0.01, every: every ?? 0.1 } };
}

/** The observables of --with and --observables, of which the latter count. Throws UsageError or RunFileError. */
async function asked(
  args: { readonly with?: string | undefined; readonly observables?: string | undefined },
  terminal: Terminal,
): Promise<readonly MeasurePart[]> {
  if (args.with === undefined && args.observables === undefined) return [];
  const { measuredName, readMeasurements, readObservables } = await import("../../experiment/run-file/index.ts");
  const catalogue = await terminal.catalogue();
  const file = args.with === undefined ? undefined : readMeasurements(readText(args.with), args.with, catalogue);
  for (const warning of file?.warnings ?? []) terminal.err.write(`warning: ${warning}\n`);
  const given = args.observables === undefined ? [] : readObservables(args.observables, "--observables", catalogue);
  const names = given.map(measuredName);
  return [...(file?.parts ?? []).filter((part) => !names.includes(measuredName(part))), ...given];
}

/** Everything at rest: key and value, and below them a line for every number of the further observables. */
function table<Row extends { readonly observables?: readonly Reading[] }>({ observables = [], ...row }: Row): string {
  const further = observables.flatMap(({ name, labels, values, flowTime }) =>
    labels.map((label, i): [string, string] => [
      `${name} ${label === name ? "" : `${label} `}${flowTime === undefined ? "" : `(t = ${flowTime})`}`.trim(),
      number(14)(values[i]),
    ]),
  );
  return columns([...lines(row), ...further]);
}

/** Key and value; nested values have their keys joined. */
const lines = (row: object): [string, string][] => Object.entries(row).flatMap(([key, value]) => cells(key, value));

function cells(key: string, value: unknown): [string, string][] {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([part, inner]) => cells(`${key} (${part})`, inner));
  if (Array.isArray(value)) return [[key, key === "lattice" ? value.join(" x ") : value.map(number(14)).join(", ")]];
  return [[key, value === null ? "–" : number(14)(value)]];
}

const number = (digits: number) => (value: unknown) =>
  typeof value === "number" ? String(Number(value.toPrecision(digits))) : String(value ?? "–");

/** One row a flow time; --json has all digits. */
function flowTable(rows: readonly Measured[]): string {
  const short = number(9);
  const header = ["t", "plaquette", "rectangle", "Re P", "Im P", "Q (plaquette)", "Q (clover)", "Q (improved)", "E"];
  const body = rows.map(({ flowTime, plaquette, rectangle, polyakovLoop, topologicalCharge: q, energyDensity }) =>
    [flowTime, plaquette, rectangle, ...polyakovLoop, q?.plaquette, q?.clover, q?.improved, energyDensity].map(short),
  );
  return columns([header, ...body]);
}
