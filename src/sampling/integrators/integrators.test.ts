import { describe, expect, test } from "vitest";
import { openDevice } from "../../kernels/node.ts";
import { parseGroup } from "../../lattice/group.ts";
import { Lattice } from "../../lattice/lattice.ts";
import { LinkSpace } from "../../lattice/links/links.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { sumOf } from "../../physics/action.ts";
import { wilsonGauge } from "../../physics/actions/wilson-gauge/wilson-gauge.ts";
import { type Integrator, nested } from "./integrate.ts";
import { positionFirst, type Scheme, schemes } from "./schemes.ts";

const space = new LinkSpace(new Lattice(openDevice({ workers: 1 }), [4, 4, 4]), parseGroup("SU(3)"));
const action = wilsonGauge(space, 5.5);
const rng = addressedRng("integrators", 0);
const u = space.field();
const p = space.momenta();
space.drawMomenta(p, rng, 0);
space.drift(u, p, 0.3);
const origin = u.copy();
const c = { space, field: u, auxiliary: new Map() };
const work = { field: space.field(), force: space.momenta() };

const variants: [string, Scheme][] = schemes.flatMap((s): [string, Scheme][] =>
  s.name === "force-gradient"
    ? [[s.name, s]]
    : [
        [s.name, s],
        [`${s.name}, position first`, positionFirst(s)],
      ],
);

const energy = () => space.kinetic(p) + action.value(c);

/** deltaH of one trajectory from the fixed start with the momenta of `draw`. */
function deltaH(integrate: Integrator, draw: number): number {
  u.assign(origin);
  space.drawMomenta(p, rng, draw);
  const h0 = energy();
  integrate(c, p, 1);
  return energy() - h0;
}

const root = (scheme: Scheme, steps: number) => {
  const integrate = nested([{ action, scheme, steps }], work);
  const draws = [1, 2, 3, 4].map((draw) => deltaH(integrate, draw) ** 2);
  return Math.sqrt(draws.reduce((a, b) => a + b) / draws.length);
};

describe.each(variants)("%s", (_, scheme) => {
  test("retraces its way with the momenta reversed", () => {
    u.assign(origin);
    space.drawMomenta(p, rng, 5);
    const integrate = nested([{ action, scheme, steps: 8 }], work);
    integrate(c, p, 1);
    expect(Math.max(...u.view().map((x, i) => Math.abs(x - origin.view()[i]!)))).toBeGreaterThan(0.1);
    p.view().forEach((x, i, all) => (all[i] = -x));
    integrate(c, p, 1);
    expect(Math.max(...u.view().map((x, i) => Math.abs(x - origin.view()[i]!)))).toBeLessThan(1e-10);
  });
  test("deltaH falls as the stated power of the step", () => {
    const steps = scheme.order === 2 ? 24 : 12;
    const order = Math.log2(root(scheme, steps) / root(scheme, 2 * steps));
    expect(Math.abs(order - scheme.order)).toBeLessThan(0.35);
  });
  test("counts its forces: those of the steps, and one where the last kick cannot merge", () => {
    u.assign(origin);
    const steps = 5;
    const forces = nested([{ action, scheme, steps }], work)(c, p, 0.1);
    expect(forces - steps * scheme.forces).toBe("kick" in scheme.stages[0]! ? 1 : 0);
  });
});

test("a wrong coefficient is noticed: the order drops", () => {
  const bad: Scheme = { ...schemes[0]!, stages: [{ kick: 0.6 }, { drift: 1 }, { kick: 0.4 }] };
  expect(Math.log2(root(bad, 24) / root(bad, 48))).toBeLessThan(1.5);
});

test("nested time scales integrate the sum of their forces to the order of the scheme", () => {
  const [slow, fast] = [wilsonGauge(space, 1.5), wilsonGauge(space, 4)];
  const scheme = schemes[1]!;
  const level = (steps: number) =>
    nested([
      { action: slow, scheme, steps },
      { action: fast, scheme, steps: 2 },
    ]);
  const rms = (steps: number) => Math.hypot(...[1, 2, 3, 4].map((draw) => deltaH(level(steps), draw)));
  expect(sumOf([slow, fast]).value(c)).toBeCloseTo(action.value(c), 8);
  expect(Math.abs(Math.log2(rms(10) / rms(20)) - 2)).toBeLessThan(0.35);
});
