import { matrixBytes } from "../../kernels/algebra/matrix.ts";
import { type Int, ModuleBuilder } from "../../kernels/builder.ts";
import type { Device } from "../../kernels/device.ts";
import type { ModuleIr, Width } from "../../kernels/ir.ts";
import { callKernel, describeKernel } from "../../kernels/kernel.contract.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import * as plain from "../../numerics/complex-matrix.ts";
import { parseGroup } from "../group.ts";
import { EXPONENTIAL_MATRICES, exponentialFunction } from "./exponential.ts";
import { projectFunction } from "./project.ts";

/** Functions of single matrices: every lane of every item holds another one. */
interface Shape {
  readonly group: string;
  readonly width: Width;
  /** Size of the argument: the norm of the exponent, or how far the link is from the group. */
  readonly size: number;
}

const ITEMS = 19;
const widths: readonly Width[] = [
  { lanes: 1, bytes: 8 },
  { lanes: 2, bytes: 8 },
  { lanes: 4, bytes: 4 },
];
const groups = ["U(1)", "SU(2)", "SU(3)", "SU(4)", "SU(5)", "SU(6)"];
const epsilon = ({ width }: Shape) => (width.bytes === 8 ? 2 ** -53 : 2 ** -24);

/** Packs one matrix a lane: [item][row][column][re, im][lane]. */
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

function drawn({ group, width, size }: Shape, purpose: string, make: (n: number, i: number) => plain.Matrix) {
  const { n } = parseGroup(group);
  const count = ITEMS * width.lanes;
  return Array.from({ length: count }, (_, i) => make(n, i)).map((m) => {
    if (purpose !== "exponent") return m;
    const norm = Math.hypot(...m);
    return m.map((x) => (width.bytes === 4 ? Math.fround((x * size) / norm) : (x * size) / norm));
  });
}

/** Anti-Hermitian matrices of Frobenius norm `size`, traceless for N > 1. */
function exponents(shape: Shape): plain.Matrix[] {
  return drawn(shape, "exponent", (n, i) => {
    const h = plain.haarRandom(n, false, addressedRng("exponential").at("matrix", n, i));
    const anti = plain.scale(plain.subtract(h, plain.dagger(h)), 0.5);
    return n === 1 ? anti : plain.subtract(anti, plain.scale(plain.identity(n), 0, plain.trace(anti)[1] / n));
  });
}

function call(device: Device, key: string, ir: () => ModuleIr, shape: Shape, arrays: readonly Float64Array[]) {
  const Numbers = shape.width.bytes === 8 ? Float64Array : Float32Array;
  const args = arrays.map((x) => Numbers.from(x));
  callKernel(device, `${key}/${shape.group}/${JSON.stringify(shape.width)}`, ir, "apply", ITEMS, args);
  return args[0]!;
}

function exponentialModule({ group, width }: Shape): ModuleIr {
  const { n } = parseGroup(group);
  const m = new ModuleBuilder(width);
  const exponential = exponentialFunction(m, n);
  m.kernel("apply", ["i32", "i32", "i32"] as const, (k, { begin, end, scratch }, out, q, norm2) => {
    k.for(begin, end, (item: Int) => {
      const of = (p: Int) => k.let(p.add(item.mul(matrixBytes(k, n))));
      k.call(exponential, of(out), of(q), k.load(norm2.add(item.mul(k.vecBytes))), scratch);
    });
  });
  return m.finish();
}

describeKernel<Shape>(`exponential (${EXPONENTIAL_MATRICES} matrices of scratch)`, {
  shapes: groups.flatMap((group) =>
    // on either side of the bounds 1/2 and 2, and where it is scaled and squared
    widths.flatMap((width) => [1e-9, 0.51, 1.99, 25].map((size) => ({ group, width, size }))),
  ),
  run(device, shape) {
    const q = pack(exponents(shape), shape.width.lanes);
    const norm2 = new Float64Array(ITEMS * shape.width.lanes).fill(shape.size ** 2);
    return call(device, "exponential", () => exponentialModule(shape), shape, [new Float64Array(q.length), q, norm2]);
  },
  reference: (shape) => pack(exponents(shape).map(plain.exponential), shape.width.lanes),
  // the relative error of the exponent, and a few roundings that each squaring doubles
  tolerance: (_, shape) => (6 + 16 * shape.size) * parseGroup(shape.group).n * epsilon(shape),
});

/** Random group elements with every number changed by a relative `size`. */
function nearGroup(shape: Shape): plain.Matrix[] {
  const { special } = parseGroup(shape.group);
  return drawn(shape, "link", (n, i) => {
    const stream = addressedRng("projection").at("matrix", n, i);
    return plain.haarRandom(n, special, stream).map((x) => Math.fround(x * (1 + shape.size * stream.normal())));
  });
}

/** Gram-Schmidt on the rows; the last one then takes the phase that makes the determinant one. */
function projected(u: plain.Matrix, special: boolean): plain.Matrix {
  const n = plain.size(u);
  const a = Float64Array.from(u);
  const row = (i: number) => a.subarray(2 * n * i, 2 * n * (i + 1));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [r, o] = [row(i), row(j)];
      let [re, im] = [0, 0];
      for (let c = 0; c < 2 * n; c += 2) {
        re += o[c]! * r[c]! + o[c + 1]! * r[c + 1]!;
        im += o[c]! * r[c + 1]! - o[c + 1]! * r[c]!;
      }
      for (let c = 0; c < 2 * n; c += 2) {
        r[c]! -= re * o[c]! - im * o[c + 1]!;
        r[c + 1]! -= re * o[c + 1]! + im * o[c]!;
      }
    }
    const norm = Math.hypot(...row(i));
    row(i).forEach((x, c, r) => {
      r[c] = x / norm;
    });
  }
  if (!special) return a;
  const [re, im] = plain.determinant(a);
  const last = row(n - 1);
  for (let c = 0; c < 2 * n; c += 2) {
    const [x, y] = [last[c]!, last[c + 1]!];
    last[c] = x * re + y * im;
    last[c + 1] = y * re - x * im;
  }
  return a;
}

function projectModule({ group, width }: Shape): ModuleIr {
  const m = new ModuleBuilder(width);
  const project = projectFunction(m, parseGroup(group));
  m.kernel("apply", ["i32"] as const, (k, { begin, end, scratch }, u) => {
    k.for(begin, end, (item: Int) =>
      k.call(project, k.let(u.add(item.mul(matrixBytes(k, parseGroup(group).n)))), scratch),
    );
  });
  return m.finish();
}

describeKernel<Shape>("projection", {
  shapes: groups.flatMap((group) => widths.flatMap((width) => [0, 1e-3].map((size) => ({ group, width, size })))),
  run: (device, shape) =>
    call(device, "project", () => projectModule(shape), shape, [pack(nearGroup(shape), shape.width.lanes)]),
  reference(shape) {
    const { special } = parseGroup(shape.group);
    return pack(
      nearGroup(shape).map((u) => projected(u, special)),
      shape.width.lanes,
    );
  },
  // Gram-Schmidt divides by what is left of a row, and the determinant of N >= 4 adds binomials: see project.ts
  tolerance: (_, shape) => 2 ** parseGroup(shape.group).n * 8 * epsilon(shape),
});
