import { at, poke } from "../../../kernels/algebra/matrix.ts";
import { Vec } from "../../../kernels/builder.ts";
import type { Device } from "../../../kernels/device.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { entry, haarRandom, type Matrix, multiply, trace } from "../../../numerics/complex-matrix.ts";
import type { GaugeAction, StapleSource } from "../../../physics/loops/staple.ts";
import type { State, UpdateBench } from "../../update.ts";

/**
 * Links that do not know of each other: every link has the same fixed staple A, so a sweep draws from the one-link law
 * exp(coupling Re tr(U A)) as often as there are links. For tests of the laws themselves.
 */
export function fixedStapleBench(device: Device, groupName: string, extents: readonly number[], coupling: number) {
  const group = parseGroup(groupName);
  const space = new LinkSpace(new Lattice(device, extents), group);
  const staple = haarRandom(group.n, group.special, addressedRng("fixed staple").at(groupName, 0));
  const localOnly = () => {
    throw new Error("the fixed staple is for local updates only");
  };
  const action: GaugeAction = {
    staples: [{ source: fixedStaple(groupName, staple), coupling }],
    value: (c) => -coupling * traces(space, c as State, staple).reduce((sum, x) => sum + x, 0),
    addForce: localOnly,
    addDerivative: localOnly,
  };
  const bench: UpdateBench = { space, action, terms: [action], names: ["fixed"], label: "" };
  const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
  return {
    space,
    bench,
    state,
    products: () => products(space, state, staple),
    traces: () => traces(space, state, staple),
  };
}

function fixedStaple(name: string, staple: Matrix): StapleSource {
  return {
    key: `fixed-${name}`,
    scratchMatrices: 0,
    conflicts: () => [],
    emit: (m, { group: { n } }) =>
      m.helper("fixedStaple", ["i32", "i32", "i32", "i32", "i32", "i32"] as const, (k, _u, _to, _block, _mu, out) => {
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++) {
            const [re, im] = entry(staple, i, j);
            poke(k, n, at(out), i, j, { re: Vec.of(re), im: Vec.of(im) });
          }
      }),
  };
}

/** U A of every link. */
function products(space: LinkSpace, state: State, staple: Matrix): Matrix[] {
  const { links } = space.store(state.field);
  const size = staple.length;
  return Array.from({ length: links.length / size }, (_, i) => multiply(links.slice(i * size, (i + 1) * size), staple));
}

/** Re tr(U A) of every link. */
const traces = (space: LinkSpace, state: State, staple: Matrix): number[] =>
  products(space, state, staple).map((w) => trace(w)[0]);

/** A field of independent Haar links, in place. */
export function haarStart(space: LinkSpace, state: State): void {
  const { group } = space;
  const rng = addressedRng("haar start");
  const size = 2 * group.n ** 2;
  const links = new Float64Array(space.length);
  for (let i = 0; i * size < links.length; i++)
    links.set(haarRandom(group.n, group.special, rng.at("link", i)), i * size);
  space.load(state.field, { group, extents: [...space.lattice.extents], links });
}
