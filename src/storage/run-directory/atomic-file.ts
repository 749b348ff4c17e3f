import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { explain } from "./explain.ts";

/** Names that a killed write may leave behind: ".name.tmp". */
export const isTemporary = (name: string): boolean => name.startsWith(".") && name.endsWith(".tmp");

/** One system call writes at most this much (the limit is 2 GiB on Linux). */
const largestWrite = 1 << 28;

/** Writes all bytes at the file's position, however many calls it takes. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(fd, bytes, done, Math.min(bytes.length - done, largestWrite));
}

/** Makes what happened in a folder (a rename, a removal) survive a power cut. Folders cannot be synced on every system. */
export function syncFolder(path: string): void {
  let fd: number | undefined;
  try {
    fd = openSync(path, "r");
    fsyncSync(fd);
  } catch {
    // Windows and some network file systems refuse to open or sync a folder; the rename itself is done.
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/**
 * Writes a file that is either wholly there or not at all: temp file, fsync, rename, fsync of the folder.
 * `write` gets the open file. Throws a RunDirectoryError; the old file, if any, is then untouched.
 */
export function writeAtomically(path: string, write: (fd: number) => void): void {
  const temporary = join(dirname(path), `.${basename(path)}.tmp`);
  try {
    const fd = openSync(temporary, "w");
    try {
      write(fd);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explain(error, "write", path);
  }
  syncFolder(dirname(path));
}

/** `writeAtomically` for text. */
export function writeTextAtomically(path: string, text: string): void {
  writeAtomically(path, (fd) => writeAll(fd, new TextEncoder().encode(text)));
}
