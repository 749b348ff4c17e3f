import type { SpinKind } from "../src/lattice/spins/spin-data.ts";
import { besselIScaledOrders } from "../src/numerics/bessel.ts";
import { isingTorus } from "../src/numerics/ising-torus.ts";

/** Systems of spins with known averages, at J = 1. */
export interface SpinCase {
  readonly name: string;
  readonly spins: SpinKind;
  readonly extents: readonly number[];
  readonly temperature: number;
  /** Exact means by "observable.label"; "specific-heat" follows from fluctuations. */
  readonly exact: Readonly<Record<string, number>>;
  readonly source: string;
  /** The updates that sample it well. */
  readonly updates: readonly (keyof typeof spinMethods)[];
}

/** Parameters of the updates, a step being worth about as much everywhere. */
export const spinMethods = {
  metropolis: { sweeps: 5 },
  heatbath: { sweeps: 5 },
  wolff: { clusters: 5 },
  "swendsen-wang": { sweeps: 2 },
  hmc: { length: 1, steps: 8 },
  langevin: { stepSize: 0.4 },
} as const;

const critical = 2 / Math.log(1 + Math.SQRT2);

export const spinCases: readonly SpinCase[] = [
  ising(2, ["metropolis", "heatbath", "wolff", "swendsen-wang"]),
  ising(critical, ["wolff", "swendsen-wang"]),
  ising(3, ["metropolis", "heatbath", "wolff", "swendsen-wang"]),
  xyRing(8, 0.4),
  xyRing(24, 0.8),
  heisenbergRing(8, 0.5),
  heisenbergRing(16, 0.3),
];

function ising(temperature: number, updates: SpinCase["updates"]): SpinCase {
  const [n, k, h] = [16, 1 / temperature, 1e-4];
  const energy = (x: number) => isingTorus(x, n, n).energy;
  return {
    name: `Ising ${n}x${n} T ${temperature.toFixed(4)}`,
    spins: "Ising",
    extents: [n, n],
    temperature,
    exact: {
      "spin-energy.energy": energy(k),
      "spin-energy.bond": -energy(k) / 2,
      "specific-heat": (-k * k * (energy(k + h) - energy(k - h))) / (2 * h),
    },
    source: "Kaufman 1949",
    updates,
  };
}

/** Z(phi) = sum_n I_n(K)^N exp(i n phi) with a twist phi round the ring. */
function xyRing(n: number, temperature: number): SpinCase {
  const k = 1 / temperature;
  const bessel = besselIScaledOrders(60, k);
  const i = (order: number) => bessel[Math.abs(order)]! / bessel[0]!;
  let [z, slope, squared] = [0, 0, 0];
  for (let m = -50; m <= 50; m++) {
    z += i(m) ** n;
    slope += (i(m) ** (n - 1) * (i(m - 1) + i(m + 1))) / 2;
    squared += m * m * i(m) ** n;
  }
  return {
    name: `XY ring of ${n} T ${temperature}`,
    spins: "XY",
    extents: [n],
    temperature,
    exact: { "spin-energy.energy": -slope / z, "helicity-modulus.mean": (n * temperature * squared) / z },
    source: "transfer matrix",
    updates: ["metropolis", "heatbath", "wolff", "swendsen-wang", "hmc", "langevin"],
  };
}

/** Z = sum_l (2 l + 1) i_l(K)^N, i_l the modified spherical Bessel functions (M. E. Fisher, Am. J. Phys. 32 (1964) 343). */
function heisenbergRing(n: number, temperature: number): SpinCase {
  const k = 1 / temperature;
  const i = sphericalBessel(60, k);
  let [z, slope] = [0, 0];
  for (let l = 0; l < 50; l++) {
    const derivative = ((l > 0 ? l * i[l - 1]! : 0) + (l + 1) * i[l + 1]!) / (2 * l + 1);
    z += (2 * l + 1) * i[l]! ** n;
    slope += (2 * l + 1) * i[l]! ** (n - 1) * derivative;
  }
  return {
    name: `Heisenberg ring of ${n} T ${temperature}`,
    spins: "O(3)",
    extents: [n],
    temperature,
    exact: { "spin-energy.energy": -slope / z },
    source: "transfer matrix",
    updates: ["metropolis", "heatbath", "wolff", "swendsen-wang", "hmc", "langevin"],
  };
}

/** i_0 … i_most over i_0, by the recurrence downwards from far beyond. */
function sphericalBessel(most: number, x: number): number[] {
  const values = new Array<number>(most + 42).fill(0);
  values[most + 40] = 1e-300;
  for (let l = most + 40; l > 0; l--) {
    values[l - 1] = values[l + 1]! + ((2 * l + 1) / x) * values[l]!;
    // only ratios matter
    if (values[l - 1]! > 1e200) for (let m = l - 1; m < values.length; m++) values[m]! *= 1e-250;
  }
  return values.map((value) => value / values[0]!);
}
