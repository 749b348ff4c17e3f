import { expect, test } from "vitest";
import { ModuleBuilder } from "../builder.ts";
import { countFlops } from "../flops.ts";
import { callKernel, describeKernel } from "../kernel.contract.ts";
import { openDevice } from "../node.ts";

/** Ties of float32 to even and to odd, its largest and smallest numbers and what lies just beyond, signs of zero. */
const hard = [
  0, -0, 1, -1, 0.1, 1 + 2 ** -24, 1 + 3 * 2 ** -24, -1 - 2 ** -24, 1 + 2 ** -24 + 2 ** -52, 16777217, 2 ** -149,
  2 ** -150, 1.0000001 * 2 ** -150, -(2 ** -151), 2 ** -126 - 2 ** -150, 3.4028234663852886e38, 3.4028235677973366e38,
  3.4028235677973362e38, -1e39, Number.MAX_VALUE, 5e-324, Infinity, -Infinity, Number.NaN,
]; // biome-ignore format: a table

interface Shape {
  readonly lanes: 1 | 2;
}
const shapes: readonly Shape[] = [{ lanes: 1 }, { lanes: 2 }];

/** narrow(singles, x): x and x + x rounded; widen(out, singles): the first of them, and the second times 0.1. */
function singleModule(lanes: 1 | 2) {
  const m = new ModuleBuilder({ lanes, bytes: 8 });
  const singleBytes = 4 * lanes;
  m.kernel("narrow", ["i32", "i32"] as const, (k, { begin, end }, singles, from) =>
    k.for(begin, end, (item) => {
      const x = k.let(k.load(from.add(item.mul(k.vecBytes))));
      const out = k.let(singles.add(item.mul(3 * singleBytes)));
      k.storeSingle(out, 0, x);
      k.storeSingle(out, singleBytes, x.add(x));
      k.storeSingle(out, 2 * singleBytes, 0.1);
    }),
  );
  m.kernel("widen", ["i32", "i32"] as const, (k, { begin, end }, to, singles) =>
    k.for(begin, end, (item) => {
      const from = k.let(singles.add(item.mul(3 * singleBytes)));
      const out = k.let(to.add(item.mul(2 * k.vecBytes)));
      k.store(out, 0, k.loadSingle(from));
      k.store(out, k.vecBytes, k.loadSingle(from, singleBytes).mul(0.1));
    }),
  );
  return m.finish();
}

describeKernel<Shape>("float64 rounded to float32 in memory, and read again", {
  shapes,
  run(device, { lanes }) {
    const generate = () => singleModule(lanes);
    const from = Float64Array.from(hard);
    const items = hard.length / lanes;
    const singles = new Float32Array(3 * hard.length);
    const wide = new Float64Array(2 * hard.length);
    callKernel(device, `single/${lanes}`, generate, "narrow", items, [singles, from]);
    callKernel(device, `single/${lanes}`, generate, "widen", items, [wide, singles]);
    return [...singles, ...wide];
  },
  reference({ lanes }) {
    const blocks = Array.from({ length: hard.length / lanes }, (_, b) => hard.slice(b * lanes, (b + 1) * lanes));
    const narrow = blocks.flatMap((x) => [...x, ...x.map((a) => a + a), ...x.map(() => 0.1)].map(Math.fround));
    const wide = blocks.flatMap((x) => [...x.map(Math.fround), ...x.map((a) => Math.fround(a + a) * 0.1)]);
    return [...narrow, ...wide];
  },
  tolerance: () => Number.MIN_VALUE,
});

test.each(["wasm", "javascript"] as const)("%s: nothing beside the float32 is written", (backend) => {
  const device = openDevice({ workers: 1, backend });
  for (const lanes of [1, 2] as const) {
    const generate = () => {
      const m = new ModuleBuilder({ lanes, bytes: 8 });
      m.kernel("put", ["i32"] as const, (k, _, p) => k.storeSingle(p, 4, 7));
      return m.finish();
    };
    const out = new Float32Array(6).fill(-1);
    callKernel(device, `put/${lanes}`, generate, "put", 1, [out]);
    expect([...out]).toEqual([-1, 7, lanes === 2 ? 7 : -1, -1, -1, -1]);
  }
  device.close();
});

test("conversions count no operation", () => {
  const ir = singleModule(2);
  expect(countFlops(ir, "narrow")).toBe(1);
  expect(countFlops(ir, "widen")).toBe(1);
});

test.each(["loadSingle", "storeSingle"] as const)("in a module of float32 there is no %s", (name) => {
  const m = new ModuleBuilder({ lanes: 4, bytes: 4 });
  const emit = () =>
    m.kernel("f", ["i32"] as const, (k, _, p) => {
      if (name === "loadSingle") k.let(k.loadSingle(p));
      else k.storeSingle(p, 0, 1);
    });
  expect(emit).toThrow(/use (load|store)/);
});
