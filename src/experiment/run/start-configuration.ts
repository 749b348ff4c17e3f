import type { GaugeData } from "../../lattice/gauge-data.ts";
import { parseGroup } from "../../lattice/group.ts";
import { loadConfiguration } from "../../storage/files.ts";
import { FormatError } from "../../storage/formats/index.ts";
import { RunDirectoryError } from "../../storage/run-directory/index.ts";
import { type RunFile, RunFileError } from "../run-file/index.ts";

/**
 * Reads the configuration that a run file starts from; undefined where it starts from a word. Throws a RunFileError,
 * which names the run file `file` and the key, where the configuration is not there, damaged, or not what is declared.
 */
export function loadStart({ start, group, lattice }: RunFile, file: string): GaugeData | undefined {
  if (typeof start === "string") return undefined;
  const hints = { group: parseGroup(group), extents: lattice, saidBy: "run file" } as const;
  try {
    return loadConfiguration(start.file, start.format === undefined ? hints : { ...hints, format: start.format }).data;
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof RunDirectoryError)) throw error;
    throw new RunFileError([`${file}: start: ${error.message}`]);
  }
}
