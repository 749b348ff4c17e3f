import { existsSync } from "node:fs";
import { command } from "../command-line/command.ts";
import { UsageError } from "../command-line/errors.ts";
import { hintOptions, hints } from "../command-line/file-options.ts";

export const convert = command({
  name: "convert",
  summary: "Convert a gauge configuration from one file format to another",
  args: {
    input: {
      type: "positional",
      required: true,
      description: "configuration to read; its format is recognised by its content",
    },
    output: { type: "positional", required: true, description: "file to write; its ending says the format" },
    from: {
      type: "string",
      alias: "format",
      valueHint: "format",
      description: "format of the input, where it should not be recognised",
    },
    to: { type: "string", valueHint: "format", description: "format of the output, where its ending does not say it" },
    ...hintOptions,
    precision: {
      type: "enum",
      options: ["32", "64"],
      description: "bits of a number (default: the format's first choice)",
    },
    rows: { type: "enum", options: ["all", "two"], description: "NERSC only: store two rows of three, as is common" },
    overwrite: { type: "boolean", description: "replace an existing output file" },
  },
  details: [
    "Checksums are verified on reading and written where the format has one. In 64 bits a conversion keeps every bit.",
    '"plaquette list formats" shows the formats and their endings.',
  ].join("\n"),
  examples: [
    ["plaquette convert lat.milc lat.ildg", "MILC to ILDG"],
    [
      "plaquette convert conf.txt conf.ildg --group 'SU(3)' --lattice 4,4,4,4",
      "a bare text that says neither group nor lattice",
    ],
    ["plaquette convert lat.ildg lat.nersc --rows two", "NERSC with two rows"],
  ],
  async run(args, terminal) {
    if (existsSync(args.output) && !args.overwrite)
      throw new UsageError(`${args.output}: exists already; give another name, or --overwrite`);
    const { loadConfiguration, saveConfiguration } = await import("../../storage/files.ts");
    const read = loadConfiguration(args.input, hints(args, args.from));
    for (const note of read.notes) terminal.err.write(`note: ${note}\n`);
    saveConfiguration(args.output, read.data, {
      ...(args.to === undefined ? {} : { format: args.to }),
      ...(args.precision === undefined ? {} : { precision: args.precision === "32" ? 32 : 64 }),
      ...(args.rows === undefined ? {} : { rows: args.rows === "two" ? "two" : "all" }),
    });
    const { group, extents } = read.data;
    terminal.out.write(
      `${args.output}: ${group.name}, ${extents.join(" x ")}, from ${read.format}, checksum ${read.checksum}\n`,
    );
    return 0;
  },
});
