/** SU(3) links without their third row, which is conj(row 1 x row 2). Six complex numbers a link instead of nine. */

export function dropThirdRow(links: Float64Array): Float64Array {
  const count = links.length / 18;
  const out = new Float64Array(12 * count);
  for (let link = 0; link < count; link++) out.set(links.subarray(18 * link, 18 * link + 12), 12 * link);
  return out;
}

export function restoreThirdRow(rows: Float64Array): Float64Array {
  const count = rows.length / 12;
  const out = new Float64Array(18 * count);
  for (let link = 0; link < count; link++) {
    const u = 18 * link;
    out.set(rows.subarray(12 * link, 12 * link + 12), u);
    for (let c = 0; c < 3; c++) {
      const [i, j] = [(c + 1) % 3, (c + 2) % 3];
      const [a, b] = [minor(out, u + 2 * i, u + 6 + 2 * j), minor(out, u + 2 * j, u + 6 + 2 * i)];
      out[u + 12 + 2 * c] = a.re - b.re;
      out[u + 13 + 2 * c] = -(a.im - b.im);
    }
  }
  return out;
}

/** Product of the complex numbers at p and q. */
function minor(z: Float64Array, p: number, q: number): { re: number; im: number } {
  return { re: z[p]! * z[q]! - z[p + 1]! * z[q + 1]!, im: z[p]! * z[q + 1]! + z[p + 1]! * z[q]! };
}
