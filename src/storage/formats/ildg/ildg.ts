import type { GaugeData } from "../../../lattice/gauge-data.ts";
import {
  type ConfigurationFormat,
  FormatError,
  type ReadHints,
  type StoredConfiguration,
  type WriteOptions,
} from "../configuration-format.ts";
import { isLime, type LimeRecord, limeText, limeTypes, readLime, writeLime } from "../lime.ts";
import { decodeReals, encodeReals } from "../payload.ts";
import { declaredByScidac } from "../scidac/declared.ts";
import { checksumXml, scidacChecksum, verifyChecksum } from "../scidac-checksum.ts";
import { agreeing, type Declared, realsOf, settleShape, volumeOf } from "../shape.ts";
import { embedIn4D, extractFrom4D } from "./dimensions.ts";
import {
  declaredByIldg,
  dimensionXml,
  ildgFormatXml,
  lowerDimension,
  recordTypes,
  scidacFileXml,
  scidacRecordXml,
  userXml,
} from "./records.ts";

/**
 * ILDG binary files (LIME container, record `ildg-binary-data`): big-endian IEEE numbers in the order of GaugeData,
 * 32 or 64 bit, any N.
 *
 * Written as QIO writes them, with SciDAC checksum, so that the readers of MILC, Chroma and Grid take them. Read with or
 * without `ildg-format` record and checksum; LatticeQCD.jl writes (older) files with the payload record alone, whose
 * group and lattice must come from the hints. A lattice of fewer than four directions is stored as a slice of a
 * four-dimensional one, see dimensions.ts.
 */
export const ildg: ConfigurationFormat = {
  name: "ildg",
  title: "ILDG (LIME)",
  cite: ["ILDG binary file format 1.2, ILDG metadata working group", "USQCD QIO, SciDAC file format 1.1"],
  extensions: [".ildg", ".lime"],
  precisions: [64, 32],
  detect: (bytes) => isLime(bytes) && !limeTypes(bytes).includes("scidac-binary-data"),
  read,
  write,
};

function read(bytes: Uint8Array, hints: ReadHints): StoredConfiguration {
  const records = readLime(bytes);
  const at = records.findIndex(({ type }) => type === recordTypes.payload);
  const payload = records[at]?.data;
  if (!payload) throw new FormatError(noPayload(records));
  const lower = lowerDimension(records);
  const declared = declaredBy(records);
  // Hints speak of the configuration itself, the payload of a lower-dimensional one is that of its embedding.
  const asked = lower ? agreeing({ ...declared, extents: lower }, hints) : hints;
  const inFile = lower ? { ...asked, extents: declared.extents ?? [] } : asked;
  const { precision, ...shape } = settleShape(declared, inFile, { count: payload.length, unit: "bytes" });
  const checksum = limeText(records.slice(at), recordTypes.checksum);
  if (checksum !== undefined) verifyChecksum(checksum, payload, payload.length / volumeOf(shape.extents));
  const stored = { ...shape, links: decodeReals(payload, realsOf(shape), precision, false) };
  return {
    data: lower ? extractFrom4D(stored, lower) : stored,
    precision,
    checksum: checksum === undefined ? "absent" : "verified",
    records: records.map(({ type }) => type),
    notes: notesOn(records, declared),
  };
}

/** The ildg-format record decides; SciDAC records fill in what it leaves open. */
function declaredBy(records: readonly LimeRecord[]): Declared {
  const scidac = declaredByScidac(records);
  const own = declaredByIldg(records);
  return {
    group: own.group ?? scidac.group,
    extents: own.extents ?? scidac.extents,
    precision: own.precision ?? scidac.precision,
  };
}

function notesOn(records: readonly LimeRecord[], { group, extents }: Declared): string[] {
  const notes: string[] = [];
  if (!group || !extents)
    notes.push("the file does not say its group and lattice; they were taken from --group and --lattice");
  if (records.filter(({ type }) => type === recordTypes.payload).length > 1)
    notes.push("the file holds several configurations; the first was read");
  return notes;
}

function noPayload(records: readonly LimeRecord[]): string {
  const types = records.map(({ type }) => type).join(", ");
  return `it is a LIME file without links: no record ildg-binary-data among ${types || "its records"}; give a gauge configuration`;
}

function write(data: GaugeData, options: WriteOptions): Uint8Array {
  const { precision = 64, comment } = options;
  const { group, extents, links } = embedIn4D(data);
  const volume = volumeOf(extents);
  const length = (links.length * precision) / 8;
  let checksum = { suma: 0, sumb: 0 };
  const payload = {
    length,
    fill(target: Uint8Array) {
      encodeReals(links, target, precision, false);
      checksum = scidacChecksum(target, length / volume);
    },
  };
  const checksumRecord = {
    length: checksumXml(checksum).length + 1,
    fill: (target: Uint8Array) => target.set(new TextEncoder().encode(checksumXml(checksum))),
  };
  const lfn = options.sequence === undefined ? "" : `configuration-${options.sequence}`;
  return writeLime([
    { type: recordTypes.privateFile, begins: true, content: scidacFileXml(extents) },
    { type: recordTypes.file, ends: true, content: userXml("title", "ILDG gauge configuration") },
    { type: recordTypes.privateRecord, begins: true, content: scidacRecordXml(group.n, precision, options.date) },
    { type: recordTypes.record, content: userXml("info", comment ?? `${group.name} gauge configuration`) },
    { type: recordTypes.format, content: ildgFormatXml(group, extents, precision) },
    { type: recordTypes.lfn, content: `lfn://unregistered/${lfn}` },
    { type: recordTypes.payload, content: payload },
    { type: recordTypes.checksum, ends: true, content: checksumRecord },
    ...(data.extents.length < 4
      ? [{ type: recordTypes.dimension, begins: true, ends: true, content: dimensionXml(data.extents) }]
      : []),
  ]);
}
