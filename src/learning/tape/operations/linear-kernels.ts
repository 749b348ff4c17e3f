import { at, letComplex, peek } from "../../../kernels/algebra/matrix.ts";
import { type Body, type Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { Kernels } from "../../../kernels/device.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import { type LinkLayout, layoutKey, linkBytes } from "../../../lattice/links/layout.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";

export type LinearKernel =
  | "scale"
  | "addScaled"
  | "addNumber"
  | "addProduct"
  | "product"
  | "total"
  | "dot"
  | "traceProduct";

/** The kernels that go number by number, whatever the numbers mean; `count` is how many vec a block has. Items are blocks. */
export const linearKernels = ({ lattice, layout }: LinkSpace): Kernels<LinearKernel> =>
  lattice.device.kernels<LinearKernel>(`tape linear/${layoutKey(layout)}`, () => linearModule(layout));

function linearModule(layout: LinkLayout): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  // scale(y, x, count, a): y = a x
  m.kernel("scale", ["i32", "i32", "i32", "f64"] as const, (k, range, y, x, count, a) =>
    forNumbers(k, range, count, (o) => k.store(y.add(o), 0, k.load(x.add(o)).mul(a))),
  );
  // addScaled(y, x, count, a): y += a x
  m.kernel("addScaled", ["i32", "i32", "i32", "f64"] as const, (k, range, y, x, count, a) =>
    forNumbers(k, range, count, (o) => k.store(y.add(o), 0, k.load(y.add(o)).plus(a, k.load(x.add(o))))),
  );
  // addNumber(y, count, a): y += a
  m.kernel("addNumber", ["i32", "i32", "f64"] as const, (k, range, y, count, a) =>
    forNumbers(k, range, count, (o) => k.store(y.add(o), 0, k.load(y.add(o)).add(a))),
  );
  // product(z, x, y, count): z = x y
  m.kernel("product", ["i32", "i32", "i32", "i32"] as const, (k, range, z, x, y, count) =>
    forNumbers(k, range, count, (o) => k.store(z.add(o), 0, k.load(x.add(o)).mul(k.load(y.add(o))))),
  );
  // addProduct(z, x, y, count): z += x y
  m.kernel("addProduct", ["i32", "i32", "i32", "i32"] as const, (k, range, z, x, y, count) =>
    forNumbers(k, range, count, (o) => k.store(z.add(o), 0, k.load(z.add(o)).plus(k.load(x.add(o)), k.load(y.add(o))))),
  );
  // total(partials, x, count): the sum of all numbers
  m.kernel("total", ["i32", "i32", "i32"] as const, (k, range, partials, x, count) => {
    const sum = k.let(Vec.of(0));
    forNumbers(k, range, count, (o) => k.set(sum, sum.add(k.load(x.add(o)))));
    k.store(partials.add(range.chunk.mul(k.vecBytes)), 0, sum);
  });
  // dot(partials, x, y, count): the sum of x y
  m.kernel("dot", ["i32", "i32", "i32", "i32"] as const, (k, range, partials, x, y, count) => {
    const sum = k.let(Vec.of(0));
    forNumbers(k, range, count, (o) => k.set(sum, sum.plus(k.load(x.add(o)), k.load(y.add(o)))));
    k.store(partials.add(range.chunk.mul(k.vecBytes)), 0, sum);
  });
  traceProduct(m, layout);
  return m.finish();
}

function forNumbers(k: Body, { begin, end }: { begin: Int; end: Int }, count: Int, emit: (offset: Int) => void): void {
  k.for(begin.mul(count), end.mul(count), (i) => emit(k.let(i.mul(k.vecBytes))));
}

/** traceProduct(partials, g, x): the sum of Re tr(g x) over all links. */
function traceProduct(m: ModuleBuilder, layout: LinkLayout): void {
  const { group, dimension } = layout;
  const { n } = group;
  m.kernel("traceProduct", ["i32", "i32", "i32"] as const, (k, { begin, end, chunk }, partials, g, x) => {
    const sum = k.let(Vec.of(0));
    k.for(begin.mul(dimension), end.mul(dimension), (link) => {
      const shift = k.let(link.mul(linkBytes(layout)));
      const [left, right] = [at(k.let(g.add(shift))), at(k.let(x.add(shift)))];
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          const [a, b] = [letComplex(k, peek(k, n, left, i, j)), letComplex(k, peek(k, n, right, j, i))];
          k.set(sum, sum.plus(a.re, b.re).minus(a.im, b.im));
        }
    });
    k.store(partials.add(chunk.mul(k.vecBytes)), 0, sum);
  });
}
