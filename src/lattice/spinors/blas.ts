import { type Body, type Int, ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import type { SpinorLayout } from "./layout.ts";

export type BlasKernel =
  | "fill" | "copy" | "axpy" | "xpay" | "axpby" | "complexAxpy" | "norm2" | "dot" | "cgStep" | "shiftStep"; // biome-ignore format: a list

/**
 * Linear algebra on vectors; items are blocks, and every vector is passed by the address of its first block. All are
 * sums over [component][re, im], so they do not know what a component is.
 */
export function blasKernels(layout: SpinorLayout): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const all = flat(2 * layout.components);
  const pairs = flat(layout.components);
  const two = ["i32", "i32"] as const;

  m.kernel("fill", ["i32", "f64"] as const, (k, range, x, a) => all(k, range, 1, (o) => k.store(x.add(o), 0, a)));
  m.kernel("copy", two, (k, range, y, x) => all(k, range, 1, (o) => k.store(y.add(o), 0, k.load(x.add(o)))));
  // axpy(y, x, a): y <- y + a x
  m.kernel("axpy", ["i32", "i32", "f64"] as const, (k, range, y, x, a) =>
    all(k, range, 1, (o) => k.store(y.add(o), 0, k.load(y.add(o)).plus(a, k.load(x.add(o))))),
  );
  // xpay(y, x, a): y <- x + a y
  m.kernel("xpay", ["i32", "i32", "f64"] as const, (k, range, y, x, a) =>
    all(k, range, 1, (o) => k.store(y.add(o), 0, k.load(x.add(o)).plus(a, k.load(y.add(o))))),
  );
  // axpby(z, x, y, a, b): z <- a x + b y
  m.kernel("axpby", ["i32", "i32", "i32", "f64", "f64"] as const, (k, range, z, x, y, a, b) =>
    all(k, range, 1, (o) =>
      k.store(
        z.add(o),
        0,
        k
          .load(x.add(o))
          .mul(a)
          .plus(b, k.load(y.add(o))),
      ),
    ),
  );
  // complexAxpy(y, x, re, im): y <- y + (re + i im) x
  m.kernel("complexAxpy", ["i32", "i32", "f64", "f64"] as const, (k, range, y, x, re, im) =>
    pairs(k, range, 2, (o) => {
      const [xr, xi] = [k.let(k.load(x.add(o))), k.let(k.load(x.add(o), k.vecBytes))];
      k.store(y.add(o), 0, k.load(y.add(o)).plus(re, xr).minus(im, xi));
      k.store(y.add(o), k.vecBytes, k.load(y.add(o), k.vecBytes).plus(re, xi).plus(im, xr));
    }),
  );
  m.kernel("norm2", two, (k, range, partials, x) => {
    const sums = accumulators(k);
    all(k, range, 1, (o, u) => {
      const a = k.let(k.load(x.add(o)));
      sums.add(u, (s) => s.plus(a, a));
    });
    k.store(partials.add(range.chunk.mul(k.vecBytes)), 0, sums.total());
  });
  // dot(partials, x, y): x^dagger y
  m.kernel("dot", ["i32", "i32", "i32"] as const, (k, range, partials, x, y) => {
    const [re, im] = [accumulators(k, 2), accumulators(k, 2)];
    pairs(k, range, 2, (o, u) => {
      const [xr, xi] = [k.let(k.load(x.add(o))), k.let(k.load(x.add(o), k.vecBytes))];
      const [yr, yi] = [k.let(k.load(y.add(o))), k.let(k.load(y.add(o), k.vecBytes))];
      re.add(u, (s) => s.plus(xr, yr).plus(xi, yi));
      im.add(u, (s) => s.plus(xr, yi).minus(xi, yr));
    });
    const out = k.let(partials.add(range.chunk.mul(2 * k.vecBytes)));
    k.store(out, 0, re.total());
    k.store(out, k.vecBytes, im.total());
  });
  // cgStep(partials, x, r, p, q, a): x <- x + a p, r <- r - a q, and |r|^2
  m.kernel("cgStep", ["i32", "i32", "i32", "i32", "i32", "f64"] as const, (k, range, partials, x, r, p, q, a) => {
    const sums = accumulators(k);
    all(k, range, 1, (o, u) => {
      k.store(x.add(o), 0, k.load(x.add(o)).plus(a, k.load(p.add(o))));
      const left = k.let(k.load(r.add(o)).minus(a, k.load(q.add(o))));
      k.store(r.add(o), 0, left);
      sums.add(u, (s) => s.plus(left, left));
    });
    k.store(partials.add(range.chunk.mul(k.vecBytes)), 0, sums.total());
  });
  // shiftStep(x, p, r, a, c, b): x <- x + a p, p <- c r + b p (one shift of multi-shift CG)
  m.kernel("shiftStep", ["i32", "i32", "i32", "f64", "f64", "f64"] as const, (k, range, x, p, r, a, c, b) =>
    all(k, range, 1, (o) => {
      const old = k.let(k.load(p.add(o)));
      k.store(x.add(o), 0, k.load(x.add(o)).plus(a, old));
      k.store(p.add(o), 0, k.load(r.add(o)).mul(c).plus(b, old));
    }),
  );
  return m.finish();
}

interface Range {
  readonly begin: Int;
  readonly end: Int;
}

/** Largest divisor of n up to 8: how far the loop over a block's numbers is unrolled. */
const unrolled = (n: number) => [8, 7, 6, 5, 4, 3, 2, 1].find((u) => n % u === 0)!;

/**
 * Runs over `count` entries of `vecs` vec each in every block of the range, several a round: `emit` gets the offset in bytes from
 * the start of the vector and the number of the entry in the round.
 */
const flat =
  (count: number) =>
  (k: Body, { begin, end }: Range, vecs: number, emit: (offset: Int, u: number) => void): void => {
    const by = unrolled(count);
    k.for(begin.mul(count / by), end.mul(count / by), (i) => {
      const at = k.let(i.mul(by * vecs * k.vecBytes));
      for (let u = 0; u < by; u++) emit(u === 0 ? at : k.let(at.add(u * vecs * k.vecBytes)), u);
    });
  };

/** Several sums in turn, so that one addition does not wait for the last. */
function accumulators(k: Body, count = 4) {
  const sums = Array.from({ length: count }, () => k.let(Vec.of(0)));
  return {
    add(u: number, next: (sum: Vec) => Vec): void {
      const sum = sums[u % count]!;
      k.set(sum, next(sum));
    },
    total: (): Vec => sums.slice(1).reduce((a, b) => a.add(b), sums[0]!),
  };
}
