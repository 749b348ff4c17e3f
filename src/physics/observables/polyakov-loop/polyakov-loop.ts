import { z } from "zod";
import { at, copyMatrix, multiplyFunction, peek } from "../../../kernels/algebra/matrix.ts";
import { ModuleBuilder } from "../../../kernels/builder.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import { coordinates } from "../../../lattice/geometry.ts";
import type { Lattice } from "../../../lattice/lattice.ts";
import { type LinkLayout, layoutKey, linkBytes, Walker } from "../../../lattice/links/layout.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { directionOf } from "../../loops/families.ts";
import type { Observable } from "../../observable.ts";

/** Mean of tr prod U_mu over the lines once round the lattice in a direction (from 0); not divided by N. */
export function polyakovLoop(space: LinkSpace, address: number, mu: number): { re: number; im: number } {
  const { lattice, layout } = space;
  const { device, neighbours, extents } = lattice;
  const { lanes } = layout.width;
  const starts = lattice.list(`polyakov/${mu}`, () => lineStarts(lattice, mu));
  const kernels = device.kernels<"polyakov">(`polyakov/${layoutKey(layout)}`, () => polyakovModule(layout));
  const args = [starts.address, address, neighbours, mu, extents[mu]!];
  const [re, im] = device.sum(kernels.polyakov, starts.length, 2, lanes, ...args);
  const lines = starts.length * lanes;
  // the trace of SU(2) is real; what the sum leaves is rounding, and no error can be given to that
  return { re: re! / lines, im: space.group.name === "SU(2)" ? 0 : im! / lines };
}

/**
 * Blocks with a site at x_mu = 0. Where the partner of a site lies half-way along the same direction every line is
 * there twice, else once: the mean is the same.
 */
function lineStarts({ geometry }: Lattice, mu: number): number[] {
  const { lanes, sites, extents, blocks } = geometry;
  const starts = (block: number) =>
    Array.from({ length: lanes }, (_, lane) => sites[block * lanes + lane]!).some(
      (site) => coordinates(site, extents)[mu] === 0,
    );
  return Array.from({ length: blocks }, (_, block) => block).filter(starts);
}

/** Kernel polyakov(partials, list, u, neighbours, mu, length): sum of tr of the lines that begin at the listed blocks. */
function polyakovModule(layout: LinkLayout): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const { n } = layout.group;
  const size = linkBytes(layout);
  const product = multiplyFunction(m, n);
  m.kernel(
    "polyakov",
    ["i32", "i32", "i32", "i32", "i32", "i32"] as const,
    (k, { begin, end, scratch, chunk }, partials, list, u, neighbours, mu, length) => {
      const walk = new Walker(m, k, layout, neighbours);
      const sums = k.let(partials.add(chunk.mul(2 * k.vecBytes)));
      k.store(sums, 0, 0);
      k.store(sums, k.vecBytes, 0);
      k.for(begin, end, (index) => {
        const place = walk.start(k.let(k.loadInt(list.add(index.mul(4)))));
        const line = k.let(scratch.add(size));
        const longer = k.let(scratch.add(2 * size));
        copyMatrix(k, n, at(line), walk.link(u, place, mu, scratch));
        k.for(1, length, () => {
          k.set(place, walk.step(place, mu, true));
          k.call(product, longer, line, walk.link(u, place, mu, scratch).pointer);
          const done = k.let(longer.add(0));
          k.set(longer, line);
          k.set(line, done);
        });
        for (let i = 0; i < n; i++) {
          const z = peek(k, n, at(line), i, i);
          k.store(sums, 0, k.load(sums).add(z.re));
          k.store(sums, k.vecBytes, k.load(sums, k.vecBytes).add(z.im));
        }
      });
    },
  );
  return m.finish();
}

const parameters = z.object({
  direction: z.enum(["x", "y", "z", "t"]).default("t").describe("direction of the lines; t is the last"),
});

export const polyakovLoopObservable: Definition<typeof parameters, Observable, Bench> = {
  name: "polyakov-loop",
  title: "mean Polyakov loop tr prod U_t (not divided by N): real and imaginary part, modulus",
  cite: ["A. M. Polyakov, Phys. Lett. B 72 (1978) 477", "L. Susskind, Phys. Rev. D 20 (1979) 2610"],
  parameters,
  build({ direction }, bench) {
    const space = linksOf(bench, "polyakov-loop");
    const mu = directionOf(direction, space.lattice.dimension);
    const labels = ["re", "im", "abs"];
    return {
      name: "polyakov-loop",
      measure(c) {
        const { re, im } = polyakovLoop(space, c.field.address, mu);
        return [{ name: "polyakov-loop", labels, values: Float64Array.of(re, im, Math.hypot(re, im)) }];
      },
    };
  },
};
