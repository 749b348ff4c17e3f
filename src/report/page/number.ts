import { type Markup, markup } from "./markup.ts";

/** A formatted number as it is set in a book: a true minus sign, powers of ten as such. */
export function numberMarkup(text: string): Markup {
  const [, digits = text, power] = /^(.*\))e([+-]?\d+)$/.exec(text) ?? [];
  return power === undefined
    ? markup`${minus(digits)}`
    : markup`${minus(digits)} × 10<sup>${minus(power.replace("+", ""))}</sup>`;
}

const minus = (text: string) => text.replace(/^-/, "−");
