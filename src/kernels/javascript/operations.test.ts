import { expect, test } from "vitest";
import { type Int, ModuleBuilder, type Vec } from "../builder.ts";
import type { BinaryInt, Width } from "../ir.ts";
import { callKernel, describeKernel } from "../kernel.contract.ts";
import { compileJavascript } from "./compile.ts";
import { printModule } from "./print.ts";

/** Every operation of ir.ts on awkward numbers, against the words of JavaScript that say what it means. */
const awkward = [
  0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, -0.3, 3.7, 1e-310, -5e-324, 2 ** 51 + 0.5, 2 ** 52 + 1,
  -(2 ** 53), 16777217, 1e30, -1e300, Number.MAX_VALUE, Infinity, -Infinity, Number.NaN,
]; // biome-ignore format: a table

const round = ({ bytes }: Width, x: number) => (bytes === 4 ? Math.fround(x) : x);
/** Ties to even, by the remainder. */
function nearest(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  const y = rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
  return Number.isFinite(x) ? (y === 0 && (x < 0 || Object.is(x, -0)) ? -0 : y) : x;
}

type Pair = readonly [emit: (a: Vec, b: Vec) => Vec, mean: (a: number, b: number, w: Width) => number];
const operations: readonly Pair[] = [
  [(a, b) => a.add(b), (a, b, w) => round(w, a + b)],
  [(a, b) => a.sub(b), (a, b, w) => round(w, a - b)],
  [(a, b) => a.mul(b), (a, b, w) => round(w, a * b)],
  [(a, b) => a.div(b), (a, b, w) => round(w, a / b)],
  [(a, b) => a.min(b), (a, b) => Math.min(a, b)],
  [(a, b) => a.max(b), (a, b) => Math.max(a, b)],
  [(a, b) => a.plus(a, b), (a, b, w) => round(w, a + round(w, a * b))],
  [(a, b) => a.minus(a, b), (a, b, w) => round(w, a - round(w, a * b))],
  [(a) => a.neg(), (a) => -a],
  [(a) => a.abs(), Math.abs],
  [(a) => a.sqrt(), (a, _, w) => round(w, Math.sqrt(a))],
  [(a) => a.floor(), Math.floor],
  [(a) => a.nearest(), nearest],
  [(a) => a.mul(-0), (a, _, w) => round(w, a * -0)],
  [(a) => a.add(0.1), (a, _, w) => round(w, a + round(w, 0.1))],
  [(a, b) => a.lt(b).select(1, 2), (a, b) => (a < b ? 1 : 2)],
  [(a, b) => a.le(b).select(b, 7), (a, b) => (a <= b ? b : 7)],
  [(a, b) => a.gt(b).or(a.eqTo(1)).select(a, b), (a, b) => (a > b || a === 1 ? a : b)],
  [(a, b) => a.ge(b).and(b.gt(0)).not().select(3, b), (a, b) => (!(a >= b && b > 0) ? 3 : b)],
];

interface Shape {
  readonly width: Width;
}
const widths: readonly Shape[] = [
  { width: { lanes: 1, bytes: 8 } },
  { width: { lanes: 2, bytes: 8 } },
  { width: { lanes: 1, bytes: 4 } },
  { width: { lanes: 4, bytes: 4 } },
];

function pairs(shape: Shape): [Float64Array, Float64Array] {
  const all = awkward.flatMap((a) => awkward.map((b) => [round(shape.width, a), round(shape.width, b)] as const));
  return [Float64Array.from(all, ([a]) => a), Float64Array.from(all, ([, b]) => b)];
}

describeKernel<Shape>("operations on numbers", {
  shapes: widths,
  run(device, shape) {
    const { lanes, bytes } = shape.width;
    const Numbers = bytes === 8 ? Float64Array : Float32Array;
    const [a, b] = pairs(shape).map((x) => Numbers.from(x)) as [Float64Array, Float64Array];
    const out = new Numbers(a.length * operations.length);
    const generate = () => {
      const m = new ModuleBuilder(shape.width);
      m.kernel("all", ["i32", "i32", "i32"] as const, (k, { begin, end }, to, x, y) => {
        k.for(begin, end, (item) => {
          const offset = k.let(item.mul(k.vecBytes));
          const [u, v] = [k.let(k.load(x.add(offset))), k.let(k.load(y.add(offset)))];
          const result = k.let(to.add(offset.mul(operations.length)));
          operations.forEach(([emit], i) => k.store(result, i * k.vecBytes, emit(u, v)));
        });
      });
      return m.finish();
    };
    callKernel(device, `operations/${lanes}/${bytes}`, generate, "all", a.length / lanes, [out, a, b]);
    return out;
  },
  reference(shape) {
    const { lanes } = shape.width;
    const [a, b] = pairs(shape);
    const out = new Float64Array(a.length * operations.length);
    a.forEach((x, i) =>
      operations.forEach(([, mean], op) => {
        const at = (Math.floor(i / lanes) * operations.length + op) * lanes + (i % lanes);
        out[at] = mean(x, b[i]!, shape.width);
      }),
    );
    return out;
  },
  tolerance: () => Number.MIN_VALUE,
});

