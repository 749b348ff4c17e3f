import type { GaugeData } from "../../../lattice/gauge-data.ts";
import {
  type ConfigurationFormat,
  FormatError,
  type ReadHints,
  type StoredConfiguration,
} from "../configuration-format.ts";
import { settleShape } from "../shape.ts";

/**
 * The text format of Bridge++ as LatticeQCD.jl writes it: one real number a line, re then im, in the order of
 * GaugeData, no header. Numbers are written with the fewest digits that give the same float64 back, so nothing is lost.
 */
export const bridgeText: ConfigurationFormat = {
  name: "bridge-text",
  title: "BridgeText (one number a line)",
  cite: ["Bridge++, S. Ueda et al., J. Phys. Conf. Ser. 523, 012046 (2014)", "LatticeQCD.jl, arXiv:2409.03030"],
  extensions: [".ildg.txt", ".txt"],
  precisions: [64],
  detect,
  read,
  write,
};

const newline = 10;
const chunkBytes = 1 << 20;
const chunkNumbers = 1 << 16;
const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^[+-]?(nan|inf(inity)?)$/i;

/** A first line that is a single number. */
function detect(bytes: Uint8Array): boolean {
  const end = bytes.subarray(0, 100).indexOf(newline);
  return number.test(new TextDecoder().decode(bytes.subarray(0, end < 0 ? Math.min(bytes.length, 100) : end)).trim());
}

function read(bytes: Uint8Array, hints: ReadHints): StoredConfiguration {
  const values = parseNumbers(bytes);
  const { precision, ...shape } = settleShape({}, hints, { count: values.length, unit: "numbers" });
  return { data: { ...shape, links: values }, precision, checksum: "absent", records: [], notes: [] };
}

/** Every line's number; empty lines at the end do not count. Throws a FormatError that names the line. */
function parseNumbers(bytes: Uint8Array): Float64Array {
  let lines = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) lines++;
  const values = new Float64Array(lines + 1);
  let count = 0;
  for (const text of pieces(bytes))
    for (const line of text.split("\n")) {
      const word = line.trim();
      if (!number.test(word)) throw new FormatError(badLine(count + 1, word));
      const value = Number(word);
      if (!Number.isFinite(value))
        throw new FormatError(`line ${count + 1} holds ${word}; do not use this configuration, take an earlier one`);
      values[count++] = value;
    }
  return values.subarray(0, count);
}

function badLine(line: number, word: string): string {
  const several = word.split(/\s+/).length > 1;
  const what = several
    ? `${word.split(/\s+/).length} words`
    : word === ""
      ? "nothing"
      : JSON.stringify(word.slice(0, 40));
  return `line ${line} holds ${what} where BridgeText has exactly one number; give a BridgeText configuration`;
}

/** The text in pieces that end at a line's end: a string cannot hold a large file. */
function* pieces(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder();
  let end = bytes.length;
  while (end > 0 && bytes[end - 1]! <= 32) end--;
  for (let at = 0; at < end; ) {
    const next = at + chunkBytes >= end ? end : bytes.indexOf(newline, at + chunkBytes);
    const stop = next < 0 || next > end ? end : next;
    yield decoder.decode(bytes.subarray(at, stop));
    at = stop + 1;
  }
}

function write(data: GaugeData): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < data.links.length; at += chunkNumbers) {
    const lines: string[] = [];
    // String(-0) is "0": the sign has to be written by hand.
    for (const x of data.links.subarray(at, at + chunkNumbers)) lines.push(Object.is(x, -0) ? "-0.0" : String(x), "\n");
    chunks.push(new TextEncoder().encode(lines.join("")));
  }
  const file = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    file.set(chunk, at);
    at += chunk.length;
  }
  return file;
}
