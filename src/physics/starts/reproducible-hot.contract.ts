import type { GaugeData } from "../../lattice/gauge-data.ts";
import { parseGroup } from "../../lattice/group.ts";
import { fromEntries, type Matrix } from "../../numerics/complex-matrix.ts";

/**
 * The "hot" start of LatticeQCD.jl with randomnumber = "Reproducible", by which its own test values can be checked. It
 * is not Haar-distributed, and its links are the same in every direction.
 */
export function reproducibleHot(n: number, extents: readonly number[]): GaugeData {
  const draw = generator();
  const volume = extents.reduce((a, b) => a * b, 1);
  const d = extents.length;
  const size = 2 * n * n;
  const links = new Float64Array(volume * d * size);
  for (let site = 0; site < volume; site++) {
    const u = new Float64Array(size);
    for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) u.set([draw() - 0.5, draw() - 0.5], 2 * (i * n + j));
    const normalised = n === 2 ? quaternion(u) : n === 3 ? threeRows(u) : columns(u, n);
    for (let mu = 0; mu < d; mu++) links.set(normalised, (site * d + mu) * size);
  }
  return { group: parseGroup(`SU(${n})`), extents, links };
}

/** A multiplicative congruential generator modulo 2^128; the low 52 bits of the high word make a number in [0, 1). */
function generator(): () => number {
  let state = 2n * 123n + 1n;
  return () => {
    state = BigInt.asUintN(128, state * 0x45a31efc5a35d971261fd0407a968addn);
    return Number((state >> 64n) & 0xfffffffffffffn) * 2 ** -52;
  };
}

/** The matrix (alpha, -beta^*; beta, alpha^*) of a normalised first column. */
function quaternion(u: Matrix): Matrix {
  const norm = Math.hypot(u[0]!, u[1]!, u[4]!, u[5]!);
  const [a, b, c, d] = [u[0]! / norm, u[1]! / norm, u[4]! / norm, u[5]! / norm];
  return Float64Array.of(a, b, -c, d, c, d, a, -b);
}

/** Gram-Schmidt on rows one and two; the third is the conjugate of their cross product. */
function threeRows(u: Matrix): Matrix {
  const rows = orthonormal(
    [0, 1].map((i) => Array.from({ length: 3 }, (_, j) => [u[6 * i + 2 * j]!, u[6 * i + 2 * j + 1]!])),
  );
  const [x, y] = rows as [Vector, Vector];
  const cross = [0, 1, 2].map((i) => {
    const [p, q] = [(i + 1) % 3, (i + 2) % 3];
    const [a, b] = [times(x[p]!, y[q]!), times(x[q]!, y[p]!)];
    return [a[0]! - b[0]!, -(a[1]! - b[1]!)];
  });
  return fromEntries(3, (i, j) => [...rows, cross][i]![j] as [number, number]);
}

function columns(u: Matrix, n: number): Matrix {
  const list = orthonormal(
    Array.from({ length: n }, (_, j) =>
      Array.from({ length: n }, (_, i) => [u[2 * (i * n + j)]!, u[2 * (i * n + j) + 1]!]),
    ),
  );
  return fromEntries(n, (i, j) => list[j]![i] as [number, number]);
}

type Vector = number[][];
const times = (a: number[], b: number[]) => [a[0]! * b[0]! - a[1]! * b[1]!, a[0]! * b[1]! + a[1]! * b[0]!];

function orthonormal(vectors: readonly Vector[]): Vector[] {
  const done: Vector[] = [];
  for (const v of vectors) {
    let rest = v;
    for (const e of done) {
      const overlap = e.reduce<number[]>(
        (sum, z, i) => {
          const term = times([z[0]!, -z[1]!], v[i]!);
          return [sum[0]! + term[0]!, sum[1]! + term[1]!];
        },
        [0, 0],
      );
      rest = rest.map((z, i) => {
        const part = times(overlap, e[i]!);
        return [z[0]! - part[0]!, z[1]! - part[1]!];
      });
    }
    const norm = Math.hypot(...rest.flat());
    done.push(rest.map((z) => z.map((x) => x / norm)));
  }
  return done;
}
