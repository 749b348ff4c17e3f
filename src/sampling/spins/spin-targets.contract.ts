import type { Device } from "../../kernels/device.ts";
import { Lattice } from "../../lattice/lattice.ts";
import { coordinatesOf, shellsOf } from "../../lattice/shells.ts";
import { componentsOf, type SpinKind } from "../../lattice/spins/spin-data.ts";
import { SpinSpace } from "../../lattice/spins/spins.ts";
import { squaresOf } from "../../lattice/squares.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import type { Stream } from "../../numerics/rng.ts";
import { pairAction } from "../../physics/spins/actions/pair-couplings/pair-action.ts";
import type { UpdateBench } from "../update.ts";

/** A distribution of which independent configurations can be drawn exactly. */
export interface SpinTarget {
  readonly spins: SpinKind;
  readonly extents: readonly number[];
  /** K_n at [n - 1]. */
  readonly shells: readonly number[];
  readonly square?: number;
  readonly field?: readonly number[];
}

export const spinTargets = {
  /** Both signs of coupling, and a field. */
  isingRing: { spins: "Ising", extents: [5], shells: [0.5, -0.3], field: [0.2] },
  isingRingFree: { spins: "Ising", extents: [5], shells: [0.6, -0.25] },
  isingSquares: { spins: "Ising", extents: [3, 3], shells: [0.25, 0.1], square: 0.2 },
  /** Extents of 2, where neighbours to the right and to the left are one. */
  isingPlane: { spins: "Ising", extents: [2, 4], shells: [0.4, -0.2] },
  xyRing: { spins: "XY", extents: [4], shells: [0.9, -0.4] },
  xyField: { spins: "XY", extents: [2, 2], shells: [0.5, 0.3], field: [0.3, -0.4] },
  /** S_1.S_2 has density exp(K c). */
  dimer: { spins: "O(3)", extents: [2], shells: [2] },
  heisenberg: { spins: "O(3)", extents: [2, 2], shells: [0.8, -0.5] },
  heisenbergField: { spins: "O(3)", extents: [3], shells: [0.7], field: [0.3, -0.2, 0.5] },
} as const satisfies Record<string, SpinTarget>;

export type SpinTargetName = keyof typeof spinTargets;

/** A bench of the target. */
export function spinBench(target: SpinTarget, device: Device): UpdateBench & { readonly space: SpinSpace } {
  const space = new SpinSpace(new Lattice(device, target.extents), target.spins);
  const { shells, square = 0, field } = target;
  const action = pairAction(space, { shells, square, ...(field ? { field } : {}) }, 1, "target");
  return { space, action, terms: [action], names: ["target"], label: "" };
}

/** Pairs and squares of a target: sites and coupling, by the definition of the shells. */
interface Terms {
  readonly pairs: readonly (readonly [i: number, j: number, strength: number])[];
  readonly squares: readonly (readonly number[])[];
}

const known = new Map<string, Terms>();

function termsOf(target: SpinTarget): Terms {
  const key = JSON.stringify([target.extents, target.shells]);
  const made = known.get(key) ?? makeTerms(target);
  known.set(key, made);
  return made;
}

function makeTerms({ extents, shells }: SpinTarget): Terms {
  const volume = extents.reduce((a, b) => a * b, 1);
  const pairs = shells.flatMap((strength, n) => {
    const { sites, coordination } = shellsOf(extents)[n + 1]!;
    return Array.from(sites, (j, at) => [Math.floor(at / coordination), j, strength] as const).filter(
      ([i, j]) => i < j,
    );
  });
  const { corners, perSite } = squaresOf(extents);
  const squares = Array.from({ length: volume * perSite }, (_, k) => [
    Math.floor(k / perSite),
    ...corners.subarray(3 * k, 3 * k + 3),
  ]).filter(([i, ...others]) => others.every((j) => i! < j));
  return { pairs, squares };
}

/** S of the target by its definition, independent of the actions. */
export function plainAction(target: SpinTarget, values: ArrayLike<number>): number {
  const n = componentsOf(target.spins);
  const { pairs, squares } = termsOf(target);
  const { field = [0, 0, 0], square = 0 } = target;
  let s = 0;
  for (const [i, j, strength] of pairs) s -= strength * product(values, n, i, j);
  for (let i = 0; i < values.length; i++) s -= field[i % n]! * values[i]!;
  if (square !== 0)
    for (const [a, b, c, d] of squares) s -= square * values[a!]! * values[b!]! * values[c!]! * values[d!]!;
  return s;
}

export function product(values: ArrayLike<number>, n: number, i: number, j: number): number {
  let sum = 0;
  for (let a = 0; a < n; a++) sum += values[n * i + a]! * values[n * j + a]!;
  return sum;
}

