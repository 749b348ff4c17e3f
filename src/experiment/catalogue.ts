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

/** What a run file of one kind of field can name, as lists; a new part is one new folder and one line in its family's list. */
export interface Parts {
  readonly actions: readonly Definition[];
  /** Maps of the links that an action can be taken through. */
  readonly maps: readonly Definition[];
  readonly updates: readonly Definition[];
  readonly observables: readonly Definition[];
  readonly formats: readonly FormatEntry[];
}

/** Everything that can be named in a run file: of gauge links, and of spins, where the same word is another part. */
export interface Catalogue extends Parts {
  readonly spins?: Parts;
}

/** The parts that a run file may name, by whether it has a key `spins`. Throws nothing: without spins there are none. */
export const partsFor = (catalogue: Catalogue, { spins }: { readonly spins?: unknown }): Parts =>
  spins === undefined ? catalogue : (catalogue.spins ?? none);

const none: Parts = { actions: [], maps: [], updates: [], observables: [], formats: [] };
