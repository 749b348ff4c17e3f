import { describe, expect, test } from "vitest";
import type { Device, DeviceOptions } from "./device.ts";
import type { ModuleIr } from "./ir.ts";
import { openDevice } from "./node.ts";

/** What a suite tells of a kernel, or of a call that ends in kernels. */
export interface KernelContract<Shape> {
  readonly shapes: readonly Shape[];
  /** Runs it on a device and returns all numbers it wrote. */
  run(device: Device, shape: Shape): ArrayLike<number>;
  /** The same numbers in plain TypeScript. */
  reference(shape: Shape): ArrayLike<number>;
  /** Largest difference from the reference allowed, for a number of the reference. */
  tolerance(expected: number, shape: Shape): number;
}

const EXECUTORS: readonly (readonly [string, DeviceOptions])[] = [
  ["WebAssembly, one worker", { workers: 1, backend: "wasm" }],
  // "always": small ranges too go through the team
  ["WebAssembly, two workers", { workers: 2, backend: "wasm", dispatch: "always" }],
  ["JavaScript", { backend: "javascript" }],
];

const opened = new Map<string, Device>();
function executor(name: string, options: DeviceOptions): Device {
  const device = opened.get(name) ?? openDevice(options);
  opened.set(name, device);
  return device;
}

/**
 * Every executor equals the reference to tolerance and the others bit for bit, on every shape; and a reference with
 * one wrong number is noticed.
 */
export function describeKernel<Shape>(name: string, contract: KernelContract<Shape>): void {
  describe.each(contract.shapes.map((shape) => [JSON.stringify(shape), shape] as const))(`${name} %s`, (_, shape) => {
    const tolerance = (expected: number) => contract.tolerance(expected, shape);
    let truth: ArrayLike<number> | undefined;
    const reference = () => (truth ??= contract.reference(shape));
    const results = new Map<string, ArrayLike<number>>();
    const result = ([executorName, options]: (typeof EXECUTORS)[number]) => {
      const known = results.get(executorName) ?? contract.run(executor(executorName, options), shape);
      results.set(executorName, known);
      return known;
    };

    test.each(EXECUTORS)("%s equals the reference", (...on) => {
      expect(reference().length).toBeGreaterThan(0);
      expect(disagreement(result(on), reference(), tolerance)).toBeUndefined();
    });

    test("every executor gives the same bits", () => {
      const [first, ...others] = EXECUTORS.map(result);
      for (const other of others) expect(disagreement(other, first!, () => 0)).toBeUndefined();
    });

    test("a wrong reference is noticed", () => {
      const wrong = Float64Array.from(reference());
      const at = Math.floor(wrong.length / 2);
      wrong[at] = moved(wrong[at]!, 4 * tolerance(wrong[at]!));
      expect(disagreement(result(EXECUTORS[0]!), wrong, tolerance)).toMatch(new RegExp(`^${at}: `));
    });
  });
}

/** x a little further on; another number in any case. */
function moved(x: number, by: number): number {
  if (!Number.isFinite(x)) return 0;
  return x + by === x ? 1.001 * x : x + by;
}

/**
 * Where two lists of numbers first differ by more than the tolerance, in words. With tolerance 0 the bits must be the
 * same (all NaN are one); otherwise a NaN agrees with nothing but NaN, and infinities with themselves.
 */
export function disagreement(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: (expected: number) => number,
): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} numbers, not ${expected.length}`;
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    const allowed = tolerance(e);
    if (Object.is(a, e) || (allowed > 0 && Math.abs(a - e) <= allowed && Number.isFinite(allowed))) continue;
    return `${i}: ${a} is not ${e}, off by ${Math.abs(a - e)} where ${allowed} is allowed`;
  }
  return undefined;
}

export type KernelArgument = number | Float64Array | Float32Array | Int32Array;

/**
 * Runs a kernel over items 0..items-1 of plain arrays, which are copied into the heap, passed by address, and copied
 * back. `key` must name all that the module depends on.
 */
export function callKernel(
  device: Device,
  key: string,
  generate: () => ModuleIr,
  kernel: string,
  items: number,
  args: readonly KernelArgument[],
): void {
  const { heap } = device;
  const addresses = args.map((a) => (typeof a === "number" ? undefined : heap.allocate(a.byteLength)));
  const inHeap = (a: KernelArgument, i: number) => {
    if (typeof a === "number") return undefined;
    const bytes = heap.u8(addresses[i]!, a.byteLength);
    return { bytes, own: new Uint8Array(a.buffer, a.byteOffset, a.byteLength) };
  };
  args.forEach((a, i) => {
    const pair = inHeap(a, i);
    pair?.bytes.set(pair.own);
  });
  const kernels = device.kernels<string>(key, generate);
  device.run(kernels[kernel]!, items, ...args.map((a, i) => (typeof a === "number" ? a : addresses[i]!)));
  args.forEach((a, i) => {
    const pair = inHeap(a, i);
    pair?.own.set(pair.bytes);
  });
  for (const address of addresses) if (address !== undefined) heap.release(address);
}
