import { dot, ruleX, ruleY, text } from "@observablehq/plot";
import { colours, figure } from "./theme.ts";

export interface Autocorrelation {
  readonly name: string;
  /** rho(t) from t = 0. */
  readonly rho: readonly number[];
  readonly rhoError: readonly number[];
  /** The summation window W. */
  readonly window: number;
  /** "1.52(12)", in units of the measurements. */
  readonly tauInt: string;
}

/** The normalised autocorrelation function with errors, and the window in which it was summed. */
export function autocorrelationFigure({ name, rho, rhoError, window, tauInt }: Autocorrelation): string {
  const last = Math.min(rho.length - 1, Math.max(10, 3 * window));
  const points = rho.slice(0, last + 1).map((value, t) => {
    const error = rhoError[t] ?? 0;
    return { t, value, low: value - error, high: value + error };
  });
  return figure(
    {
      title: `Autocorrelation of ${name}`,
      description: `normalised autocorrelation function, summed up to the window ${window}; tau_int = ${tauInt}`,
    },
    "rest",
    {
      x: { label: "t in measurements", domain: [-0.02 * last, Math.max(last, 1)] },
      y: { label: "ρ(t)", domain: [Math.min(-0.1, ...points.map(({ low }) => low)), 1.05] },
      marks: [
        ruleY([0], { stroke: "currentColor", strokeOpacity: 0.5 }),
        ruleX([window], { stroke: colours.second, strokeDasharray: "4 3" }),
        text([window], {
          x: (w: number) => w,
          frameAnchor: "top",
          dx: 5,
          dy: 2,
          textAnchor: "start",
          fill: colours.second,
          text: (w: number) => `W = ${w}`,
        }),
        text([tauInt], { frameAnchor: "top-right", dy: 18, textAnchor: "end", text: (tau: string) => `τᵢₙₜ = ${tau}` }),
        ruleX(points, { x: "t", y1: "low", y2: "high", stroke: colours.accent }),
        dot(points, { x: "t", y: "value", r: 2, fill: colours.accent }),
      ],
    },
  );
}
