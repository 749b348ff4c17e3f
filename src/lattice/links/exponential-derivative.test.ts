import { matrixBytes } from "../../kernels/algebra/matrix.ts";
import { type Int, ModuleBuilder } from "../../kernels/builder.ts";
import type { Device } from "../../kernels/device.ts";
import type { ModuleIr, Width } from "../../kernels/ir.ts";
import { callKernel, describeKernel } from "../../kernels/kernel.contract.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { tracelessAntiHermitian } from "../../numerics/algebra.ts";
import * as plain from "../../numerics/complex-matrix.ts";
import { parseGroup } from "../group.ts";
import { exponentialDerivativeFunction } from "./exponential-derivative.ts";
import { exponentialPullBackFunction } from "./exponential-pull-back.ts";

interface Shape {
  readonly group: string;
  readonly width: Width;
  /** Frobenius norm of the exponent. */
  readonly size: number;
  /** Exponents with equal eigenvalues, where the formulas that divide by their differences fail. */
  readonly degenerate?: boolean;
  /** Every other exponent is this small. */
  readonly beside?: number;
}

const ITEMS = 7;
const widths: readonly Width[] = [
  { lanes: 1, bytes: 8 },
  { lanes: 2, bytes: 8 },
];

/** Pairs (exponent q, direction w), w with entries of order one. */
function drawn({ group, width, size, degenerate, beside = size }: Shape): [plain.Matrix, plain.Matrix][] {
  const { n } = parseGroup(group);
  const rng = addressedRng("exponential derivative");
  return Array.from({ length: ITEMS * width.lanes }, (_, i) => {
    const basis = plain.haarRandom(n, false, rng.at("basis", n, i));
    const levels = plain.fromEntries(n, (r, c) => [0, r === c ? (r === 0 ? 1 : -1 / Math.max(1, n - 1)) : 0]);
    const q = tracelessAntiHermitian(
      degenerate ? plain.multiply(plain.multiply(basis, levels), plain.dagger(basis)) : basis,
    );
    const stream = rng.at("direction", n, i);
    return [plain.scale(q, (i % 2 === 0 ? size : beside) / Math.hypot(...q)), plain.zero(n).map(() => stream.normal())];
  });
}

/** One matrix a lane: [item][row][column][re, im][lane]. */
function pack(matrices: readonly plain.Matrix[], lanes: number): Float64Array {
  const length = matrices[0]!.length;
  const out = new Float64Array(matrices.length * length);
  matrices.forEach((m, index) => {
    m.forEach((x, i) => {
      out[(Math.floor(index / lanes) * length + i) * lanes + (index % lanes)] = x;
    });
  });
  return out;
}

type Which = "derivative" | "pull-back";

function moduleOf({ group, width }: Shape, which: Which): ModuleIr {
  const { n } = parseGroup(group);
  const m = new ModuleBuilder(width);
  const one =
    which === "derivative" ? exponentialDerivativeFunction(m, n) : exponentialPullBackFunction(m, parseGroup(group));
  m.kernel("apply", ["i32", "i32", "i32", "i32", "f64"] as const, (k, { begin, end, scratch }, e, l, q, w, norm2) => {
    k.for(begin, end, (item: Int) => {
      const [E, L, Q, W] = [e, l, q, w].map((p) => k.let(p.add(item.mul(matrixBytes(k, n))))) as [Int, Int, Int, Int];
      k.call(one, E, L, Q, W, norm2, scratch);
    });
  });
  return m.finish();
}

/** exp of the block matrix (q w; 0 q): exp(q) on the diagonal and the derivative above it. */
function reference([q, w]: readonly [plain.Matrix, plain.Matrix]): [plain.Matrix, plain.Matrix] {
  const n = plain.size(q);
  const block = plain.fromEntries(2 * n, (i, j) => {
    if (i < n && j >= n) return plain.entry(w, i, j - n);
    return i >= n === j >= n ? plain.entry(q, i % n, j % n) : [0, 0];
  });
  const e = plain.exponential(block);
  return [
    plain.fromEntries(n, (i, j) => plain.entry(e, i, j)),
    plain.fromEntries(n, (i, j) => plain.entry(e, i, j + n)),
  ];
}

const shapes: readonly Shape[] = widths.flatMap((width) =>
  ["U(1)", "SU(2)", "SU(3)", "SU(4)", "SU(6)"].flatMap((group) => [
    // on either side of the bounds 1/2 and 2, and where it is scaled and squared
    ...[1e-9, 0.51, 1.99, 12].map((size) => ({ group, width, size })),
    { group, width, size: 1.4, degenerate: true },
    { group, width, size: 7, beside: 1e-5 },
  ]),
);

function run(device: Device, shape: Shape, which: Which): Float64Array {
  const { lanes } = shape.width;
  const pairs = drawn(shape);
  const [q, w] = [0, 1].map((i) =>
    pack(
      pairs.map((pair) => pair[i]!),
      lanes,
    ),
  ) as [Float64Array, Float64Array];
  const [e, l] = [new Float64Array(q.length), new Float64Array(q.length)];
  const key = `exponential-${which}/${shape.group}/${lanes}`;
  callKernel(device, key, () => moduleOf(shape, which), "apply", ITEMS, [e, l, q, w, shape.size ** 2]);
  return Float64Array.of(...e, ...l);
}

const packed = (pairs: readonly (readonly [plain.Matrix, plain.Matrix])[], { width }: Shape): Float64Array =>
  Float64Array.of(
    ...[0, 1].flatMap((i) => [
      ...pack(
        pairs.map((pair) => pair[i]!),
        width.lanes,
      ),
    ]),
  );

// roundings of numbers of the size of |w|, doubled by each squaring
const tolerance = (_: number, shape: Shape) => (1 + shape.size) * 4 * parseGroup(shape.group).n * 2 ** -50;

describeKernel<Shape>("exponential and its derivative", {
  shapes,
  run: (device, shape) => run(device, shape, "derivative"),
  reference: (shape) => packed(drawn(shape).map(reference), shape),
  tolerance,
});

describeKernel<Shape>("exponential and what its derivative pulls back", {
  shapes,
  run: (device, shape) => run(device, shape, "pull-back"),
  reference(shape) {
    const pairs = drawn(shape).map(reference);
    return packed(
      pairs.map(([e, l]) => [e, tracelessAntiHermitian(l)] as const),
      shape,
    );
  },
  tolerance,
});
