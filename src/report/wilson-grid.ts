import type { Quantity } from "./analysis.ts";

const label = /^W\((\d+),(\d+)\)$/;

/** Is this one of the Wilson loops W(R,T) that are set as a square table? */
export const isWilsonLoop = (quantity: Quantity): boolean =>
  label.test(quantity.label) && quantity.flowTime === undefined;

/** Wilson loops by R (rows) and T (columns). */
export interface WilsonGrid {
  /** "wilson-loop", or the name that [measure] gives them. */
  readonly observable: string;
  readonly rows: readonly { readonly r: number; readonly cells: readonly (Quantity | undefined)[] }[];
  readonly times: readonly number[];
  /** "60 measurements, one every 20 updates" */
  readonly caption: string;
}

/** One grid for every name under which Wilson loops were measured. */
export function wilsonGrids(quantities: readonly Quantity[]): WilsonGrid[] {
  const loops = quantities.filter(isWilsonLoop);
  const names = [...new Set(loops.map(({ observable }) => observable))];
  return names.map((name) =>
    gridOf(
      name,
      loops.filter(({ observable }) => observable === name),
    ),
  );
}

function gridOf(observable: string, loops: readonly Quantity[]): WilsonGrid {
  const sides = (which: number) =>
    [...new Set(loops.map((loop) => Number(label.exec(loop.label)?.[which])))].sort((a, b) => a - b);
  const times = sides(2);
  const most = loops.reduce((n, { estimated }) => Math.max(n, estimated.n), 0);
  const every = loops[0]?.every;
  return {
    observable,
    times,
    rows: sides(1).map((r) => ({ r, cells: times.map((t) => loops.find((one) => one.label === `W(${r},${t})`)) })),
    caption: `${most} ${most === 1 ? "measurement" : "measurements"}${every === undefined ? "" : `, one every ${every} updates`}`,
  };
}
