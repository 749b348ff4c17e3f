import type { GaugeData } from "../../../lattice/gauge-data.ts";
import { coordinates, siteAt } from "../../../lattice/geometry.ts";
import { linkOf } from "../../loops/reference.ts";
import type { Boundary } from "../boundary.ts";

/**
 * The domain wall operator in plain TypeScript, from the formulas: the truth of the tests. Vectors are
 * [site][s][spin][colour][re, im], as SpinorSpace.store gives them.
 */
export interface Wall {
  readonly L5: number;
  readonly M: number;
  readonly mass: number;
  readonly b: number;
  readonly c: number;
  readonly boundary: Boundary;
}

type Entry = readonly [re: number, im: number];
const [o, e, i, E, I]: Entry[] = [
  [0, 0],
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as [Entry, Entry, Entry, Entry, Entry];

/** gamma_1 … gamma_d, written out. */
export const GAMMA: Readonly<Record<number, readonly (readonly (readonly Entry[])[])[]>> = {
  4: [
    [
      [o!, o!, o!, I!],
      [o!, o!, I!, o!],
      [o!, i!, o!, o!],
      [i!, o!, o!, o!],
    ],
    [
      [o!, o!, o!, E!],
      [o!, o!, e!, o!],
      [o!, e!, o!, o!],
      [E!, o!, o!, o!],
    ],
    [
      [o!, o!, I!, o!],
      [o!, o!, o!, i!],
      [i!, o!, o!, o!],
      [o!, I!, o!, o!],
    ],
    [
      [o!, o!, E!, o!],
      [o!, o!, o!, E!],
      [E!, o!, o!, o!],
      [o!, E!, o!, o!],
    ],
  ],
  2: [
    [
      [o!, e!],
      [e!, o!],
    ],
    [
      [o!, I!],
      [i!, o!],
    ],
  ],
};
/** Diagonal of gamma_5. */
export const CHIRALITY: Readonly<Record<number, readonly number[]>> = { 4: [-1, -1, 1, 1], 2: [1, -1] };

/** D_W(M) = (d + M) - (1/2) sum_mu [(1 - gamma_mu) U T_+ + (1 + gamma_mu) U^dagger T_-] on every slice. */
export function wilsonReference(data: GaugeData, wall: Wall, x: Float64Array): Float64Array {
  const { extents, group } = data;
  const d = extents.length;
  const n = group.n;
  const spins = CHIRALITY[d]!.length;
  const perSite = 2 * wall.L5 * spins * n;
  const out = x.map((value) => (d + wall.M) * value);
  for (let site = 0; site * perSite < x.length; site++)
    for (let mu = 0; mu < d; mu++)
      for (const step of [1, -1] as const) {
        const here = coordinates(site, extents);
        const there = here.map((c, nu) => (nu === mu ? c + step : c));
        const other = siteAt(there, extents);
        const crosses = there[mu]! < 0 || there[mu]! >= extents[mu]!;
        const sign = crosses ? Number(wall.boundary[mu]) : 1;
        const link = linkOf(data, step === 1 ? site : other, mu);
        for (let s = 0; s < wall.L5; s++)
          for (let alpha = 0; alpha < spins; alpha++)
            for (let beta = 0; beta < spins; beta++) {
              const [gr, gi] = GAMMA[d]![mu]![alpha]![beta]!;
              const [pr, pi] = [(alpha === beta ? 1 : 0) - step * gr, -step * gi];
              if (pr === 0 && pi === 0) continue;
              for (let row = 0; row < n; row++)
                for (let column = 0; column < n; column++) {
                  const at = step === 1 ? 2 * (row * n + column) : 2 * (column * n + row);
                  const [ur, ui] = [link[at]!, step * link[at + 1]!];
                  const [wr, wi] = [pr * ur - pi * ui, pr * ui + pi * ur];
                  const to = site * perSite + 2 * ((s * spins + alpha) * n + row);
                  const from = other * perSite + 2 * ((s * spins + beta) * n + column);
                  out[to]! -= 0.5 * sign * (wr * x[from]! - wi * x[from + 1]!);
                  out[to + 1]! -= 0.5 * sign * (wr * x[from + 1]! + wi * x[from]!);
                }
            }
      }
  return out;
}

/** (F psi)_s = P_+ psi_{s+1} + P_- psi_{s-1}; -mass P_- psi_L5 at s = 1 and -mass P_+ psi_1 at s = L5. */
export function shiftReference(dimension: number, wall: Wall, x: Float64Array, n: number): Float64Array {
  const { L5, mass } = wall;
  const spins = CHIRALITY[dimension]!.length;
  return x.map((_, k) => {
    const inSpinor = k % (2 * n * spins);
    const s = Math.floor(k / (2 * n * spins)) % L5;
    const ahead = CHIRALITY[dimension]![Math.floor(inSpinor / (2 * n))]! === 1;
    const at = (other: number) => x[k + (other - s) * 2 * n * spins]!;
    if (ahead) return s < L5 - 1 ? at(s + 1) : -mass * at(0);
    return s > 0 ? at(s - 1) : -mass * at(L5 - 1);
  });
}

/** (D5 psi)_s = (D_W + 1) psi_s - P_+ psi_{s+1} - P_- psi_{s-1}, with + mass P_-+ where it goes round. */
export function shamirReference(data: GaugeData, wall: Wall, x: Float64Array): Float64Array {
  const hopped = wilsonReference(data, wall, x);
  const shifted = shiftReference(data.extents.length, wall, x, data.group.n);
  return x.map((value, k) => hopped[k]! + value - shifted[k]!);
}

/** D5 = 1 + ((b + c)/2) D_W - [1 - ((b - c)/2) D_W] F */
export function moebiusReference(data: GaugeData, wall: Wall, x: Float64Array): Float64Array {
  const { b, c } = wall;
  const shifted = shiftReference(data.extents.length, wall, x, data.group.n);
  const hopped = wilsonReference(data, wall, x);
  const both = wilsonReference(data, wall, shifted);
  return x.map((value, k) => value + ((b + c) / 2) * hopped[k]! - shifted[k]! + ((b - c) / 2) * both[k]!);
}

export const wallReference = (data: GaugeData, wall: Wall, x: Float64Array): Float64Array =>
  (wall.b === 1 && wall.c === 1 ? shamirReference : moebiusReference)(data, wall, x);

/**
 * The matrix of a linear map as columns[j] = map(unit vector j), over the complex components where `keep` (all by default).
 */
export function columnsOf(
  length: number,
  map: (x: Float64Array) => Float64Array,
  keep: (component: number) => boolean = () => true,
): { matrix: Float64Array; index: readonly number[] } {
  const index = Array.from({ length: length / 2 }, (_, k) => k).filter(keep);
  const size = index.length;
  const matrix = new Float64Array(2 * size * size);
  index.forEach((component, j) => {
    const x = new Float64Array(length);
    x[2 * component] = 1;
    const y = map(x);
    index.forEach((row, r) => matrix.set([y[2 * row]!, y[2 * row + 1]!], 2 * (r * size + j)));
  });
  return { matrix, index };
}

/** D^dagger x of a linear map given by its columns, one after the other: (D^dagger x)_j = (D e_j)^dagger x. */
export function adjointReference(map: (x: Float64Array) => Float64Array, x: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  for (let j = 0; j < x.length; j += 2) {
    const unit = new Float64Array(x.length);
    unit[j] = 1;
    const column = map(unit);
    for (let k = 0; k < x.length; k += 2) {
      out[j]! += column[k]! * x[k]! + column[k + 1]! * x[k + 1]!;
      out[j + 1]! += column[k]! * x[k + 1]! - column[k + 1]! * x[k]!;
    }
  }
  return out;
}

/** Solves the complex system A x = b by elimination with partial pivoting; A row-major, overwritten. */
export function eliminate(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length / 2;
  const rows = Array.from({ length: n }, (_, r) => {
    const row = new Float64Array(2 * n + 2);
    row.set(a.subarray(2 * r * n, 2 * (r + 1) * n));
    row.set(b.subarray(2 * r, 2 * r + 2), 2 * n);
    return row;
  });
  for (let k = 0; k < n; k++) {
    let pivot = k;
    const modulus = (r: number) => Math.hypot(rows[r]![2 * k]!, rows[r]![2 * k + 1]!);
    for (let r = k + 1; r < n; r++) if (modulus(r) > modulus(pivot)) pivot = r;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    const head = rows[k]!;
    const [hr, hi] = [head[2 * k]!, head[2 * k + 1]!];
    const square = hr * hr + hi * hi;
    for (let r = 0; r < n; r++) {
      const row = rows[r]!;
      if (r === k || (row[2 * k] === 0 && row[2 * k + 1] === 0)) continue;
      const [u, v] = [row[2 * k]!, row[2 * k + 1]!];
      const [p, q] = [(u * hr + v * hi) / square, (v * hr - u * hi) / square];
      for (let c = 2 * k; c <= 2 * n; c += 2) {
        row[c]! -= p * head[c]! - q * head[c + 1]!;
        row[c + 1]! -= p * head[c + 1]! + q * head[c]!;
      }
    }
  }
  const x = new Float64Array(2 * n);
  rows.forEach((row, k) => {
    const [hr, hi] = [row[2 * k]!, row[2 * k + 1]!];
    const square = hr * hr + hi * hi;
    const [u, v] = [row[2 * n]!, row[2 * n + 1]!];
    x.set([(u * hr + v * hi) / square, (v * hr - u * hi) / square], 2 * k);
  });
  return x;
}
