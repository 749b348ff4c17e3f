/** The few lines of XML that SciDAC and ILDG records hold: flat tags, perhaps with a namespace prefix or attributes. */

/** Text of the first element of that name, trimmed; undefined if there is none. */
export function readTag(xml: string, tag: string): string | undefined {
  return new RegExp(`<(?:\\w+:)?${tag}(?:\\s[^>]*)?>([^<]*)<`).exec(xml)?.[1]?.trim();
}

/** Whole number in an element; undefined if it is missing or not a number. */
export function readInteger(xml: string, tag: string): number | undefined {
  const text = readTag(xml, tag);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

export const escapeXml = (text: string): string =>
  text.replace(/[&<>]/g, (c) => (c === "&" ? "&amp;" : c === "<" ? "&lt;" : "&gt;"));

export const xmlDocument = (body: string): string => `<?xml version="1.0" encoding="UTF-8"?>${body}`;
