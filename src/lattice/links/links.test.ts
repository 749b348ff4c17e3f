import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../kernels/node.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { fromCoordinates } from "../../numerics/algebra.ts";
import { exponential, haarRandom, multiply } from "../../numerics/complex-matrix.ts";
import type { GaugeData } from "../gauge-data.ts";
import { parseGroup } from "../group.ts";
import { Lattice } from "../lattice.ts";
import { LinkSpace } from "./links.ts";

const cases = [
  ["SU(2)", [4, 4, 4, 4]],
  ["SU(3)", [4, 2, 2, 4]],
  ["SU(3)", [3, 5]],
  ["SU(4)", [4, 4]],
  ["SU(5)", [2, 3, 4]],
  ["U(1)", [4, 6]],
  ["SU(2)", [6]],
] as const;

const devices = [openDevice({ workers: 1 }), openDevice({ workers: 2 })];
afterAll(() => devices.forEach((d) => d.close()));

function haarData(groupName: string, extents: readonly number[]): GaugeData {
  const group = parseGroup(groupName);
  const rng = addressedRng("links-test", 0);
  const links: number[] = [];
  const volume = extents.reduce((a, b) => a * b, 1);
  for (let site = 0; site < volume; site++)
    for (let mu = 0; mu < extents.length; mu++)
      links.push(...haarRandom(group.n, group.special, rng.at(`link-${mu}`, 0, site)));
  return { group, extents, links: Float64Array.from(links) };
}

describe.each(cases)("%s links on %j", (groupName, extents) => {
  const group = parseGroup(groupName);
  const data = haarData(groupName, extents);
  const made = devices.map((device) => {
    const space = new LinkSpace(new Lattice(device, extents), group);
    return { space, u: space.field(), p: space.momenta() };
  });
  const rng = addressedRng("momenta-test", 3);

  test("load and store are inverse, bit for bit", () => {
    const { space, u } = made[0]!;
    space.load(u, data);
    expect(space.store(u).links).toEqual(data.links);
    expect(space.defect(u)).toBeLessThan(1e-13);
  });

  test("momenta are the normals of the addressed streams", () => {
    const { space, p } = made[0]!;
    space.drawMomenta(p, rng, 7);
    const { lanes, sites } = space.lattice.geometry;
    const count = extents.length * group.generators;
    let sum = 0;
    for (let block = 0; block < space.lattice.blocks; block++)
      for (let lane = 0; lane < lanes; lane++) {
        const stream = rng.at("momenta", 7, sites[block * lanes + lane]!);
        for (let i = 0; i < count; i++) {
          const x = stream.normal();
          sum += (x * x) / 2;
          expect(Math.abs(p.view()[(block * count + i) * lanes + lane]! - x)).toBeLessThan(1e-13);
        }
      }
    expect(space.kinetic(p) / sum).toBeCloseTo(1, 12);
  });

  test.each([0.05, 0.7, 3.1])("drift by dt = %d is exp(dt P) U", (dt) => {
    const { space, u, p } = made[0]!;
    space.load(u, data);
    space.drawMomenta(p, rng, 8);
    space.drift(u, p, dt);
    const after = space.store(u).links;
    const { lanes, sites } = space.lattice.geometry;
    const size = 2 * group.n ** 2;
    let worst = 0;
    for (let block = 0; block < space.lattice.blocks; block++)
      for (let lane = 0; lane < lanes; lane++)
        for (let mu = 0; mu < extents.length; mu++) {
          const c = Array.from(
            { length: group.generators },
            (_, a) => dt * p.view()[((block * extents.length + mu) * group.generators + a) * lanes + lane]!,
          );
          const start = (sites[block * lanes + lane]! * extents.length + mu) * size;
          const expected = multiply(exponential(fromCoordinates(group.n, c)), data.links.slice(start, start + size));
          for (let i = 0; i < size; i++) worst = Math.max(worst, Math.abs(after[start + i]! - expected[i]!));
        }
    expect(worst).toBeLessThan(2e-14 * Math.max(1, dt));
  });

  test("projection restores a perturbed link to the group and leaves group elements", () => {
    const { space, u } = made[0]!;
    space.load(u, data);
    space.project(u);
    const kept = space.store(u).links;
    expect(Math.max(...kept.map((x, i) => Math.abs(x - data.links[i]!)))).toBeLessThan(1e-13);
    const values = u.view();
    values.forEach((x, i) => (values[i] = x * (1 + 1e-4 * Math.sin(i))));
    expect(space.defect(u)).toBeGreaterThan(1e-6);
    space.project(u);
    expect(space.defect(u)).toBeLessThan(1e-14);
  });

  test("one and two workers give the same bits", () => {
    const fields = made.map(({ space, u, p }) => {
      space.load(u, data);
      space.drawMomenta(p, rng, 9);
      space.drift(u, p, 0.4);
      space.project(u);
      return { k: space.kinetic(p), u: space.store(u).links };
    });
    expect(fields[0]!.k).toBe(fields[1]!.k);
    expect(fields[0]!.u).toEqual(fields[1]!.u);
  });
});
