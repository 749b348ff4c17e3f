import { type PlotOptions, plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** The one place that knows which document the figures are drawn in: a make-believe one, so that no browser is needed. */
const { document } = parseHTML("<!doctype html><html><body></body></html>");

const geometry = /^ (?:d|transform|[xy][12]?|c[xy]|r|width|height)=/;
const longNumber = /-?\d+\.\d{3,}(?:e-?\d+)?/g;

/** Coordinates of 16 digits triple the size of a report, and the last ones differ between machines. */
const rounded = (digits: string) => String(+Number(digits).toFixed(2));

/** Draws a plot and returns it as the text of one SVG element, with the namespace that makes it a file as well. */
export function drawSvg(options: PlotOptions): string {
  const figure = plot({ ...options, document: document as unknown as Document });
  // The style is the same in every figure and is the page's matter; it would only be repeated.
  const svg = figure.outerHTML
    .replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace(/<style>.*?<\/style>/s, "");
  // The make-believe document leaves "<" in attributes, which is HTML but no XML.
  return svg.replace(/ [\w-]+="[^"]*"/g, (attribute) =>
    geometry.test(attribute) ? attribute.replace(longNumber, rounded) : attribute.replaceAll("<", "&lt;"),
  );
}
