import type { Device } from "../kernels/device.ts";
import type { GaugeData } from "../lattice/gauge-data.ts";
import { siteAt } from "../lattice/geometry.ts";
import { type Group, parseGroup } from "../lattice/group.ts";
import { Lattice } from "../lattice/lattice.ts";
import { LinkSpace } from "../lattice/links/links.ts";
import { addressedRng } from "../numerics/addressed-random.ts";
import { besselIScaledOrders } from "../numerics/bessel.ts";
import { dagger, haarRandom, type Matrix, multiply, multiplyDagger, trace } from "../numerics/complex-matrix.ts";
import type { Stream } from "../numerics/rng.ts";
import { wilsonGauge } from "../physics/actions/wilson-gauge/wilson-gauge.ts";
import { pathProduct } from "../physics/loops/reference.ts";
import type { UpdateBench } from "./update.ts";

/** A distribution of which independent configurations can be drawn exactly: the Wilson action on a two-dimensional torus. */
export interface Target {
  readonly group: string;
  readonly extents: readonly [number, number];
  readonly beta: number;
}

export const targets = {
  su2: { group: "SU(2)", extents: [4, 4], beta: 2 },
  u1: { group: "U(1)", extents: [4, 4], beta: 1.5 },
  /** An odd extent, and lanes that conflict where there are two. */
  su2Odd: { group: "SU(2)", extents: [2, 3], beta: 2 },
  su3: { group: "SU(3)", extents: [2, 2], beta: 1.5 },
} as const satisfies Record<string, Target>;

/** A bench of the target, with one lane where `lanes` says so. */
export function benchOf(target: Target, device: Device, lanes?: 1): UpdateBench & { readonly space: LinkSpace } {
  const space = new LinkSpace(new Lattice(device, target.extents, lanes), parseGroup(target.group));
  const action = wilsonGauge(space, target.beta);
  return { space, action, terms: [action], names: ["wilson-gauge"], label: "" };
}

/** Draws of a target, made once and kept: every update that is tested starts from the same. */
const pools = new Map<string, GaugeData[]>();

export function exactDraws(target: Target, count: number): readonly GaugeData[] {
  const key = JSON.stringify(target);
  const pool = pools.get(key) ?? [];
  pools.set(key, pool);
  const rng = addressedRng(`exact draws of ${key}`);
  while (pool.length < count) pool.push(drawTorus(target, rng.at("draw", pool.length)));
  return pool.slice(0, count);
}

/**
 * One configuration with density exp((beta/N) sum Re tr P) on the torus, by rejection: links are drawn freely (Haar) or so
 * that they close a plaquette drawn from its own density, one plaquette after another; the last plaquette is then given
 * by the others, and all is kept with probability exp((beta/N)(Re tr P - N)) for that one.
 */
function drawTorus(target: Target, stream: Stream): GaugeData {
  const group = parseGroup(target.group);
  const { n, special } = group;
  const [width, height] = target.extents;
  const free = () => haarRandom(n, special, stream);
  const weight = (p: Matrix) => Math.exp((target.beta / n) * (trace(p)[0] - n));
  for (;;) {
    const ux = Array.from({ length: width }, () => Array<Matrix>(height));
    const uy = Array.from({ length: width }, () => Array.from({ length: height }, free));
    const closing = () => drawPlaquette(group, target.beta, stream);
    for (let x = 0; x < width; x++) ux[x]![0] = free();
    // P = Ux(x,y) Uy(x+1,y) Ux(x,y+1)^+ Uy(x,y)^+ gives Ux(x,y+1)
    for (let y = 0; y + 1 < height; y++)
      for (let x = 0; x < width; x++) {
        const here = multiply(ux[x]![y]!, uy[(x + 1) % width]![y]!);
        ux[x]![y + 1] = multiply(dagger(multiply(closing(), uy[x]![y]!)), here);
      }
    // in the last row Ux(x,0) lies above, and P gives Uy(x+1,y)
    const y = height - 1;
    for (let x = 0; x + 1 < width; x++) {
      const there = multiply(multiply(closing(), uy[x]![y]!), ux[x]![0]!);
      uy[x + 1]![y] = multiply(dagger(ux[x]![y]!), there);
    }
    const x = width - 1;
    const up = multiply(ux[x]![y]!, uy[0]![y]!);
    const last = multiplyDagger(up, multiply(uy[x]![y]!, ux[x]![0]!));
    if (stream.uniform() < weight(last)) return dataOf(group, target.extents, ux, uy);
  }
}

