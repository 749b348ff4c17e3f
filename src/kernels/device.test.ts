import { afterAll, describe, expect, test } from "vitest";
import { addressedRng } from "../numerics/addressed-random.ts";
import { type Int, ModuleBuilder, Vec } from "./builder.ts";
import type { Device } from "./device.ts";
import type { ModuleIr, Width } from "./ir.ts";
import { openDevice } from "./node.ts";
import { hasRelaxedSimd, hasSimd } from "./simd.ts";

const devices: readonly (readonly [string, Device])[] = [
  ["one worker", openDevice({ workers: 1 })],
  ["two workers", openDevice({ workers: 2, dispatch: "always" })],
  ["five workers", openDevice({ workers: 5, dispatch: "always" })],
  ["JavaScript", openDevice({ backend: "javascript", workers: 4 })],
];
afterAll(() => {
  for (const [, device] of devices) device.close();
});

/** sums(partials, x): per chunk sum of x and of x^2; largest(partials, x); `lanes` numbers an item. */
function reductionModule(width: 1 | 2 | Width): ModuleIr {
  const m = new ModuleBuilder(typeof width === "number" ? { lanes: width, bytes: 8 } : width);
  m.kernel("sums", ["i32", "i32"] as const, (k, { begin, end, chunk }, partials, x) => {
    const [s, s2] = [k.let(Vec.of(0)), k.let(Vec.of(0))];
    k.for(begin, end, (item) => {
      const value = k.let(k.load(x.add(item.mul(k.vecBytes))));
      k.set(s, s.add(value));
      k.set(s2, s2.plus(value, value));
    });
    const out = k.let(partials.add(chunk.mul(2 * k.vecBytes)));
    k.store(out, 0, s);
    k.store(out, k.vecBytes, s2);
  });
  m.kernel("largest", ["i32", "i32"] as const, (k, { begin, end, chunk }, partials, x) => {
    const worst = k.let(Vec.of(-1e30));
    k.for(begin, end, (item) => k.set(worst, worst.max(k.load(x.add(item.mul(k.vecBytes))))));
    k.store(partials.add(chunk.mul(k.vecBytes)), 0, worst);
  });
  return m.finish();
}

function numbers(count: number): Float64Array {
  const stream = addressedRng("device").at("numbers", count);
  return Float64Array.from({ length: count }, () => 1e3 ** stream.normal() * (stream.uniform() - 0.5));
}

/** A width of float64 may be given by its lanes alone. */
const single: Width = { lanes: 4, bytes: 4 };

function reduce(device: Device, items: number, width: 1 | 2 | Width, values: Float64Array | Float32Array) {
  const key = `reduction/${JSON.stringify(width)}`;
  const kernels = device.kernels<"sums" | "largest">(key, () => reductionModule(width));
  const at = device.heap.allocate(values.byteLength);
  if (values instanceof Float64Array) device.heap.f64(at, values.length).set(values);
  else device.heap.f32(at, values.length).set(values);
  const sums = device.sum(kernels.sums, items, 2, width, at);
  const largest = device.maximum(kernels.largest, items, width, at);
  device.heap.release(at);
  return [...sums, largest];
}

describe.each([0, 1, 15, 16, 17, 33, 1000, 1025, 100_003])("a reduction over %d items", (items) => {
  test.each([1, 2] as const)("of %d lanes has the same bits everywhere, and the value", (lanes) => {
    const values = numbers(items * lanes);
    const found = devices.map(([, device]) => reduce(device, items, lanes, values));
    for (const other of found) expect(other).toEqual(found[0]);
    const [s, s2, largest] = found[0]!;
    const size = values.reduce((sum, x) => sum + Math.abs(x), 0);
    expect(Math.abs(s! - values.reduce((sum, x) => sum + x, 0))).toBeLessThanOrEqual(1e-12 * size);
    const squares = values.reduce((sum, x) => sum + x * x, 0);
    expect(Math.abs(s2! - squares)).toBeLessThanOrEqual(1e-12 * squares);
    expect(largest).toBe(
      items === 0 ? -Infinity : Math.max(...(items < 1e5 ? values : [values.reduce((a, b) => Math.max(a, b))])),
    );
  });
});

