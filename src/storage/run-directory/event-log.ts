import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync } from "node:fs";
import type { RunEvent } from "../../sampling/events.ts";
import { writeAll } from "./atomic-file.ts";
import { decodeEvent, encodeEvent } from "./event-line.ts";
import { explain, explained, RunDirectoryError } from "./explain.ts";

const newline = 0x0a;
const chunkBytes = 1 << 16;

/** The append-only log of a run, events.jsonl: one event a line, one write a line. */
export interface EventLog {
  readonly path: string;
  /** Length in bytes; always at the end of a line. A checkpoint stores it. */
  readonly bytes: number;
  /** Hands the line to the system: from here it survives the death of the process. Throws a RunDirectoryError (disk full). */
  append(event: RunEvent): void;
  /** Waits until the lines are on the disk: from here they survive a power cut. */
  sync(): void;
  /**
   * Cuts the log back to the byte length a checkpoint of `trajectory` stored, so that the resumed run writes the lines
   * an uninterrupted run would have. Throws where the log is shorter, or the place is not the end of a line, or later
   * trajectories stand before it.
   */
  rewindTo(trajectory: number, bytes: number): void;
  close(): void;
}

/** Opens a log for appending, creating it where needed; a torn last line (the process died in mid-write) is cut off. */
export function openEventLog(path: string): EventLog {
  const fd = explained("open", path, () => openSync(path, "a+"));
  let bytes = 0;
  const cut = (length: number) => {
    explained("shorten", path, () => ftruncateSync(fd, length));
    bytes = length;
  };
  const size = explained("read", path, () => fstatSync(fd).size);
  bytes = endOfLastLine(fd, size);
  if (bytes < size) cut(bytes);
  return {
    path,
    get bytes() {
      return bytes;
    },
    append(event) {
      const line = new TextEncoder().encode(`${encodeEvent(event)}\n`);
      try {
        writeAll(fd, line);
      } catch (error) {
        dropTornLine(fd, bytes);
        throw explain(error, "write to", path);
      }
      bytes += line.length;
    },
    sync: () => explained("sync", path, () => fsyncSync(fd)),
    rewindTo(trajectory, length) {
      checkRewind(path, bytes, trajectory, length);
      cut(length);
      explained("sync", path, () => fsyncSync(fd));
    },
    close: () => closeSync(fd),
  };
}

/** After a write that failed half way: the lines before stay whole. Where even this fails, readers drop the torn line. */
function dropTornLine(fd: number, length: number): void {
  try {
    ftruncateSync(fd, length);
  } catch {
    // Nothing more can be done here; the error that brought us here is the one to report.
  }
}

function checkRewind(path: string, bytes: number, trajectory: number, length: number): void {
  const complaint = (what: string) =>
    new RunDirectoryError(`${path}: the checkpoint of trajectory ${trajectory} does not belong to this log: ${what}`);
  if (length > bytes) throw complaint(`it expects ${length} bytes, the log has ${bytes}`);
  let end = 0;
  for (const { event, offset } of eachLine(path, length)) {
    end = offset;
    if ("trajectory" in event && event.trajectory > trajectory)
      throw complaint(`trajectory ${event.trajectory} stands before byte ${length}`);
  }
  if (end !== length) throw complaint(`byte ${length} is not the end of a line`);
}

/** The events of a log, in order, read as a stream; a torn last line is dropped. Throws naming the file and the line. */
export function* readEvents(path: string): Generator<RunEvent> {
  for (const { event } of eachLine(path)) yield event;
}

/** Every whole line up to byte `limit`, with the offset of its end. */
function* eachLine(path: string, limit = Infinity): Generator<{ event: RunEvent; offset: number }> {
  const fd = explained("read", path, () => openSync(path, "r"));
  const decoder = new TextDecoder();
  try {
    let rest: Uint8Array = new Uint8Array(0);
    let offset = 0;
    let number = 0;
    for (let position = 0; position < limit; ) {
      const chunk = new Uint8Array(Math.min(chunkBytes, limit - position));
      const got = explained("read", path, () => readSync(fd, chunk, 0, chunk.length, position));
      if (got === 0) return;
      position += got;
      const text = joined(rest, chunk.subarray(0, got));
      let begin = 0;
      for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline, begin)) {
        number += 1;
        const line = decoder.decode(text.subarray(begin, end));
        offset += end + 1 - begin;
        begin = end + 1;
        yield { event: parsed(path, number, line), offset };
      }
      rest = text.subarray(begin);
    }
  } finally {
    closeSync(fd);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function parsed(path: string, number: number, line: string): RunEvent {
  try {
    return decodeEvent(line);
  } catch (error) {
    throw new RunDirectoryError(`${path}, line ${number}: ${(error as Error).message}; restore the file from a copy`);
  }
}

/** Position after the last newline within the first `size` bytes. */
function endOfLastLine(fd: number, size: number): number {
  const chunk = new Uint8Array(chunkBytes);
  for (let end = size; end > 0; ) {
    const begin = Math.max(0, end - chunk.length);
    const got = readSync(fd, chunk, 0, end - begin, begin);
    const last = chunk.subarray(0, got).lastIndexOf(newline);
    if (last >= 0) return begin + last + 1;
    end = begin;
  }
  return 0;
}
