import {
  type ConfigurationFormat,
  FormatError,
  type ReadHints,
  type StoredConfiguration,
} from "../configuration-format.ts";
import { isLime, limeText, limeTypes, readLime } from "../lime.ts";
import { decodeReals } from "../payload.ts";
import { verifyChecksum } from "../scidac-checksum.ts";
import { realsOf, settleShape, volumeOf } from "../shape.ts";
import { declaredByScidac } from "./declared.ts";

/**
 * Plain SciDAC files of QIO (LIME container, record `scidac-binary-data`): the payload of ILDG, described by the
 * SciDAC records alone, in any number of dimensions.
 */
export const scidac: ConfigurationFormat = {
  name: "scidac",
  title: "SciDAC (LIME)",
  cite: ["USQCD QIO, SciDAC file format 1.1"],
  extensions: [".scidac"],
  precisions: [],
  detect: (bytes) => isLime(bytes) && limeTypes(bytes).includes("scidac-binary-data"),
  read,
};

function read(bytes: Uint8Array, hints: ReadHints): StoredConfiguration {
  const records = readLime(bytes);
  const at = records.findIndex(({ type }) => type === "scidac-binary-data");
  const payload = records[at]?.data;
  if (!payload) throw new FormatError("it has no record scidac-binary-data; give a gauge configuration");
  const declared = declaredByScidac(records);
  checkLinks(declared.datatype, declared.datacount, declared.typesize, declared.extents?.length, declared.group?.n);
  const { precision, ...shape } = settleShape(declared, hints, { count: payload.length, unit: "bytes" });
  const checksum = limeText(records.slice(at), "scidac-checksum");
  if (checksum !== undefined) verifyChecksum(checksum, payload, payload.length / volumeOf(shape.extents));
  return {
    data: { ...shape, links: decodeReals(payload, realsOf(shape), precision, false) },
    precision,
    checksum: checksum === undefined ? "absent" : "verified",
    records: records.map(({ type }) => type),
    notes: [],
  };
}

/** A SciDAC file may hold anything: take only one full colour matrix a direction. */
function checkLinks(datatype = "data", count?: number, typesize?: number, d?: number, n?: number): void {
  const otherCount = count !== undefined && d !== undefined && count !== d;
  const otherSize = typesize !== undefined && n !== undefined && ![8, 16].includes(typesize / n ** 2);
  if (otherCount || otherSize)
    throw new FormatError(
      `it holds ${count ?? 1} ${datatype} of ${typesize ?? "unknown"} bytes a site, not one full link matrix a direction; give a gauge configuration`,
    );
}
