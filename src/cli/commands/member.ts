import { wholeNumber } from "../command-line/arguments.ts";
import { command } from "../command-line/command.ts";
import { errorText, exit } from "../command-line/errors.ts";
import { dieWithParent } from "../run/watch-parent.ts";

export const member = command({
  name: "member",
  summary: "Run or resume one member of a run with several chains, printing its events as JSON lines",
  hidden: true,
  args: {
    directory: { type: "positional", required: true, description: "run directory of the whole run" },
    label: { type: "positional", required: true, description: "the member, as in members.json" },
    workers: { type: "string", valueHint: "n", description: "worker threads (default 1)" },
    parent: {
      type: "string",
      valueHint: "pid",
      description: "process that follows this one; without it this one ends",
    },
  },
  examples: [["plaquette member runs/a chain-1", "carry out one chain of runs/a"]],
  exitCodes: { 3: "an update broke", 4: "a measurement broke", 130: "interrupted, checkpoint written" },
  async run(args, terminal) {
    const { brokenCodes } = await import("../../experiment/schedulers/local-pool.ts");
    const { resumeOneMember } = await import("../../experiment/run/run.ts");
    const { encodeEvent } = await import("../../storage/run-directory/index.ts");
    const parent = wholeNumber(args, "parent", 1);
    if (parent !== undefined) dieWithParent(parent);
    const outcome = await resumeOneMember(args.directory, args.label, wholeNumber(args, "workers", 1) ?? 1, {
      version: terminal.version,
      catalogue: await terminal.catalogue(),
      self: terminal.self,
      listen: (event) => void terminal.out.write(`${encodeEvent(event)}\n`),
      interruption: terminal.interruption(() => {}),
    });
    if (outcome.kind === "failed") {
      const code = brokenCodes[outcome.error.name];
      if (code === undefined) throw outcome.error;
      terminal.err.write(`${errorText(outcome.error)}\n`);
      return code;
    }
    return outcome.kind === "done" ? exit.done : exit.interrupted;
  },
});
