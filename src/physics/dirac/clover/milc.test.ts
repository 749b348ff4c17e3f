import { describe, expect, test } from "vitest";
import { trace } from "../../../numerics/complex-matrix.ts";
import { linkOf } from "../../loops/reference.ts";
import { hasSharedData, linkSpace, storedLinks } from "../../testing.contract.ts";

describe.skipIf(!hasSharedData)("x", () => {
  test("functional", () => {
    const data = storedLinks("milc/lat.sample.l4444", "SU(3)", [4, 4, 4, 4]);
    for (const d of [3, 4]) {
      let s = 0;
      for (let site = 0; site < 256; site++) for (let mu = 0; mu < d; mu++) s += trace(linkOf(data, site, mu))[0];
      console.log(d, s / 256 / d / 3);
    }
    expect(linkSpace).toBeDefined();
  });
});
