import { line, lineY, text } from "@observablehq/plot";
import { decimate, type Point } from "./decimate.ts";
import { figure, seriesColour } from "./theme.ts";

export interface LossCurve {
  readonly label: string;
  /** Loss against the trajectory. */
  readonly points: readonly Point[];
  /** Its running mean. */
  readonly means: readonly Point[];
}

/** Means that span more than this factor are drawn on a logarithmic axis. */
const decade = 10;

/** The loss of a training against the trajectory, thin for every one and bold for the running mean. */
export function lossFigure(curves: readonly LossCurve[]): string {
  // the first of them are means of few
  const means = curves.flatMap(({ means: all }) => all.slice(Math.floor(all.length / 10)).map(({ y }) => y));
  const [low, high] = [Math.min(...means, Infinity), Math.max(...means, -Infinity)];
  const logarithmic = low > 0 && high / low > decade;
  // single losses scatter over decades; what is far below the means would squeeze them into a line
  const floor = logarithmic ? low / 30 : -Infinity;
  const ceiling = 1.3 * high;
  const seen = ({ y }: Point) => y >= floor && y <= ceiling;
  const xs = curves.flatMap(({ points }) => points.map(({ x }) => x));
  return figure(
    {
      title: "Loss of the training",
      description: `loss against the trajectory, ${logarithmic ? "logarithmic" : "linear"}, ${curves.length} chain(s)`,
    },
    "most",
    {
      x: { label: "trajectory", tickFormat: "d", domain: [Math.min(...xs, Infinity), Math.max(...xs, -Infinity)] },
      y: {
        label: "loss",
        ...(logarithmic ? { type: "log", domain: [floor, ceiling], tickFormat: "~g" } : { zero: true }),
      },
      marks: [
        ...curves.map(({ points }, i) =>
          line(decimate(points.filter(seen)), {
            x: "x",
            y: "y",
            stroke: seriesColour(i),
            strokeWidth: 0.5,
            strokeOpacity: 0.45,
          }),
        ),
        ...curves.map((curve, i) =>
          lineY(decimate(curve.means), { x: "x", y: "y", stroke: seriesColour(i), strokeWidth: 1.6 }),
        ),
        ...curves.map(({ means: own, label }, i) =>
          curves.length > 1
            ? text(own.slice(-1), {
                x: "x",
                y: "y",
                text: () => label,
                fill: seriesColour(i),
                textAnchor: "end",
                dy: -6,
              })
            : null,
        ),
      ],
    },
  );
}
