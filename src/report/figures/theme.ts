import type { PlotOptions } from "@observablehq/plot";
import { drawSvg } from "./dom.ts";

/**
 * Colours are CSS variables, which the page sets for light, dark and print; the values behind the comma serve where a
 * figure stands alone. Axes and text take `currentColor`.
 */
export const colours = {
  accent: "var(--figure-accent, #1f5a93)",
  second: "var(--figure-second, #b4491f)",
  quiet: "var(--figure-quiet, #8a8a86)",
  series: [
    "var(--figure-accent, #1f5a93)",
    "var(--figure-second, #b4491f)",
    "var(--figure-third, #3f7d4e)",
    "var(--figure-fourth, #7a4f9a)",
    "var(--figure-fifth, #9a7a1c)",
    "var(--figure-sixth, #2c8b8b)",
  ],
} as const;

/** The colour of the i-th of several curves; they repeat after six. */
export const seriesColour = (i: number): string => colours.series[i % colours.series.length] as string;

/** What a figure says of itself, for those who cannot see it. */
export interface Description {
  readonly title: string;
  readonly description: string;
}

/** Widths in pixels that fit the page: the whole column, half of it, or two thirds and the third beside it. */
const widths = { whole: 768, half: 370, most: 500, rest: 250 } as const;

/** Draws with the common look. */
export function figure(said: Description, width: keyof typeof widths, options: PlotOptions): string {
  return drawSvg({
    width: widths[width],
    height: 230,
    marginLeft: 58,
    marginBottom: 40,
    marginTop: 22,
    marginRight: 18,
    className: "figure",
    ariaLabel: said.title,
    ariaDescription: said.description,
    ...options,
    x: { labelAnchor: "center", labelArrow: "none", tickSize: 4, ticks: Math.round(widths[width] / 75), ...options.x },
    y: { labelArrow: "none", tickSize: 4, ticks: 5, ...options.y },
  });
}

/** Plain numbers on an axis, with powers of ten only where they are needed. */
export function axisFormat(values: readonly number[]): { readonly tickFormat?: string } {
  const largest = values.reduce((most, y) => (Number.isFinite(y) ? Math.max(most, Math.abs(y)) : most), 0);
  return largest > 0 && (largest < 1e-3 || largest >= 1e5) ? { tickFormat: "~e" } : {};
}