const integers = [0, 1, -1, 2, 3, 31, 33, 255, -256, 0x7fffffff, -0x80000000, 0x12345678, 65536];
const intOperations: Readonly<Record<BinaryInt, (a: number, b: number) => number>> = {
  add: (a, b) => Number(BigInt.asIntN(32, BigInt(a) + BigInt(b))),
  sub: (a, b) => Number(BigInt.asIntN(32, BigInt(a) - BigInt(b))),
  mul: (a, b) => Number(BigInt.asIntN(32, BigInt(a) * BigInt(b))),
  and: (a, b) => Number(BigInt.asIntN(32, BigInt(a) & BigInt(b))),
  or: (a, b) => Number(BigInt.asIntN(32, BigInt(a) | BigInt(b))),
  xor: (a, b) => Number(BigInt.asIntN(32, BigInt(a) ^ BigInt(b))),
  shl: (a, b) => Number(BigInt.asIntN(32, BigInt(a) << (BigInt(b) & 31n))),
  shr: (a, b) => Number(BigInt.asIntN(32, BigInt.asUintN(32, BigInt(a)) >> (BigInt(b) & 31n))),
  eq: (a, b) => (a === b ? 1 : 0),
  ne: (a, b) => (a === b ? 0 : 1),
  lt: (a, b) => (a < b ? 1 : 0),
  ge: (a, b) => (a < b ? 0 : 1),
};
const intNames = Object.keys(intOperations) as BinaryInt[];
const intPairs = integers.flatMap((a) => integers.map((b) => [a, b] as const));

describeKernel("operations on integers", {
  shapes: ["i32"],
  run(device) {
    const a = Int32Array.from(intPairs, ([x]) => x);
    const b = Int32Array.from(intPairs, ([, y]) => y);
    const out = new Int32Array(a.length * intNames.length);
    const generate = () => {
      const m = new ModuleBuilder({ lanes: 2, bytes: 8 });
      m.kernel("all", ["i32", "i32", "i32"] as const, (k, { begin, end }, to, x, y) => {
        k.for(begin, end, (item) => {
          const [u, v] = [k.let(k.loadInt(x.add(item.mul(4)))), k.let(k.loadInt(y.add(item.mul(4))))];
          intNames.forEach((name, i) => k.storeInt(to.add(item.mul(4 * intNames.length)), 4 * i, u[name](v)));
        });
      });
      return m.finish();
    };
    callKernel(device, "integers", generate, "all", a.length, [out, a, b]);
    return out;
  },
  reference: () => intPairs.flatMap(([a, b]) => intNames.map((name) => intOperations[name](a, b))),
  tolerance: () => 0.5,
});

/** Collatz steps of the numbers, lane by lane until all are one; loops with steps; lanes swapped in place. */
function flowModule(width: Width) {
  const m = new ModuleBuilder(width);
  const halve = m.helper("halve", ["i32", "vec"] as const, (k, to, x) => k.store(to, 0, x.mul(0.5)));
  m.kernel("flow", ["i32", "i32", "f64"] as const, (k, { begin, end, scratch }, to, from, shift) => {
    k.for(begin, end, (item: Int) => {
      const x = k.let(k.load(from.add(item.mul(k.vecBytes))));
      const steps = k.let(x.mul(0));
      k.repeat(
        () => {
          k.call(halve, scratch, x);
          const half = k.let(k.load(scratch));
          const even = k.let(half.floor().eqTo(half));
          const going = k.let(x.gt(1));
          k.set(steps, steps.add(going.select(1, 0)));
          k.set(x, going.select(even.select(half, x.mul(3).add(1)), x));
        },
        () => x.gt(1).any(),
      );
      const out = k.let(to.add(item.mul(2 * k.vecBytes)));
      k.store(out, 0, steps);
      k.storeSwapped(out, 0, k.load(out));
      const odd = k.let(x.mul(0));
      k.for(
        1,
        item,
        (i) =>
          k.if(
            i.eq(7),
            () => k.set(odd, odd.add(100)),
            () => k.set(odd, odd.add(shift)),
          ),
        3,
      );
      k.store(out, k.vecBytes, odd);
    });
  });
  return m.finish();
}

describeKernel<Shape>("branches, loops and calls", {
  shapes: widths,
  run(device, { width }) {
    const Numbers = width.bytes === 8 ? Float64Array : Float32Array;
    const from = new Numbers(40 * width.lanes).map((_, i) => i + 1);
    const out = new Numbers(2 * from.length);
    const key = `flow/${width.lanes}/${width.bytes}`;
    callKernel(device, key, () => flowModule(width), "flow", 40, [out, from, 0.25]);
    return out;
  },
  reference({ width: { lanes } }) {
    return Array.from({ length: 80 * lanes }, (_, i) => {
      const item = Math.floor(i / (2 * lanes));
      if (i % (2 * lanes) >= lanes) {
        let odd = 0;
        for (let j = 1; j < item; j += 3) odd += j === 7 ? 100 : 0.25;
        return odd;
      }
      let x = item * lanes + (lanes === 1 ? 0 : (i % lanes) ^ 1) + 1;
      let steps = 0;
      for (; x > 1; steps++) x = x % 2 === 0 ? x / 2 : 3 * x + 1;
      return steps;
    });
  },
  tolerance: () => 1e-9,
});

