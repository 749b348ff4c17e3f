import { command } from "../command-line/command.ts";

export const report = command({
  name: "report",
  summary: "Write the report of a run directory as one self-contained HTML file",
  args: {
    directory: { type: "positional", required: true, description: "run directory, also of a run that is still going" },
    output: {
      type: "string",
      alias: "o",
      valueHint: "file",
      description: "where to write it (default report.html in the directory)",
    },
  },
  details: [
    "Run file, histories, autocorrelation with the window, histograms, table of estimates, flow curves and provenance in",
    "one file without scripts or network, readable in print and in dark mode. A scan is plotted against its value.",
  ].join("\n"),
  examples: [
    ["plaquette report runs/quick", "write runs/quick/report.html again"],
    ["plaquette report runs/quick -o quick.html", "write it somewhere else"],
  ],
  async run(args, terminal) {
    const { readRun } = await import("../../storage/run-directory/index.ts");
    const { analyse } = await import("../../report/index.ts");
    const { writeReport } = await import("../run/report-file.ts");
    const record = readRun(args.directory);
    const path = writeReport(record, analyse(record), await terminal.catalogue(), args.output);
    terminal.out.write(`${path}\n`);
    return 0;
  },
});
