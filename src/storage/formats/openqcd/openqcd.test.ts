import { describe, expect, it } from "vitest";
import { parseGroup } from "../../../lattice/group.ts";
import { errorOf, randomLinks } from "../format.contract.ts";
import { plaquetteOf, readConfiguration } from "../index.ts";
import { openqcd } from "./openqcd.ts";

describe("openQCD files", () => {
  const [nx, ny, nz, nt] = [2, 4, 6, 8];
  const data = randomLinks(parseGroup("SU(3)"), [nx, ny, nz, nt]);
  const file = openqcd.write!(data, {});
  const view = new DataView(file.buffer);

  it("begin with N0 to N3 = t, x, y, z and the mean of Re tr P", () => {
    expect([0, 4, 8, 12].map((at) => view.getInt32(at, true))).toEqual([nt, nx, ny, nz]);
    expect(view.getFloat64(16, true)).toBeCloseTo(3 * plaquetteOf(data), 14);
  });

  it("hold eight links an odd site, z fastest: +t -t +x -x +y -y +z -z", () => {
    const firstOfLink = (x: number, y: number, z: number, t: number, mu: number) =>
      data.links[((((t * nz + z) * ny + y) * nx + x) * 4 + mu) * 18];
    const matrix = (k: number) => view.getFloat64(24 + 144 * k, true);
    // Odd sites of t = x = y = 0: z = 1, 3, 5; then y = 1: z = 0, 2, 4.
    expect(matrix(0)).toBe(firstOfLink(0, 0, 1, 0, 3));
    expect(matrix(1)).toBe(firstOfLink(0, 0, 1, nt - 1, 3));
    expect(matrix(2)).toBe(firstOfLink(0, 0, 1, 0, 0));
    expect(matrix(3)).toBe(firstOfLink(nx - 1, 0, 1, 0, 0));
    expect(matrix(7)).toBe(firstOfLink(0, 0, 0, 0, 2));
    expect(matrix(8 * 3 + 4)).toBe(firstOfLink(0, 1, 0, 0, 1));
    expect(matrix(8 * 3 + 5)).toBe(firstOfLink(0, 0, 0, 0, 1));
  });

  it("are refused if header and links disagree", () => {
    const spoilt = file.slice();
    new DataView(spoilt.buffer).setFloat64(24, 0.123, true);
    expect(errorOf(() => readConfiguration(spoilt, "run1n10"))).toMatch(
      /^run1n10: the mean plaquette .* in the header is/,
    );
  });
});