function dataOf(group: Group, extents: readonly number[], ux: Matrix[][], uy: Matrix[][]): GaugeData {
  const size = 2 * group.n ** 2;
  const links = new Float64Array(extents[0]! * extents[1]! * 2 * size);
  ux.forEach((column, x) =>
    column.forEach((u, y) => {
      const site = siteAt([x, y], extents);
      links.set(u, 2 * site * size);
      links.set(uy[x]![y]!, (2 * site + 1) * size);
    }),
  );
  return { group, extents, links };
}

/** One group element with density exp((beta/N) Re tr P), by plain rejection: for U(1) and SU(2) on the class angle. */
function drawPlaquette(group: Group, beta: number, stream: Stream): Matrix {
  for (;;) {
    if (group.n === 1) {
      const angle = 2 * Math.PI * stream.uniform();
      if (stream.uniform() < Math.exp(beta * (Math.cos(angle) - 1)))
        return Float64Array.of(Math.cos(angle), Math.sin(angle));
    } else if (group.n === 2) {
      const a = 2 * stream.uniform() - 1;
      const radius = Math.sqrt(1 - a * a);
      if (stream.uniform() < radius * Math.exp(beta * (a - 1))) {
        const z = radius * (2 * stream.uniform() - 1);
        const flat = Math.sqrt(Math.max(0, radius * radius - z * z));
        const angle = 2 * Math.PI * stream.uniform();
        const [p, q] = [flat * Math.cos(angle), flat * Math.sin(angle)];
        return Float64Array.of(a, z, q, p, -q, p, a, -z);
      }
    } else {
      const p = haarRandom(group.n, group.special, stream);
      if (stream.uniform() < Math.exp((beta / group.n) * (trace(p)[0] - group.n))) return p;
    }
  }
}

/** What is looked at: functions of a configuration that see links, neighbours and the torus as a whole. */
export const functions = ["plaquette", "plaquette squared", "rectangle", "line in x", "line in y"] as const;

export function valuesOf(data: GaugeData): number[] {
  const [width, height] = data.extents as [number, number];
  const { n } = data.group;
  const re = (site: number, path: readonly number[]) => trace(pathProduct(data, site, path))[0] / n;
  let [plaquette, square, rectangle] = [0, 0, 0];
  for (let site = 0; site < width * height; site++) {
    const p = re(site, [1, 2, -1, -2]);
    plaquette += p / (width * height);
    square += (p * p) / (width * height);
    rectangle += re(site, [1, 1, 2, -1, -1, -2]) / (width * height);
  }
  const line = (mu: number, length: number) => {
    return re(0, Array<number>(length).fill(mu)) ** 2;
  };
  return [plaquette, square, rectangle, line(1, width), line(2, height)];
}

/** Re tr P/N of the plaquette at the origin, whose exact law is `plaquetteLaw`. */
export function onePlaquette(data: GaugeData): number {
  return trace(pathProduct(data, 0, [1, 2, -1, -2]))[0] / data.group.n;
}

/**
 * The exact cumulative distribution of Re tr P/N of one plaquette on a torus of V plaquettes, U(1) and SU(2): density
 * w(P) sum_r a_r^(V-1) chi_r(P)/d_r, with the coefficients of w = exp((beta/N) Re tr P) = sum_r d_r a_r chi_r.
 */
export function plaquetteLaw(target: Target): ((x: number) => number) | undefined {
  const n = parseGroup(target.group).n;
  if (n > 2) return undefined;
  const volume = target.extents[0] * target.extents[1];
  const bessel = besselIScaledOrders(40, target.beta);
  const first = bessel[n === 1 ? 0 : 1]!;
  const density = (angle: number): number => {
    let sum = n === 1 ? 1 : 0;
    for (let r = 1; r < 40; r++) {
      const a = (bessel[r]! / first) ** (volume - 1);
      sum += n === 1 ? 2 * a * Math.cos(r * angle) : (a * Math.sin(r * angle) * Math.sin(angle)) / r;
    }
    return Math.exp(target.beta * (Math.cos(angle) - 1)) * sum;
  };
  return lawOfCosine(density);
}

/**
 * Cumulative distribution of cos(angle) for a density on the angle in [0, pi], by the midpoint rule on a grid fine enough
 * for densities as sharp as exp(k cos) with k = 1000.
 */
export function lawOfCosine(density: (angle: number) => number): (x: number) => number {
  const steps = 100_000;
  const below = new Float64Array(steps + 1); // from angle pi, where the cosine is -1, downwards
  for (let i = 0; i < steps; i++) below[i + 1] = below[i]! + density(Math.PI * (1 - (i + 0.5) / steps));
  return (x) => {
    const place = (1 - Math.acos(Math.min(1, Math.max(-1, x))) / Math.PI) * steps;
    const i = Math.min(steps - 1, Math.floor(place));
    return (below[i]! + (place - i) * (below[i + 1]! - below[i]!)) / below[steps]!;
  };
}
