/** A run file that cannot run. Each problem is one sentence that names the file, the key and the remedy. */
export class RunFileError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "RunFileError";
    this.problems = problems;
  }
}
