/** The numbers of a tensor as they are stored. F16 and BF16 are kept as their bit patterns, BOOL as 0 and 1. */
export type TensorData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

interface Kind {
  readonly bytes: number;
  /** Numbers on the bytes of a buffer, from its beginning. */
  on(buffer: ArrayBuffer): TensorData;
}

/** Largest alignment first: the order in which the data lie in files. */
const kinds = {
  U64: { bytes: 8, on: (b) => new BigUint64Array(b) },
  I64: { bytes: 8, on: (b) => new BigInt64Array(b) },
  F64: { bytes: 8, on: (b) => new Float64Array(b) },
  F32: { bytes: 4, on: (b) => new Float32Array(b) },
  U32: { bytes: 4, on: (b) => new Uint32Array(b) },
  I32: { bytes: 4, on: (b) => new Int32Array(b) },
  BF16: { bytes: 2, on: (b) => new Uint16Array(b) },
  F16: { bytes: 2, on: (b) => new Uint16Array(b) },
  U16: { bytes: 2, on: (b) => new Uint16Array(b) },
  I16: { bytes: 2, on: (b) => new Int16Array(b) },
  I8: { bytes: 1, on: (b) => new Int8Array(b) },
  U8: { bytes: 1, on: (b) => new Uint8Array(b) },
  BOOL: { bytes: 1, on: (b) => new Uint8Array(b) },
} as const satisfies Record<string, Kind>;

export type DType = keyof typeof kinds;
export const dtypes = Object.keys(kinds) as readonly DType[];

export const isDType = (name: unknown): name is DType => dtypes.some((known) => known === name);
export const bytesOf = (dtype: DType): number => kinds[dtype].bytes;

/** The numbers that these bytes, little-endian as all machines that Node runs on, stand for; a copy. */
export const decoded = (dtype: DType, bytes: Uint8Array): TensorData => kinds[dtype].on(new Uint8Array(bytes).buffer);

/** Whether an array is of the kind that a dtype is kept as. */
export const holds = (dtype: DType, data: TensorData): boolean =>
  kinds[dtype].on(new ArrayBuffer(0)).constructor === data.constructor;

/** Numbers of any dtype as float64. Throws a RangeError for 64-bit integers beyond 2^53, which float64 cannot hold. */
export function asFloat64(dtype: DType, data: TensorData): Float64Array {
  if (dtype === "BF16") return Float64Array.from(data as Uint16Array, bfloat16);
  if (dtype === "F16") return Float64Array.from(data as Uint16Array, float16);
  if (!(data instanceof BigInt64Array || data instanceof BigUint64Array)) return Float64Array.from(data);
  return Float64Array.from(data as Iterable<bigint>, (n: bigint) => {
    if (Number.isSafeInteger(Number(n))) return Number(n);
    throw new RangeError(`${n} is beyond 2^53, more than a float64 holds exactly`);
  });
}

const single = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
function bfloat16(bits: number): number {
  single.setUint32(0, bits << 16);
  return single.getFloat32(0);
}

/** IEEE 754 binary16: 1 sign bit, 5 of the exponent, 10 of the fraction. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
