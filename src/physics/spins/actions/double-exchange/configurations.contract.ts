import type { Device } from "../../../../kernels/device.ts";
import type { Field } from "../../../../lattice/field.ts";
import { Lattice } from "../../../../lattice/lattice.ts";
import { coordinatesOf } from "../../../../lattice/shells.ts";
import type { Configuration } from "../../../../lattice/space.ts";
import { SpinSpace } from "../../../../lattice/spins/spins.ts";

/** The configurations of the reference numbers (shared/physics/spin-fermion.md, section 5.4), and others in closed form. */

type Vector = readonly [number, number, number];
type Extents = readonly number[];

/** One unit vector a site, as the numbers of an O(3) field. */
export function spinsOnSites(extents: Extents, spin: (x: readonly number[], site: number) => Vector): Float64Array {
  const volume = extents.reduce((a, b) => a * b, 1);
  return Float64Array.from(Array.from({ length: volume }, (_, i) => spin(coordinatesOf(i, extents), i)).flat());
}

const parity = (x: readonly number[]) => (x.reduce((a, b) => a + b, 0) % 2 === 0 ? 1 : -1);

export const neel = (extents: Extents) => spinsOnSites(extents, (x) => [0, 0, parity(x)]);

/** (sin theta cos q.r, sin theta sin q.r, cos theta), q = 2 pi m/L. */
export const cone = (extents: Extents, m: readonly number[], theta: number) =>
  spinsOnSites(extents, (x) => {
    const angle = 2 * Math.PI * x.reduce((sum, c, a) => sum + (c * m[a]!) / extents[a]!, 0);
    return [Math.sin(theta) * Math.cos(angle), Math.sin(theta) * Math.sin(angle), Math.cos(theta)];
  });

/** A sequence that fills the sphere evenly; `offset` continues it. */
export const golden = (extents: Extents, offset = 0) =>
  spinsOnSites(extents, (_, i) => {
    const m = i + 1 + offset;
    const u = (0.6180339887498949 * m) % 1;
    const v = (0.4142135623730951 * m) % 1;
    const z = 1 - 2 * u;
    const rho = Math.sqrt(1 - z * z);
    return [rho * Math.cos(2 * Math.PI * v), rho * Math.sin(2 * Math.PI * v), z];
  });

/** Néel + 0.3 golden, normalised. */
const canted = (extents: Extents) => {
  const g = golden(extents);
  const a = neel(extents);
  return spinsOnSites(extents, (_, i) => {
    const s = [0, 1, 2].map((k) => a[3 * i + k]! + 0.3 * g[3 * i + k]!);
    const norm = Math.hypot(...s);
    return s.map((x) => x / norm) as unknown as Vector;
  });
};

/** A configuration by the name that the reference tables give it: "FM", "Neel", "spiral(1,0)", "golden(0)", … */
export function named(name: string, extents: Extents): Float64Array {
  const [word, ...numbers] = name.split(/[(),]/);
  const given = numbers.slice(0, -1).map(Number);
  if (word === "FM") return spinsOnSites(extents, () => [0, 0, 1]);
  if (word === "Neel") return neel(extents);
  if (word === "stripe") return spinsOnSites(extents, (x) => [0, 0, parity(x.slice(0, 1))]);
  if (word === "canted") return canted(extents);
  if (word === "golden") return golden(extents, given[0]);
  if (word === "spiral") return cone(extents, given, Math.PI / 2);
  if (word === "cone") return cone(extents, given, given[2]!);
  throw new RangeError(`no configuration ${name}`);
}

/** O(3) spins on a device, and a configuration of them. */
export function spinSpace(device: Device, extents: Extents): SpinSpace {
  return new SpinSpace(new Lattice(device, extents), "O(3)");
}

export function configurationOf(space: SpinSpace, spins: Float64Array): Configuration & { readonly field: Field } {
  const field = space.field();
  field.view().set(spins);
  return { space, field, auxiliary: new Map() };
}
