import type { Device } from "../../../../../kernels/device.ts";
import type { FrequencyRule } from "../frequencies.ts";
import type { Hamiltonian } from "../hamiltonian.ts";
import { greenKernels, numberKernels, rowBytes } from "./complex-kernels.ts";
import type { GreenFunctions } from "./green.ts";

/** Green's functions as complex matrices, for any chemical potential, boundary and lattice. */
export function complexGreen({ space, n }: Hamiltonian, mu: number, rule: FrequencyRule): GreenFunctions {
  const { device } = space.lattice;
  const kernels = device.kernels<"update" | "fill">(`double-exchange/green/${n}`, () => greenKernels(n));
  const prepare = device.kernels<"numbers">(`double-exchange/green-numbers/${n}`, () => numberKernels(n));
  const { heap } = device;
  const count = rule.values.length;
  const rows = count * n;
  const memory = memoryFor(device, n, count);
  const block = new Float64Array(8);

  /** G_ii of a frequency: (re, im) of 00, 01, 10, 11. */
  const readBlock = (green: Float64Array, l: number, site: number) => {
    for (let s = 0; s < 2; s++)
      for (let u = 0; u < 2; u++) {
        const at = (l * n + 2 * site + s) * 2 * n + 2 * site + u;
        block[4 * s + 2 * u] = green[at]!;
        block[4 * s + 2 * u + 1] = green[at + n]!;
      }
  };

  return {
    fill(levels, vectors) {
      memory.load(levels, vectors, mu, rule);
      device.run(kernels.fill, rows, memory.green, memory.columns, memory.fillSources);
    },
    lnRatio({ site, vector }) {
      const green = heap.f64(memory.green, rows * 2 * n);
      let sum = 0;
      for (let l = 0; l < count; l++) {
        readBlock(green, l, site);
        const [re, im] = determinant(block, vector);
        sum += rule.weights[l]! * Math.log(re * re + im * im);
      }
      return sum;
    },
    update({ site, vector }) {
      const green = heap.f64(memory.green, rows * 2 * n);
      const pairs = heap.f64(memory.pairs, count * 4 * n);
      const matrices = heap.f64(memory.matrices, count * 8);
      for (let l = 0; l < count; l++) {
        readBlock(green, l, site);
        scatteringMatrix(block, vector, matrices.subarray(8 * l, 8 * l + 8));
        const first = (l * n + 2 * site) * 2 * n;
        pairs.set(green.subarray(first, first + 4 * n), l * 4 * n);
      }
      device.run(prepare.numbers, rows, memory.green, memory.numbers, memory.matrixSources, 16 * site);
      device.run(kernels.update, rows, memory.green, memory.numbers, memory.updateSources);
    },
  };
}

/**
 * det(1 - delta G) = 1 - tr(delta G) + det delta det G with delta = v.sigma, det delta = -v^2:
 * tr(delta G) = v_x (G01 + G10) + i v_y (G01 - G10) + v_z (G00 - G11).
 */
function determinant(g: Float64Array, v: Float64Array): [re: number, im: number] {
  const [x, y, z] = [v[0]!, v[1]!, v[2]!];
  const [ar, ai, br, bi, cr, ci, dr, di] = [g[0]!, g[1]!, g[2]!, g[3]!, g[4]!, g[5]!, g[6]!, g[7]!];
  const square = x * x + y * y + z * z;
  const detRe = ar * dr - ai * di - (br * cr - bi * ci);
  const detIm = ar * di + ai * dr - (br * ci + bi * cr);
  return [
    1 - (x * (br + cr) - y * (bi - ci) + z * (ar - dr)) - square * detRe,
    -(x * (bi + ci) + y * (br - cr) + z * (ai - di)) - square * detIm,
  ];
}

/** delta (1 - G delta)^-1 as (re, im) of 00, 01, 10, 11. */
function scatteringMatrix(g: Float64Array, v: Float64Array, out: Float64Array): void {
  const [x, y, z] = [v[0]!, v[1]!, v[2]!];
  const [re, im] = determinant(g, v); // det(1 - G delta) is the same
  const norm = re * re + im * im;
  // delta adj(1 - G delta) = delta - det(delta) adj(G): with adj(G delta) = adj(delta) adj(G) and delta adj(delta) = det delta
  const square = x * x + y * y + z * z;
  const adjoint = [g[6]!, g[7]!, -g[2]!, -g[3]!, -g[4]!, -g[5]!, g[0]!, g[1]!];
  const delta = [z, 0, x, -y, x, y, -z, 0];
  for (let i = 0; i < 8; i += 2) {
    const [p, q] = [delta[i]! + square * adjoint[i]!, delta[i + 1]! + square * adjoint[i + 1]!];
    out[i] = (p * re + q * im) / norm;
    out[i + 1] = (q * re - p * im) / norm;
  }
}

function memoryFor(device: Device, n: number, count: number) {
  const { heap } = device;
  const rows = count * n;
  const green = heap.allocate(rows * rowBytes(n));
  /** Numbers x of the rows, see the kernel. */
  const numbers = heap.allocate(rows * 64);
  /** The rows of a site, of every frequency, as they were. */
  const pairs = heap.allocate(count * 32 * n);
  const columns = heap.allocate(n * rowBytes(n));
  const factors = heap.allocate(n * n * 32);
  const poles = heap.allocate(count * n * 32);
  const updateSources = heap.allocate(rows * 4);
  const fillSources = heap.allocate(rows * 8);
  const matrices = heap.allocate(count * 64);
  const matrixSources = heap.allocate(rows * 4);
  heap.i32(updateSources, rows).set(Array.from({ length: rows }, (_, i) => pairs + Math.floor(i / n) * 32 * n));
  heap.i32(matrixSources, rows).set(Array.from({ length: rows }, (_, i) => matrices + Math.floor(i / n) * 64));
  heap
    .i32(fillSources, 2 * rows)
    .set(
      Array.from({ length: rows }, (_, i) => [factors + (i % n) * n * 32, poles + Math.floor(i / n) * n * 32]).flat(),
    );
  return {
    green,
    numbers,
    pairs,
    columns,
    matrices,
    updateSources,
    fillSources,
    matrixSources,
    load(levels: Float64Array, vectors: Float64Array, mu: number, rule: FrequencyRule) {
      const column = heap.f64(columns, 2 * n * n);
      const factor = heap.f64(factors, 4 * n * n);
      for (let k = 0; k < n; k++)
        for (let r = 0; r < n; r++) {
          const [re, im] = [vectors[2 * (n * k + r)]!, vectors[2 * (n * k + r) + 1]!];
          column[2 * n * k + r] = re;
          column[2 * n * k + n + r] = im;
          const to = 4 * (n * r + k);
          factor[to] = factor[to + 1] = re;
          factor[to + 2] = factor[to + 3] = im;
        }
      const pole = heap.f64(poles, 4 * count * n);
      for (let l = 0; l < count; l++)
        for (let k = 0; k < n; k++) {
          // 1/(mu + i omega - eps)
          const [x, y] = [mu - levels[k]!, rule.values[l]!];
          const norm = x * x + y * y;
          const to = 4 * (l * n + k);
          pole[to] = pole[to + 1] = x / norm;
          pole[to + 2] = pole[to + 3] = -y / norm;
        }
    },
  };
}
