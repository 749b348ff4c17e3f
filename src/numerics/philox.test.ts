import { describe, expect, it } from "vitest";
import { philox4x32 } from "./philox.ts";

function words(counter: readonly number[], key: readonly number[]): string {
  const out = new Uint32Array(4);
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
  const [k0 = 0, k1 = 0] = key;
  philox4x32(c0, c1, c2, c3, k0, k1, out);
  return [...out].map((w) => w.toString(16).padStart(8, "0")).join(" ");
}

/** The same generator with 64-bit integer arithmetic, written from the paper. */
function philoxBig(counter: readonly number[], key: readonly number[]): string {
  let [a = 0n, b = 0n, c = 0n, d = 0n] = counter.map(BigInt);
  let [k0 = 0n, k1 = 0n] = key.map(BigInt);
  const mask = 0xffffffffn;
  for (let round = 0; round < 10; round++) {
    const p0 = 0xd2511f53n * a;
    const p1 = 0xcd9e8d57n * c;
    [a, b, c, d] = [(p1 >> 32n) ^ b ^ k0, p1 & mask, (p0 >> 32n) ^ d ^ k1, p0 & mask];
    k0 = (k0 + 0x9e3779b9n) & mask;
    k1 = (k1 + 0xbb67ae85n) & mask;
  }
  return [a, b, c, d].map((w) => w.toString(16).padStart(8, "0")).join(" ");
}

describe("philox4x32", () => {
  it("gives the known answers published with Random123 (kat_vectors, philox 4x32 10)", () => {
    const ones = 0xffffffff;
    expect(words([0, 0, 0, 0], [0, 0])).toBe("6627e8d5 e169c58d bc57ac4c 9b00dbd8");
    expect(words([ones, ones, ones, ones], [ones, ones])).toBe("408f276d 41c83b0e a20bc7c6 6d5451fd");
    expect(words([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toBe(
      "d16cfe09 94fdcceb 5001e420 24126ea1",
    );
  });

  it("agrees with 64-bit integer arithmetic on many counters and keys", () => {
    const state = new Uint32Array([1, 2, 3, 4]);
    for (let i = 0; i < 500; i++) {
      const [a = 0, b = 0, c = 0, d = 0] = state;
      philox4x32(a, b, c, d, i, ~i, state);
      const counter = [...state];
      const key = [state[1] ?? 0, state[2] ?? 0];
      expect(words(counter, key)).toBe(philoxBig(counter, key));
    }
  });

  it("takes words modulo 2^32", () => {
    expect(words([-1, -1, -1, -1], [-1, -1])).toBe("408f276d 41c83b0e a20bc7c6 6d5451fd");
  });
});
