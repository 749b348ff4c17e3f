import type { Device } from "../../../../../kernels/device.ts";
import { coordinatesOf } from "../../../../../lattice/shells.ts";
import type { FrequencyRule } from "../frequencies.ts";
import type { Hamiltonian } from "../hamiltonian.ts";
import type { GreenFunctions } from "./green.ts";
import { quaternionKernels, quaternionNumberKernels, rowBytes } from "./quaternion-kernels.ts";

/**
 * Green's functions at half filling on two sublattices. C h C^-1 = -h with C = (-1)^(x + y + ...) i sigma_y K makes
 *
 *   Q_ij = D_i G_ij(i omega) D_j,   D = exp(i pi/4) on even sites, exp(-i pi/4) on odd ones,
 *
 * a real quaternion, a matrix q_0 + i q.sigma: half the numbers and half the work of complex matrices. The change delta = v.sigma
 * becomes D^-1 delta D^-1 = -+ i v.sigma, so that det(1 - delta G_ii) = |1 - Q_ii d|^2 is positive, without any phase.
 */
export function quaternionGreen({ space, n }: Hamiltonian, rule: FrequencyRule): GreenFunctions {
  const { device, extents, volume } = space.lattice;
  const kernels = device.kernels<"update" | "fill">(`double-exchange/quaternions/${volume}`, () =>
    quaternionKernels(volume),
  );
  const prepare = device.kernels<"numbers">(`double-exchange/quaternion-numbers/${volume}`, () =>
    quaternionNumberKernels(volume),
  );
  const { heap } = device;
  const count = rule.values.length;
  const rows = count * volume;
  const memory = memoryFor(device, volume, count);
  const signs = Float64Array.from({ length: volume }, (_, i) =>
    coordinatesOf(i, extents).reduce((a, b) => a + b, 0) % 2 === 0 ? 1 : -1,
  );
  const d = new Float64Array(3);
  const p = new Float64Array(4);

  /** p = 1 - Q_ii d with d = (0, d); returns its norm. */
  const reduce = (green: Float64Array, l: number, site: number): number => {
    const at = (l * volume + site) * 4 * volume + site;
    const [g0, gx, gy, gz] = [green[at]!, green[at + volume]!, green[at + 2 * volume]!, green[at + 3 * volume]!];
    const [x, y, z] = [d[0]!, d[1]!, d[2]!];
    p[0] = 1 + gx * x + gy * y + gz * z;
    p[1] = gy * z - gz * y - g0 * x;
    p[2] = gz * x - gx * z - g0 * y;
    p[3] = gx * y - gy * x - g0 * z;
    return p[0] ** 2 + p[1] ** 2 + p[2] ** 2 + p[3] ** 2;
  };
  const turn = (site: number, vector: Float64Array) => {
    for (let a = 0; a < 3; a++) d[a] = -signs[site]! * vector[a]!;
  };

  return {
    fill(levels, vectors) {
      memory.load(levels, vectors, signs, rule);
      device.run(kernels.fill, rows, memory.green, memory.columns, memory.fillSources);
    },
    lnRatio({ site, vector }) {
      const green = heap.f64(memory.green, rows * 2 * n);
      turn(site, vector);
      let sum = 0;
      // ln det = ln |p|^2, and the conjugate frequency gives the same again
      for (let l = 0; l < count; l++) sum += 2 * rule.weights[l]! * Math.log(reduce(green, l, site));
      return sum;
    },
    update({ site, vector }) {
      const green = heap.f64(memory.green, rows * 2 * n);
      const lines = heap.f64(memory.lines, count * 2 * n);
      const matrices = heap.f64(memory.matrices, count * 4);
      turn(site, vector);
      for (let l = 0; l < count; l++) {
        const norm = reduce(green, l, site);
        // X = d p^-1 = d conj(p)/|p|^2
        const [x, y, z] = [d[0]! / norm, d[1]! / norm, d[2]! / norm];
        const [p0, px, py, pz] = [p[0]!, p[1]!, p[2]!, p[3]!];
        matrices[4 * l] = x * px + y * py + z * pz;
        matrices[4 * l + 1] = p0 * x + y * pz - z * py;
        matrices[4 * l + 2] = p0 * y + z * px - x * pz;
        matrices[4 * l + 3] = p0 * z + x * py - y * px;
        const first = (l * volume + site) * 4 * volume;
        lines.set(green.subarray(first, first + 4 * volume), l * 4 * volume);
      }
      device.run(prepare.numbers, rows, memory.green, memory.numbers, memory.matrixSources, 8 * site);
      device.run(kernels.update, rows, memory.green, memory.numbers, memory.updateSources);
    },
  };
}

