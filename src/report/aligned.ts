/** Blocks of lines with an empty line between them; a block without lines is left out. */
export const paragraphs = (parts: readonly (readonly string[])[]): string =>
  parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");

/** Columns padded to their widest cell; a rule below the header, as wide as all columns but the last. */
export function aligned(rows: readonly (readonly string[])[], ruled: boolean): string[] {
  const columns = Math.max(0, ...rows.map((cells) => cells.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((cells) => textWidth(cells[i] ?? ""))));
  const lines = rows.map((cells) =>
    cells
      .map((cell, i) => cell + " ".repeat((widths[i] ?? 0) - textWidth(cell)))
      .join("  ")
      .trimEnd(),
  );
  if (!ruled) return lines;
  const rule = "─".repeat(widths.slice(0, -1).reduce((sum, w) => sum + w + 2, -2));
  return [lines[0] as string, rule, ...lines.slice(1)];
}

/** Characters a text takes on a terminal. */
export const textWidth = (text: string) => [...text].length;
