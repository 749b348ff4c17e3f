import type { GaugeData } from "../../../lattice/gauge-data.ts";
import { coordinates, siteAt } from "../../../lattice/geometry.ts";
import {
  add,
  dagger,
  entry,
  fromEntries,
  identity,
  type Matrix,
  multiply,
  scale,
  subtract,
  zero,
} from "../../../numerics/complex-matrix.ts";
import { displacement, type Path } from "../../loops/path.ts";
import { linkOf, pathProduct } from "../../loops/reference.ts";
import type { Boundary } from "../boundary.ts";

/** The clover operator as a dense matrix, straight from its definition. */

/** Entries of the gamma matrices as strings, row by row. */
const tables: Readonly<Record<number, readonly (readonly string[])[]>> = {
  4: [
    ["0 0 0 -i", "0 0 -i 0", "0 i 0 0", "i 0 0 0"],
    ["0 0 0 -1", "0 0 1 0", "0 1 0 0", "-1 0 0 0"],
    ["0 0 -i 0", "0 0 0 i", "i 0 0 0", "0 -i 0 0"],
    ["0 0 -1 0", "0 0 0 -1", "-1 0 0 0", "0 -1 0 0"],
  ],
  2: [
    ["0 1", "1 0"],
    ["0 -i", "i 0"],
  ],
};
const numbers: Readonly<Record<string, readonly [number, number]>> = {
  "0": [0, 0],
  "1": [1, 0],
  "-1": [-1, 0],
  i: [0, 1],
  "-i": [0, -1],
};

export const denseGammas = (dimension: number): readonly Matrix[] =>
  tables[dimension]!.map((rows) => fromEntries(rows.length, (i, j) => numbers[rows[i]!.split(" ")[j]!]!));

export interface CloverNumbers {
  readonly kappa: number;
  readonly cSW: number;
  readonly r: number;
  readonly boundary: Boundary;
}

/** The four leaves of the plane mu < nu (from 0), spelt out. */
const leaves = (mu: number, nu: number): readonly Path[] => {
  const [m, n] = [mu + 1, nu + 1];
  return [
    [m, n, -m, -n],
    [n, -m, -n, m],
    [-m, -n, m, n],
    [-n, m, n, -m],
  ];
};

/** (C - C^dagger)/8 of the plane mu < nu (from 0) at a site. */
export function leavesDifference(data: GaugeData, site: number, mu: number, nu: number): Matrix {
  const c = leaves(mu, nu)
    .map((path) => pathProduct(data, site, path))
    .reduce(add);
  return scale(subtract(c, dagger(c)), 1 / 8);
}

/** A(n) of a site, rows and columns (spin, colour) with colour fastest. */
export function siteTerm(data: GaugeData, site: number, { kappa, cSW }: CloverNumbers): Matrix {
  const gamma = denseGammas(data.extents.length);
  const spin = Math.sqrt(gamma[0]!.length / 2);
  let a = identity(spin * data.group.n);
  for (let mu = 0; mu < gamma.length; mu++)
    for (let nu = mu + 1; nu < gamma.length; nu++) {
      const term = kronecker(multiply(gamma[mu]!, gamma[nu]!), leavesDifference(data, site, mu, nu));
      a = add(a, scale(term, -kappa * cSW));
    }
  return a;
}

function kronecker(a: Matrix, b: Matrix): Matrix {
  const [n, m] = [a, b].map((x) => Math.sqrt(x.length / 2)) as [number, number];
  return fromEntries(n * m, (i, j) => {
    const [x, y] = entry(a, Math.floor(i / m), Math.floor(j / m));
    const [u, v] = entry(b, i % m, j % m);
    return [x * u - y * v, x * v + y * u];
  });
}

