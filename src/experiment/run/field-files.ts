import { parseGroup } from "../../lattice/group.ts";
import { loadConfiguration, readBytes, saveConfiguration, writeBytes } from "../../storage/files.ts";
import { FormatError, formatByName, writeConfiguration } from "../../storage/formats/index.ts";
import { RunDirectoryError } from "../../storage/run-directory/index.ts";
import { readSpins, spinFormat, writeSpins } from "../../storage/spins/index.ts";
import { type FieldData, isSpins } from "../field-data.ts";
import { usualFormat } from "../run-file/head.ts";
import { type RunFile, RunFileError } from "../run-file/index.ts";

interface Saving {
  readonly format?: string;
  /** Number of the update. */
  readonly sequence?: number;
}

/** The ending of the file of a configuration, with the dot. */
export const endingOf = (data: FieldData, format: string = usualFormat.links): string =>
  isSpins(data) ? spinFormat.extensions[0]! : formatByName(format).extensions[0]!;

/** Writes a configuration. Throws as the writer of its format. */
export function saveField(path: string, data: FieldData, { format = usualFormat.links, sequence }: Saving = {}): void {
  const numbered = sequence === undefined ? {} : { sequence };
  if (isSpins(data)) writeBytes(path, writeSpins(data, numbered));
  else saveConfiguration(path, data, { format, ...numbered });
}

/** Throws a RunFileError, naming `file`, where this configuration could not be saved in the format. */
export function checkSaving(data: FieldData, format: string, file: string): void {
  if (isSpins(data)) return;
  try {
    writeConfiguration(format, data);
  } catch (error) {
    throw new RunFileError([`${file}: save.format: ${(error as Error).message}`]);
  }
}

/**
 * Reads the configuration that a run file starts from; undefined where it starts from a word. Throws a RunFileError,
 * which names the run file `file` and the key, where the configuration is not there, damaged, or not what is declared.
 */
export function loadStart({ start, group, spins, lattice }: RunFile, file: string): FieldData | undefined {
  if (typeof start === "string") return undefined;
  try {
    if (spins !== undefined) return readSpins(readBytes(start.file), start.file);
    const hints = { group: parseGroup(group!), extents: lattice, saidBy: "run file" } as const;
    return loadConfiguration(start.file, start.format === undefined ? hints : { ...hints, format: start.format }).data;
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof RunDirectoryError)) throw error;
    throw new RunFileError([`${file}: start: ${error.message}`]);
  }
}
