import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asFloat64, dtypes } from "./dtypes.ts";
import { float64Tensor, numbersOf, readSafetensors, type Tensor, writeSafetensors } from "./safetensors.ts";

/**
 * What version 0.8 of the Python library writes for
 *   save({"rho": array([[0.5, -1.25]]), "b": array([1, -2, 3], int32), "s": array(3.5, float32),
 *         "flag": array([True, False]), "empty": zeros((0, 3))}, metadata={"format": "pt"})
 */
const header =
  '{"__metadata__":{"format":"pt"},"empty":{"dtype":"F64","shape":[0,3],"data_offsets":[0,0]},' +
  '"rho":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]},"s":{"dtype":"F32","shape":[],"data_offsets":[16,20]},' +
  '"b":{"dtype":"I32","shape":[3],"data_offsets":[20,32]},"flag":{"dtype":"BOOL","shape":[2],"data_offsets":[32,34]}}';
const data = "000000000000e03f000000000000f4bf0000604001000000feffffff030000000100";
const python = file(header.padEnd(Math.ceil(header.length / 8) * 8), fromHex(data));
const tensors: Tensor[] = [
  float64Tensor("rho", [1, 2], Float64Array.of(0.5, -1.25)),
  { name: "b", dtype: "I32", shape: [3], data: Int32Array.of(1, -2, 3) },
  { name: "s", dtype: "F32", shape: [], data: Float32Array.of(3.5) },
  { name: "flag", dtype: "BOOL", shape: [2], data: Uint8Array.of(1, 0) },
  float64Tensor("empty", [0, 3], new Float64Array(0)),
];

function fromHex(text: string): number[] {
  return text.match(/../g)!.map((byte) => Number.parseInt(byte, 16));
}

/** A file with this header and these bytes of data, whatever they are. */
function file(json: string, bytes: readonly number[], length?: number): Uint8Array {
  const text = new TextEncoder().encode(json);
  const out = new Uint8Array(8 + text.length + bytes.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(length ?? text.length), true);
  out.set(text, 8);
  out.set(bytes, 8 + text.length);
  return out;
}

const one = (entry: Record<string, unknown>) =>
  file(JSON.stringify({ w: { dtype: "F64", shape: [1], data_offsets: [0, 8], ...entry } }), Array(8).fill(0));
const complaintOf = (bytes: Uint8Array): string => {
  try {
    readSafetensors(bytes);
  } catch (error) {
    expect((error as Error).name).toBe("FormatError");
    return (error as Error).message;
  }
  return "none";
};

describe("safetensors", () => {
  it("reads what the Python library writes", () => {
    const read = readSafetensors(python);
    expect(read.metadata).toEqual({ format: "pt" });
    const byName = (list: readonly Tensor[]) => Object.fromEntries(list.map((tensor) => [tensor.name, tensor]));
    expect(byName(read.tensors)).toEqual(byName(tensors));
  });
  it("writes the same bytes as the Python library", () => {
    expect([...writeSafetensors(tensors, { format: "pt" })]).toEqual([...python]);
    expect([...writeSafetensors([...tensors].reverse(), { format: "pt" })]).toEqual([...python]);
  });
  it("reads a header of another order, unpadded, as older versions wrote them, at any place in memory", () => {
    const entries = Object.entries(JSON.parse(header)).reverse();
    const other = file(JSON.stringify(Object.fromEntries(entries)), fromHex(data));
    const moved = new Uint8Array(other.length + 3);
    moved.set(other, 3);
    expect(readSafetensors(moved.subarray(3))).toEqual(readSafetensors(python));
  });
  it("round trips any names, shapes and bits of every dtype", () => {
    const tensor = fc
      .record({
        name: fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("7", "__proto__", "layer-1.rho", "a\n\u0001")),
        dtype: fc.constantFrom(...dtypes),
        shape: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
        bits: fc.uint8Array({ minLength: 27 * 8, maxLength: 27 * 8 }),
      })
      .filter(({ name }) => name !== "__metadata__");
    const list = fc.uniqueArray(tensor, { maxLength: 5, selector: ({ name }) => name });
    fc.assert(
      fc.property(list, fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }), (raw, metadata) => {
        const made = raw.map(({ name, dtype, shape, bits }) => {
          const count = shape.reduce((a, b) => a * b, 1);
          const [whole] = readSafetensors(
            file(JSON.stringify({ w: { dtype, shape: [27], data_offsets: [0, bytesFor(dtype) * 27] } }), [
              ...bits.subarray(0, bytesFor(dtype) * 27),
            ]),
          ).tensors;
          return { name, dtype, shape, data: whole!.data.slice(0, count) } as Tensor;
        });
        const bytes = writeSafetensors(made, metadata);
        const read = readSafetensors(bytes);
        expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(metadata).sort());
        expect(read.tensors.length).toBe(made.length);
        expect([...writeSafetensors(read.tensors, metadata)]).toEqual([...bytes]);
        for (const m of made)
          expect([...raw8(read.tensors.find(({ name }) => name === m.name)!)]).toEqual([...raw8(m)]);
      }),
      { seed: 4, numRuns: 60 },
    );
  });
  it("turns every dtype into float64", () => {
    expect([...asFloat64("BF16", Uint16Array.of(0x3f80, 0xc049, 0x0000))]).toEqual([1, -3.140625, 0]);
    const halves = asFloat64("F16", Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0xfe00));
    expect([...halves]).toEqual([1, -2, 2 ** -24, 65504, Infinity, Number.NaN]);
    expect([...asFloat64("I64", BigInt64Array.of(-5n))]).toEqual([-5]);
    const large = { name: "n", dtype: "U64", shape: [1], data: BigUint64Array.of(1n << 60n) } as const;
    expect(() => numbersOf(large)).toThrow(/tensor "n": 1152921504606846976 is beyond 2\^53/);
  });
});

