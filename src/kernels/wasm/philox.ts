import type { Width } from "../ir.ts";
import { Bytes } from "./bytes.ts";
import { type Code, SIMD, V128 } from "./opcodes.ts";

// Philox4x32-10: Salmon, Moraes, Dror, Shaw, SC'11 (2011), table 2.
const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** Parameters of the function, in order. */
const P = { k0: 0, k1: 1, c0: 2, sites: 3, c2: 4, c3: 5, out: 6 };
/**
 * v128 locals, 32-bit lanes: a = (x0, x0', x2, x2') and b = (x1, x1', x3, x3') of the two sites, key (k0, k0, k1, k1), its
 * increment, the multipliers, two products.
 */
const L = { a: 7, b: 8, key: 9, weyl: 10, factors: 11, p0: 12, p1: 13 };

/**
 * Body of `philox(k0, k1, c0, sites, c2, c3, out)`: counters (c0, sites[lane], c2, c3) for one or two lanes, ten rounds,
 * then two float64 uniforms a lane, 52 bits each. Both multiplications of a round are done for both sites in two
 * instructions.
 */
export function philoxFunction(width: Width): Bytes {
  if (width.bytes !== 8 || width.lanes > 2) throw new Error("random numbers are drawn in float64, one or two lanes");
  const f = new Bytes().unsigned(1).unsigned(7).u8(V128);
  const op = (code: Code) => f.u8(...code);
  const get = (i: number) => f.u8(0x20).unsigned(i);
  const set = (i: number) => f.u8(0x21).unsigned(i);
  /** i32x4 shuffle of two operands already on the stack. */
  const shuffle = (...lanes: number[]) => {
    op(SIMD.shuffle);
    for (const lane of lanes) f.u8(4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3);
  };
  const pairs = (low: number, high: number) => {
    op(SIMD.const);
    for (const word of [low, low, high, high]) f.u8(word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24);
  };
  /** (first, first, second, second) of two integers. */
  const splats = (first: number, second: number) => {
    get(first);
    op(SIMD.i32x4Splat);
    get(second);
    op(SIMD.i32x4Splat);
    shuffle(0, 1, 4, 5);
  };
  splats(P.c0, P.c2);
  set(L.a);
  get(P.sites);
  op(width.lanes === 2 ? SIMD.load64Zero : SIMD.load32Zero);
  f.unsigned(2).unsigned(0);
  get(P.c3);
  op(SIMD.i32x4Splat);
  shuffle(0, 1, 4, 5);
  set(L.b);
  splats(P.k0, P.k1);
  set(L.key);
  pairs(W0, W1);
  set(L.weyl);
  pairs(M0, M1);
  set(L.factors);
  for (let round = 0; round < 10; round++) {
    get(L.a);
    get(L.factors);
    op(SIMD.i64x2ExtmulLowU);
    set(L.p0);
    get(L.a);
    get(L.factors);
    op(SIMD.i64x2ExtmulHighU);
    set(L.p1);
    // (x0, x2) <- (hi1 ^ x1 ^ k0, hi0 ^ x3 ^ k1); (x1, x3) <- (lo1, lo0)
    get(L.p1);
    get(L.p0);
    shuffle(1, 3, 5, 7);
    get(L.b);
    get(L.key);
    op(SIMD.xor);
    op(SIMD.xor);
    set(L.a);
    get(L.p1);
    get(L.p0);
    shuffle(0, 2, 4, 6);
    set(L.b);
    if (round === 9) break;
    get(L.key);
    get(L.weyl);
    op(SIMD.i32x4Add);
    set(L.key);
  }
  const uniform = (high: boolean, offset: number) => {
    get(P.out);
    get(L.a);
    get(L.b);
    if (high) shuffle(2, 6, 3, 7);
    else shuffle(0, 4, 1, 5); // 64-bit lanes (high << 32) | low
    f.u8(0x41).signed(12);
    op(SIMD.i64x2ShrU);
    op(SIMD.const);
    for (let lane = 0; lane < 2; lane++) f.f64(1);
    op(SIMD.or);
    op(SIMD.const);
    for (let lane = 0; lane < 2; lane++) f.f64(1);
    op(SIMD.f64x2Sub);
    if (width.lanes === 1) {
      op(SIMD.f64x2Extract);
      f.u8(0, 0x39).unsigned(3).unsigned(offset);
    } else {
      op([0xfd, 0x0b]);
      f.unsigned(4).unsigned(offset);
    }
  };
  uniform(false, 0);
  uniform(true, 8 * width.lanes);
  return f.u8(0x0b);
}
