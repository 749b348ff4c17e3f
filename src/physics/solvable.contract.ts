import type { GaugeData } from "../lattice/gauge-data.ts";
import type { Group } from "../lattice/group.ts";
import type { LinkSpace } from "../lattice/links/links.ts";
import { fromEntries, type Matrix } from "../numerics/complex-matrix.ts";
import { mapLinks } from "./testing.contract.ts";

/** Abelian configurations, whose loops are phases known in closed form. */

/** exp(i angle T) with T = diag(1, -1, 0, …), for U(1) T = 1. */
const phase = (n: number, angle: number): Matrix =>
  fromEntries(n, (i, j) => {
    const sign = i === 0 ? 1 : i === 1 ? -1 : 0;
    return i === j ? [Math.cos(sign * angle), Math.sin(sign * angle)] : [0, 0];
  });

/** Re tr exp(i angle T). */
export const cosTrace = ({ n }: Group, angle: number) => (n === 1 ? Math.cos(angle) : 2 * Math.cos(angle) + n - 2);

/** tr T^2 */
export const squareTrace = ({ n }: Group) => (n === 1 ? 1 : 2);

/**
 * Uniform flux: every plaquette in the plane of the first and the last direction is exp(i omega T), in four dimensions
 * also every one in the plane of the other two, with an angle of its own; all others are 1. The whole flux through a
 * plane is 2 pi, so that it closes on the torus (G. 't Hooft, Commun. Math. Phys. 81 (1981) 267). It solves the field
 * equations: the gradient flow leaves it.
 */
export function uniformFlux(space: LinkSpace): { data: GaugeData; first: number; second: number } {
  const { extents, dimension } = space.lattice;
  const planes = [[0, dimension - 1], ...(dimension === 4 ? [[1, 2]] : [])] as [number, number][];
  const omega = planes.map(([mu, nu]) => (2 * Math.PI) / (extents[mu]! * extents[nu]!));
  const unit = space.store(space.field());
  const data = mapLinks(unit, (x, direction) => {
    const i = planes.findIndex(([mu, nu]) => direction === mu || direction === nu);
    if (i < 0) return phase(space.group.n, 0);
    const [mu, nu] = planes[i]!;
    if (direction === mu) return phase(space.group.n, -omega[i]! * x[nu]!);
    return phase(space.group.n, x[nu] === extents[nu]! - 1 ? omega[i]! * extents[nu]! * x[mu]! : 0);
  });
  return { data, first: omega[0]!, second: omega[1] ?? 0 };
}

/** All links of a direction exp(i angle T) with one angle each, 0.1 + 0.2 mu: plaquettes are 1, Polyakov loops are not. */
export function constantLinks(space: LinkSpace): { data: GaugeData; angle: (mu: number) => number } {
  const angle = (mu: number) => 0.1 + 0.2 * mu;
  return { data: mapLinks(space.store(space.field()), (_, mu) => phase(space.group.n, angle(mu))), angle };
}
