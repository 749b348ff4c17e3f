import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import { Field } from "../../../lattice/field.ts";
import { layoutKey } from "../../../lattice/links/layout.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import type { Observable } from "../../observable.ts";
import { lineModule, temporalPlace } from "./lines.ts";

/**
 * Re tr W(R,T) / N averaged over sites and spatial directions, [R - 1][T - 1], from products of straight lines. The
 * lines take as much memory as 2 + ceil((maxT - 1)/d) configurations.
 */
export function wilsonLoops(space: LinkSpace, address: number, maxR: number, maxT: number): Float64Array[] {
  const { lattice, layout } = space;
  const { device, blocks, neighbours, dimension } = lattice;
  const key = `wilson-loop/${maxT}/${layoutKey(layout)}`;
  const { extend, loops } = device.kernels<"extend" | "loops">(key, () => lineModule(layout, maxT));
  const stride = 8 * space.length;
  const time = dimension - 1;
  const place = (t: number) => {
    const [field, slot] = t === 1 ? [0, time] : temporalPlace(t, dimension);
    return [t === 1 ? address : temporal.address + field * stride, slot] as const;
  };
  const temporal = new Field(device, space.length * Math.max(1, Math.ceil((maxT - 1) / dimension)));
  let [spatial, longer] = [new Field(device, space.length), new Field(device, space.length)];
  try {
    for (let t = 2; t <= maxT; t++) device.run(extend, blocks, address, time, ...place(t - 1), ...place(t), neighbours);
    const scale = 1 / (space.group.n * lattice.volume * time);
    const rows: Float64Array[] = [];
    for (let r = 1; r <= maxR; r++) {
      const from = r === 1 ? address : spatial.address;
      const args = [address, from, temporal.address, stride, neighbours, r];
      rows.push(device.sum(loops, blocks, maxT, layout.width.lanes, ...args).map((sum) => sum * scale));
      if (r === maxR) break;
      for (let i = 0; i < time; i++) device.run(extend, blocks, address, i, from, i, longer.address, i, neighbours);
      [spatial, longer] = [longer, spatial];
    }
    return rows;
  } finally {
    for (const field of [temporal, spatial, longer]) field.release();
  }
}

const parameters = z.object({
  maxR: z.int().min(1).default(4).describe("largest extent in space (at most the shortest of the lattice)"),
  maxT: z.int().min(1).max(64).default(4).describe("largest extent in time (at most that of the lattice)"),
});

export const wilsonLoopObservable: Definition<typeof parameters, Observable, Bench> = {
  name: "wilson-loop",
  title: "Wilson loops W(R,T) = Re tr / N over space-time rectangles, R in space and T in time",
  cite: ["K. G. Wilson, Phys. Rev. D 10 (1974) 2445"],
  parameters,
  build({ maxR, maxT }, bench) {
    const space = linksOf(bench, "wilson-loop");
    const { extents, dimension } = space.lattice;
    if (dimension < 2) throw new RangeError("wilson-loop needs a direction in space; this lattice has only time");
    const rows = Math.min(maxR, ...extents.slice(0, -1));
    const columns = Math.min(maxT, extents[dimension - 1]!);
    const labels = Array.from({ length: rows * columns }, (_, i) => {
      return `W(${Math.floor(i / columns) + 1},${(i % columns) + 1})`;
    });
    return {
      name: "wilson-loop",
      measure(c) {
        const values = wilsonLoops(space, c.field.address, rows, columns).flatMap((row) => [...row]);
        return [{ name: "wilson-loop", labels, values: Float64Array.from(values) }];
      },
    };
  },
};