/** Every permutation of the lanes of x beside one another, of a load and of a sum. */
function permutedModule(width: Width) {
  const m = new ModuleBuilder(width);
  const masks = permutations(width);
  m.kernel("permuted", ["i32", "i32"] as const, (k, { begin, end }, to, from) =>
    k.for(begin, end, (item) => {
      const x = from.add(item.mul(k.vecBytes));
      const out = k.let(to.add(item.mul(2 * masks.length * k.vecBytes)));
      masks.forEach((xor, i) => {
        k.storeSwapped(out, 2 * i * k.vecBytes, k.load(x), xor);
        k.storeSwapped(out, (2 * i + 1) * k.vecBytes, k.load(x).add(k.load(x)), xor);
      });
    }),
  );
  return m.finish();
}
/** One lane is stored as it is, whatever the permutation. */
const permutations = ({ lanes }: Width) => (lanes === 1 ? [1] : Array.from({ length: lanes - 1 }, (_, i) => i + 1));

describeKernel<Shape>("permuted stores", {
  shapes: widths,
  run(device, { width }) {
    const Numbers = width.bytes === 8 ? Float64Array : Float32Array;
    const from = new Numbers(40 * width.lanes).map((_, i) => i + 1);
    const out = new Numbers(2 * permutations(width).length * from.length);
    const key = `permuted/${width.lanes}/${width.bytes}`;
    callKernel(device, key, () => permutedModule(width), "permuted", 40, [out, from]);
    return out;
  },
  reference({ width }) {
    const { lanes } = width;
    const block = Array.from({ length: lanes }, (_, lane) => lane);
    return Array.from({ length: 40 }, (_, item) =>
      permutations(width).flatMap((xor) =>
        [1, 2].flatMap((factor) => block.map((lane) => factor * (item * lanes + (lanes > 1 ? lane ^ xor : 0) + 1))),
      ),
    ).flat();
  },
  tolerance: () => 0.5,
});

/** Of every block, each number by itself splatted; the awkward ones, so that all bits are seen. */
function splatModule(width: Width) {
  const m = new ModuleBuilder(width);
  m.kernel("splat", ["i32", "i32"] as const, (k, { begin, end }, to, from) =>
    k.for(begin, end, (item) => {
      const x = k.let(from.add(item.mul(k.vecBytes)));
      const out = k.let(to.add(item.mul(width.lanes * k.vecBytes)));
      for (let i = 0; i < width.lanes; i++) k.store(out, i * k.vecBytes, k.loadSplat(x, i * width.bytes));
    }),
  );
  return m.finish();
}

describeKernel<Shape>("loads of one number into every lane", {
  shapes: widths,
  run(device, { width }) {
    const Numbers = width.bytes === 8 ? Float64Array : Float32Array;
    const from = Numbers.from(awkward);
    const out = new Numbers(width.lanes * from.length);
    const key = `splat/${width.lanes}/${width.bytes}`;
    callKernel(device, key, () => splatModule(width), "splat", from.length / width.lanes, [out, from]);
    return out;
  },
  reference: ({ width }) => awkward.flatMap((x) => Array<number>(width.lanes).fill(round(width, x))),
  tolerance: () => Number.MIN_VALUE,
});

test.each([
  [2, 0],
  [2, 2],
  [4, 4],
  [4, 1.5],
  [4, -1],
] as const)("of %d lanes a permutation by %d is refused", (lanes, xor) => {
  const m = new ModuleBuilder({ lanes, bytes: lanes === 2 ? 8 : 4 });
  const emit = () => m.kernel("p", ["i32"] as const, (k, _, p) => k.storeSwapped(p, 0, k.load(p), xor));
  expect(emit).toThrow(/expected 1 to/);
});

test("a view of grown memory is taken anew", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4 });
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  m.kernel("put", ["i32", "f64"] as const, (k, _, p, x) => k.store(p, 0, x));
  const { put } = compileJavascript(m.finish(), memory);
  put!(0, 1, 0, 0, 64, 1.5);
  memory.grow(2);
  put!(0, 1, 0, 0, 65536 + 64, 2.5);
  const seen = new Float64Array(memory.buffer);
  expect([seen[8], seen[8192 + 8]]).toEqual([1.5, 2.5]);
});

test("bit surgery is for float64", () => {
  const m = new ModuleBuilder({ lanes: 4, bytes: 4 });
  m.kernel("e", ["i32"] as const, (k, _, p) => k.store(p, 0, k.load(p).exponent()));
  expect(() => printModule(m.finish())).toThrow(/float64/);
});
