import type { GaugeData } from "../../lattice/gauge-data.ts";
import { coordinates } from "../../lattice/geometry.ts";
import type { Group } from "../../lattice/group.ts";
import {
  add,
  dagger,
  exponential,
  fromEntries,
  identity,
  type Matrix,
  multiply,
  scale,
  subtract,
  zero,
} from "../../numerics/complex-matrix.ts";

/**
 * One instanton of radius Lx/2 in the middle of the lattice, in the singular gauge (A. A. Belavin et al., Phys. Lett. B
 * 59 (1975) 85), as LatticeQCD.jl starts from: U_mu = exp(-(1/2) tau_mu / n^2 R^2/(n^2 + R^2)) in the upper left SU(2)
 * corner, tau_mu = sum_nu (s~_mu s_nu - s~_nu s_mu) n_nu, s = (i sigma, 1), s~ = (-i sigma, 1), n from the centre.
 * Links at the centre itself (all extents odd) are 1.
 */
export function instantonLinks(group: Group, extents: readonly number[]): GaugeData {
  if (extents.length !== 4 || !group.special)
    throw new RangeError(
      `start = "instanton" needs SU(N) in four dimensions, this run is ${group.name} in ${extents.length}; start "cold" or "hot"`,
    );
  const { n } = group;
  const radius2 = Math.floor(extents[0]! / 2) ** 2;
  const volume = extents.reduce((a, b) => a * b, 1);
  const links = new Float64Array(volume * 4 * 2 * n * n);
  for (let site = 0; site < volume; site++) {
    const x = coordinates(site, extents).map((c, mu) => c - (extents[mu]! - 1) / 2);
    const square = x.reduce((sum, c) => sum + c * c, 0);
    for (let mu = 0; mu < 4; mu++) {
      const factor = square === 0 ? 0 : -0.5 / square / (1 + square / radius2);
      const small = exponential(scale(tau(mu, x), factor));
      links.set(embedded(small, n), (site * 4 + mu) * 2 * n * n);
    }
  }
  return { group, extents: [...extents], links };
}

/** i sigma_1, i sigma_2, i sigma_3 and 1. */
const quaternions: readonly Matrix[] = [
  Float64Array.of(0, 0, 0, 1, 0, 1, 0, 0),
  Float64Array.of(0, 0, 1, 0, -1, 0, 0, 0),
  Float64Array.of(0, 1, 0, 0, 0, 0, 0, -1),
  identity(2),
];

function tau(mu: number, x: readonly number[]): Matrix {
  return quaternions.reduce((sum, s, nu) => {
    const [a, b] = [multiply(dagger(quaternions[mu]!), s), multiply(dagger(s), quaternions[mu]!)];
    return add(sum, scale(subtract(a, b), x[nu]!));
  }, zero(2));
}

/** The SU(2) matrix in the upper left corner of a unit matrix. */
const embedded = (small: Matrix, n: number): Matrix =>
  fromEntries(n, (i, j) =>
    i < 2 && j < 2 ? [small[2 * (2 * i + j)]!, small[2 * (2 * i + j) + 1]!] : [i === j ? 1 : 0, 0],
  );
