import { describe, expect, test } from "vitest";
import { Heap } from "./heap.ts";

const open = (maximumPages = 65536) => new Heap({ shared: false, reserved: 1000, maximumPages });

describe("heap", () => {
  test("addresses are aligned, apart from each other and above what is reserved", () => {
    const heap = open();
    const sizes = [1, 64, 65, 0, 1000];
    const starts = sizes.map((size) => heap.allocate(size));
    starts.forEach((start, i) => {
      expect(start % 64).toBe(0);
      expect(start).toBeGreaterThanOrEqual(i === 0 ? 1000 : starts[i - 1]! + sizes[i - 1]!);
    });
    expect(heap.used).toBe(64 + 64 + 128 + 64 + 1024);
  });

  test("memory is zero, also when it was used before", () => {
    const heap = open();
    const first = heap.allocate(1024);
    heap.u8(first, 1024).fill(255);
    heap.release(first);
    const again = heap.allocate(2048);
    expect(again).toBe(first);
    expect(heap.u8(again, 2048).every((x) => x === 0)).toBe(true);
  });

  test.each([
    [0, 1, 2],
    [2, 1, 0],
    [0, 2, 1],
    [1, 0, 2],
  ])("neighbours released in the order %d %d %d become one block", (...order) => {
    const heap = open();
    const blocks = [640, 64, 320].map((size) => heap.allocate(size));
    const wall = heap.allocate(64);
    for (const i of order) heap.release(blocks[i]!);
    expect(heap.allocate(1024)).toBe(blocks[0]);
    expect(heap.allocate(64)).toBeGreaterThan(wall);
  });

  test("the first block that fits is cut", () => {
    const heap = open();
    const [a, , b] = [heap.allocate(128), heap.allocate(64), heap.allocate(1024), heap.allocate(64)];
    heap.release(a!);
    heap.release(b!);
    expect(heap.allocate(256)).toBe(b);
    expect(heap.allocate(64)).toBe(a);
    expect(heap.allocate(64)).toBe(a! + 64);
    expect(heap.allocate(64)).toBe(b! + 256);
  });

  test("a free block at the end grows instead of a new one", () => {
    const heap = open();
    heap.allocate(64);
    const last = heap.allocate(1 << 20);
    heap.u8(last, 100).fill(9);
    heap.release(last);
    const grown = heap.allocate(16 << 20);
    expect(grown).toBe(last);
    expect(heap.u8(grown, 100).every((x) => x === 0)).toBe(true);
  });

  test("what is allocated survives growth and can be written to its last byte", () => {
    const heap = open();
    const small = heap.allocate(64);
    heap.f64(small, 8).fill(1.5);
    const large = heap.allocate(40 << 20);
    heap.u8(large, 40 << 20)[(40 << 20) - 1] = 7;
    expect([...heap.f64(small, 8)]).toEqual(Array(8).fill(1.5));
  });

  test("the limit is an error that says what to do, and leaves the heap as it was", () => {
    const heap = open(128);
    const before = heap.allocate(64);
    expect(() => heap.allocate(9 << 20)).toThrow(RangeError);
    expect(() => heap.allocate(9 << 20)).toThrow(/use a smaller lattice/);
    expect(() => heap.allocate(2 ** 33)).toThrow(/use a smaller lattice/);
    expect(() => heap.allocate(Number.NaN)).toThrow(RangeError);
    expect(heap.allocate(64)).toBe(before + 64);
    expect(heap.used).toBe(128);
  });

  test("what was not allocated, or was released, cannot be released", () => {
    const heap = open();
    const block = heap.allocate(64);
    heap.release(block);
    expect(() => heap.release(block)).toThrow(/released before/);
    expect(() => heap.release(12345)).toThrow(/not an allocated address/);
    expect(heap.used).toBe(0);
  });

  test("thousands of random allocations never overlap", () => {
    const heap = open();
    const live = new Map<number, number>();
    let state = 1;
    const random = (n: number) => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return (state >>> 8) % n;
    };
    for (let round = 0; round < 3000; round++) {
      if (live.size > 40) {
        const [start, size] = [...live][random(live.size)]!;
        expect(new Set(heap.u8(start, size)).size).toBe(1);
        heap.release(start);
        live.delete(start);
      }
      const size = 1 + random(5000);
      const start = heap.allocate(size);
      heap.u8(start, size).fill(round);
      live.set(start, size);
    }
    for (const [start, size] of live) expect(new Set(heap.u8(start, size)).size).toBe(1);
  });
});
