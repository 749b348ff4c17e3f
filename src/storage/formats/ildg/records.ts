import type { Group } from "../../../lattice/group.ts";
import { FormatError, type Precision } from "../configuration-format.ts";
import { type LimeRecord, limeText } from "../lime.ts";
import { type Declared, groupOfSize } from "../shape.ts";
import { escapeXml, readInteger, readTag, xmlDocument } from "../xml.ts";

/** LIME types, in the order in which QIO writes them; the last is our own. */
export const recordTypes = {
  privateFile: "scidac-private-file-xml",
  file: "scidac-file-xml",
  privateRecord: "scidac-private-record-xml",
  record: "scidac-record-xml",
  format: "ildg-format",
  lfn: "ildg-data-lfn",
  payload: "ildg-binary-data",
  checksum: "scidac-checksum",
  dimension: "plaquette-dimension",
} as const;

const namespaces =
  'xmlns="http://www.lqcd.org/ildg" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.lqcd.org/ildg/filefmt.xsd"';

/** `su3gauge`, `su2gauge`, …, `u1gauge`. */
const fieldOf = (group: Group): string => `${group.special ? "su" : "u"}${group.n}gauge`;

export function ildgFormatXml(group: Group, extents: readonly number[], precision: Precision): string {
  const [lx, ly, lz, lt] = extents;
  return xmlDocument(
    `<ildgFormat ${namespaces}><version>1.0</version><field>${fieldOf(group)}</field><precision>${precision}</precision>` +
      `<lx>${lx}</lx><ly>${ly}</ly><lz>${lz}</lz><lt>${lt}</lt></ildgFormat>`,
  );
}

/** What the ildg-format record says; nothing without one. Throws a FormatError for a record that makes no sense. */
export function declaredByIldg(records: readonly LimeRecord[]): Declared {
  const xml = limeText(records, recordTypes.format);
  if (xml === undefined) return {};
  const field = readTag(xml, "field") ?? "";
  const match = /^(s?)u(\d+)_?gauge$/i.exec(field);
  const n = Number(match?.[2]);
  if (!match || (!match[1] && n !== 1))
    throw new FormatError(
      `its ildg-format record names the field ${JSON.stringify(field)}; expected su3gauge, su2gauge, … or u1gauge`,
    );
  const precision = readInteger(xml, "precision");
  if (precision !== 32 && precision !== 64)
    throw new FormatError(
      `its ildg-format record has precision ${readTag(xml, "precision") ?? "missing"}; expected 32 or 64`,
    );
  const extents = ["lx", "ly", "lz", "lt"].map((tag) => readInteger(xml, tag) ?? 0);
  if (extents.some((extent) => extent < 1))
    throw new FormatError("its ildg-format record lacks one of lx, ly, lz, lt; the file is damaged, copy it again");
  return { group: groupOfSize(n), extents, precision };
}

export const scidacFileXml = (extents: readonly number[]): string =>
  xmlDocument(
    `<scidacFile><version>1.1</version><spacetime>${extents.length}</spacetime><dims>${extents.join(" ")} </dims><volfmt>0</volfmt></scidacFile>`,
  );

/**
 * Record format 1.0, which QIO of any age reads. `spins` is 1: QIO ignores it, other readers insist on it. QLA names its
 * colour matrices by N for 2 and 3 and "N" else.
 */
export function scidacRecordXml(n: number, precision: Precision, date?: Date): string {
  const letter = precision === 64 ? "D" : "F";
  const type = `QDP_${letter}${n === 2 || n === 3 ? n : "N"}_ColorMatrix`;
  const when = date ? `<date>${date.toUTCString()}</date>` : "";
  return xmlDocument(
    `<scidacRecord><version>1.0</version>${when}<globaldata>0</globaldata><datatype>${type}</datatype><precision>${letter}</precision>` +
      `<colors>${n}</colors><spins>1</spins><typesize>${(2 * n * n * precision) / 8}</typesize><datacount>4</datacount></scidacRecord>`,
  );
}

export const userXml = (tag: string, text: string): string => xmlDocument(`<${tag}>${escapeXml(text)}</${tag}>`);

export const dimensionXml = (extents: readonly number[]): string =>
  xmlDocument(`<plaquetteDimension><version>1</version><dims>${extents.join(" ")}</dims></plaquetteDimension>`);

/** Extents of a lattice of fewer than four directions, from our own record; undefined without one. */
export function lowerDimension(records: readonly LimeRecord[]): readonly number[] | undefined {
  const xml = limeText(records, recordTypes.dimension);
  if (xml === undefined) return undefined;
  const extents = (readTag(xml, "dims") ?? "").split(/\s+/).map(Number);
  if (extents.length > 3 || extents.some((n) => !Number.isInteger(n) || n < 1))
    throw new FormatError(`its record ${recordTypes.dimension} is not readable; the file is damaged, copy it again`);
  return extents;
}
