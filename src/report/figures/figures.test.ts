import { ruleX } from "@observablehq/plot";
import { describe, expect, it } from "vitest";
import { complaints, describeReport } from "../report.contract.ts";
import { ar1 } from "../synthetic-run.contract.ts";
import { autocorrelationFigure } from "./autocorrelation.ts";
import { chargeFigure } from "./charge.ts";
import { costFigure } from "./cost.ts";
import { decimate } from "./decimate.ts";
import { deltaHFigure } from "./delta-h.ts";
import { drawSvg } from "./dom.ts";
import { effectiveMassFigure } from "./effective-mass.ts";
import { flowCurveFigure } from "./flow-curve.ts";
import { histogram } from "./histogram.ts";
import { historyFigure } from "./history.ts";
import { type LossCurve, lossFigure } from "./loss.ts";
import { pointsFigure } from "./points.ts";
import { scanFigure } from "./scan.ts";

const walk = (seed: string, n = 120) => ar1(seed, n, 0.7).map((y, i) => ({ x: i + 1, y: 0.594 + 0.002 * y }));
const cold = walk("a").map(({ x, y }) => ({ x, y: y + 0.3 * Math.exp(-x / 5) }));
/** A loss that falls to 1 from `from`, in 200 trajectories after 100. */
function lossCurve(label: string, from: number): LossCurve {
  const means = Array.from({ length: 200 }, (_, i) => ({ x: 101 + i, y: 1 + (from - 1) * Math.exp(-i / 20) }));
  const noise = ar1(label, 200, 0);
  return { label, means, points: means.map(({ x, y }, i) => ({ x, y: y * noise[i]! ** 2 })) };
}
const times = Array.from({ length: 21 }, (_, i) => 0.1 * i);
const curve = (scale: number) => times.map((t) => ({ t, value: scale * t, error: 0.01 * t }));

describeReport("the report", "./stored", {
  points: () =>
    pointsFigure({
      title: "Loss against the number of parameters",
      x: { label: "parameters", logarithmic: true },
      y: { label: "MSE", logarithmic: true },
      series: [
        { label: "6 x 6", points: [2, 23, 44, 65].map((x) => ({ x, y: (20 / x) ** 1.2, error: 0.1 * (20 / x) })) },
        { label: "6 x 6", points: [{ x: 23, y: 1.25 }], hollow: true },
        { label: "not shown", points: [{ x: 30, y: -1 }] },
      ],
      curves: [{ label: "fit", points: [2, 10, 65].map((x) => ({ x, y: (20 / x) ** 1.2 })) }],
    }),
  "points-linear": () =>
    pointsFigure({
      title: "Acceptance against the number of layers",
      x: { label: "layers" },
      y: { label: "acceptance" },
      series: [
        { label: "all shells", points: [0, 1].map((x) => ({ x, y: 0.66 + 0.15 * x, error: 0.02 })) },
        { label: "nearest head", points: [0, 1, 2, 3].map((x) => ({ x, y: 0.03 + 0.2 * x })) },
      ],
    }),
  "points-none": () => pointsFigure({ title: "Nothing", x: { label: "x" }, y: { label: "y" }, series: [] }),
  history: () =>
    historyFigure({
      name: "plaquette",
      replicas: [cold, walk("b")],
      thermalise: 30,
      estimate: { mean: 0.594, error: 0.0004 },
    }),
  "history-without-estimate": () => historyFigure({ name: "Re P", replicas: [walk("c", 9)], thermalise: 0 }),
  "history-constant": () =>
    historyFigure({ name: "Q", replicas: [[1, 2, 3].map((x) => ({ x, y: 0 }))], thermalise: 1 }),
  "history-empty": () => historyFigure({ name: "Q", replicas: [[]], thermalise: 0 }),
  autocorrelation: () =>
    autocorrelationFigure({
      name: "plaquette",
      rho: times.map((_, t) => 0.7 ** t),
      rhoError: times.map((_, t) => 0.05 * (1 - 0.7 ** t)),
      window: 7,
      tauInt: "2.8(3)",
    }),
  "delta-h": () => deltaHFigure(ar1("h", 400, 0).map((x) => 0.125 + 0.5 * x)),
  "delta-h-blown-up": () => deltaHFigure([...ar1("h", 50, 0), Number.NaN, Infinity, 1e9]),
  "delta-h-constant": () => deltaHFigure([0.5, 0.5, 0.5]),
  charge: () =>
    chargeFigure(
      "Q (clover)",
      ar1("q", 300, 0.9).map((x) => Math.round(1.5 * x) + 0.02),
    ),
  "flow-curve": () =>
    flowCurveFigure("t²⟨E⟩", 0.3, [
      { label: "clover", points: curve(0.2), crossing: 1.5 },
      { label: "plaquette", points: curve(0.201) },
    ]),
  loss: () => lossFigure([lossCurve("chain-0", 30)]),
  "loss-of-chains": () => lossFigure([lossCurve("chain-0", 3), lossCurve("chain-1", 2)]),
  "loss-of-one": () => lossFigure([{ label: "chain-0", points: [{ x: 3, y: 1 }], means: [{ x: 3, y: 1 }] }]),
  scan: () =>
    scanFigure({
      xLabel: "β",
      name: "plaquette",
      points: [6, 5.7, 5.8].map((x) => ({ x, mean: 0.1 * x, error: 0.01 })),
    }),
  cost: () =>
    costFigure(
      "ms",
      ["hmc", "heatbath"],
      [
        { observable: "plaquette", run: "hmc", mean: 12, error: 2 },
        { observable: "plaquette", run: "heatbath", mean: 1.5, error: 0.2 },
        { observable: "Q (clover) at t = 1", run: "heatbath", mean: 240, error: 300 },
      ],
    ),
  "effective-mass": () =>
    effectiveMassFigure("Pion correlator, C(t)", [
      { label: "cosh", points: [0, 1, 2, 3].map((t) => ({ t, mass: 0.7 + 0.5 ** (t + 2), error: 0.01 * (t + 1) })) },
      {
        label: "log",
        points: [0, 1, 2, 3].map((t) => ({ t, mass: 0.69 + 0.5 ** (t + 2), error: [0.01, 0.02, 0.03, 5][t]! })),
      },
    ]),
  "effective-mass-alone": () =>
    effectiveMassFigure("Pion correlator, C(t)", [{ label: "cosh", points: [{ t: 3, mass: 0.5, error: 0 }] }]),
  "scan-of-words": () =>
    scanFigure({
      xLabel: "integrator",
      name: "acceptance",
      points: ["leapfrog", "omelyan"].map((x, i) => ({ x, mean: 0.8 + 0.1 * i, error: 0.02 })),
    }),
});

