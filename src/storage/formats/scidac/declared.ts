import { FormatError, type Precision } from "../configuration-format.ts";
import { type LimeRecord, limeText } from "../lime.ts";
import { type Declared, groupOfSize } from "../shape.ts";
import { readInteger, readTag } from "../xml.ts";

/** What the private file and record XML of SciDAC say; undefined where they are missing or leave it open. */
export interface ScidacDeclared extends Declared {
  /** Links a site. */
  readonly datacount?: number | undefined;
  /** Bytes a link. */
  readonly typesize?: number | undefined;
  readonly datatype?: string | undefined;
}

const precisions: Readonly<Record<string, Precision>> = { F: 32, D: 64 };

/** Throws a FormatError for a file that is one part of several. */
export function declaredByScidac(records: readonly LimeRecord[]): ScidacDeclared {
  const file = limeText(records, "scidac-private-file-xml") ?? "";
  const record = limeText(records, "scidac-private-record-xml") ?? "";
  if ((readInteger(file, "volfmt") ?? 0) !== 0)
    throw new FormatError("it is one part of a configuration spread over several files; join the parts with QIO first");
  const dims = readTag(file, "dims")?.split(/\s+/).map(Number);
  const colors = readInteger(record, "colors");
  return {
    extents: dims?.every((n) => Number.isInteger(n) && n > 0) ? dims : undefined,
    group: colors ? groupOfSize(colors) : undefined,
    precision: precisions[readTag(record, "precision") ?? ""],
    datacount: readInteger(record, "datacount"),
    typesize: readInteger(record, "typesize"),
    datatype: readTag(record, "datatype"),
  };
}
