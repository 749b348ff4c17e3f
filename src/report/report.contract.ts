import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";

/**
 * The contract of figures: drawn from data alone, twice the same, self-contained, readable on any ground, described in
 * words, and equal to the stored SVG in `folder` (relative to the test). When one changes, look at it, then store it
 * anew with `vitest -u`.
 */
export function describeReport(name: string, folder: string, figures: Readonly<Record<string, () => string>>): void {
  describe(`figures of ${name}`, () => {
    for (const [figure, draw] of Object.entries(figures))
      it(`${figure} keeps the contract`, async () => {
        const svg = draw();
        expect(draw()).toBe(svg);
        expect(complaints(svg)).toEqual([]);
        await expect(svg).toMatchFileSnapshot(`${folder}/${figure}.svg`);
      });
  });
}

/** What is wrong with a figure, in words; nothing where it keeps the contract. */
export function complaints(svg: string): string[] {
  const { document } = parseHTML(`<html><body>${svg}</body></html>`);
  const root = document.querySelector("svg");
  if (!root || document.body.children.length !== 1) return ["it is not one SVG element"];
  const found: string[] = [];
  if (/NaN|undefined|Infinity/.test(svg)) found.push("a coordinate is not a number");
  if (/<script|\son\w+=|url\(|href=/.test(svg) || /https?:/.test(svg.replace("http://www.w3.org/2000/svg", "")))
    found.push("it has a script or a reference to something outside");
  for (const element of root.querySelectorAll("[fill], [stroke]"))
    for (const key of ["fill", "stroke"]) {
      const colour = element.getAttribute(key) ?? "none";
      if (!/^(none|currentColor|transparent|var\(--.+\))$/.test(colour)) found.push(`fixed colour ${key}="${colour}"`);
    }
  if (!root.getAttribute("aria-label")) found.push("it has no title in words");
  if (!root.getAttribute("aria-description")) found.push("it has no description in words");
  if (!/currentColor/.test(svg)) found.push("its axes do not take the colour of the text");
  return found;
}
