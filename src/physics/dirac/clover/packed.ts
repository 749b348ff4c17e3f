import { addProduct, type Complex, conj, letComplex, type Row } from "../../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, Int, type ModuleBuilder, Vec } from "../../../kernels/builder.ts";

/**
 * A Hermitian D x D matrix a site in D^2 numbers, each a vec: the D numbers of the diagonal, then the entries below it row by
 * row, (re, im): (1, 0), (2, 0), (2, 1), (3, 0), …
 */
export const packedBytes = (k: { vecBytes: number }, size: number) => size * size * k.vecBytes;

/** Largest D whose rows are unrolled: two spins of SU(4). */
const UNROLL = 8;

/** Number of the entry (i, j), i > j, in the list below the diagonal. */
function below(i: Row, j: Row): Row {
  if (typeof i === "number" && typeof j === "number") return (i * (i - 1)) / 2 + j;
  const row = Int.of(i);
  return row.mul(row.sub(1)).shr(1).add(j);
}

/** `count` numbers (vec) after a pointer. */
const after = (k: Body, pointer: Int, count: Row): { at: Int; offset: number } =>
  typeof count === "number"
    ? { at: pointer, offset: count * k.vecBytes }
    : { at: k.let(pointer.add(count.mul(k.vecBytes))), offset: 0 };

const twice = (count: Row): Row => (typeof count === "number" ? 2 * count : count.mul(2));
const plus = (count: Row, more: number): Row => (typeof count === "number" ? count + more : count.add(more));

/** Where entry (i, j), i > j, of the matrix at `a` lies, its real part first. */
const lowerAt = (k: Body, size: number, a: Int, i: Row, j: Row) => after(k, a, plus(twice(below(i, j)), size));

function lower(k: Body, size: number, a: Int, i: Row, j: Row): Complex {
  const { at, offset } = lowerAt(k, size, a, i, j);
  return { re: k.load(at, offset), im: k.load(at, offset + k.vecBytes) };
}

export function diagonal(k: Body, a: Int, i: Row): Vec {
  const { at, offset } = after(k, a, i);
  return k.load(at, offset);
}

/** Entry (i, j) of the matrix at `a`, wherever it lies. */
export function packedEntry(k: Body, size: number, a: Int, i: number, j: number): Complex {
  if (i === j) return { re: diagonal(k, a, i), im: Vec.of(0) };
  return i > j ? lower(k, size, a, i, j) : conj(lower(k, size, a, j, i));
}

export function putDiagonal(k: Body, a: Int, i: Row, value: Vec | number): void {
  const { at, offset } = after(k, a, i);
  k.store(at, offset, value);
}

export function putLower(k: Body, size: number, a: Int, i: Row, j: Row, value: Complex): void {
  const { at, offset } = lowerAt(k, size, a, i, j);
  k.store(at, offset, value.re);
  k.store(at, offset + k.vecBytes, value.im);
}

/** A loop that is unrolled where its bounds are numbers. */
function forRange(k: Body, from: Row, to: Row, emit: (i: Row) => void): void {
  if (typeof from === "number" && typeof to === "number") for (let i = from; i < to; i++) emit(i);
  else k.for(from, to, emit);
}

/** The function (out, a, x, scratch): out = A x for a packed A; out may be x. It uses 2 D vec of scratch. */
export function timesFunction(m: ModuleBuilder, size: number): FunctionRef {
  return m.helper(`hermitian${size}`, ["i32", "i32", "i32", "i32"] as const, (k, out, a, x, scratch) => {
    const input = vectorOf(k, size, x, scratch);
    forRange(k, 0, size <= UNROLL ? size : Int.of(size), (i) => {
      const own = input(i);
      const d = k.let(diagonal(k, a, i));
      const sum = letComplex(k, { re: own.re.mul(d), im: own.im.mul(d) });
      const add = (p: Complex, q: Complex, conjugate: boolean) => {
        const next = addProduct(sum, p, q, conjugate);
        k.set(sum.re, next.re);
        k.set(sum.im, next.im);
      };
      forRange(k, 0, i, (j) => add(letComplex(k, lower(k, size, a, i, j)), input(j), false));
      // A_ij = conj(A_ji) above the diagonal
      forRange(k, plus(i, 1), size, (j) => add(input(j), letComplex(k, lower(k, size, a, j, i)), true));
      const to = after(k, out, twice(i));
      k.store(to.at, to.offset, sum.re);
      k.store(to.at, to.offset + k.vecBytes, sum.im);
    });
  });
}

/** The components of the vector at x, out of reach of stores: in locals, or in scratch where there are many. */
function vectorOf(k: Body, size: number, x: Int, scratch: Int): (i: Row) => Complex {
  const from = (pointer: Int, i: Row): Complex => {
    const { at, offset } = after(k, pointer, twice(i));
    return letComplex(k, { re: k.load(at, offset), im: k.load(at, offset + k.vecBytes) });
  };
  if (size <= UNROLL) {
    const locals = Array.from({ length: size }, (_, i) => from(x, i));
    return (i) => locals[i as number]!;
  }
  k.for(0, 2 * size, (i) => {
    const offset = k.let(i.mul(k.vecBytes));
    k.store(scratch.add(offset), 0, k.load(x.add(offset)));
  });
  return (i) => from(scratch, i);
}

/** The whole matrix, [row][column][re, im], from the packed one. */
export function unpack(k: Body, size: number, full: Int, a: Int): void {
  const put = (i: Int, j: Int, z: Complex) => {
    const to = k.let(
      full.add(
        i
          .mul(size)
          .add(j)
          .mul(2 * k.vecBytes),
      ),
    );
    k.store(to, 0, z.re);
    k.store(to, k.vecBytes, z.im);
  };
  k.for(0, size, (i) => {
    put(i, i, { re: diagonal(k, a, i), im: Vec.of(0) });
    k.for(0, i, (j) => {
      const z = letComplex(k, lower(k, size, a, i, j));
      put(i, j, z);
      put(j, i, conj(z));
    });
  });
}

/** The packed matrix from the whole one, of which it reads the diagonal and what is below. */
export function pack(k: Body, size: number, a: Int, full: Int): void {
  const take = (i: Int, j: Int): Complex => {
    const from = k.let(
      full.add(
        i
          .mul(size)
          .add(j)
          .mul(2 * k.vecBytes),
      ),
    );
    return { re: k.load(from), im: k.load(from, k.vecBytes) };
  };
  k.for(0, size, (i) => {
    putDiagonal(k, a, i, take(i, i).re);
    k.for(0, i, (j) => putLower(k, size, a, i, j, letComplex(k, take(i, j))));
  });
}
