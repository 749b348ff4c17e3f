/** Where a block of a complex row-major matrix (re, im interleaved) begins, and how long its rows are (in numbers). */
export interface Block {
  readonly data: Float64Array;
  /** Index of the first number of the block. */
  readonly offset: number;
  /** Numbers from one row to the next: 2 x columns of the whole matrix. */
  readonly stride: number;
}

const tile = 32;

/**
 * C <- C - A B for blocks C (rows x columns), A (rows x depth) and B (depth x columns), the innermost loop of blocked
 * elimination. B is packed by columns, so that two rows times two columns are scalar products of contiguous numbers,
 * and taken in tiles that stay in the first-level cache.
 */
export function subtractProduct(c: Block, a: Block, b: Block, rows: number, depth: number, columns: number): void {
  const length = 2 * depth;
  const packed = new Float64Array(tile * length);
  for (let first = 0; first < columns; first += tile) {
    const width = Math.min(tile, columns - first);
    pack(packed, b, first, width, depth);
    for (let i = 0; i < rows; i += 2)
      for (let j = 0; j < width; j += 2) {
        const ia = a.offset + i * a.stride;
        const ic = c.offset + i * c.stride + 2 * (first + j);
        const jb = j * length;
        if (i + 1 < rows && j + 1 < width) fourProducts(c.data, ic, c.stride, a.data, ia, a.stride, packed, jb, length);
        else edge(c, ic, a, ia, packed, jb, length, Math.min(2, rows - i), Math.min(2, width - j));
      }
  }
}

/** Columns first .. first + width of B, one after the other. */
function pack(packed: Float64Array, b: Block, first: number, width: number, depth: number): void {
  for (let k = 0; k < depth; k++) {
    let from = b.offset + k * b.stride + 2 * first;
    for (let j = 0, to = 2 * k; j < width; j++, to += 2 * depth, from += 2) {
      packed[to] = b.data[from]!;
      packed[to + 1] = b.data[from + 1]!;
    }
  }
}

/** Two rows of A times two packed columns, subtracted from C: eight running sums in registers. */
function fourProducts(
  c: Float64Array,
  ic: number,
  strideC: number,
  a: Float64Array,
  ia: number,
  strideA: number,
  b: Float64Array,
  jb: number,
  length: number,
): void {
  let r00 = 0;
  let i00 = 0;
  let r01 = 0;
  let i01 = 0;
  let r10 = 0;
  let i10 = 0;
  let r11 = 0;
  let i11 = 0;
  const ja = ia + strideA;
  const kb = jb + length;
  for (let k = 0; k < length; k += 2) {
    const p = a[ia + k]!;
    const q = a[ia + k + 1]!;
    const s = a[ja + k]!;
    const t = a[ja + k + 1]!;
    const u = b[jb + k]!;
    const v = b[jb + k + 1]!;
    const x = b[kb + k]!;
    const y = b[kb + k + 1]!;
    r00 += p * u - q * v;
    i00 += p * v + q * u;
    r01 += p * x - q * y;
    i01 += p * y + q * x;
    r10 += s * u - t * v;
    i10 += s * v + t * u;
    r11 += s * x - t * y;
    i11 += s * y + t * x;
  }
  c[ic]! -= r00;
  c[ic + 1]! -= i00;
  c[ic + 2]! -= r01;
  c[ic + 3]! -= i01;
  c[ic + strideC]! -= r10;
  c[ic + strideC + 1]! -= i10;
  c[ic + strideC + 2]! -= r11;
  c[ic + strideC + 3]! -= i11;
}

/** The same for the single row or column that is left over. */
function edge(
  c: Block,
  ic: number,
  a: Block,
  ia: number,
  packed: Float64Array,
  jb: number,
  length: number,
  rows: number,
  columns: number,
): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < length; k += 2) {
        const p = a.data[ia + i * a.stride + k]!;
        const q = a.data[ia + i * a.stride + k + 1]!;
        const u = packed[jb + j * length + k]!;
        const v = packed[jb + j * length + k + 1]!;
        re += p * u - q * v;
        im += p * v + q * u;
      }
      c.data[ic + i * c.stride + 2 * j]! -= re;
      c.data[ic + i * c.stride + 2 * j + 1]! -= im;
    }
}
