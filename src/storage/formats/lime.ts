import { FormatError } from "./configuration-format.ts";

/*
 * LIME, the record container of ILDG and SciDAC files (C-LIME, USQCD). A record is a header of 144 bytes, the data
 * and zeros up to a multiple of 8. The header is big-endian: u32 magic @0, u16 version @4, u16 flags @6, u64 length
 * of the data @8, NUL-padded type string of 128 bytes @16.
 */
const magic = 0x456789ab;
const version = 1;
const headerBytes = 144;
const beginFlag = 0x8000;
const endFlag = 0x4000;
const padded = (length: number): number => Math.ceil(length / 8) * 8;

export interface LimeRecord {
  readonly type: string;
  /** A view into the file, without the padding. */
  readonly data: Uint8Array;
  /** First of its message. */
  readonly begins: boolean;
  /** Last of its message. */
  readonly ends: boolean;
}

/** A record to be written: text (closed by a NUL, as QIO writes it), or so many bytes filled in place. */
export interface LimeDraft {
  readonly type: string;
  readonly begins?: boolean;
  readonly ends?: boolean;
  readonly content: string | { readonly length: number; fill(target: Uint8Array): void };
}

export function isLime(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && viewOf(bytes).getUint32(0) === magic;
}

/** Record types as far as the file can be followed; for detection, so damage is no error here. */
export function limeTypes(bytes: Uint8Array): string[] {
  const types: string[] = [];
  const view = viewOf(bytes);
  for (let at = 0; at + headerBytes <= bytes.length && view.getUint32(at) === magic; ) {
    types.push(typeAt(bytes, at));
    at += headerBytes + padded(Number(view.getBigUint64(at + 8)));
  }
  return types;
}

/** All records in order. Throws a FormatError for a file that is cut off or damaged. */
export function readLime(bytes: Uint8Array): LimeRecord[] {
  const records: LimeRecord[] = [];
  const view = viewOf(bytes);
  for (let at = 0; at < bytes.length; ) {
    const left = bytes.length - at - headerBytes;
    if (left < 0)
      throw new FormatError(
        `it ends inside a LIME record header (${left + headerBytes} of ${headerBytes} bytes at byte ${at}): it is truncated, copy it again`,
      );
    if (view.getUint32(at) !== magic)
      throw new FormatError(
        `there is no LIME record at byte ${at}, where the next one should begin: it is damaged, copy it again`,
      );
    const type = typeAt(bytes, at);
    const length = Number(view.getBigUint64(at + 8));
    if (length > left)
      throw new FormatError(
        `its record ${type} should hold ${length} bytes but the file ends after ${left} of them: it is truncated, copy it again`,
      );
    const flags = view.getUint16(at + 6);
    const begin = at + headerBytes;
    records.push({
      type,
      data: bytes.subarray(begin, begin + length),
      begins: (flags & beginFlag) !== 0,
      ends: (flags & endFlag) !== 0,
    });
    at = begin + padded(length);
  }
  return records;
}

/** The file of these records. Contents are filled in order, so a later one may use what an earlier one found. */
export function writeLime(drafts: readonly LimeDraft[]): Uint8Array {
  const lengths = drafts.map(({ content }) => (typeof content === "string" ? encode(content).length : content.length));
  const file = new Uint8Array(lengths.reduce((sum, length) => sum + headerBytes + padded(length), 0));
  const view = viewOf(file);
  let at = 0;
  for (const [i, { type, content, begins, ends }] of drafts.entries()) {
    const length = lengths[i]!;
    view.setUint32(at, magic);
    view.setUint16(at + 4, version);
    view.setUint16(at + 6, (begins ? beginFlag : 0) | (ends ? endFlag : 0));
    view.setBigUint64(at + 8, BigInt(length));
    file.set(new TextEncoder().encode(type), at + 16);
    const target = file.subarray(at + headerBytes, at + headerBytes + length);
    if (typeof content === "string") target.set(encode(content));
    else content.fill(target);
    at += headerBytes + padded(length);
  }
  return file;
}

/** Text of a record, without the NUL that C codes close it with; undefined if there is no such record. */
export function limeText(records: readonly LimeRecord[], type: string): string | undefined {
  const data = records.find((record) => record.type === type)?.data;
  return data && new TextDecoder().decode(data).replace(/\0+$/, "");
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(`${text}\0`);

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function typeAt(bytes: Uint8Array, at: number): string {
  const raw = bytes.subarray(at + 16, at + headerBytes);
  const end = raw.indexOf(0);
  return new TextDecoder().decode(end < 0 ? raw : raw.subarray(0, end));
}
