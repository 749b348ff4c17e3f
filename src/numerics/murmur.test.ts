import { expect, it } from "vitest";
import { murmur3 } from "./murmur.ts";

it("murmur3 gives the published values of MurmurHash3_x86_32", () => {
  const hash = (text: string, seed = 0) => murmur3(new TextEncoder().encode(text), seed);
  expect(hash("")).toBe(0);
  expect(hash("", 1)).toBe(0x514e28b7);
  expect(hash("", 0xffffffff)).toBe(0x81f16f39);
  expect(hash("test")).toBe(0xba6bd213);
  expect(hash("test", 0x9747b28c)).toBe(0x704b81dc);
  expect(hash("Hello, world!", 0x9747b28c)).toBe(0x24884cba);
  expect(hash("The quick brown fox jumps over the lazy dog")).toBe(0x2e4ff723);
  expect(hash("The quick brown fox jumps over the lazy dog", 0x9747b28c)).toBe(0x2fa826cd);
});
