/** Columns padded to their widest cell; the first is aligned left, the rest right where `numbers` is set. */
export function columns(rows: readonly (readonly string[])[], indent = ""): string {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, cell.length)), []);
  return rows
    .map(
      (row) =>
        indent +
        row
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join("  ")
          .trimEnd(),
    )
    .join("\n");
}

/** Bytes for people: "512 MiB", "3.1 GiB". */
export function bytes(n: number): string {
  return n < 2 ** 30 ? `${Math.round(n / 2 ** 20)} MiB` : `${(n / 2 ** 30).toFixed(1)} GiB`;
}
