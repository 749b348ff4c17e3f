import { describe, expect, test } from "vitest";
import { goldenOf } from "../../lattice/spins/configurations.contract.ts";
import { FormatError } from "../formats/configuration-format.ts";
import { readSafetensors, type Tensor, writeSafetensors } from "../models/safetensors/safetensors.ts";
import { readSpins, writeSpins } from "./index.ts";

const cases = [goldenOf("Ising", [4, 3]), goldenOf("XY", [5]), goldenOf("O(3)", [2, 3, 4])];

describe.each(cases)("$spins on $extents", (data) => {
  test("what is written is read again, bit for bit", () => {
    expect(readSpins(writeSpins(data, { sequence: 120 }), "s.safetensors")).toEqual(data);
    expect(readSafetensors(writeSpins(data, { sequence: 120 })).metadata).toEqual({
      format: "plaquette-spins",
      version: "1",
      spins: data.spins,
      extents: data.extents.join(),
      sequence: "120",
    });
    expect(writeSpins(data)).toEqual(writeSpins(data));
  });

  test("single precision is read, and made unit vectors again", () => {
    const metadata = { spins: data.spins, extents: data.extents.join(", ") };
    const found = readSpins(stored({ dtype: "F32", data: Float32Array.from(data.values) }, metadata), "s.safetensors");
    const n = data.values.length / data.extents.reduce((a, b) => a * b, 1);
    found.values.forEach((x, i) => {
      expect(Math.abs(x - data.values[i]!)).toBeLessThan(1e-7);
      if (i % n === 0) expect(Math.abs(Math.hypot(...found.values.subarray(i, i + n)) - 1)).toBeLessThan(3e-16);
    });
  });
});

const good = goldenOf("O(3)", [2, 3]);
const words = { spins: "O(3)", extents: "2,3" };

function stored(change: Partial<Tensor>, metadata: Record<string, string> = words): Uint8Array {
  const data = change.data ?? good.values;
  const n = { Ising: 1, XY: 2 }[metadata.spins ?? ""] ?? 3;
  return writeSafetensors([{ name: "spins", dtype: "F64", shape: [data.length / n, n], data, ...change }], metadata);
}

describe("files that are not a configuration of spins say so, with what to do", () => {
  const whole = writeSpins(good);
  const nan = good.values.slice();
  nan[7] = Number.NaN;
  test.each([
    ["empty", new Uint8Array(0), /s\.safetensors: the file is empty; copy or write it again/],
    ["cut off", whole.subarray(0, whole.length - 8), /s\.safetensors: tensor "spins" ends at byte .* truncated/],
    ["a text", new TextEncoder().encode("spins 1 2 3\n4 5 6"), /s\.safetensors: .*no safetensors file/],
    ["weights of a network", stored({ name: "layer-0.w" }), /it has layer-0\.w, and not the tensor "spins"/],
    ["without metadata", stored({}, {}), /metadata lack spins and extents; write them with the numbers/],
    ["of unknown spins", stored({}, { ...words, spins: "O(4)" }), /metadata: spins "O\(4\)": expected "Ising"/],
    ["with strange extents", stored({}, { ...words, extents: "2x3" }), /extents "2x3"; expected 1 to 4 whole numbers/],
    [
      "of another lattice",
      stored({}, { ...words, extents: "3,3" }),
      /is \[6, 3\]; O\(3\) spins on \[3, 3\] are \[9, 3\]/,
    ],
    ["transposed", stored({ shape: [3, 6] }), /is \[3, 6\]; .* site by site with x fastest/],
    ["of whole numbers", stored({ dtype: "I32", data: new Int32Array(18) }), /holds I32; spins are real numbers/],
    ["not of unit length", stored({ data: good.values.map((x) => 1.01 * x) }), /site 0 has the length 1\.01/],
    ["not a number", stored({ data: nan }), /the spin at site 2 has the length NaN/],
    ["of the future", stored({}, { ...words, version: "2" }), /written by a later Plaquette \(version 2/],
  ])("%s", (_, bytes, sentence) => {
    expect(() => readSpins(bytes, "s.safetensors")).toThrow(FormatError);
    expect(() => readSpins(bytes, "s.safetensors")).toThrow(sentence);
  });

  test("and nothing useless goes to disk", () => {
    expect(() => writeSpins({ ...good, values: nan })).toThrow(/the spin at site 2 has the length NaN/);
    expect(() => writeSpins({ ...good, extents: [4, 3] })).toThrow(/18 numbers for O\(3\) spins on \[4, 3\].* have 36/);
  });
});
