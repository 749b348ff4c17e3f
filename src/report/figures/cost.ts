import { axisX, dot, gridX, ruleY, tickX } from "@observablehq/plot";
import { figure, seriesColour } from "./theme.ts";

export interface CostBar {
  readonly observable: string;
  readonly run: string;
  readonly mean: number;
  readonly error: number;
}

/** Room for the name of a run on the axis, in characters. */
const longest = 26;

/**
 * Cost of an independent configuration, a panel an observable and a line a run, with error bars on a logarithmic axis.
 * @param runs all runs, in their order, so that each has one colour and one place.
 */
export function costFigure(unit: string, runs: readonly string[], bars: readonly CostBar[]): string {
  const observables = [...new Set(bars.map(({ observable }) => observable))];
  const shown = bars.filter(({ mean }) => mean > 0);
  const lowest = Math.min(...shown.map(({ mean, error }) => Math.max(mean - error, mean / 10)));
  const highest = Math.max(...shown.map(({ mean, error }) => mean + error));
  const points = shown.map(({ observable, run, mean, error }) => ({
    observable,
    run,
    mean,
    low: Math.max(mean - error, lowest),
    high: mean + error,
    colour: seriesColour(runs.indexOf(run)),
  }));
  const names = runs.map((run) => run.length);
  return figure(
    {
      title: "Cost of an independent configuration",
      description: `time per independent configuration of ${observables.length} observables in ${runs.length} runs, with error bars`,
    },
    "whole",
    {
      height: 64 + observables.length * (14 + 17 * runs.length),
      marginLeft: 24 + 6.4 * Math.min(longest, Math.max(...names)),
      marginRight: 24 + 6.4 * Math.max(...observables.map((name) => name.length)),
      x: {
        type: "log",
        label: `time per independent configuration [${unit}]`,
        domain: [lowest / 1.15, highest * 1.15],
      },
      y: { type: "band", label: null, domain: [...runs], tickSize: 0, tickFormat: cut },
      fy: { label: null, domain: observables, padding: 0.12 },
      marks: [
        gridX({ strokeOpacity: 0.15 }),
        ruleY(points, { fy: "observable", y: "run", x1: "low", x2: "high", stroke: "colour", strokeWidth: 1.5 }),
        tickX(points, { fy: "observable", y: "run", x: "low", stroke: "colour", inset: 4 }),
        tickX(points, { fy: "observable", y: "run", x: "high", stroke: "colour", inset: 4 }),
        dot(points, { fy: "observable", y: "run", x: "mean", r: 3, fill: "colour" }),
        axisX({ anchor: "bottom", labelAnchor: "center", labelArrow: "none", tickSize: 4 }),
      ],
      color: { type: "identity" },
    },
  );
}

const cut = (name: string): string => (name.length > longest ? `${name.slice(0, longest - 1)}…` : name);
