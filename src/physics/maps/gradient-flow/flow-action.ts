import type { LinkSpace } from "../../../lattice/links/links.ts";
import type { Action } from "../../action.ts";
import { improvements, rectangleGauge } from "../../actions/rectangle-gauge/rectangle-gauge.ts";
import { wilsonGauge } from "../../actions/wilson-gauge/wilson-gauge.ts";

/** The actions whose flow there is. */
export const flowNames = ["wilson", "symanzik"] as const;
export type FlowName = (typeof flowNames)[number];

/**
 * The action whose force is the velocity of the flow dV/dt = Z V, Z = -TA(U A) for the Wilson flow: beta = 2N, so that
 * t is the flow time of M. Lüscher, JHEP 08 (2010) 071. For U(1), where the link is e^(i theta), beta = 1 does the same:
 * dtheta/dt = -dS/dtheta with S = -sum cos.
 */
export function flowAction(space: LinkSpace, name: FlowName): Action {
  const { n, special } = space.group;
  const beta = special ? 2 * n : 1;
  return name === "wilson" ? wilsonGauge(space, beta) : rectangleGauge(space, beta, improvements.symanzik);
}
