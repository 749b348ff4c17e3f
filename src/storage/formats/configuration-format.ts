import type { GaugeData } from "../../lattice/gauge-data.ts";
import type { Group } from "../../lattice/group.ts";

/** Bits of one real number in a file. */
export type Precision = 32 | 64;

/** What the reader of a file already knows: needed by bare payloads, compared with what other files declare. */
export interface ReadHints {
  readonly group?: Group;
  /** [Nx, Ny, Nz, Nt], or fewer directions, the last is time. */
  readonly extents?: readonly number[];
  /** Name of the format, where the file's content should not decide. */
  readonly format?: string;
  /** Where group and extents were said, so that a complaint can tell what to change; on a command line unless told. */
  readonly saidBy?: "run file";
}

/** What one format finds in a file. */
export interface StoredConfiguration {
  readonly data: GaugeData;
  readonly precision: Precision;
  /** A wrong checksum is an error, so what comes back was verified or had none. */
  readonly checksum: "verified" | "absent";
  /** LIME record types, or header lines: what else the file says. */
  readonly records: readonly string[];
  /** Things worth telling the user, one sentence each. */
  readonly notes: readonly string[];
}

/** All are optional; a format that cannot honour one refuses with a FormatError. */
export interface WriteOptions {
  /** 64 unless told; 32 rounds every number to single precision. */
  readonly precision?: Precision;
  /** NERSC only: "two" leaves out the third row of SU(3), which readers recompute (not bit-exact). */
  readonly rows?: "all" | "two";
  /** Written where the format has a date. Left out unless given, so that equal configurations make equal files. */
  readonly date?: Date;
  /** Free text for the file's user record or ensemble label, one line. */
  readonly comment?: string;
  /** Number of the configuration in its chain. */
  readonly sequence?: number;
}

/** A file format of gauge configurations: the only thing each format folder exports. Works on bytes, in a browser too. */
export interface ConfigurationFormat {
  /** As said in run files and on the command line. */
  readonly name: string;
  readonly title: string;
  readonly cite: readonly string[];
  /** Endings of file names, with the dot; the first is what new files get. */
  readonly extensions: readonly string[];
  /** Precisions it can write, the default first; empty for a format that is only read. */
  readonly precisions: readonly Precision[];
  /** Looks at the content only, never throws. */
  detect(bytes: Uint8Array): boolean;
  /** Throws a FormatError (without the file's name, which the caller adds). The bytes are only read. */
  read(bytes: Uint8Array, hints: ReadHints): StoredConfiguration;
  /** Throws a FormatError for groups or lattices that the format cannot hold. */
  write?(data: GaugeData, options: WriteOptions): Uint8Array;
}

/** A file that is not what it should be: one sentence with what is wrong and what to do. */
export class FormatError extends Error {
  override readonly name = "FormatError";

  /** The same error with the file named in front. */
  in(file: string): FormatError {
    return new FormatError(`${file}: ${this.message}`, { cause: this });
  }
}
