import {
  type ConfigurationFormat,
  FormatError,
  type ReadHints,
  type StoredConfiguration,
} from "../configuration-format.ts";
import { decodeReals } from "../payload.ts";
import { hex, rotateLeft } from "../scidac-checksum.ts";
import { checkExtents, groupOfSize, realsOf, settleShape } from "../shape.ts";

/*
 * Header, in the byte order of the machine that wrote it: i32 magic @0, i32 extents x, y, z, t @4, time stamp of 64
 * characters @20, i32 order @84 (0: natural), u32 sum29 @88, u32 sum31 @92. Then float32 in the order of GaugeData.
 */
const magic = 20103;
const headerBytes = 96;

/** Binary lattice files of the MILC code, version 5: SU(3) in four dimensions, single precision. */
export const milc: ConfigurationFormat = {
  name: "milc",
  title: "MILC version 5",
  cite: ["MILC code version 7, generic/io_lat4.c"],
  extensions: [".milc"],
  precisions: [],
  detect: (bytes) => littleEndianBy(bytes) !== undefined,
  read,
};

/** The byte order in which the magic number is right. */
function littleEndianBy(bytes: Uint8Array): boolean | undefined {
  if (bytes.length < 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4);
  return [true, false].find((littleEndian) => view.getInt32(0, littleEndian) === magic);
}

function read(bytes: Uint8Array, hints: ReadHints): StoredConfiguration {
  const littleEndian = littleEndianBy(bytes);
  if (littleEndian === undefined)
    throw new FormatError("it does not begin with the number 20103 of a MILC version 5 file");
  if (bytes.length < headerBytes)
    throw new FormatError(
      `it ends inside the header (${bytes.length} of ${headerBytes} bytes): it is truncated, copy it again`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const extents = [4, 8, 12, 16].map((at) => view.getInt32(at, littleEndian));
  if (view.getInt32(84, littleEndian) !== 0)
    throw new FormatError(
      "its sites are in the order of the nodes that wrote it; write it anew with MILC in natural order (save_serial)",
    );
  const declared = { group: groupOfSize(3), extents: checkExtents(extents), precision: 32 } as const;
  const payload = bytes.subarray(headerBytes);
  const { precision, ...shape } = settleShape(declared, hints, { count: payload.length, unit: "bytes" });
  const stored = { sum29: view.getUint32(88, littleEndian), sum31: view.getUint32(92, littleEndian) };
  verify(stored, checksums(payload, littleEndian));
  const stamp = new TextDecoder().decode(bytes.subarray(20, 84)).replace(/\0.*$/s, "");
  return {
    data: { ...shape, links: decodeReals(payload, realsOf(shape), precision, littleEndian) },
    precision,
    checksum: "verified",
    records: [`time stamp ${stamp}`],
    notes: [],
  };
}

interface Checksums {
  readonly sum29: number;
  readonly sum31: number;
}

/** Exclusive or of the 32-bit words, word k rotated left by k mod 29 and by k mod 31. */
function checksums(payload: Uint8Array, littleEndian: boolean): Checksums {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  let [sum29, sum31] = [0, 0];
  for (let k = 0; 4 * k < payload.length; k++) {
    const word = view.getUint32(4 * k, littleEndian);
    sum29 ^= rotateLeft(word, k % 29);
    sum31 ^= rotateLeft(word, k % 31);
  }
  return { sum29: sum29 >>> 0, sum31: sum31 >>> 0 };
}

function verify(stored: Checksums, found: Checksums): void {
  if (stored.sum29 !== found.sum29 || stored.sum31 !== found.sum31)
    throw new FormatError(
      `the checksum in the file is ${hex(stored.sum29)} ${hex(stored.sum31)} but the links give ${hex(found.sum29)} ${hex(found.sum31)}; the file is damaged, copy it again`,
    );
}
