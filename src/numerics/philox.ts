/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3" (SC11): a bijection of 128-bit counters for each 64-bit key. Random numbers become a function of an address.
 */

const rounds = 10;
const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9; // golden ratio
const weyl1 = 0xbb67ae85; // sqrt(3) - 1

/** High 32 bits of the 64-bit product of two u32. Every intermediate stays below 2^32, so doubles hold it exactly. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + (middle >>> 16) + (carry >>> 16);
}

/** Writes the four u32 words of counter (c0, c1, c2, c3) under key (k0, k1) to `out[0..3]`. */
export function philox4x32(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array,
): void {
  let [w0, w1, w2, w3] = [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
  let [key0, key1] = [k0 >>> 0, k1 >>> 0];
  for (let round = 0; round < rounds; round++) {
    const high0 = multiplyHigh(multiplier0, w0);
    const low0 = Math.imul(multiplier0, w0);
    const high1 = multiplyHigh(multiplier1, w2);
    const low1 = Math.imul(multiplier1, w2);
    w0 = (high1 ^ w1 ^ key0) >>> 0;
    w1 = low1 >>> 0;
    w2 = (high0 ^ w3 ^ key1) >>> 0;
    w3 = low0 >>> 0;
    key0 = (key0 + weyl0) >>> 0;
    key1 = (key1 + weyl1) >>> 0;
  }
  out[0] = w0;
  out[1] = w1;
  out[2] = w2;
  out[3] = w3;
}
