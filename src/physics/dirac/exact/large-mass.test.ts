import { expect, test } from "vitest";
import type { GaugeData } from "../../../lattice/gauge-data.ts";
import { loopSumReference } from "../../loops/reference.ts";
import { linkSpace, roughLinks, smoothLinks } from "../../testing.contract.ts";
import { Staggered } from "../staggered/staggered.ts";
import { logDeterminant } from "./determinant.ts";

const extents = [4, 4, 4, 4];
const space = linkSpace({ group: "SU(2)", extents });

/** Leading term of log det D for heavy staggered quarks, times 8 m^4: closed paths of four links, plaquettes and the lines round 4^4. */
function fourLinkPaths(data: GaugeData): number {
  let sum = 0;
  for (let mu = 1; mu <= 4; mu++) {
    for (let nu = mu + 1; nu <= 4; nu++) sum += loopSumReference(data, [mu, nu, -mu, -nu]).re;
    // every line is summed once for each of its four sites; antiperiodic in time
    sum += (mu === 4 ? 1 : -1) * (loopSumReference(data, [mu, mu, mu, mu]).re / 4);
  }
  return sum;
}

function logDet(data: GaugeData, mass: number): number {
  const d = new Staggered(space, { mass, boundary: [1, 1, 1, -1] });
  const u = space.field();
  space.load(u, data);
  d.load(u);
  const { logModulus } = logDeterminant(d);
  d.release();
  u.release();
  return logModulus;
}

test("heavy quarks: log det D changes by (1/8 m^4) times closed four-link paths, up to corrections in 1/m^2", () => {
  const [a, b] = [smoothLinks(space, 0.3), roughLinks("SU(2)", extents)];
  const leading = fourLinkPaths(a) - fourLinkPaths(b);
  const ratio = (mass: number) => (8 * mass ** 4 * (logDet(a, mass) - logDet(b, mass))) / leading;
  const [at12, at24] = [1 - ratio(12), 1 - ratio(24)];
  expect(Math.abs(at12)).toBeLessThan(0.06);
  expect(at12 / at24).toBeGreaterThan(3.8);
  expect(at12 / at24).toBeLessThan(4.2);
});
