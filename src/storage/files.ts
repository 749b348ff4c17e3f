import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { GaugeData } from "../lattice/gauge-data.ts";
import {
  type ConfigurationFormat,
  FormatError,
  type ReadConfiguration,
  type ReadHints,
  readConfiguration,
  resolveFormat,
  type WriteOptions,
  writeConfiguration,
} from "./formats/index.ts";
import { writeAll, writeAtomically } from "./run-directory/atomic-file.ts";
import { explained } from "./run-directory/explain.ts";

/** One system call reads at most this much (the limit is 2 GiB on Linux). */
const largestRead = 1 << 28;

/** A whole file, also one of more than 2 GiB. Throws an error that names the path and the remedy. */
export function readBytes(path: string): Uint8Array {
  return explained("read", path, () => {
    const fd = openSync(path, "r");
    try {
      const bytes = new Uint8Array(fstatSync(fd).size);
      let done = 0;
      while (done < bytes.length) {
        const got = readSync(fd, bytes, done, Math.min(bytes.length - done, largestRead), done);
        if (got === 0) return bytes.subarray(0, done);
        done += got;
      }
      // A folder can be opened but not read; an empty read tells.
      if (bytes.length === 0) readSync(fd, new Uint8Array(1), 0, 1, 0);
      return bytes;
    } finally {
      closeSync(fd);
    }
  });
}

/** Writes a file that is there as a whole or not at all (temporary file, fsync, rename). Errors name path and remedy. */
export function writeBytes(path: string, bytes: Uint8Array): void {
  writeAtomically(path, (fd) => writeAll(fd, bytes));
}

/** Reads a configuration in any format. Throws a FormatError, or an error of `readBytes`. */
export function loadConfiguration(path: string, hints: ReadHints = {}): ReadConfiguration {
  return readConfiguration(readBytes(path), path, hints);
}

/**
 * Writes a configuration in the format named, or else in the one that the ending of the path stands for. Throws a
 * FormatError that names the path, or an error of `writeBytes`; an older file is then untouched.
 */
export function saveConfiguration(
  path: string,
  data: GaugeData,
  { format, ...options }: WriteOptions & { readonly format?: ConfigurationFormat | string } = {},
): void {
  const chosen = typeof format === "object" ? format : resolveFormat(path, format);
  let bytes: Uint8Array;
  try {
    bytes = writeConfiguration(chosen, data, options);
  } catch (error) {
    throw error instanceof FormatError ? error.in(path) : error;
  }
  writeBytes(path, bytes);
}
