import type { Quantity } from "./analysis.ts";

const label = /^W\((\d+),(\d+)\)$/;

/** Is this one of the Wilson loops W(R,T) that are set as a square table? */
export const isWilsonLoop = (quantity: Quantity): boolean =>
  label.test(quantity.label) && quantity.flowTime === undefined;

/** Wilson loops by R (rows) and T (columns). */
export interface WilsonGrid {
  readonly rows: readonly { readonly r: number; readonly cells: readonly (Quantity | undefined)[] }[];
  readonly times: readonly number[];
  /** "60 measurements, one every 20 updates" */
  readonly caption: string;
}

/** Undefined where there are no Wilson loops. */
export function wilsonGrid(quantities: readonly Quantity[]): WilsonGrid | undefined {
  const loops = quantities.filter(isWilsonLoop);
  if (loops.length === 0) return undefined;
  const sides = (which: number) =>
    [...new Set(loops.map((loop) => Number(label.exec(loop.label)?.[which])))].sort((a, b) => a - b);
  const times = sides(2);
  const most = loops.reduce((n, { estimated }) => Math.max(n, estimated.n), 0);
  const every = loops[0]?.every;
  return {
    times,
    rows: sides(1).map((r) => ({ r, cells: times.map((t) => loops.find((one) => one.label === `W(${r},${t})`)) })),
    caption: `${most} ${most === 1 ? "measurement" : "measurements"}${every === undefined ? "" : `, one every ${every} updates`}`,
  };
}