describe("the contract of figures", () => {
  const good = () => historyFigure({ name: "Q", replicas: [walk("a")], thermalise: 0 });
  it("passes a good figure and catches planted faults", () => {
    expect(complaints(good())).toEqual([]);
    expect(complaints(good().replace("<g ", '<g fill="black" '))).toEqual(['fixed colour fill="black"']);
    expect(complaints(good().replace("M", "MNaN,"))).toEqual(["a coordinate is not a number"]);
    expect(complaints(good().replace("</svg>", "<script></script></svg>"))).toHaveLength(1);
    expect(complaints(good().replace("</svg>", '<image href="x.png"></image></svg>'))).toHaveLength(1);
    expect(complaints(good().replace(/aria-label="[^"]*"/, ""))).toEqual(["it has no title in words"]);
    expect(complaints("<p>no figure</p>")).toEqual(["it is not one SVG element"]);
  });
});

describe("drawing", () => {
  it("shortens coordinates but not the words", () => {
    const svg = drawSvg({ x: { label: "t = 1.23456789" }, marks: [ruleX([1 / 3, 2])], width: 100, height: 50 });
    expect(svg).toContain("t = 1.23456789");
    expect(svg.match(/(?:d|transform)="[^"]*\d\.\d{3,}[^"]*"/)).toBeNull();
  });

  it("keeps every excursion when there are too many points", () => {
    const points = Array.from({ length: 50_000 }, (_, x) => ({ x, y: Math.sin(x) }));
    points[31_234] = { x: 31_234, y: 99 };
    points[7] = { x: 7, y: -99 };
    points[8] = { x: 8, y: Number.NaN };
    const kept = decimate(points, 1000);
    expect(kept.length).toBeLessThanOrEqual(1000);
    expect(kept).toContainEqual({ x: 31_234, y: 99 });
    expect(kept).toContainEqual({ x: 7, y: -99 });
    expect(kept.every(({ x }, i) => i === 0 || x > kept[i - 1]!.x)).toBe(true);
    expect(decimate(points.slice(0, 7))).toEqual(points.slice(0, 7));
  });

  it("draws a loss that falls by decades on a logarithmic axis, and another one from zero", () => {
    expect(lossFigure([lossCurve("a", 30)])).toContain("logarithmic");
    expect(lossFigure([lossCurve("a", 3)])).toContain("linear");
  });

  it("makes histograms of area 1 that show the bulk", () => {
    const values = [...ar1("h", 5000, 0), 1e6, Number.NaN];
    const { bars, left, inside } = histogram(values);
    expect(inside).toHaveLength(5000);
    expect(left).toBe(2);
    expect(bars.reduce((area, { x1, x2, y }) => area + (x2 - x1) * y, 0)).toBeCloseTo(1, 12);
    const peak = bars.reduce((a, b) => (b.y > a.y ? b : a));
    expect(histogram([-1.02, 0.01, 0.97, 1], true).bars.filter(({ y }) => y > 0)).toHaveLength(3);
    expect(Math.abs(peak.x1)).toBeLessThan(0.5); // bins of 0.16, and the peak of 5000 normal draws wanders by two at most
  });
});
