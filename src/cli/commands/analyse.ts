import { command } from "../command-line/command.ts";

export const analyse = command({
  name: "analyse",
  summary: "Estimates with errors and autocorrelation times from a run directory",
  args: {
    directory: { type: "positional", required: true, description: "run directory, also of a run that is still going" },
    json: { type: "boolean", description: "print everything as one JSON object" },
  },
  details: [
    "Needs only the directory. Replicas are merged and the values of a scan kept apart. Errors come from the Gamma method",
    "with its automatic window; where a chain is too short for an error, the table says so instead.",
  ].join("\n"),
  examples: [
    ["plaquette analyse runs/quick", "the table of estimates"],
    ["plaquette analyse runs/quick --json", "the same for a program"],
  ],
  async run(args, terminal) {
    const { readRun } = await import("../../storage/run-directory/index.ts");
    const { analyse: analyseRun, analysisJson, renderTable } = await import("../../report/index.ts");
    const analysis = analyseRun(readRun(args.directory));
    const text = args.json ? JSON.stringify(analysisJson(analysis), null, 2) : renderTable(analysis).trimEnd();
    terminal.out.write(`${text}\n`);
    return 0;
  },
});