describe.each([16, 17, 1000, 5003])("a reduction to float32 over %d items", (items) => {
  test("of four lanes has the same bits everywhere, and the value", () => {
    const values = Float32Array.from(numbers(4 * items), (x) => Math.tanh(x));
    const found = devices.map(([, device]) => reduce(device, items, single, values));
    for (const other of found) expect(other).toEqual(found[0]);
    const [s, s2, largest] = found[0]!;
    // a chunk adds at most 79 numbers a lane, each sum rounded to float32
    const error = 79 * 2 ** -24 * 4 * items;
    expect(Math.abs(s! - values.reduce((sum, x) => sum + x, 0))).toBeLessThan(error);
    const squares = values.reduce((sum, x) => sum + x * x, 0);
    expect(Math.abs(s2! - squares)).toBeLessThan(error);
    expect(squares).toBeGreaterThan(items);
    expect(largest).toBe(Math.max(...values));
  });
});

test.each(devices)("%s: the largest of numbers with a NaN is NaN, in either lane", (_, device) => {
  for (const at of [0, 1, 70, 131]) {
    const values = numbers(132);
    values[at] = Number.NaN;
    expect(reduce(device, 66, 2, values)[2]).toBeNaN();
  }
});

test("the tree of a sum does not hide cancellation differently with another number of workers", () => {
  const values = Float64Array.from({ length: 5000 }, (_, i) => (i % 2 === 0 ? 1e17 : -1e17) + i);
  const found = devices.map(([, device]) => reduce(device, 2500, 2, values)[0]);
  expect(new Set(found).size).toBe(1);
});

test("a reduction has at most 64 components", () => {
  const [, device] = devices[0]!;
  const { sums } = device.kernels<"sums">("reduction/1", () => reductionModule(1));
  expect(() => device.sum(sums, 1, 65, 1, 0)).toThrow(/64 components/);
});

test("a module is generated once a key", () => {
  const [, device] = devices[0]!;
  let made = 0;
  const generate = () => {
    made++;
    return reductionModule(1);
  };
  const first = device.kernels("once", generate);
  expect(device.kernels("once", generate)).toBe(first);
  expect(made).toBe(1);
});

test("options: back end, workers, multiply-add", () => {
  expect(hasSimd()).toBe(true);
  expect(devices.map(([, d]) => [d.backend, d.workers])).toEqual([
    ["wasm", 1],
    ["wasm", 2],
    ["wasm", 5],
    ["javascript", 1],
  ]);
  const device = openDevice({ workers: 1, relaxed: true });
  expect(device.relaxed).toBe(hasRelaxedSimd());
  device.close();
});

test.each(devices)("%s: kernels of any number of arguments get them in order", (_, device) => {
  const most = 13;
  const at = device.heap.allocate(16 * 64);
  for (let count = 1; count <= most; count++) {
    const { weigh } = device.kernels<"weigh">(`weigh/${count}`, () => {
      const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
      const types = ["i32", ...Array<"f64">(count - 1).fill("f64")] as const;
      m.kernel("weigh", types, (k, { begin, end }, ...args) => {
        const [out, ...weights] = args as unknown as [Int, ...Vec[]];
        const sum = weights.reduce((left, w, i) => left.add(w.mul(3 ** i)), Vec.of(0));
        k.for(begin, end, (item) => k.store(out.add(item.mul(8)), 0, sum));
      });
      return m.finish();
    });
    const weights = Array.from({ length: count - 1 }, (_, i) => i + 1);
    device.run(weigh, 40, at, ...weights);
    const expected = weights.reduce((left, w, i) => left + w * 3 ** i, 0);
    expect([...device.heap.f64(at, 40)]).toEqual(Array(40).fill(expected));
  }
  device.heap.release(at);
});
