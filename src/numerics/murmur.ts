/**
 * MurmurHash3_x86_32 (Austin Appleby, public domain) of a byte string: every input bit reaches every output bit.
 * Used to turn names into generator keys, never for security.
 */
export function murmur3(bytes: Uint8Array, seed: number): number {
  let h = seed >>> 0;
  const body = bytes.length & ~3;
  const byte = (i: number): number => bytes[i] ?? 0;
  for (let i = 0; i < body; i += 4) {
    h ^= scramble(byte(i) | (byte(i + 1) << 8) | (byte(i + 2) << 16) | (byte(i + 3) << 24));
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  // bytes past the end read as zero, which leaves h untouched when nothing is left over
  h ^= scramble(byte(body) | (byte(body + 1) << 8) | (byte(body + 2) << 16));
  return avalanche(h ^ bytes.length);
}

function scramble(k: number): number {
  const a = Math.imul(k, 0xcc9e2d51);
  return Math.imul((a << 15) | (a >>> 17), 0x1b873593);
}

function avalanche(h: number): number {
  let x = h;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