/** D = A - kappa sum_mu [(r - gamma_mu) U_mu(n) delta_{n + mu} + (r + gamma_mu) U_mu(n - mu)^dagger delta_{n - mu}]. */
export function denseClover(data: GaugeData, numbers: CloverNumbers): Matrix {
  const { extents, group } = data;
  const gamma = denseGammas(extents.length);
  const spin = Math.sqrt(gamma[0]!.length / 2);
  const volume = extents.reduce((a, b) => a * b, 1);
  const size = spin * group.n;
  const d = zero(volume * size);
  const one = identity(spin);
  const addBlock = (row: number, column: number, block: Matrix, factor: number) => {
    for (let i = 0; i < size; i++)
      for (let j = 0; j < 2 * size; j++)
        d[2 * ((row * size + i) * volume * size + column * size) + j]! += factor * block[2 * i * size + j]!;
  };
  for (let site = 0; site < volume; site++) {
    addBlock(site, site, siteTerm(data, site, numbers), 1);
    const x = coordinates(site, extents);
    for (let mu = 0; mu < extents.length; mu++)
      for (const step of [1, -1]) {
        const other = x.map((c, nu) => c + (nu === mu ? step : 0));
        const neighbour = siteAt(other, extents);
        const crosses = other[mu]! < 0 || other[mu]! >= extents[mu]!;
        const link = step > 0 ? linkOf(data, site, mu) : dagger(linkOf(data, neighbour, mu));
        const projector = add(scale(one, numbers.r), scale(gamma[mu]!, -step));
        addBlock(
          site,
          neighbour,
          kronecker(projector, link),
          -numbers.kappa * (crosses ? Number(numbers.boundary[mu]) : 1),
        );
      }
  }
  return d;
}

/** The matrix times a vector [index][re, im]. */
export function timesVector(d: Matrix, x: Float64Array): Float64Array {
  const n = x.length / 2;
  const out = new Float64Array(2 * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const k = 2 * (i * n + j);
      out[2 * i]! += d[k]! * x[2 * j]! - d[k + 1]! * x[2 * j + 1]!;
      out[2 * i + 1]! += d[k]! * x[2 * j + 1]! + d[k + 1]! * x[2 * j]!;
    }
  return out;
}

/**
 * delta, [site][mu][row][column][re, im], with d Re(y^dagger A x) = Re sum tr[delta dU]: every link of every leaf in turn is
 * left out, and what remains closes it around T - T^dagger, T = tr_spin[gamma_mu gamma_nu x y^dagger].
 */
export function termDerivative(
  data: GaugeData,
  { kappa, cSW }: CloverNumbers,
  y: Float64Array,
  x: Float64Array,
): Float64Array {
  const { extents, group } = data;
  const gamma = denseGammas(extents.length);
  const size = 2 * group.n ** 2;
  const delta = new Float64Array(data.links.length);
  const volume = extents.reduce((a, b) => a * b, 1);
  const perSite = x.length / volume;
  for (let site = 0; site < volume; site++)
    for (let mu = 0; mu < extents.length; mu++)
      for (let nu = mu + 1; nu < extents.length; nu++) {
        const [left, right] = [x, y].map((v) => v.slice(site * perSite, (site + 1) * perSite)) as [Matrix, Matrix];
        const t = spinTrace(multiply(gamma[mu]!, gamma[nu]!), group.n, left, right);
        const z = scale(subtract(t, dagger(t)), (-kappa * cSW) / 8);
        for (const path of leaves(mu, nu))
          path.forEach((step, i) => {
            const place = (steps: Path) => {
              const start = coordinates(site, extents);
              return siteAt(
                displacement(steps, extents.length).map((c, d) => c + start[d]!),
                extents,
              );
            };
            const rest = pathProduct(data, place(path.slice(0, i + 1)), path.slice(i + 1));
            const around = multiply(multiply(rest, z), pathProduct(data, site, path.slice(0, i)));
            const at = place(step > 0 ? path.slice(0, i) : path.slice(0, i + 1));
            const from = (at * extents.length + Math.abs(step) - 1) * size;
            (step > 0 ? around : dagger(around)).forEach((value, k) => {
              delta[from + k]! += value;
            });
          });
      }
  return delta;
}

/** T_ij = sum_{s s'} g_{s s'} x_{s' i} conj(y_{s j}) */
function spinTrace(g: Matrix, n: number, x: Float64Array, y: Float64Array): Matrix {
  const spin = Math.sqrt(g.length / 2);
  return fromEntries(n, (i, j) => {
    let [re, im] = [0, 0];
    for (let s = 0; s < spin; s++)
      for (let other = 0; other < spin; other++) {
        const [a, b] = entry(g, s, other);
        const [p, q] = [2 * (other * n + i), 2 * (s * n + j)];
        const [u, v] = [x[p]! * y[q]! + x[p + 1]! * y[q + 1]!, x[p + 1]! * y[q]! - x[p]! * y[q + 1]!];
        re += a * u - b * v;
        im += a * v + b * u;
      }
    return [re, im];
  });
}
