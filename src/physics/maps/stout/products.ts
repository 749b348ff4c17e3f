import { at, forElements, forRows, letComplex, type Matrix, peek, poke } from "../../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, type ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { Group } from "../../../lattice/group.ts";

export interface ProductForm {
  readonly daggerA?: boolean;
  readonly daggerB?: boolean;
  /** Add to what is there. */
  readonly accumulate?: boolean;
}

/**
 * Products among links, real combinations of products of links, and their tangents along links.
 *
 * For SU(2) all of these are quaternions, (a b; -b^* a^*), which one row tells: a product takes 28 operations instead of
 * 56, and touches the first row of its factors and of its result only. `complete` writes the second. For other groups
 * they are matrices, and always complete.
 */
export interface Products {
  /** out = or += op(a) op(b); out must not overlap a or b. */
  multiply(k: Body, out: Int, a: Int, b: Int, form?: ProductForm): void;
  /** out = or += x. */
  add(k: Body, out: Int, x: Int, accumulate: boolean): void;
  /** Writes what the others have left out. */
  complete(k: Body, out: Int): void;
}

export function productsOf(m: ModuleBuilder, group: Group): Products {
  if (group.special && group.n === 2) return quaternions;
  const { n } = group;
  return {
    multiply(k, out, a, b, form = {}) {
      if (n < 3) multiplyRows(k, n, at(out), at(a), at(b), form);
      else k.call(productFunction(m, n, form), out, a, b);
    },
    add(k, out, x, accumulate) {
      const shift = k.let(out.sub(x));
      const before = (p: Int, o: number) => (accumulate ? k.load(p.add(shift), o).add(k.load(p, o)) : k.load(p, o));
      forElements(k, n, (p, o) => k.store(p.add(shift), o, before(p, o)), at(x));
    },
    complete() {},
  };
}

const productFunction = (m: ModuleBuilder, n: number, form: ProductForm): FunctionRef =>
  m.helper(`product${JSON.stringify(form)}`, ["i32", "i32", "i32"] as const, (k, out, a, b) =>
    multiplyRows(k, n, at(out), at(a), at(b), form),
  );

/** Row by row, as `multiply` of kernels/algebra, with the signs of daggers in the sums. */
function multiplyRows(k: Body, n: number, out: Matrix, a: Matrix, b: Matrix, form: ProductForm): void {
  const { daggerA: conjA = false, daggerB: conjB = false, accumulate } = form;
  const add = (sum: Vec | undefined, plus: boolean, x: Vec, y: Vec): Vec => {
    if (!sum) return plus ? x.mul(y) : Vec.of(0).minus(x, y);
    return plus ? sum.plus(x, y) : sum.minus(x, y);
  };
  forRows(k, n, (i) => {
    const row = Array.from({ length: n }, (_, c) => letComplex(k, conjA ? peek(k, n, a, c, i) : peek(k, n, a, i, c)));
    for (let j = 0; j < n; j++) {
      let re: Vec | undefined;
      let im: Vec | undefined;
      if (accumulate) ({ re, im } = letComplex(k, peek(k, n, out, i, j)));
      row.forEach((x, c) => {
        const y = letComplex(k, conjB ? peek(k, n, b, j, c) : peek(k, n, b, c, j));
        re = add(add(re, true, x.re, y.re), conjA !== conjB, x.im, y.im);
        im = conjB
          ? add(add(im, !conjA, x.im, y.re), false, x.re, y.im)
          : add(add(im, true, x.re, y.im), !conjA, x.im, y.re);
      });
      poke(k, n, out, i, j, { re: re!, im: im! });
    }
  });
}

/** Where the components of x0 + i (x1 sigma_1 + x2 sigma_2 + x3 sigma_3) stand in the first row, in vec. */
const PLACE = [0, 3, 2, 1] as const;

/** Component c of a product is sum over (i, j) of sign x_i y_j. */
const TABLE: readonly (readonly (readonly [sign: 1 | -1, i: number, j: number])[])[] = [
  [
    [1, 0, 0],
    [-1, 1, 1],
    [-1, 2, 2],
    [-1, 3, 3],
  ],
  ...[1, 2, 3].map((c) => {
    const [p, q] = [(c % 3) + 1, ((c + 1) % 3) + 1];
    return [
      [1, 0, c],
      [1, c, 0],
      [-1, p, q],
      [1, q, p],
    ] as const;
  }),
];

const quaternions: Products = {
  multiply(k, out, a, b, { daggerA = false, daggerB = false, accumulate = false } = {}) {
    const [x, y] = [a, b].map((p) => PLACE.map((place) => k.let(k.load(p, place * k.vecBytes)))) as [Vec[], Vec[]];
    TABLE.forEach((terms, c) => {
      const signed = terms.map(([sign, i, j]) => {
        const flips = Number(daggerA && i > 0) + Number(daggerB && j > 0);
        return { plus: (sign === 1) === (flips % 2 === 0), a: x[i]!, b: y[j]! };
      });
      let sum = accumulate ? k.load(out, PLACE[c]! * k.vecBytes) : undefined;
      // a sum begins with a term that is not subtracted
      for (const term of signed.sort((s, t) => Number(t.plus) - Number(s.plus))) {
        if (!sum) sum = term.plus ? term.a.mul(term.b) : Vec.of(0).minus(term.a, term.b);
        else sum = term.plus ? sum.plus(term.a, term.b) : sum.minus(term.a, term.b);
      }
      k.store(out, PLACE[c]! * k.vecBytes, sum!);
    });
  },
  add(k, out, x, accumulate) {
    for (let i = 0; i < 4; i++) {
      const own = k.load(x, i * k.vecBytes);
      k.store(out, i * k.vecBytes, accumulate ? k.load(out, i * k.vecBytes).add(own) : own);
    }
  },
  complete(k, out) {
    const [re0, im0, re1, im1] = [0, 1, 2, 3].map((i) => k.load(out, i * k.vecBytes)) as [Vec, Vec, Vec, Vec];
    [re1.neg(), im1, re0, im0.neg()].forEach((x, i) => k.store(out, (4 + i) * k.vecBytes, x));
  },
};
