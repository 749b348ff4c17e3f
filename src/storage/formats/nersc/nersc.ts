import type { GaugeData } from "../../../lattice/gauge-data.ts";
import {
  type ConfigurationFormat,
  FormatError,
  type ReadHints,
  type StoredConfiguration,
  type WriteOptions,
} from "../configuration-format.ts";
import { linkTraceOf, plaquetteOf } from "../header-observables.ts";
import { decodeReals, encodeReals } from "../payload.ts";
import { hex } from "../scidac-checksum.ts";
import { agreeing, checkExtents, realsOf } from "../shape.ts";
import {
  type FloatingPoint,
  headerText,
  isNersc,
  type NerscHeader,
  parseDataType,
  parseFloatingPoint,
  parseHeader,
  required,
} from "./header.ts";
import { dropThirdRow, restoreThirdRow } from "./two-rows.ts";

/** How far header and links may differ: headers of old files have few digits. */
const tolerances = { PLAQUETTE: 1e-5, LINK_TRACE: 1e-6 } as const;

/**
 * The NERSC archive format ("Gauge Connection"): a text header and the links in the order of GaugeData. SU(3) with two
 * rows (4D_SU3_GAUGE) or three (4D_SU3_GAUGE_3x3), other N as 4D_SU2_GAUGE_2x2, …; lattices of fewer dimensions and
 * U(1) under the names these rules give (2D_SU3_GAUGE_3x3, 4D_U1_GAUGE_1x1). Written big-endian.
 */
export const nersc: ConfigurationFormat = {
  name: "nersc",
  title: "NERSC archive",
  cite: ["Gauge Connection, qcd.nersc.gov, archive format 1.0"],
  extensions: [".nersc"],
  precisions: [64, 32],
  detect: isNersc,
  read,
  write,
};

function read(bytes: Uint8Array, hints: ReadHints): StoredConfiguration {
  const header = parseHeader(bytes);
  const { dimension, group, rows } = parseDataType(required(header, "DATATYPE"));
  const extents = Array.from({ length: dimension }, (_, mu) => Number(required(header, `DIMENSION_${mu + 1}`)));
  const shape = { group, extents: checkExtents(extents) };
  agreeing(shape, hints);
  const floats = parseFloatingPoint(required(header, "FLOATING_POINT"));
  const stored = (realsOf(shape) / group.n) * rows;
  const payload = bytes.subarray(header.length);
  const expected = (stored * floats.precision) / 8;
  if (payload.length !== expected)
    throw new FormatError(
      `it holds ${payload.length} bytes of links but its header (${required(header, "DATATYPE")}, ${extents.join(",")}, ${floats.precision} bit) needs ${expected}; it is ${payload.length < expected ? "truncated" : "damaged"}, copy it again`,
    );
  const { littleEndian, checksum } = verifyChecksum(header, payload, floats);
  const values = decodeReals(payload, stored, floats.precision, littleEndian);
  const data = { ...shape, links: rows === group.n ? values : restoreThirdRow(values) };
  verifyObservables(header, data);
  return { data, precision: floats.precision, checksum, records: header.lines, notes: [] };
}

/** A bare IEEE32 is big-endian by custom; where the checksum says otherwise the checksum is believed. */
function verifyChecksum(
  { fields }: NerscHeader,
  payload: Uint8Array,
  { littleEndian }: FloatingPoint,
): { littleEndian: boolean; checksum: "verified" | "absent" } {
  const text = fields.get("CHECKSUM");
  if (text === undefined) return { littleEndian: littleEndian ?? false, checksum: "absent" };
  const stored = Number.parseInt(text, 16);
  const orders = littleEndian === undefined ? [false, true] : [littleEndian];
  const right = orders.find((order) => wordSum(payload, order) === stored);
  if (right === undefined)
    throw new FormatError(
      `CHECKSUM in the header is ${text} but the links give ${hex(wordSum(payload, orders[0]!))}; the file is damaged, copy it again`,
    );
  return { littleEndian: right, checksum: "verified" };
}

/** Sum of the 32-bit words modulo 2^32; the two halves of a 64-bit number count as they come. */
function wordSum(payload: Uint8Array, littleEndian: boolean): number {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  let sum = 0;
  for (let at = 0; at < payload.length; at += 4) sum = (sum + view.getUint32(at, littleEndian)) | 0;
  return sum >>> 0;
}

function verifyObservables({ fields }: NerscHeader, data: GaugeData): void {
  const found = { PLAQUETTE: plaquetteOf, LINK_TRACE: linkTraceOf };
  for (const key of ["PLAQUETTE", "LINK_TRACE"] as const) {
    const text = fields.get(key);
    if (text === undefined) continue;
    const value = found[key](data);
    // A payload of NaN is for the caller to report.
    if (Math.abs(value - Number(text)) > tolerances[key])
      throw new FormatError(
        `${key} in the header is ${text} but the links give ${value.toPrecision(8)}; the file is damaged, copy it again`,
      );
  }
}

function write(data: GaugeData, options: WriteOptions): Uint8Array {
  const { precision = 64 } = options;
  const { n, name } = data.group;
  if (options.rows === "two" && n !== 3)
    throw new FormatError(`two rows are enough for SU(3) only, not for ${name}; write all rows`);
  const rows = options.rows === "two" ? 2 : n;
  const values = rows === n ? data.links : dropThirdRow(data.links);
  const observables = { linkTrace: linkTraceOf(data), plaquette: plaquetteOf(data) };
  const headerOf = (checksum: number) =>
    new TextEncoder().encode(headerText(data, rows, { checksum, ...observables }, options));
  // The checksum has eight digits whatever it is, so the place of the links is known before it is.
  const begin = headerOf(0).length;
  const file = new Uint8Array(begin + (values.length * precision) / 8);
  const payload = file.subarray(begin);
  encodeReals(values, payload, precision, false);
  file.set(headerOf(wordSum(payload, false)));
  return file;
}
