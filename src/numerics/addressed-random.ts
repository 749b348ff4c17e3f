import { murmur3 } from "./murmur.ts";
import { philox4x32 } from "./philox.ts";
import type { Rng, Stream } from "./rng.ts";

/**
 * Addressed random numbers on Philox4x32-10. The convention, which kernels that draw for themselves share:
 *
 * - key: a 64-bit hash of (seed, chain, purpose), see `streamKey`;
 * - counter: (block, site, step, sub-stream), block = 0, 1, 2 … along the stream, sub-stream 0 for `at`;
 * - the words w0..w3 of a block give two uniforms, from (w0, w1) then (w2, w3): see `uniformFromWords`;
 * - two normals come from the two uniforms of one block by Box-Muller: see `normalsFromUniforms`.
 *
 * `uniform` and `normal` of one stream take whole blocks from the same counter; the second number of a block waits
 * for the next call of the same kind.
 */
export function addressedRng(seed: string, chain = 0): Rng {
  checkWord("chain", chain);
  const keys = new Map<string, readonly [number, number]>();
  const key = (purpose: string): readonly [number, number] => {
    const known = keys.get(purpose) ?? streamKey(seed, chain, purpose);
    keys.set(purpose, known);
    return known;
  };
  return {
    seed,
    chain,
    key,
    at(purpose, step, site = 0) {
      checkWord("step", step);
      checkWord("site", site);
      return stream(key(purpose), step, site);
    },
  };
}

/**
 * The 64-bit key of (seed, chain, purpose): two MurmurHash3 of the JSON text of the tuple (which is unambiguous),
 * mixed by one Philox block.
 */
export function streamKey(seed: string, chain: number, purpose: string): [number, number] {
  const bytes = new TextEncoder().encode(JSON.stringify([seed, chain, purpose]));
  const out = new Uint32Array(4);
  philox4x32(murmur3(bytes, 0x243f6a88), murmur3(bytes, 0x85a308d3), bytes.length, 0, 0x13198a2e, 0x03707344, out);
  return [out[0] ?? 0, out[1] ?? 0];
}

/** A uniform in [0, 1) with 52 bits: the high word in front, the upper 20 bits of the low word behind it. */
export function uniformFromWords(low: number, high: number): number {
  return (high * 2 ** 20 + (low >>> 12)) * 2 ** -52;
}

/** Box and Muller (1958): two independent normals from two uniforms in [0, 1). */
export function normalsFromUniforms(u0: number, u1: number): [number, number] {
  const r = Math.sqrt(-2 * Math.log(1 - u0));
  const angle = 2 * Math.PI * u1;
  return [r * Math.cos(angle), r * Math.sin(angle)];
}

function stream([k0, k1]: readonly [number, number], step: number, site: number): Stream {
  const words = new Uint32Array(4);
  let block = 0;
  let waitingUniform = -1; // uniforms are never negative
  let waitingNormal = Number.NaN;
  const next = (): [number, number] => {
    philox4x32(block++, site, step, 0, k0, k1, words);
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words;
    return [uniformFromWords(w0, w1), uniformFromWords(w2, w3)];
  };
  const uniform = (): number => {
    let u = waitingUniform;
    if (u >= 0) waitingUniform = -1;
    else [u, waitingUniform] = next();
    return u;
  };
  const normal = (): number => {
    let x = waitingNormal;
    if (Number.isNaN(x)) [x, waitingNormal] = normalsFromUniforms(...next());
    else waitingNormal = Number.NaN;
    return x;
  };
  const below = (n: number): number => {
    if (!(Number.isInteger(n) && n >= 1 && n <= 2 ** 32))
      throw new RangeError(`below(${n}): expected a whole number from 1 to 2^32`);
    return Math.floor(uniform() * n); // the bias is below n 2^-52
  };
  return { uniform, normal, below };
}

function checkWord(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32)
    throw new RangeError(`random numbers at ${name} ${value}: expected a whole number from 0 to 2^32 - 1`);
}
