import { cosSinTurns, log } from "../../kernels/algebra/elementary.ts";
import { at, forRows, letComplex, loadRow, matrixBytes, peek } from "../../kernels/algebra/matrix.ts";
import { type Body, Int, ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { matrixOfCoordinates } from "./algebra.ts";
import { EXPONENTIAL_MATRICES, exponentialFunction, multiplyInPlace } from "./exponential.ts";
import { type LinkLayout, linkBytes, momentumBlockBytes, momentumBytes, vecBytes } from "./layout.ts";
import { projectFunction } from "./project.ts";

export type LinkKernel = "drift" | "kinetic" | "drawMomenta" | "defect" | "project" | "addScaled" | "scaleAdd";

/** Kernels of the manifold of links; items are blocks. */
export function linkKernels(layout: LinkLayout): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  drift(m, layout);
  kinetic(m, layout);
  drawMomenta(m, layout);
  defect(m, layout);
  project(m, layout);
  linear(m, layout);
  return m.finish();
}

/** drift(u, p, dt): U <- exp(dt P) U on every link. */
function drift(m: ModuleBuilder, layout: LinkLayout): void {
  const { group, dimension } = layout;
  const n = group.n;
  const exponential = exponentialFunction(m, n);
  m.kernel("drift", ["i32", "i32", "f64"] as const, (k, { begin, end, scratch }, u, p, dt) => {
    const bytes = matrixBytes(k, n);
    const q = k.let(scratch.add(EXPONENTIAL_MATRICES * bytes));
    const e = k.let(q.add(bytes));
    k.for(begin.mul(dimension), end.mul(dimension), (link) => {
      const norm2 = matrixOfCoordinates(k, group, at(q), k.let(p.add(link.mul(momentumBytes(layout)))), dt);
      k.call(exponential, e, q, norm2, scratch);
      multiplyInPlace(k, n, e, k.let(u.add(link.mul(linkBytes(layout)))));
    });
  });
}

/** kinetic(partials, p): sum of p_a^2 / 2. */
function kinetic(m: ModuleBuilder, layout: LinkLayout): void {
  const count = layout.dimension * layout.group.generators;
  m.kernel("kinetic", ["i32", "i32"] as const, (k, { begin, end, chunk }, partials, p) => {
    const sum = k.let(Vec.of(0));
    k.for(begin, end, (block) => {
      const at = k.let(p.add(block.mul(momentumBlockBytes(layout))));
      k.for(0, count, (i) => {
        const x = k.let(k.load(at.add(i.mul(k.vecBytes))));
        k.set(sum, sum.plus(x, x));
      });
    });
    k.store(partials.add(chunk.mul(k.vecBytes)), 0, sum.mul(0.5));
  });
}

/**
 * drawMomenta(p, sites, k0, k1, step): p_a ~ N(0, 1). The normals of a site are numbered mu * generators + a along the
 * stream at that site, so that the numbers are those of Rng.at(purpose, step, site).normal().
 */
function drawMomenta(m: ModuleBuilder, layout: LinkLayout): void {
  const count = layout.dimension * layout.group.generators;
  m.kernel("drawMomenta", ["i32", "i32", "i32", "i32", "i32"] as const, (k, range, p, sites, k0, k1, step) => {
    const { begin, end, scratch } = range;
    k.for(begin, end, (block) => {
      const out = k.let(p.add(block.mul(momentumBlockBytes(layout))));
      const site = k.let(sites.add(block.mul(4 * layout.width.lanes)));
      k.for(0, Math.ceil(count / 2), (pair) => {
        k.philox([k0, k1], pair, site, step, Int.of(0), scratch);
        const r = k.let(
          log(k, Vec.of(1).sub(k.load(scratch)))
            .mul(-2)
            .sqrt(),
        );
        const { cos, sin } = cosSinTurns(k, k.load(scratch, k.vecBytes));
        const to = k.let(out.add(pair.mul(2 * k.vecBytes)));
        k.store(to, 0, r.mul(cos));
        const second = () => k.store(to, k.vecBytes, r.mul(sin));
        if (count % 2 === 0) second();
        else k.if(pair.lt((count - 1) / 2), second);
      });
    });
  });
}

/** defect(partials, u): largest entry of |U U^dagger - 1| in each chunk. */
function defect(m: ModuleBuilder, layout: LinkLayout): void {
  const { group, dimension } = layout;
  const n = group.n;
  m.kernel("defect", ["i32", "i32"] as const, (k, { begin, end, chunk }, out, u) => {
    const worst = k.let(Vec.of(0));
    k.for(begin.mul(dimension), end.mul(dimension), (link) => {
      const x = at(k.let(u.add(link.mul(linkBytes(layout)))));
      forRows(k, n, (i) => {
        const row = loadRow(k, n, x, i);
        for (let j = 0; j < n; j++) {
          let re: Vec | undefined;
          let im: Vec | undefined;
          for (let c = 0; c < n; c++) {
            const b = letComplex(k, peek(k, n, x, j, c));
            const a = row[c]!;
            re = (re ?? Vec.of(0)).plus(a.re, b.re).plus(a.im, b.im);
            im = (im ?? Vec.of(0)).plus(a.im, b.re).minus(a.re, b.im);
          }
          const one = typeof i === "number" ? Vec.of(i === j ? 1 : 0) : k.let(Vec.of(0));
          if (typeof i !== "number") k.if(i.eq(j), () => k.set(one, Vec.of(1)));
          k.set(worst, worst.max(re!.sub(one).abs()).max(im!.abs()));
        }
      });
    });
    k.store(out.add(chunk.mul(k.vecBytes)), 0, worst);
  });
}

/** project(u): back to the group by Gram-Schmidt, see project.ts. */
function project(m: ModuleBuilder, layout: LinkLayout): void {
  const one = projectFunction(m, layout.group);
  m.kernel("project", ["i32"] as const, (k, { begin, end, scratch }, u) => {
    k.for(begin.mul(layout.dimension), end.mul(layout.dimension), (link) => {
      k.call(one, k.let(u.add(link.mul(linkBytes(layout)))), scratch);
    });
  });
}

/** addScaled(y, x, a): y <- y + a x; scaleAdd(y, x, a): y <- a y + x, on momenta. */
function linear(m: ModuleBuilder, layout: LinkLayout): void {
  const count = layout.dimension * layout.group.generators;
  const each = (k: Body, begin: Int, end: Int, emit: (offset: Int) => void) =>
    k.for(begin.mul(count), end.mul(count), (i) => emit(k.let(i.mul(vecBytes(layout)))));
  m.kernel("addScaled", ["i32", "i32", "f64"] as const, (k, { begin, end }, y, x, a) => {
    each(k, begin, end, (o) => k.store(y.add(o), 0, k.load(y.add(o)).plus(a, k.load(x.add(o)))));
  });
  m.kernel("scaleAdd", ["i32", "i32", "f64"] as const, (k, { begin, end }, y, x, a) => {
    each(k, begin, end, (o) => k.store(y.add(o), 0, k.load(x.add(o)).plus(a, k.load(y.add(o)))));
  });
}