const raw8 = ({ data: d }: Tensor) => new Uint8Array(d.buffer, d.byteOffset, d.byteLength);
const bytesFor = (dtype: string) => (/64/.test(dtype) ? 8 : /32/.test(dtype) ? 4 : /16/.test(dtype) ? 2 : 1);

describe("a damaged safetensors file", () => {
  it("is told from a sound one", () => {
    expect(complaintOf(python)).toBe("none");
    expect(complaintOf(one({}))).toBe("none");
  });
  it.each([
    ["empty", new Uint8Array(0), /not a safetensors file: 0 bytes/],
    [
      "cut in the header",
      python.subarray(0, 100),
      /the header should have 320 bytes, and the file ends after 92: it is truncated/,
    ],
    [
      "cut in the data",
      python.subarray(0, python.length - 1),
      /tensor "flag" ends at byte 34 of the data, and the file has 33/,
    ],
    ["longer than it says", file(header, [...fromHex(data), 0]), /1 bytes after tensor "flag" belong to nothing/],
    ["an archive", Uint8Array.from("PK\x03\x04 and the rest of it", (c) => c.charCodeAt(0)), /PyTorch .*save_file/],
    ["a pointer", new TextEncoder().encode("version https://git-lfs.github.com/spec/v1"), /git lfs pull/],
    ["not JSON", file("{w: 1}  ", []), /the header is not JSON \(/],
    ["no table", file("[1, 2]  ", []), /not JSON \(it begins with byte 91 instead of \{\)/],
    ["not UTF-8", file('{"', [0xff, 0x22], 4), /the header is not JSON/],
    [
      "an unknown dtype",
      one({ dtype: "F8_E4M3" }),
      /tensor "w": dtype "F8_E4M3" is not known here \(U64, .*convert the weights to F64/,
    ],
    ["a negative extent", one({ shape: [-1] }), /shape \[-1\] is no list of extents/],
    ["a broken extent", one({ shape: [0.5] }), /shape \[0.5\] is no list/],
    ["no shape", one({ shape: undefined }), /shape undefined is no list/],
    ["a shape of another size", one({ shape: [2] }), /F64 \[2\] takes 16 bytes, data_offsets give it 8/],
    ["offsets the wrong way round", one({ data_offsets: [8, 0] }), /data_offsets \[8,0\] are not \[begin, end\]/],
    [
      "a hole before",
      file(JSON.stringify({ w: { dtype: "U8", shape: [1], data_offsets: [1, 2] } }), [0, 0]),
      /1 bytes between the beginning of the data and tensor "w"/,
    ],
    [
      "an overlap",
      file(
        JSON.stringify({
          v: { dtype: "U8", shape: [2], data_offsets: [0, 2] },
          w: { dtype: "U8", shape: [2], data_offsets: [1, 3] },
        }),
        [0, 0, 0],
      ),
      /tensor "w" overlaps tensor "v"/,
    ],
    [
      "a name twice",
      file(
        '{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"w":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
        [0, 0],
      ),
      /1 bytes between .* or a name stands in it twice/,
    ],
    [
      "metadata that are no texts",
      file('{"__metadata__":{"epoch":3}}', []),
      /__metadata__ is \{"epoch":3\}, and should be a table of texts/,
    ],
    ["an entry that is no table", file('{"w":null}', []), /tensor "w": dtype undefined is not known/],
  ])("%s", (_, bytes, sentence) => {
    expect(complaintOf(bytes)).toMatch(sentence);
  });
  it("cannot be written either", () => {
    const w = float64Tensor("w", [1], Float64Array.of(1));
    expect(() => writeSafetensors([w, w])).toThrow(/"w" is there twice/);
    expect(() => writeSafetensors([{ ...w, shape: [2] }])).toThrow(/shape \[2\] for 1 numbers/);
    expect(() => writeSafetensors([{ ...w, dtype: "F32" }])).toThrow(/a Float64Array cannot be stored as F32/);
    expect(() => writeSafetensors([{ ...w, name: "__metadata__" }])).toThrow(/no tensor can be called/);
    expect(() => float64Tensor("w", [3], new Float64Array(2))).toThrow(/shape \[3\] for 2 numbers/);
  });
});

it("is read from a Buffer of Node, whose slice is no copy, and which lies anywhere in a larger one", () => {
  const bytes = writeSafetensors([float64Tensor("w", [2], Float64Array.of(1.5, -2.25))]);
  const pooled = Buffer.alloc(bytes.length + 5, 0xff).subarray(5);
  pooled.set(bytes);
  const [w] = readSafetensors(pooled).tensors;
  expect(Array.from(numbersOf(w!))).toEqual([1.5, -2.25]);
  pooled.fill(0);
  expect(Array.from(numbersOf(w!))).toEqual([1.5, -2.25]);
});
