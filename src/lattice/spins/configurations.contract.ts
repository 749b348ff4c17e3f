import { coordinatesOf } from "../shells.ts";
import { componentsOf, type SpinData, type SpinKind } from "./spin-data.ts";

/**
 * Deterministic configurations of O(3) spins, on which energies, spectra and sums over pairs are known. Every function
 * gives numbers laid out as a spin field: component a of site i, x fastest, at [3 i + a].
 */

type Vector = readonly [number, number, number];

const volumeOf = (extents: readonly number[]) => extents.reduce((a, b) => a * b, 1);

const bySite = (extents: readonly number[], spin: (x: readonly number[], site: number) => Vector): Float64Array => {
  const values = new Float64Array(3 * volumeOf(extents));
  for (let site = 0; 3 * site < values.length; site++) values.set(spin(coordinatesOf(site, extents), site), 3 * site);
  return values;
};

/** (-1)^(x + y + …) */
const parity = (x: readonly number[]): number => (x.reduce((a, b) => a + b, 0) % 2 === 0 ? 1 : -1);

/** All spins along z. */
export const ferromagnet = (volume: number): Float64Array => bySite([volume], () => [0, 0, 1]);

/** Spins along z, up and down as on a chessboard. */
export const neel = (extents: readonly number[]): Float64Array => bySite(extents, (x) => [0, 0, parity(x)]);

/** (0, 0, (-1)^x): planes across the first direction. */
export const stripe = (extents: readonly number[]): Float64Array =>
  bySite(extents, (x) => [0, 0, x[0]! % 2 === 0 ? 1 : -1]);

/** A planar spiral with wave vector 2 pi (mx/Lx, my/Ly). */
export const spiral = (extents: readonly number[], mx: number, my: number): Float64Array =>
  cone(extents, mx, my, Math.PI / 2);

/** A spiral whose spins stand at the angle theta from z. */
export function cone(extents: readonly number[], mx: number, my: number, theta: number): Float64Array {
  const [s, c] = theta === Math.PI / 2 ? [1, 0] : [Math.sin(theta), Math.cos(theta)];
  return bySite(extents, (x) => {
    const phase = 2 * Math.PI * ((mx * x[0]!) / extents[0]! + (my * (x[1] ?? 0)) / (extents[1] ?? 1));
    return [s * Math.cos(phase), s * Math.sin(phase), c];
  });
}

/** Spins that look random: a low-discrepancy sequence of points on the sphere, from its point 1 + off on. */
export const golden = (volume: number, off = 0): Float64Array =>
  bySite([volume], (_, site) => {
    const m = site + 1 + off;
    const u = (0.6180339887498949 * m) % 1;
    const phi = 2 * Math.PI * ((0.4142135623730951 * m) % 1);
    const z = 1 - 2 * u;
    const r = Math.sqrt(1 - z * z);
    return [r * Math.cos(phi), r * Math.sin(phi), z];
  });

/** The Néel order and three tenths of the golden sequence, of length one. */
export function canted(extents: readonly number[]): Float64Array {
  const order = neel(extents);
  const noise = golden(volumeOf(extents));
  return bySite(extents, (_, i) => {
    const v = [0, 1, 2].map((a) => order[3 * i + a]! + 0.3 * noise[3 * i + a]!);
    const norm = Math.hypot(...v);
    return [v[0]! / norm, v[1]! / norm, v[2]! / norm];
  });
}

/** Numbers of a configuration with its kind and lattice. */
export const spinData = (extents: readonly number[], values: Float64Array, spins: SpinKind = "O(3)"): SpinData => ({
  spins,
  extents,
  values,
});

/**
 * The same look of disorder for any kind of spin: the golden sequence itself, its points turned to the plane (the angle
 * phi), or the sign of z.
 */
export function goldenOf(spins: SpinKind, extents: readonly number[], off = 0): SpinData {
  const all = golden(volumeOf(extents), off);
  const n = componentsOf(spins);
  const values = new Float64Array((all.length / 3) * n);
  for (let i = 0; 3 * i < all.length; i++) {
    const [x, y, z] = [all[3 * i]!, all[3 * i + 1]!, all[3 * i + 2]!];
    if (spins === "Ising") values[i] = z < 0 ? -1 : 1;
    else if (spins === "XY") values.set([x / Math.hypot(x, y), y / Math.hypot(x, y)], 2 * i);
    else values.set([x, y, z], 3 * i);
  }
  return { spins, extents, values };
}
