import type { GaugeData } from "../../../lattice/gauge-data.ts";
import type { Group } from "../../../lattice/group.ts";
import { FormatError, type Precision, type WriteOptions } from "../configuration-format.ts";
import { hex } from "../scidac-checksum.ts";
import { groupOfSize } from "../shape.ts";

const first = "BEGIN_HEADER";
const last = "END_HEADER\n";
/** No header is longer; a file without the end mark is not searched to its end. */
const searched = 1 << 16;

export interface NerscHeader {
  /** key -> value, both trimmed. */
  readonly fields: ReadonlyMap<string, string>;
  readonly lines: readonly string[];
  /** Where the links begin. */
  readonly length: number;
}

export const isNersc = (bytes: Uint8Array): boolean =>
  new TextDecoder().decode(bytes.subarray(0, first.length)) === first;

/** Throws a FormatError if the end mark is missing. */
export function parseHeader(bytes: Uint8Array): NerscHeader {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, searched));
  const end = text.indexOf(last);
  if (!isNersc(bytes) || end < 0)
    throw new FormatError(
      "its header has no END_HEADER line: it is truncated or not a NERSC archive file, copy it again",
    );
  const lines = text.slice(0, end).split("\n").slice(1, -1);
  const fields = new Map<string, string>();
  for (const line of lines) {
    const equals = line.indexOf("=");
    if (equals > 0) fields.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
  }
  return { fields, lines, length: end + last.length };
}

/** The value of a key. Throws a FormatError without it. */
export function required({ fields }: NerscHeader, key: string): string {
  const value = fields.get(key);
  if (value === undefined) throw new FormatError(`its header has no ${key}; add the line ${key} = … to the header`);
  return value;
}

/** DATATYPE: "4D_SU3_GAUGE" (two rows stored), "4D_SU3_GAUGE_3x3", "4D_SU4_GAUGE_4x4", … */
export interface DataType {
  readonly dimension: number;
  readonly group: Group;
  readonly rows: number;
}

export function parseDataType(text: string): DataType {
  const match = /^([1-4])D_(S?)U(\d+)_GAUGE(?:_(\d+)[xX](\d+))?$/.exec(text);
  const [, dimension, special, size, rows, columns] = match ?? [];
  const n = Number(size);
  const full = rows === size && columns === size;
  const twoRows = rows === undefined && n === 3;
  if (!match || Boolean(special) !== n > 1 || !(full || twoRows))
    throw new FormatError(
      `its DATATYPE is ${JSON.stringify(text)}; expected 4D_SU3_GAUGE (two rows), 4D_SU3_GAUGE_3x3, 4D_SU2_GAUGE_2x2 and so on`,
    );
  return { dimension: Number(dimension), group: groupOfSize(n), rows: full ? n : 2 };
}

export function dataTypeName({ group, extents }: GaugeData, rows: number): string {
  const { n, special } = group;
  return `${extents.length}D_${special ? "S" : ""}U${n}_GAUGE${rows === n ? `_${n}x${n}` : ""}`;
}

/** FLOATING_POINT. `littleEndian` is undefined for IEEE32 and IEEE64, which leave it open. */
export interface FloatingPoint {
  readonly precision: Precision;
  readonly littleEndian: boolean | undefined;
}

export function parseFloatingPoint(text: string): FloatingPoint {
  const match = /^IEEE(32|64)(BIG|LITTLE)?$/.exec(text);
  if (!match)
    throw new FormatError(
      `its FLOATING_POINT is ${JSON.stringify(text)}; expected IEEE32BIG, IEEE32LITTLE, IEEE64BIG or IEEE64LITTLE`,
    );
  return {
    precision: match[1] === "64" ? 64 : 32,
    littleEndian: match[2] === undefined ? undefined : match[2] === "LITTLE",
  };
}

/** What a header says that has to be computed from the links. */
export interface Measured {
  readonly checksum: number;
  readonly linkTrace: number;
  readonly plaquette: number;
}

export function headerText(data: GaugeData, rows: number, measured: Measured, options: WriteOptions): string {
  const numbered = (key: string, values: readonly (number | string)[]) =>
    values.map((value, i) => [`${key}_${i + 1}`, value] as const);
  const date = options.date?.toUTCString();
  const fields: (readonly [string, string | number])[] = [
    ["HDR_VERSION", "1.0"],
    ["DATATYPE", dataTypeName(data, rows)],
    ["STORAGE_FORMAT", "1.0"],
    ...numbered("DIMENSION", data.extents),
    ["LINK_TRACE", measured.linkTrace.toPrecision(15)],
    ["PLAQUETTE", measured.plaquette.toPrecision(15)],
    ...numbered(
      "BOUNDARY",
      data.extents.map(() => "PERIODIC"),
    ),
    ["CHECKSUM", hex(measured.checksum)],
    ["ENSEMBLE_ID", "plaquette"],
    ["ENSEMBLE_LABEL", (options.comment ?? data.group.name).replace(/\s+/g, " ")],
    // Some readers take 0 for a missing number.
    ["SEQUENCE_NUMBER", options.sequence ?? 1],
    ["CREATOR", "plaquette"],
    ...(date
      ? ([
          ["CREATION_DATE", date],
          ["ARCHIVE_DATE", date],
        ] as const)
      : []),
    ["FLOATING_POINT", `IEEE${options.precision ?? 64}BIG`],
  ];
  return `${first}\n${fields.map(([key, value]) => `${key} = ${value}\n`).join("")}${last}`;
}
