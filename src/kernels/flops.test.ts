import { expect, test } from "vitest";
import { Int, ModuleBuilder, Vec } from "./builder.ts";
import { countFlops } from "./flops.ts";
import type { ModuleIr } from "./ir.ts";

type Emit = Parameters<typeof moduleOf>[0];
function moduleOf(
  emit: (k: Parameters<Parameters<ModuleBuilder["kernel"]>[2]>[0], item: Int, n: Int, x: Vec) => void,
): ModuleIr {
  const m = new ModuleBuilder({ lanes: 2, bytes: 8 });
  m.kernel("f", ["i32", "i32"] as const, (k, { begin, end }, p, n) => {
    const sum = k.let(Vec.of(0));
    k.for(begin, end, (item) => emit(k, item, n, k.load(p)));
    k.store(p, 0, sum.mul(2)); // once a chunk: not counted
  });
  return m.finish();
}
const count = (emit: Emit, options = {}) => countFlops(moduleOf(emit), "f", options);

test.each<[string, number, Emit]>([
  ["an addition", 1, (k, _, __, x) => k.let(x.add(1))],
  ["a multiply-add", 2, (k, _, __, x) => k.let(x.plus(x, x))],
  ["a quotient and a root", 2, (k, _, __, x) => k.let(Vec.of(1).div(x.sqrt()))],
  ["signs, comparisons, selections, rounding", 0, (k, _, __, x) => k.let(x.gt(0).select(x.neg(), x.abs().floor()))],
  ["what is computed twice", 2, (k, _, __, x) => [0, 1].forEach(() => k.store(Int.of(0), 0, x.add(x)))],
  ["a loop of five", 5, (k, _, __, x) => k.for(0, 5, () => k.let(x.add(1)))],
  ["a loop in steps of two", 3, (k, _, __, x) => k.for(0, 5, () => k.let(x.add(1)), 2)],
  ["a triangle of loops", 6, (k, _, __, x) => k.for(0, 4, (i) => k.for(0, i, () => k.let(x.add(1))))],
  ["a known branch", 2, (k, _, __, x) => k.for(0, 4, (i) => k.if(i.and(1).eq(1), () => k.let(x.add(1))))],
])("%s: %d", (_, expected, emit) => expect(count(emit)).toBe(expected));

test("branches that are not known follow the policy", () => {
  const emit: Emit = (k, _, n, x) => {
    const flag = k.let(Int.of(1));
    k.if(
      n.eq(3),
      () => k.let(x.add(1)),
      () => {
        k.let(x.add(1).add(2));
        k.set(flag, Int.of(0));
      },
    );
    k.if(flag, () => k.let(x.mul(x))); // not known any more
  };
  expect(count(emit)).toBe(3);
  expect(count(emit, { branch: "most" })).toBe(3);
  expect(count(emit, { branch: "least" })).toBe(1);
  expect(count(emit, { branch: "first" })).toBe(2);
  expect(count(emit, { known: { 1: 3 } })).toBe(2);
});

test("loops that are not known have the rounds of the caller", () => {
  const emit: Emit = (k, _, n, x) => {
    k.for(0, n, () => k.let(x.add(1)));
    k.repeat(
      () => k.let(x.mul(2)),
      () => x.gt(1).any(),
    );
  };
  expect(count(emit)).toBe(2);
  expect(count(emit, { rounds: 7 })).toBe(14);
  expect(count(emit, { known: { 1: 10 } })).toBe(11);
});

test("calls count what they do with the arguments they get", () => {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  const power = m.helper("power", ["i32", "i32"] as const, (k, p, n) =>
    k.for(0, n, () => k.store(p, 0, k.load(p).mul(2))),
  );
  m.kernel("f", ["i32"] as const, (k, { begin, end }, p) =>
    k.for(begin.mul(4), end.mul(4), (i) => k.call(power, p, i.add(1))),
  );
  expect(countFlops(m.finish(), "f")).toBe(1 + 2 + 3 + 4);
});

test("a kernel that is not there is named, with those that are", () => {
  expect(() =>
    countFlops(
      moduleOf(() => {}),
      "g",
    ),
  ).toThrow(/no kernel g .* it has f/);
});
