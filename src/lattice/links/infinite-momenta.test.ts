import { expect, test } from "vitest";
import { Device } from "../../kernels/device.ts";
import { parseGroup } from "../group.ts";
import { Lattice } from "../lattice.ts";
import { LinkSpace } from "./links.ts";

test.each(["U(1)", "SU(2)", "SU(3)", "SU(4)"])("%s: infinite and huge momenta end, and show", (name) => {
  const space = new LinkSpace(new Lattice(new Device(), [2, 2]), parseGroup(name));
  const [u, p] = [space.field(), space.momenta()];
  for (const value of [Number.POSITIVE_INFINITY, 1e300, Number.NaN]) {
    p.view().fill(value);
    space.drift(u, p, 1);
    expect(space.defect(u)).toBeNaN();
  }
});
