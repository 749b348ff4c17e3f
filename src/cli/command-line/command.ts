import type { ArgsDef, ParsedArgs } from "citty";
import type { Catalogue } from "../../experiment/catalogue.ts";

/** What a command may touch of the process: given by main.ts, made up in tests. */
export interface Terminal {
  readonly out: TextStream;
  readonly err: TextStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Program and first arguments that start this command line again, for chains in processes of their own. */
  readonly self: readonly string[];
  catalogue(): Promise<Catalogue>;
  /**
   * Aborts at the first SIGINT or SIGTERM, telling so through `announce`. Asked for only by commands that can stop in
   * order.
   */
  interruption(announce: (line: string) => void): AbortSignal;
}

/** The part of a writable stream that is used. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** One subcommand. `run` returns the exit code. */
export interface Command<T extends ArgsDef = ArgsDef> {
  readonly name: string;
  readonly summary: string;
  readonly args: T;
  /** Command lines worth copying, with what they do. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  /** More than the arguments tell; paragraphs. */
  readonly details?: string;
  /** True where any number of positional arguments may follow. */
  readonly variadic?: boolean;
  /** True for what only this program itself calls. */
  readonly hidden?: boolean;
  /** Exit codes beyond 0, 1 and 2. */
  readonly exitCodes?: Readonly<Record<number, string>>;
  run(args: ParsedArgs<T>, terminal: Terminal): Promise<number>;
}

/** Keeps the types of the arguments for `run` and forgets them for the table of commands. */
export const command = <const T extends ArgsDef>(definition: Command<T>): Command => definition as unknown as Command;

/** All subcommands by name, loaded when used. */
export type Commands = Readonly<Record<string, () => Promise<Command>>>;
