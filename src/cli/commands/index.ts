import type { Commands } from "../command-line/command.ts";

/** Every subcommand, in the order of the help; each is loaded when it is used. */
export const commands: Commands = {
  run: async () => (await import("./run.ts")).run,
  train: async () => (await import("./train.ts")).train,
  resume: async () => (await import("./resume.ts")).resume,
  analyse: async () => (await import("./analyse.ts")).analyse,
  report: async () => (await import("./report.ts")).report,
  compare: async () => (await import("./compare.ts")).compare,
  reproduce: async () => (await import("./reproduce.ts")).reproduce,
  measure: async () => (await import("./measure.ts")).measure,
  convert: async () => (await import("./convert.ts")).convert,
  wizard: async () => (await import("./wizard.ts")).wizard,
  list: async () => (await import("./list.ts")).list,
  bench: async () => (await import("./bench.ts")).bench,
  doctor: async () => (await import("./doctor.ts")).doctor,
  member: async () => (await import("./member.ts")).member,
};
