import { openDevice } from "../../kernels/node.ts";
import type { Field } from "../../lattice/field.ts";
import { Lattice } from "../../lattice/lattice.ts";
import { coordinatesOf } from "../../lattice/shells.ts";
import type { Configuration } from "../../lattice/space.ts";
import { goldenOf } from "../../lattice/spins/configurations.contract.ts";
import { componentsOf, type SpinData, type SpinKind } from "../../lattice/spins/spin-data.ts";
import { SpinSpace } from "../../lattice/spins/spins.ts";

/** Small spin configurations and their symmetries: what the tests of spins stand on. */

export interface SpinCase {
  readonly spins: SpinKind;
  readonly extents: readonly number[];
}

const on = (spins: SpinKind, ...extents: number[]): SpinCase => ({ spins, extents });

/** Every kind and dimension, even and odd extents, extents of 2. */
export const spinCases: readonly SpinCase[] = [
  on("Ising", 4, 4),
  on("Ising", 2, 5),
  on("Ising", 3, 2, 4),
  on("XY", 4, 6),
  on("XY", 7),
  on("XY", 2, 2, 3),
  on("O(3)", 4, 4),
  on("O(3)", 2, 2),
  on("O(3)", 5, 3),
  on("O(3)", 4, 2, 3),
];

const devices = {
  one: openDevice({ workers: 1 }),
  two: openDevice({ workers: 2, dispatch: "always" }),
  javascript: openDevice({ backend: "javascript" }),
};

/** The spins of a case on one worker, on two that share every range, or in the JavaScript back end. */
export const spinSpace = ({ spins, extents }: SpinCase, where: keyof typeof devices = "one"): SpinSpace =>
  new SpinSpace(new Lattice(devices[where], extents), spins);

export function spinConfiguration(space: SpinSpace, data?: SpinData): Configuration & { readonly field: Field } {
  const field = space.field();
  if (data) space.load(field, data);
  return { space, field, auxiliary: new Map() };
}

/** Spins without order. */
export const roughSpins = ({ spins, extents }: SpinCase, seed = 0): SpinData => goldenOf(spins, extents, 1000 * seed);

/** The spin at x of the result is that at `from(x)` of the data. */
function mapSites(data: SpinData, from: (x: readonly number[]) => readonly number[], extents = data.extents): SpinData {
  const n = componentsOf(data.spins);
  const values = new Float64Array(data.values.length);
  for (let site = 0; n * site < values.length; site++) {
    const x = from(coordinatesOf(site, extents));
    const source = data.extents.reduceRight(
      (sum, length, mu) => sum * length + (((x[mu]! % length) + length) % length),
      0,
    );
    values.set(data.values.subarray(n * source, n * (source + 1)), n * site);
  }
  return { ...data, extents, values };
}

/** S'(x) = S(x + a) */
export const translatedSpins = (data: SpinData, a: readonly number[]): SpinData =>
  mapSites(data, (x) => x.map((c, mu) => c + a[mu]!));

/** S'(x) = S(x with -x_mu) */
export const reflectedSpins = (data: SpinData, mu: number): SpinData =>
  mapSites(data, (x) => x.map((c, nu) => (nu === mu ? -c : c)));

/** Directions in another order: direction mu of the result is direction order[mu] of the data. */
export const permutedSpins = (data: SpinData, order: readonly number[]): SpinData =>
  mapSites(
    data,
    (x) => data.extents.map((_, nu) => x[order.indexOf(nu)]!),
    order.map((mu) => data.extents[mu]!),
  );

/**
 * Every spin multiplied by one orthogonal matrix of determinant -1: the sign of Ising spins, a reflection in the plane, a
 * rotation with inversion in space.
 */
export function rotatedSpins(data: SpinData): SpinData {
  const matrix = { Ising: [[-1]], XY: reflection([0.6, 0.8]), "O(3)": reflection([2 / 7, 3 / 7, 6 / 7]) }[data.spins];
  // two reflections more make a rotation of a general angle out of one
  const rows =
    data.spins === "O(3)"
      ? product(matrix, product(reflection([0.36, 0.48, 0.8]), reflection([0, 0.6, -0.8])))
      : matrix;
  const n = rows.length;
  const values = data.values.map((_, i) => {
    const first = i - (i % n);
    return rows[i % n]!.reduce((sum, r, a) => sum + r * data.values[first + a]!, 0);
  });
  return { ...data, values };
}

/** 1 - 2 e e^T */
const reflection = (e: readonly number[]): number[][] =>
  e.map((x, i) => e.map((y, j) => (i === j ? 1 : 0) - 2 * x * y));

const product = (a: readonly number[][], b: readonly number[][]): number[][] =>
  a.map((row) => b.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)));
