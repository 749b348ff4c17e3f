import { describe, expect, test } from "vitest";
import type { Device } from "../../../kernels/device.ts";
import { describeKernel } from "../../../kernels/kernel.contract.ts";
import { openDevice } from "../../../kernels/node.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { roughLinks } from "../../testing.contract.ts";
import type { DiracOperator } from "../operator.ts";

export interface SingleCase {
  readonly group: string;
  readonly extents: readonly number[];
  readonly domain: "even" | "all";
}

/** Lattices with quads in two and four dimensions, with and without seams in every direction. */
export const singleCases: readonly SingleCase[] = (["SU(2)", "SU(3)"] as const).flatMap((group) =>
  [
    [4, 4],
    [4, 4, 4, 4],
    [8, 4, 4, 2],
  ].flatMap((extents) => (["even", "all"] as const).map((domain) => ({ group, extents, domain }))),
);

type Make = (space: LinkSpace, domain: "even" | "all") => DiracOperator;

/** Source with numbers that are float32 already, so that only arithmetic differs. */
function onSource(device: Device, at: SingleCase, make: Make) {
  const links = new LinkSpace(new Lattice(device, at.extents), parseGroup(at.group));
  const op = make(links, at.domain);
  const load = (seed: number) => {
    const u = links.field();
    links.load(u, roughLinks(at.group, at.extents, seed));
    op.load(u);
    u.release();
  };
  load(0);
  const { space } = op;
  const numbers = 2 * space.components * links.lattice.volume;
  const rng = addressedRng("single");
  const x = space.field();
  space.load(
    x,
    Float64Array.from({ length: numbers }, (_, i) => Math.fround(rng.at("x", 0, i).normal())),
  );
  return { op, space, x, load };
}

function inSingle(device: Device, at: SingleCase, make: Make): number[] {
  const { op, space, x } = onSource(device, at, make);
  const { normal, demote, promoteAdd } = op.single!()!;
  const [s, out] = [normal.space.field(), normal.space.field()];
  demote(s, x);
  const product = normal.apply(out, s);
  const y = space.field();
  promoteAdd(y, out);
  const result = [product, ...space.store(y)];
  op.release();
  return result;
}

function inDouble(device: Device, at: SingleCase, make: Make): number[] {
  const { op, space, x } = onSource(device, at, make);
  const y = space.field();
  const product = op.normal.apply(y, x);
  // what a preconditioned operator leaves on the odd sites is not part of the result
  const out = space.field();
  space.copy(op.domain, out, y);
  const result = [product, ...space.store(out)];
  op.release();
  return result;
}

/** D^dagger D in float32 equals that in float64 to rounding, is Hermitian, and follows the gauge field. */
export function describeSingle(name: string, make: Make, cases = singleCases): void {
  describeKernel<SingleCase>(`${name} in float32`, {
    shapes: cases,
    run: (device, at) => inSingle(device, at, make),
    reference: (at) => inDouble(openDevice({ workers: 1 }), at, make),
    tolerance: (expected) => 2e-5 + 2e-6 * Math.abs(expected),
  });

  describe(`${name} in float32`, () => {
    const at: SingleCase = { group: "SU(3)", extents: [4, 4], domain: "even" };
    test("follows the field of the last load", () => {
      const device = openDevice({ workers: 1 });
      const { op, space, x, load } = onSource(device, at, make);
      const { normal, demote } = op.single!()!;
      const [s, out] = [normal.space.field(), normal.space.field()];
      const [y, ax] = [space.field(), space.field()];
      demote(s, x);
      const before = normal.apply(out, s);
      load(1);
      const after = normal.apply(out, s);
      expect(Math.abs(after / op.normal.apply(ax, x) - 1)).toBeLessThan(1e-6);
      expect(Math.abs(before / after - 1)).toBeGreaterThan(1e-3);
      op.single!()!.promoteAdd(y, out);
      space.axpy("even", y, -1, ax);
      expect(Math.sqrt(space.norm2("even", y) / space.norm2("even", ax))).toBeLessThan(1e-6);
    });

    test("one float32 operator for all, released with the float64 one", () => {
      const device = openDevice({ workers: 1 });
      const links = new LinkSpace(new Lattice(device, at.extents), parseGroup(at.group));
      make(links, at.domain).release();
      expect(links.lattice.quads).toBeDefined(); // tables that stay
      const before = device.heap.used;
      const op = make(links, at.domain);
      expect(op.single!()).toBe(op.single!());
      const u = links.field();
      op.load(u);
      const { normal } = op.single!()!;
      const [s, out] = [normal.space.field(), normal.space.field()];
      normal.apply(out, s);
      for (const field of [u, s, out]) field.release();
      op.release();
      expect(device.heap.used).toBe(before);
    });

    test("none where the lattice has no quads", () => {
      const links = new LinkSpace(new Lattice(openDevice({ workers: 1 }), [6, 4]), parseGroup("SU(2)"));
      expect(make(links, "even").single!()).toBeUndefined();
    });
  });
}
