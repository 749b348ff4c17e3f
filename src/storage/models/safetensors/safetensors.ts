import { FormatError } from "../../formats/configuration-format.ts";
import { asFloat64, bytesOf, type DType, decoded, dtypes, holds, isDType, type TensorData } from "./dtypes.ts";

/** A named array of numbers, row-major. */
export interface Tensor {
  readonly name: string;
  readonly dtype: DType;
  /** Extents; [] for one number. */
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** The content of a safetensors file. */
export interface Safetensors {
  /** In the order in which their data lie. */
  readonly tensors: readonly Tensor[];
  /** Words about the file; empty where it has none. */
  readonly metadata: Readonly<Record<string, string>>;
}

/*
 * The file (https://huggingface.co/docs/safetensors): uint64 length of the header; the header, JSON in UTF-8, { name: { dtype,
 * shape, data_offsets: [begin, end] }, "__metadata__": { word: word } }, padded with spaces; the data, to which the offsets
 * are relative, without holes or overlaps. All little-endian.
 */
const preamble = 8;
/** The limit of the reference implementation. */
const longestHeader = 100_000_000;
const metadataKey = "__metadata__";

/**
 * A float64 tensor. Throws a FormatError where the shape is not that of the data.
 */
export function float64Tensor(name: string, shape: readonly number[], data: Float64Array): Tensor {
  if (product(shape) !== data.length)
    throw new FormatError(`tensor ${quote(name)}: shape [${shape.join(", ")}] for ${data.length} numbers`);
  return { name, dtype: "F64", shape, data };
}

/** The numbers of a tensor, whatever its dtype, as float64. Throws a FormatError for integers that float64 cannot hold. */
export function numbersOf({ name, dtype, data }: Tensor): Float64Array {
  try {
    return asFloat64(dtype, data);
  } catch (error) {
    throw new FormatError(`tensor ${quote(name)}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The bytes of a safetensors file: those that the Python library writes (data sorted by size of the numbers, then by name;
 * header padded to a multiple of 8). Throws a FormatError for names that are not unique and for shapes or dtypes that are
 * not those of the data.
 */
export function writeSafetensors(
  tensors: readonly Tensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  checkTensors(tensors);
  const sorted = [...tensors].sort(
    (a, b) => dtypes.indexOf(a.dtype) - dtypes.indexOf(b.dtype) || (a.name < b.name ? -1 : 1),
  );
  // A list of entries, since a plain object would move names such as "7" to the front, and lose "__proto__".
  const entries: string[] = Object.keys(metadata).length > 0 ? [entry(metadataKey, metadata)] : [];
  let end = 0;
  for (const { name, dtype, shape, data } of sorted) {
    const begin = end;
    end += data.byteLength;
    entries.push(entry(name, { dtype, shape, data_offsets: [begin, end] }));
  }
  const header = new TextEncoder().encode(`{${entries.join(",")}}`);
  const length = Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(preamble + length + end).fill(0x20, preamble, preamble + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(header, preamble);
  let at = preamble + length;
  for (const { data } of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

const entry = (name: string, value: unknown) => `${JSON.stringify(name)}:${JSON.stringify(value)}`;

function checkTensors(tensors: readonly Tensor[]): void {
  const seen = new Set<string>();
  for (const { name, dtype, shape, data } of tensors) {
    const what = `tensor ${quote(name)}`;
    if (name === metadataKey)
      throw new FormatError(`no tensor can be called ${metadataKey}: that is where metadata go`);
    if (seen.has(name)) throw new FormatError(`${what} is there twice; give every tensor a name of its own`);
    seen.add(name);
    if (!isDType(dtype)) throw new FormatError(unknownDType(what, dtype));
    if (!holds(dtype, data)) throw new FormatError(`${what}: a ${data.constructor.name} cannot be stored as ${dtype}`);
    if (!isShape(shape) || product(shape) !== data.length)
      throw new FormatError(`${what}: shape ${JSON.stringify(shape)} for ${data.length} numbers`);
  }
}

/** Reads a safetensors file, checking everything that can be. Throws a FormatError; the caller names the file (`in`). */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const { header, data } = split(bytes);
  const { [metadataKey]: metadata = {}, ...rest } = header;
  const spans = Object.entries(rest).map(([name, value]) => spanOf(name, value, data.length));
  spans.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCover(spans, data.length);
  return {
    metadata: checkedMetadata(metadata),
    tensors: spans.map(({ name, dtype, shape, begin, end }) => ({
      name,
      dtype,
      shape,
      data: decoded(dtype, data.subarray(begin, end)),
    })),
  };
}

/** Header and data of a file. */
function split(bytes: Uint8Array): { header: Record<string, unknown>; data: Uint8Array } {
  if (bytes.length < preamble) throw new FormatError(`not a safetensors file: ${bytes.length} bytes; ${fetchAgain}`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  // Strange first bytes say more than the absurd length that they stand for.
  if (length > bytes.length - preamble || length > longestHeader)
    throw new FormatError(
      stranger(bytes) ??
        `the header should have ${length} bytes, and the file ends after ${bytes.length - preamble}: it is truncated, or no safetensors file; ${fetchAgain}`,
    );
  const text = bytes.subarray(preamble, preamble + length);
  return { header: parsedHeader(text), data: bytes.subarray(preamble + length) };
}

const fetchAgain = "copy or write it again";

/** What a file is that people take for safetensors, by how it begins. */
function stranger(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 24));
  if (start.startsWith("PK"))
    return "not a safetensors file but an archive, perhaps of PyTorch or NumPy; save the weights with safetensors.torch.save_file or safetensors.numpy.save_file";
  if (start.startsWith("version https://git-lfs"))
    return 'a pointer of Git LFS and not the file itself; fetch it by "git lfs pull"';
  if (start.startsWith("\x89HDF")) return "not a safetensors file but HDF5; save the weights as safetensors";
  return undefined;
}

function parsedHeader(text: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    // as in the reference implementation, nothing but { may come first
    if (text[0] !== 0x7b) throw new Error(`it begins with byte ${text[0] ?? "none"} instead of {`);
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
  } catch (error) {
    throw new FormatError(`the header is not JSON (${(error as Error).message}): damaged, or no safetensors file`);
  }
  return header as Record<string, unknown>;
}

interface Span {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function spanOf(name: string, value: unknown, available: number): Span {
  const what = `tensor ${quote(name)}`;
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  if (!isDType(dtype)) throw new FormatError(unknownDType(what, dtype));
  if (!isShape(shape)) throw new FormatError(`${what}: shape ${JSON.stringify(shape)} is no list of extents`);
  if (!isShape(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!)
    throw new FormatError(`${what}: data_offsets ${JSON.stringify(offsets)} are not [begin, end]`);
  const [begin, end] = offsets as [number, number];
  const bytes = product(shape) * bytesOf(dtype);
  if (end - begin !== bytes)
    throw new FormatError(
      `${what}: ${dtype} [${shape.join(", ")}] takes ${bytes} bytes, data_offsets give it ${end - begin}`,
    );
  if (end > available)
    throw new FormatError(
      `${what} ends at byte ${end} of the data, and the file has ${available} of them: it is truncated; ${fetchAgain}`,
    );
  return { name, dtype, shape, begin, end };
}

/** A name that stands twice in the header leaves a hole too: JSON keeps its second entry only. */
function checkCover(spans: readonly Span[], available: number): void {
  let [end, before] = [0, "the beginning of the data"];
  for (const span of spans) {
    const what = `tensor ${quote(span.name)}`;
    if (span.begin < end) throw new FormatError(`${what} overlaps ${before}: the file is damaged; write it again`);
    if (span.begin > end)
      throw new FormatError(
        `${span.begin - end} bytes between ${before} and ${what} belong to nothing: the file is damaged, or a name stands in it twice`,
      );
    [end, before] = [span.end, what];
  }
  if (end < available)
    throw new FormatError(
      `${available - end} bytes after ${before} belong to nothing: the file is damaged; ${fetchAgain}`,
    );
}

function checkedMetadata(metadata: unknown): Record<string, string> {
  const good =
    typeof metadata === "object" &&
    metadata !== null &&
    !Array.isArray(metadata) &&
    Object.values(metadata).every((word) => typeof word === "string");
  if (!good) throw new FormatError(`${metadataKey} is ${JSON.stringify(metadata)}, and should be a table of texts`);
  return metadata as Record<string, string>;
}

const unknownDType = (what: string, dtype: unknown) =>
  `${what}: dtype ${JSON.stringify(dtype)} is not known here (${dtypes.join(", ")}); convert the weights to F64 or F32`;

const isShape = (shape: unknown): shape is number[] =>
  Array.isArray(shape) && shape.every((n) => Number.isSafeInteger(n) && n >= 0);
const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const quote = (name: string) => JSON.stringify(name);
