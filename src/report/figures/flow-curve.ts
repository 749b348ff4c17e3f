import { areaY, dot, lineY, ruleX, ruleY, text } from "@observablehq/plot";
import { figure, seriesColour } from "./theme.ts";

export interface FlowCurveData {
  /** Which energy density: "clover", "plaquette". */
  readonly label: string;
  readonly points: readonly { readonly t: number; readonly value: number; readonly error: number }[];
  /** Flow time at which the curve reaches the reference. */
  readonly crossing?: number;
}

/** A dimensionless function of the flow time, t^2<E> or t d/dt t^2<E>, and where it reaches its reference value. */
export function flowCurveFigure(yLabel: string, reference: number, curves: readonly FlowCurveData[]): string {
  const last = curves.flatMap(({ points }) => points.map(({ t }) => t)).reduce((a, b) => Math.max(a, b), 0);
  const top = curves.flatMap(({ points }) => points.map((p) => p.value + p.error)).reduce((a, b) => Math.max(a, b), 0);
  const heights = apart(
    curves.map(({ points }) => points[points.length - 1]?.value ?? 0),
    0.07 * top,
  );
  return figure(
    {
      title: `${yLabel} along the gradient flow`,
      description: `curves: ${curves.map(({ label }) => label).join(", ")}`,
    },
    "whole",
    {
      height: 260,
      marginRight: 84,
      x: { label: "flow time t", domain: [0, last || 1] },
      y: { label: yLabel, domain: [0, 1.08 * Math.max(top, reference)] },
      marks: [
        ruleY([reference], { stroke: "currentColor", strokeOpacity: 0.6, strokeDasharray: "4 3" }),
        ...curves.flatMap(({ label, points, crossing }, i) => {
          const stroke = seriesColour(i);
          const end = points[points.length - 1];
          return [
            areaY(points, {
              x: "t",
              y1: (p) => p.value - p.error,
              y2: (p) => p.value + p.error,
              fill: stroke,
              fillOpacity: 0.3,
            }),
            lineY(points, { x: "t", y: "value", stroke }),
            crossing === undefined ? null : ruleX([crossing], { y1: 0, y2: reference, stroke, strokeDasharray: "2 2" }),
            crossing === undefined ? null : dot([[crossing, reference]], { fill: stroke, r: 3 }),
            end
              ? text([end], {
                  x: "t",
                  y: () => heights[i],
                  text: () => label,
                  fill: stroke,
                  textAnchor: "start",
                  dx: 5,
                })
              : null,
          ];
        }),
      ],
    },
  );
}

/** The heights, moved up where needed so that no two are closer than `gap`: labels must not lie on each other. */
function apart(heights: readonly number[], gap: number): number[] {
  const moved = [...heights];
  const upward = heights.map((_, i) => i).sort((a, b) => (heights[a] as number) - (heights[b] as number));
  upward.forEach((i, k) => {
    const below = upward[k - 1];
    if (below !== undefined) moved[i] = Math.max(moved[i] as number, (moved[below] as number) + gap);
  });
  return moved;
}
