import type { BinaryInt, BinaryVec, Compare, Width } from "../ir.ts";

/** Value type bytes of the binary format. */
export const I32 = 0x7f;
export const F64 = 0x7c;
export const F32 = 0x7d;
export const V128 = 0x7b;

/** Instruction bytes: plain opcodes are one byte, SIMD opcodes (prefix 0xfd) carry a LEB128 number. */
export type Code = readonly number[];
const simd = (n: number): Code => (n < 0x80 ? [0xfd, n] : [0xfd, (n & 0x7f) | 0x80, n >> 7]);

export const INT: Readonly<Record<BinaryInt, number>> = {
  add: 0x6a, sub: 0x6b, mul: 0x6c, and: 0x71, or: 0x72, xor: 0x73, shl: 0x74, shr: 0x76,
  eq: 0x46, ne: 0x47, lt: 0x48, ge: 0x4e,
}; // biome-ignore format: a table

/** Opcodes of the arithmetic of one width. */
export interface Arithmetic {
  readonly valueType: number;
  readonly load: Code;
  readonly store: Code;
  /** log2 of the alignment hint of load and store. */
  readonly align: number;
  /** One number into every lane; an alignment hint of its own. */
  readonly loadSplat: Code;
  readonly splatAlign: number;
  readonly binary: Readonly<Record<BinaryVec, Code>>;
  readonly unary: Readonly<Record<"neg" | "abs" | "sqrt" | "floor" | "nearest", Code>>;
  readonly compare: Readonly<Record<Compare, Code>>;
  /** (relaxed) multiply-add and negated multiply-add, where there is one. */
  readonly madd?: Code;
  readonly nmadd?: Code;
  readonly splatFromF64: readonly Code[];
  /** float64 only: as many float32 of memory, widened and narrowed. */
  readonly single?: Single;
}

export interface Single {
  readonly load: Code;
  readonly widen: Code;
  readonly narrow: Code;
  readonly store: Code;
  readonly align: number;
  /** Immediate operands of the store after its address: the 64-bit lane that holds the two float32. */
  readonly lane: readonly number[];
}

const f64x2: Arithmetic = {
  valueType: V128, load: simd(0x00), store: simd(0x0b), align: 4, loadSplat: simd(0x0a), splatAlign: 3,
  binary: { add: simd(0xf0), sub: simd(0xf1), mul: simd(0xf2), div: simd(0xf3), min: simd(0xf4), max: simd(0xf5) },
  unary: { neg: simd(0xed), abs: simd(0xec), sqrt: simd(0xef), floor: simd(0x75), nearest: simd(0x94) },
  compare: { lt: simd(0x49), gt: simd(0x4a), le: simd(0x4b), ge: simd(0x4c) },
  madd: simd(0x107), nmadd: simd(0x108), splatFromF64: [simd(0x14)],
  // v128.load64_zero, f64x2.promote_low_f32x4, f32x4.demote_f64x2_zero, v128.store64_lane 0
  single: { load: simd(0x5d), widen: simd(0x5f), narrow: simd(0x5e), store: simd(0x5b), align: 3, lane: [0] },
}; // biome-ignore format: a table

const f32x4: Arithmetic = {
  valueType: V128, load: simd(0x00), store: simd(0x0b), align: 4, loadSplat: simd(0x09), splatAlign: 2,
  binary: { add: simd(0xe4), sub: simd(0xe5), mul: simd(0xe6), div: simd(0xe7), min: simd(0xe8), max: simd(0xe9) },
  unary: { neg: simd(0xe1), abs: simd(0xe0), sqrt: simd(0xe3), floor: simd(0x68), nearest: simd(0x6a) },
  compare: { lt: simd(0x43), gt: simd(0x44), le: simd(0x45), ge: simd(0x46) },
  madd: simd(0x105), nmadd: simd(0x106), splatFromF64: [[0xb6], simd(0x13)],
}; // biome-ignore format: a table

const f64: Arithmetic = {
  valueType: F64, load: [0x2b], store: [0x39], align: 3, loadSplat: [0x2b], splatAlign: 3,
  binary: { add: [0xa0], sub: [0xa1], mul: [0xa2], div: [0xa3], min: [0xa4], max: [0xa5] },
  unary: { neg: [0x9a], abs: [0x99], sqrt: [0x9f], floor: [0x9c], nearest: [0x9e] },
  compare: { lt: [0x63], gt: [0x64], le: [0x65], ge: [0x66] },
  splatFromF64: [],
  single: { load: [0x2a], widen: [0xbb], narrow: [0xb6], store: [0x38], align: 2, lane: [] },
}; // biome-ignore format: a table

const f32: Arithmetic = {
  valueType: F32, load: [0x2a], store: [0x38], align: 2, loadSplat: [0x2a], splatAlign: 2,
  binary: { add: [0x92], sub: [0x93], mul: [0x94], div: [0x95], min: [0x96], max: [0x97] },
  unary: { neg: [0x8c], abs: [0x8b], sqrt: [0x91], floor: [0x8e], nearest: [0x90] },
  compare: { lt: [0x5d], gt: [0x5e], le: [0x5f], ge: [0x60] },
  splatFromF64: [[0xb6]],
}; // biome-ignore format: a table

/** The arithmetic of a width. Throws for widths that no kernel uses. */
export function arithmetic(width: Width): Arithmetic {
  const key = `${width.bytes}x${width.lanes}`;
  const found = { "8x2": f64x2, "8x1": f64, "4x4": f32x4, "4x1": f32 }[key];
  if (!found) throw new Error(`no arithmetic of ${width.lanes} lanes of ${width.bytes} bytes`);
  return found;
}

export const SIMD = {
  const: simd(0x0c), shuffle: simd(0x0d), i32x4Splat: simd(0x11), and: simd(0x4e), or: simd(0x50), xor: simd(0x51),
  not: simd(0x4d), bitselect: simd(0x52), anyTrue: simd(0x53), load32Zero: simd(0x5c), load64Zero: simd(0x5d),
  i32x4Add: simd(0xae), i64x2Shl: simd(0xcb), i64x2ShrU: simd(0xcd), i64x2ExtmulLowU: simd(0xde),
  i64x2ExtmulHighU: simd(0xdf),
  f64x2Add: simd(0xf0), f64x2Sub: simd(0xf1), f64x2Extract: simd(0x21),
} as const; // biome-ignore format: a table
