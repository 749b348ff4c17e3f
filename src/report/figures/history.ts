import { line, rect, ruleX, ruleY, text } from "@observablehq/plot";
import { decimate, type Point } from "./decimate.ts";
import { axisFormat, figure, seriesColour } from "./theme.ts";

export interface History {
  /** "plaquette" */
  readonly name: string;
  /** One list of (trajectory, value) a replica. */
  readonly replicas: readonly (readonly Point[])[];
  /** Trajectories of thermalisation, 0 for none. */
  readonly thermalise: number;
  /** Mean and error of the production part, where there is an estimate. */
  readonly estimate?: { readonly mean: number; readonly error: number };
}

/** The Monte Carlo history of an observable, with the thermalisation set apart and the estimate as a band. */
export function historyFigure({ name, replicas, thermalise, estimate }: History): string {
  const all = replicas.flat().filter(({ y }) => Number.isFinite(y));
  const shown = verticalRange(all, thermalise);
  const visible = replicas.map((points) => points.filter(({ y }) => y >= shown[0] && y <= shown[1]));
  const last = all.reduce((most, { x }) => Math.max(most, x), 1);
  const begin = Math.min(thermalise, last);
  const band = estimate && {
    x1: begin,
    x2: last,
    y1: estimate.mean - estimate.error,
    y2: estimate.mean + estimate.error,
  };
  return figure(
    { title: `History of ${name}`, description: `${name} against the trajectory, ${replicas.length} replica(s)` },
    "most",
    {
      x: { label: "trajectory", domain: [0, last], tickFormat: "d", ticks: Math.min(6, last) },
      y: { label: name, domain: shown, nice: true, ...axisFormat(all.map(({ y }) => y)) },
      marks: [
        begin > 0 ? ruleX([begin], { stroke: "currentColor", strokeOpacity: 0.5, strokeDasharray: "2 3" }) : null,
        begin > last / 5
          ? text([begin], {
              x: (d: number) => d,
              frameAnchor: "top",
              dx: -6,
              textAnchor: "end",
              text: () => "thermalisation",
              fillOpacity: 0.65,
            })
          : null,
        ...visible.map((points, i) =>
          line(decimate(points), { x: "x", y: "y", stroke: seriesColour(i), strokeWidth: 0.8, strokeOpacity: 0.85 }),
        ),
        band ? rect([band], { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: "currentColor", fillOpacity: 0.3 }) : null,
        estimate ? ruleY([estimate.mean], { x1: begin, x2: last, stroke: "currentColor", strokeWidth: 1.2 }) : null,
      ],
    },
  );
}

/**
 * What the axis spans: all of production, and of the way there at most three times as much, for a cold start would squeeze
 * everything else into a line.
 */
function verticalRange(all: readonly Point[], thermalise: number): [number, number] {
  const range = (points: readonly Point[]): [number, number] =>
    points.reduce(([low, high], { y }) => [Math.min(low, y), Math.max(high, y)], [Infinity, -Infinity]);
  const [low, high] = range(all);
  const [first, last] = range(all.filter(({ x }) => x > thermalise));
  const room = 3 * (last - first);
  if (!(room >= 0)) return low < high ? [low, high] : [low - 1, low + 1];
  if (low === high) return [low - (Math.abs(low) || 1) * 0.01, high + (Math.abs(low) || 1) * 0.01];
  return room > 0 ? [Math.max(low, first - room), Math.min(high, last + room)] : [low, high];
}