/** The probabilities of all states of an Ising target: bit i of the number of a state is set where S_i = -1. */
export function isingLaw(target: SpinTarget): Float64Array {
  const volume = target.extents.reduce((a, b) => a * b, 1);
  const weights = Float64Array.from({ length: 2 ** volume }, (_, x) =>
    Math.exp(-plainAction(target, stateValues(x, volume))),
  );
  const z = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / z);
}

export const stateValues = (x: number, volume: number): Float64Array =>
  Float64Array.from({ length: volume }, (_, i) => ((x >> i) & 1 ? -1 : 1));

export const stateNumber = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((x, s, i) => x | (s < 0 ? 1 << i : 0), 0);

/** Draws of a target, made once and kept: every update that is tested starts from the same. */
const pools = new Map<string, Float64Array[]>();

export function exactSpins(target: SpinTarget, count: number): readonly Float64Array[] {
  const key = JSON.stringify(target);
  const pool = pools.get(key) ?? [];
  pools.set(key, pool);
  const rng = addressedRng(`exact spins of ${key}`);
  const draw = target.spins === "Ising" ? fromTable(target) : byRejection(target);
  while (pool.length < count) pool.push(draw(rng.at("draw", pool.length)));
  return pool.slice(0, count);
}

function fromTable(target: SpinTarget): (stream: Stream) => Float64Array {
  const law = isingLaw(target);
  const volume = target.extents.reduce((a, b) => a * b, 1);
  return (stream) => {
    let left = stream.uniform();
    let x = 0;
    while (x < law.length - 1 && left >= law[x]!) left -= law[x++]!;
    return stateValues(x, volume);
  };
}

/** Free spins, kept with probability exp(-S) over a bound of it. */
function byRejection(target: SpinTarget): (stream: Stream) => Float64Array {
  const volume = target.extents.reduce((a, b) => a * b, 1);
  const bound = largestWeight(target);
  return (stream) => {
    for (;;) {
      const values = freeSpins(target.spins, volume, stream);
      if (stream.uniform() < Math.exp(-plainAction(target, values) - bound)) return values;
    }
  };
}

/** -S <= N (max_q K(q)/2 + |h|), K(q) = sum_j K_0j cos(q.r_j): J. M. Luttinger, L. Tisza, Phys. Rev. 70 (1946) 954. */
function largestWeight(target: SpinTarget): number {
  const { extents, field = [0] } = target;
  const volume = extents.reduce((a, b) => a * b, 1);
  const from0 = termsOf(target).pairs.filter(([i]) => i === 0);
  const momenta = Array.from({ length: volume }, (_, m) => coordinatesOf(m, extents));
  const largest = Math.max(
    ...momenta.map((m) =>
      from0.reduce((sum, [, j, strength]) => {
        const turns = coordinatesOf(j, extents).reduce((t, x, mu) => t + (m[mu]! * x) / extents[mu]!, 0);
        return sum + strength * Math.cos(2 * Math.PI * turns);
      }, 0),
    ),
  );
  return volume * (largest / 2 + Math.hypot(...field));
}

/** Independent spins, uniform on their spheres. */
export function freeSpins(spins: SpinKind, volume: number, stream: Stream): Float64Array {
  const n = componentsOf(spins);
  const values = new Float64Array(n * volume);
  for (let i = 0; i < values.length; i += n) {
    const angle = 2 * Math.PI * stream.uniform();
    const z = n === 3 ? 2 * stream.uniform() - 1 : 0;
    const r = Math.sqrt(1 - z * z);
    values[i] = n === 1 ? (angle < Math.PI ? 1 : -1) : r * Math.cos(angle);
    if (n > 1) values[i + 1] = r * Math.sin(angle);
    if (n > 2) values[i + 2] = z;
  }
  return values;
}

/** What is looked at: S, its square, products of spins that no symmetry of the lattice makes equal, and single spins. */
export function valuesOfSpins(target: SpinTarget, values: ArrayLike<number>): number[] {
  const n = componentsOf(target.spins);
  const volume = values.length / n;
  const s = plainAction(target, values);
  const total = Array.from({ length: n }, (_, a) => {
    let sum = 0;
    for (let i = 0; i < volume; i++) sum += values[n * i + a]!;
    return sum;
  });
  const square = total.reduce((sum, x) => sum + x * x, 0);
  const products = Array.from({ length: volume - 1 }, (_, i) => product(values, n, i, i + 1));
  return [s, s * s, square, square * square, ...products, ...total, values[0]! ** 2];
}

/** P(S_1.S_2 <= c) of two O(3) spins, density exp(K c). */
export const dimerLaw =
  (k: number) =>
  (c: number): number =>
    (Math.exp(k * c) - Math.exp(-k)) / (Math.exp(k) - Math.exp(-k));
