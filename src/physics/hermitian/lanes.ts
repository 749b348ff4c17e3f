import type { Body, Int, Vec } from "../../kernels/builder.ts";

/** Constants by which kernels of two lanes pick one of them: (0, 0), and from UNIT on (1, 0), (0, 1). */
export const UNITS = [0, 0, 1, 0, 0, 1] as const;
export const UNIT = 16;

/** The sum of both lanes, in both lanes. */
export function laneSum(k: Body, scratch: Int, value: Vec): Vec {
  k.store(scratch, 0, value);
  return k.let(k.loadSplat(scratch).add(k.loadSplat(scratch, 8)));
}
