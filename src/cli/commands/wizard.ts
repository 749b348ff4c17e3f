import { existsSync, readFileSync } from "node:fs";
import { RunFileError } from "../../experiment/run-file/error.ts";
import { command, type Terminal } from "../command-line/command.ts";
import { exit, UsageError } from "../command-line/errors.ts";
import { askTable } from "../wizard/answers.ts";
import { interview, type Respondent } from "../wizard/interview.ts";
import { writeRunFile } from "../wizard/write.ts";

export const wizard = command({
  name: "wizard",
  summary: "Ask for what a run needs and write a commented run file",
  args: {
    file: { type: "positional", required: false, default: "run.toml", description: "run file to write" },
    yes: { type: "boolean", alias: "y", description: "ask nothing and take every default" },
    answers: {
      type: "string",
      valueHint: "file",
      description: "JSON object of answers; ask nothing and take defaults for the rest",
    },
    overwrite: { type: "boolean", description: "replace an existing file" },
  },
  details: [
    "Answers are named by their keys: lattice, group, start, start-file, action, update and measure (lists of names),",
    "thermalise, trajectories, chains, seed, save.configurations, save.format, and the parameters of the parts, as in",
    '{ "lattice": [8, 8, 8, 8], "action.wilson-gauge.beta": 6.0, "update": ["heatbath", "overrelaxation"] }.',
  ].join("\n"),
  examples: [
    ["plaquette wizard first.toml", "ask, and write first.toml"],
    ["plaquette wizard first.toml --yes", "a run file with the defaults, to be edited"],
    ["plaquette wizard first.toml --answers a.json", "from a program"],
  ],
  exitCodes: { 130: "cancelled, nothing written" },
  async run(args, terminal) {
    const file = args.file;
    if (existsSync(file) && !args.overwrite)
      throw new UsageError(`${file}: exists already; give another name, or --overwrite`);
    const catalogue = await terminal.catalogue();
    const { trialBy } = await import("../wizard/trial.ts");
    const { openDevice } = await import("../../kernels/node.ts");
    const trial = trialBy(catalogue, file, () => openDevice({ workers: 1 }));
    const store = async (plain: Readonly<Record<string, unknown>>) => {
      const text = writeRunFile(plain, file, catalogue);
      const problem = trial(plain);
      if (problem !== undefined) throw new RunFileError([`${file}: ${problem}`]);
      const { writeBytes } = await import("../../storage/files.ts");
      writeBytes(file, new TextEncoder().encode(text));
      return `wrote ${file}; run it with: plaquette run ${file}`;
    };
    const answered = async (answers: Readonly<Record<string, unknown>>, source: string) => {
      const table = askTable(answers, source);
      const plain = await interview(catalogue, table, trial);
      table.refuseUnused();
      terminal.out.write(`${await store(plain)}\n`);
      return exit.done;
    };
    if (args.answers !== undefined) return answered(readAnswers(args.answers), args.answers);
    if (args.yes) return answered({}, "--yes");
    return converse(terminal, async (to) => {
      for (;;) {
        try {
          return await store(await interview(catalogue, to, trial));
        } catch (error) {
          // What no single answer shows; the answers are kept and offered again.
          if (!(error instanceof RunFileError)) throw error;
          await to.refuse("", error.message);
        }
      }
    });
  },
});

async function converse(terminal: Terminal, interviewAndStore: (to: Respondent) => Promise<string>): Promise<number> {
  if (!terminal.out.isTTY)
    throw new UsageError("plaquette wizard: asks questions on a terminal; without one give --yes or --answers FILE");
  const { Cancelled, farewell, giveUp, greet, person } = await import("../wizard/person.ts");
  greet(terminal.version);
  try {
    farewell(await interviewAndStore(person()));
    return exit.done;
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    giveUp();
    return exit.interrupted;
  }
}

function readAnswers(file: string): Record<string, unknown> {
  let answers: unknown;
  try {
    answers = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${file}: not JSON: ${error.message}`);
  }
  if (typeof answers !== "object" || answers === null || Array.isArray(answers))
    throw new UsageError(`${file}: expected a JSON object of answers`);
  return answers as Record<string, unknown>;
}
