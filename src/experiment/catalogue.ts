import type { Definition } from "../lattice/definition.ts";

/** What the run file needs to know of a file format. */
export interface FormatEntry {
  readonly name: string;
  readonly title: string;
  readonly cite: readonly string[];
  /** Endings of file names, with the dot. */
  readonly extensions: readonly string[];
  /** Absent for a format that is only read. */
  readonly write?: unknown;
}

/** Everything that can be named in a run file, as lists; a new part is one new folder and one line in its family's list. */
export interface Catalogue {
  readonly actions: readonly Definition[];
  /** Maps of the links that an action can be taken through. */
  readonly maps: readonly Definition[];
  readonly updates: readonly Definition[];
  readonly observables: readonly Definition[];
  readonly formats: readonly FormatEntry[];
}
