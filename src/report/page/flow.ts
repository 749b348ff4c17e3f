import { FLOW_REFERENCE } from "../../physics/maps/gradient-flow/scales.ts";
import { flowCurveFigure } from "../figures/flow-curve.ts";
import type { FlowAnalysis, FlowPoint } from "../flow.ts";
import { captioned } from "./captioned.ts";
import { type Markup, markup } from "./markup.ts";

/** t^2 E and its slope along the gradient flow, with the scales. */
export function flowSection(flow: readonly FlowAnalysis[]): Markup | undefined {
  if (flow.length === 0) return undefined;
  const curves = (pick: (analysis: FlowAnalysis) => readonly FlowPoint[], at: (analysis: FlowAnalysis) => number) =>
    flow.map((analysis) => {
      const time = at(analysis);
      const points = pick(analysis).map(({ t, mean, error = 0 }) => ({ t, value: mean, error }));
      return { label: analysis.label, points, ...(Number.isFinite(time) && { crossing: time }) };
    });
  const n = flow[0]?.n;
  return markup`${captioned(
    flowCurveFigure(
      "t²⟨E⟩",
      FLOW_REFERENCE,
      curves(
        ({ energy }) => energy,
        ({ t0 }) => t0.mean,
      ),
    ),
    markup`Energy density along the flow, ${n} configurations; the dashed line at 0.3 defines t<sub>0</sub>.`,
  )}
${captioned(
  flowCurveFigure(
    "t d/dt t²⟨E⟩",
    FLOW_REFERENCE,
    curves(
      ({ slope }) => slope,
      ({ w0 }) => w0.mean ** 2,
    ),
  ),
  markup`Its logarithmic derivative; where it reaches 0.3 the flow time is w<sub>0</sub>².`,
)}`;
}
