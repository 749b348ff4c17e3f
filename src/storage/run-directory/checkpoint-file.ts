import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import { writeAll, writeAtomically } from "./atomic-file.ts";
import { explained, RunDirectoryError } from "./explain.ts";

const constructors = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint8: Uint8Array,
} as const;
type DType = keyof typeof constructors;

/** What a checkpoint can hold, stored little-endian (as WebAssembly memory and every machine Node runs on have it). */
export type CheckpointData = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

export interface CheckpointArray {
  readonly name: string;
  /** Row-major; its product is the length of `data`. */
  readonly shape: readonly number[];
  readonly data: CheckpointData;
}

/** All that a chain needs to go on as if it had never stopped. */
export interface Checkpoint {
  /** Updates done. */
  readonly trajectory: number;
  /** Length of events.jsonl when it was written. */
  readonly logBytes: number;
  /** Hash of the resolved run file it belongs to. */
  readonly runHash: string;
  /** Version of the library that wrote it. */
  readonly version: string;
  readonly arrays: readonly CheckpointArray[];
  /** Small plain data (tuned parameters, counters): anything JSON can say. */
  readonly state: unknown;
}

/** The file is not what was written: an older checkpoint may still be good. */
export class DamagedCheckpoint extends RunDirectoryError {}

interface Header extends Omit<Checkpoint, "arrays"> {
  readonly formatVersion: number;
  readonly arrays: readonly { readonly name: string; readonly dtype: DType; readonly shape: readonly number[] }[];
}

/*
 * Layout: 8 bytes "PLAQCKPT"; uint32 length of the header; header (UTF-8 JSON, padded with spaces so that what follows
 * begins at a multiple of 8); every array raw, padded with zeros to a multiple of 8; uint32 CRC-32 (as in zlib) of all
 * before it. Integers and numbers are little-endian.
 */
const magic = "PLAQCKPT";
const formatVersion = 1;
const preamble = 12;
const padding = (length: number) => (8 - (length % 8)) % 8;

/** Writes a checkpoint atomically. Throws a RunDirectoryError; an older file of the same name is then untouched. */
export function writeCheckpointFile(path: string, checkpoint: Checkpoint): void {
  const parts = [headerBytes(checkpoint)];
  for (const { data } of checkpoint.arrays) {
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), new Uint8Array(padding(data.byteLength)));
  }
  writeAtomically(path, (fd) => {
    let sum = 0;
    for (const part of parts) {
      writeAll(fd, part);
      sum = extended(sum, part);
    }
    const tail = new Uint8Array(4);
    new DataView(tail.buffer).setUint32(0, sum, true);
    writeAll(fd, tail);
  });
}

function headerBytes({ arrays, ...rest }: Checkpoint): Uint8Array {
  const header: Header = {
    formatVersion,
    ...rest,
    arrays: arrays.map(({ name, shape, data }) => {
      if (product(shape) !== data.length)
        throw new RangeError(`checkpoint array "${name}": shape [${shape.join(", ")}] for ${data.length} numbers`);
      return { name, dtype: dtypeOf(data), shape };
    }),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = json.length + padding(preamble + json.length);
  const bytes = new Uint8Array(preamble + length).fill(0x20);
  bytes.set(new TextEncoder().encode(magic));
  new DataView(bytes.buffer).setUint32(8, length, true);
  bytes.set(json, preamble);
  return bytes;
}

/** Reads and verifies a checkpoint. Throws a RunDirectoryError that says what is wrong with the file. */
export function readCheckpointFile(path: string): Checkpoint {
  const fd = explained("read", path, () => openSync(path, "r"));
  try {
    const reader = checksummed(fd, path);
    const header = readHeader(reader, path);
    const expected = header.bytes + arrayBytes(header.arrays) + 4;
    if (reader.size !== expected) throw damaged(path, `it has ${reader.size} bytes, its header promises ${expected}`);
    const arrays = header.arrays.map(({ name, dtype, shape }) => {
      const data = new constructors[dtype](product(shape));
      reader.into(new Uint8Array(data.buffer));
      reader.into(new Uint8Array(padding(data.byteLength)));
      return { name, shape, data };
    });
    const sum = reader.sum();
    const tail = new Uint8Array(4);
    reader.into(tail);
    const stored = new DataView(tail.buffer).getUint32(0, true);
    if (stored !== sum) throw damaged(path, `its checksum is ${hex(sum)}, ${hex(stored)} was stored`);
    const { trajectory, logBytes, runHash, version, state } = header;
    return { trajectory, logBytes, runHash, version, arrays, state };
  } finally {
    closeSync(fd);
  }
}

function readHeader(reader: ReturnType<typeof checksummed>, path: string): Header & { readonly bytes: number } {
  const start = new Uint8Array(preamble);
  if (reader.size < preamble + 4) throw damaged(path, `it has only ${reader.size} bytes`);
  reader.into(start);
  if (new TextDecoder().decode(start.subarray(0, 8)) !== magic) throw damaged(path, "it is not a Plaquette checkpoint");
  const length = new DataView(start.buffer).getUint32(8, true);
  if (preamble + length + 4 > reader.size) throw damaged(path, `it ends within its header`);
  const json = new Uint8Array(length);
  reader.into(json);
  let header: Header;
  try {
    header = JSON.parse(new TextDecoder().decode(json)) as Header;
  } catch {
    throw damaged(path, "its header is unreadable");
  }
  if (header.formatVersion !== formatVersion)
    throw new RunDirectoryError(
      `${path}: checkpoint format ${header.formatVersion}, this version reads ${formatVersion}; resume with version ${header.version}, which wrote it`,
    );
  return { ...header, bytes: preamble + length };
}

/** Reads a file from the front, keeping the CRC-32 of all it has handed out. */
function checksummed(fd: number, path: string) {
  const size = fstatSync(fd).size;
  let position = 0;
  let sum = 0;
  return {
    size,
    sum: () => sum,
    into(bytes: Uint8Array): void {
      for (let done = 0; done < bytes.length; ) {
        const want = Math.min(bytes.length - done, 1 << 28);
        const got = explained("read", path, () => readSync(fd, bytes, done, want, position));
        if (got === 0) throw damaged(path, `it ends at byte ${position}`);
        done += got;
        position += got;
      }
      sum = extended(sum, bytes);
    },
  };
}

function arrayBytes(arrays: Header["arrays"]): number {
  return arrays.reduce((total, { dtype, shape }) => {
    const bytes = product(shape) * constructors[dtype].BYTES_PER_ELEMENT;
    return total + bytes + padding(bytes);
  }, 0);
}

function dtypeOf(data: CheckpointData): DType {
  for (const [dtype, type] of Object.entries(constructors)) if (data instanceof type) return dtype as DType;
  throw new TypeError("a checkpoint holds float64, float32, int32, uint32 and uint8 arrays");
}

/** The checksum carried on over more bytes. (For a null pointer, as of no bytes, zlib answers 0.) */
const extended = (sum: number, bytes: Uint8Array) => (bytes.length === 0 ? sum : crc32(bytes, sum));

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const hex = (x: number) => x.toString(16).padStart(8, "0");
const damaged = (path: string, what: string) => new DamagedCheckpoint(`${path}: damaged checkpoint: ${what}`);
