import type { GaugeData } from "../../lattice/gauge-data.ts";
import { bridgeText } from "./bridge-text/bridge-text.ts";
import {
  type ConfigurationFormat,
  FormatError,
  type ReadHints,
  type StoredConfiguration,
  type WriteOptions,
} from "./configuration-format.ts";
import { ildg } from "./ildg/ildg.ts";
import { milc } from "./milc/milc.ts";
import { nersc } from "./nersc/nersc.ts";
import { openqcd } from "./openqcd/openqcd.ts";
import { scidac } from "./scidac/scidac.ts";
import { checkExtents, realsOf } from "./shape.ts";
import { checkFinite, inspectLinks } from "./unitarity.ts";

export type {
  ConfigurationFormat,
  Precision,
  ReadHints,
  StoredConfiguration,
  WriteOptions,
} from "./configuration-format.ts";
export { FormatError } from "./configuration-format.ts";
export { linkTraceOf, plaquetteOf } from "./header-observables.ts";
export { unitarityDefectOf } from "./unitarity.ts";

/** Every format, those with a sure mark of their own first: detection takes the first that fits. */
export const formats: readonly ConfigurationFormat[] = [ildg, scidac, nersc, milc, openqcd, bridgeText];

/** A configuration with what its file says about it. */
export interface ReadConfiguration extends StoredConfiguration {
  /** Name of the format. */
  readonly format: string;
  /** max |(U U^dagger - 1)_ab| over all links. */
  readonly unitarityDefect: number;
}

/** The format of that name. Throws a FormatError that lists the names. */
export function formatByName(name: string): ConfigurationFormat {
  const found = formats.find((format) => format.name === name);
  if (!found)
    throw new FormatError(
      `format ${JSON.stringify(name)} is unknown; expected one of ${formats.map((f) => f.name).join(", ")}`,
    );
  return found;
}

/** The format that the ending of a file name stands for, for writing; undefined if none. */
export function formatOfName(fileName: string): ConfigurationFormat | undefined {
  const name = fileName.toLowerCase();
  const endings = formats.flatMap((format) => format.extensions.map((ending) => ({ format, ending })));
  const fitting = endings.filter(({ ending }) => name.endsWith(ending));
  return fitting.sort((a, b) => b.ending.length - a.ending.length)[0]?.format;
}

/**
 * The format to write a file in: the one named, or else the one that the ending of the file name stands for. Throws a
 * FormatError if there is neither.
 */
export function resolveFormat(fileName: string, name?: string): ConfigurationFormat {
  const found = name === undefined ? formatOfName(fileName) : formatByName(name);
  if (found) return found;
  const endings = formats.filter((format) => format.write).map(({ extensions }) => extensions[0]);
  throw new FormatError(
    `the name does not say the format to write; end it in ${endings.join(", ")}, or name it with --to ${ildg.name}`,
  ).in(fileName);
}

/**
 * The format of a file by its content. Throws a FormatError for an empty file, an unknown one, and one whose name ends
 * like a format that its content is not.
 */
export function detectFormat(bytes: Uint8Array, fileName: string): ConfigurationFormat {
  if (bytes.length === 0) throw new FormatError("the file is empty; copy or write it again").in(fileName);
  const found = formats.find((format) => format.detect(bytes));
  const named = formatOfName(fileName);
  if (found && (!named || named === found || sameContainer(named, found))) return found;
  // A damaged or unlucky file is best explained by the reader that its name calls for; a text says itself what it is.
  const content = found ? `a ${found.title} file` : `no configuration: it begins with ${opening(bytes)}`;
  if (named)
    throw new FormatError(
      `it is named like ${named.title} but its content is ${content}; ${
        found
          ? `rename it to end in ${found.extensions[0]}, or say --format ${found.name}`
          : "give the right file, or copy it again"
      }`,
    ).in(fileName);
  throw new FormatError(`its content is ${content}; known formats are ${formats.map((f) => f.title).join(", ")}`).in(
    fileName,
  );
}

/** Reads a configuration in any format. Throws a FormatError that names the file, what is wrong and the remedy. */
export function readConfiguration(bytes: Uint8Array, fileName: string, hints: ReadHints = {}): ReadConfiguration {
  const format = hints.format === undefined ? detectFormat(bytes, fileName) : formatByName(hints.format);
  try {
    if (bytes.length === 0) throw new FormatError("the file is empty; copy or write it again");
    const stored = format.read(bytes, hints);
    const { defect, notes } = inspectLinks(stored.data, stored.precision);
    return { ...stored, format: format.name, unitarityDefect: defect, notes: [...stored.notes, ...notes] };
  } catch (error) {
    throw error instanceof FormatError ? error.in(fileName) : error;
  }
}

/**
 * The file of a configuration. Throws a FormatError if the format cannot hold it (or is only read), and for links that
 * are not finite: nothing useless goes to disk.
 */
export function writeConfiguration(
  format: ConfigurationFormat | string,
  data: GaugeData,
  options: WriteOptions = {},
): Uint8Array {
  const { name, write, precisions } = typeof format === "string" ? formatByName(format) : format;
  const writable = () => formats.filter((f) => f.write).map((f) => f.name);
  if (!write) throw new FormatError(`format ${name} can be read but not written; write ${writable().join(", ")}`);
  if (options.precision && !precisions.includes(options.precision))
    throw new FormatError(
      `format ${name} is written with ${precisions.join(" or ")} bits, not ${options.precision}; leave the precision out`,
    );
  if (options.rows === "two" && name !== nersc.name)
    throw new FormatError(`format ${name} always stores all rows; leave the rows out, or write ${nersc.name}`);
  checkExtents(data.extents);
  if (data.links.length !== realsOf(data))
    throw new RangeError(
      `${data.links.length} numbers for ${data.group.name} on ${data.extents.join(",")}, which has ${realsOf(data)}`,
    );
  checkFinite(data);
  return write(data, options);
}

const sameContainer = (a: ConfigurationFormat, b: ConfigurationFormat): boolean =>
  [a, b].every((format) => format === ildg || format === scidac);

/** The first bytes as a person would like to see them. */
function opening(bytes: Uint8Array): string {
  const latin = new TextDecoder("latin1").decode(bytes.subarray(0, 12));
  if (latin.startsWith("HDF5-based J")) return "a JLD2 header (convert it to ILDG with Julia)";
  if (latin.slice(1).startsWith("HDF\r\n")) return "an HDF5 header (convert it to ILDG with the code that wrote it)";
  const line = new TextDecoder().decode(bytes.subarray(0, 40)).split(/\r?\n/)[0]!;
  // The cut may go through a character, which then reads as U+FFFD.
  const text = line.replace(/\ufffd$/, "");
  if (/^[^\p{Cc}\ufffd]+$/u.test(text)) return `the text ${JSON.stringify(text)}`;
  return `the bytes ${[...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}`;
}
