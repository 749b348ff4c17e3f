/** A piece of HTML that is safe to put into a page as it is. */
export interface Markup {
  readonly html: string;
}

type Part = Markup | string | number | undefined | null | false | readonly Part[];

/** Text as HTML, safe between tags and within quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Markup from a template: what is put in is escaped, unless it is markup itself; lists are joined, nothing is nothing. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { html: strings.map((text, i) => text + (i < parts.length ? render(parts[i]) : "")).join("") };
}

/** Vouches for a string that is HTML already (a figure). */
export const trusted = (html: string): Markup => ({ html });

function render(part: Part): string {
  if (part === undefined || part === null || part === false) return "";
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  if ("html" in part) return part.html;
  return part.map(render).join("");
}
