import { FormatError } from "./configuration-format.ts";
import { crc32 } from "./crc32.ts";
import { readTag, xmlDocument } from "./xml.ts";

/** The two words of a `scidac-checksum` record. */
export interface ScidacChecksum {
  readonly suma: number;
  readonly sumb: number;
}

/**
 * Checksum of the SciDAC file format (QIO): with c_s the CRC-32 of the bytes of site s as stored, suma is the
 * exclusive or of c_s rotated left by s mod 29, sumb by s mod 31.
 * @param siteBytes bytes of one site, 4 links of an ILDG file
 */
export function scidacChecksum(payload: Uint8Array, siteBytes: number): ScidacChecksum {
  let suma = 0;
  let sumb = 0;
  for (let site = 0, at = 0; at < payload.length; site++, at += siteBytes) {
    const crc = crc32(payload, at, at + siteBytes);
    suma ^= rotateLeft(crc, site % 29);
    sumb ^= rotateLeft(crc, site % 31);
  }
  return { suma: suma >>> 0, sumb: sumb >>> 0 };
}

/** A 32-bit word turned left by 0 to 31 bits; the result is signed, as of any bit operation. */
export const rotateLeft = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

export const checksumXml = ({ suma, sumb }: ScidacChecksum): string =>
  xmlDocument(
    `<scidacChecksum><version>1.0</version><suma>${hex(suma)}</suma><sumb>${hex(sumb)}</sumb></scidacChecksum>`,
  );

/** Throws a FormatError with both checksums where they differ, or where the record is not readable. */
export function verifyChecksum(xml: string, payload: Uint8Array, siteBytes: number): void {
  const [suma, sumb] = ["suma", "sumb"].map((tag) => readTag(xml, tag) ?? "");
  if (![suma, sumb].every((word) => /^(0x)?[0-9a-f]{1,8}$/i.test(word!)))
    throw new FormatError(
      "its scidac-checksum record has no hexadecimal suma and sumb; the file is damaged, copy it again",
    );
  const stored = { suma: Number.parseInt(suma!, 16), sumb: Number.parseInt(sumb!, 16) };
  const found = scidacChecksum(payload, siteBytes);
  if (stored.suma !== found.suma || stored.sumb !== found.sumb)
    throw new FormatError(
      `the SciDAC checksum in the file is ${hex(stored.suma)} ${hex(stored.sumb)} but the links give ${hex(found.suma)} ${hex(found.sumb)}; the file is damaged, copy it again`,
    );
}

/** Eight digits always: the length of the record does not depend on the value. */
export const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");