function memoryFor(device: Device, volume: number, count: number) {
  const { heap } = device;
  const n = 2 * volume;
  const rows = count * volume;
  const green = heap.allocate(rows * rowBytes(volume));
  /** The quaternion of every row, see the kernel. */
  const numbers = heap.allocate(rows * 64);
  /** The row of a site, of every frequency, as it was. */
  const lines = heap.allocate(count * rowBytes(volume));
  const matrices = heap.allocate(count * 32);
  const columns = heap.allocate(n * 16 * volume);
  const factors = heap.allocate(volume * n * 64);
  const poles = heap.allocate(count * n * 32);
  const table = (perRow: number, entry: (l: number, r: number) => readonly number[]) => {
    const address = heap.allocate(rows * perRow * 4);
    const entries = Array.from({ length: rows }, (_, i) => entry(Math.floor(i / volume), i % volume));
    heap.i32(address, rows * perRow).set(entries.flat());
    return address;
  };
  return {
    green,
    numbers,
    lines,
    matrices,
    columns,
    updateSources: table(1, (l) => [lines + l * rowBytes(volume)]),
    matrixSources: table(1, (l) => [matrices + 32 * l]),
    fillSources: table(2, (l, r) => [factors + r * n * 64, poles + l * n * 32]),
    load(levels: Float64Array, vectors: Float64Array, signs: Float64Array, rule: FrequencyRule) {
      loadStates(heap.f64(columns, n * 2 * volume), heap.f64(factors, volume * n * 8), vectors, signs);
      const pole = heap.f64(poles, 4 * count * n);
      for (let l = 0; l < count; l++)
        for (let k = 0; k < n; k++) {
          // 1/(i omega - eps)
          const [x, y] = [-levels[k]!, rule.values[l]!];
          const norm = x * x + y * y;
          const to = 4 * (l * n + k);
          pole[to] = pole[to + 1] = x / norm;
          pole[to + 2] = pole[to + 3] = -y / norm;
        }
    },
  };
}

/** D V in the layout of the kernel: the factors D_r V_k[r], and the columns V_k[c] D_c^*, whose conjugates are taken there. */
function loadStates(columns: Float64Array, factors: Float64Array, vectors: Float64Array, signs: Float64Array): void {
  const volume = signs.length;
  const n = 2 * volume;
  for (let k = 0; k < n; k++)
    for (let site = 0; site < volume; site++) {
      const sign = signs[site]! * Math.SQRT1_2;
      const to = 8 * (site * n + k);
      for (let s = 0; s < 2; s++) {
        const [x, y] = [vectors[2 * (n * k + 2 * site + s)]!, vectors[2 * (n * k + 2 * site + s) + 1]!];
        // times (1 + i sign)/sqrt 2
        factors[to + 4 * s] = factors[to + 4 * s + 1] = Math.SQRT1_2 * x - sign * y;
        factors[to + 4 * s + 2] = factors[to + 4 * s + 3] = Math.SQRT1_2 * y + sign * x;
        if (s === 1) continue;
        // times (1 - i sign)/sqrt 2
        columns[2 * volume * k + site] = Math.SQRT1_2 * x + sign * y;
        columns[2 * volume * k + volume + site] = Math.SQRT1_2 * y - sign * x;
      }
    }
}
