import { wholeNumber } from "../command-line/arguments.ts";
import { command } from "../command-line/command.ts";
import { follow } from "../run/follow.ts";
import { followOptions } from "../run/options.ts";

export const resume = command({
  name: "resume",
  summary: "Go on with a run that was stopped or killed, from its last checkpoint",
  args: {
    directory: { type: "positional", required: true, description: "run directory" },
    workers: { type: "string", valueHint: "n", description: "worker threads in all, 0: all cores (default: run file)" },
    ...followOptions,
  },
  details: [
    "The result is bit for bit that of a run never stopped, with any number of workers. What was measured after the last",
    "checkpoint is measured again. A run that is complete is left as it is.",
  ].join("\n"),
  examples: [
    ["plaquette resume runs/quick", "go on where it stopped"],
    ["plaquette resume runs/quick --json", "the same, with events for another program"],
  ],
  exitCodes: { 130: "interrupted, checkpoint written" },
  async run(args, terminal) {
    const workers = wholeNumber(args, "workers");
    const { resume: goOn, unfinished } = await import("../../experiment/run/run.ts");
    const left = unfinished(args.directory, await terminal.catalogue());
    if (left.length === 0)
      terminal.err.write(`${args.directory} is complete; to lengthen it, raise trajectories in its run.toml\n`);
    return follow(left.length, args, terminal, (context) =>
      goOn(args.directory, workers === undefined ? context : { ...context, workers }),
    );
  },
});
