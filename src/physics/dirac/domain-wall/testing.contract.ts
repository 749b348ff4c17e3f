import type { Device } from "../../../kernels/device.ts";
import { openDevice } from "../../../kernels/node.ts";
import type { Field } from "../../../lattice/field.ts";
import type { GaugeData } from "../../../lattice/gauge-data.ts";
import { coordinates } from "../../../lattice/geometry.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { roughLinks } from "../../testing.contract.ts";
import type { NormalOperator } from "../operator.ts";
import { DomainWall } from "./domain-wall.ts";
import type { Wall } from "./reference.contract.ts";

/** An operator on a small lattice. */
export interface Shape {
  readonly group: string;
  readonly extents: readonly number[];
  readonly L5: number;
  readonly b: number;
  readonly c: number;
  readonly mass?: number;
  readonly domain: "all" | "even";
}

const one = openDevice({ workers: 1 });

export const wallOf = ({ extents, L5, b, c, mass = 0.1 }: Shape): Wall => ({
  L5,
  b,
  c,
  mass,
  M: -1.3,
  boundary: extents.map((_, mu) => (mu === extents.length - 1 ? -1 : 1)),
});

/** The operator of a shape on Haar-random links, which it has loaded. */
export function operatorOf(
  shape: Shape,
  device: Device = one,
  data: GaugeData = roughLinks(shape.group, shape.extents),
) {
  const links = new LinkSpace(new Lattice(device, shape.extents), parseGroup(shape.group));
  const u = links.field();
  links.load(u, data);
  const operator = new DomainWall(links, { ...wallOf(shape), domain: shape.domain });
  operator.load(u);
  return { operator, links, u, data, wall: wallOf(shape) };
}

/** A Gaussian vector on the sites of an operator's domain, zero elsewhere. */
export function noise(operator: DomainWall, purpose: string, sites = operator.domain): Field {
  const x = operator.space.field();
  operator.space.draw(sites, x, "gaussian", addressedRng("domain wall"), purpose, 0);
  return x;
}

/** Plain vectors with all sites of the other colours set to zero. */
export function onSites(data: GaugeData, sites: "all" | "even" | "odd", x: Float64Array): Float64Array {
  if (sites === "all") return x;
  const volume = data.extents.reduce((a, b) => a * b, 1);
  const perSite = x.length / volume;
  const odd = sites === "odd" ? 1 : 0;
  return x.map((value, k) => {
    const sum = coordinates(Math.floor(k / perSite), data.extents).reduce((a, b) => a + b, 0);
    return sum % 2 === odd ? value : 0;
  });
}

/** x with A x = b by conjugate gradients until |r| < 1e-14 |b|; plain, for small lattices. */
export function conjugateGradients(a: NormalOperator, b: Field): Field {
  const { space, sites } = a;
  const [x, r, p, q] = [space.field(), space.field(), space.field(), space.field()];
  space.copy(sites, r, b);
  space.copy(sites, p, b);
  let norm = space.norm2(sites, r);
  const enough = 1e-28 * norm;
  for (let k = 0; k < 2000 && norm > enough; k++) {
    const alpha = norm / a.apply(q, p);
    const next = space.cgStep(sites, x, r, p, q, alpha);
    space.xpay(sites, p, r, next / norm);
    norm = next;
  }
  if (norm > enough) throw new Error(`no convergence: |r|^2 = ${norm}`);
  for (const field of [r, p, q]) field.release();
  return x;
}

/** psi = D^{-1} b on the operator's domain, through D^dagger D. */
export function solved(operator: DomainWall, b: Field): Field {
  const right = operator.space.field();
  operator.applyDagger(right, b);
  return conjugateGradients(operator.normal, right);
}

/** Largest difference of two lists of numbers, over the largest of the second. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, largest] = [0, 0];
  for (let k = 0; k < b.length; k++) {
    difference = Math.max(difference, Math.abs(a[k]! - b[k]!));
    largest = Math.max(largest, Math.abs(b[k]!));
  }
  return difference / largest;
}
