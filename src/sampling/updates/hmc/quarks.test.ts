import { describe, expect, test } from "vitest";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { type Action, sumOf } from "../../../physics/action.ts";
import { cloverActionDefinition } from "../../../physics/actions/clover/clover.ts";
import { domainWallActionDefinition } from "../../../physics/actions/domain-wall/domain-wall.ts";
import { staggeredActionDefinition } from "../../../physics/actions/staggered/staggered.ts";
import { wilsonActionDefinition } from "../../../physics/actions/wilson/wilson.ts";
import { plaquetteSums, wilsonGauge } from "../../../physics/actions/wilson-gauge/wilson-gauge.ts";
import { logDeterminant } from "../../../physics/dirac/exact/determinant.ts";
import { diracOperator, type Fermion } from "../../../physics/dirac/quark.ts";
import { stout } from "../../../physics/maps/stout/stout.ts";
import { through } from "../../../physics/maps/through.ts";
import { linkSpace } from "../../../physics/testing.contract.ts";
import { nested } from "../../integrators/integrate.ts";
import { schemeOf } from "../../integrators/schemes.ts";
import type { State } from "../../update.ts";
import { heatbathDefinition } from "../heatbath/index.ts";
import { hmc } from "./hmc.ts";

/** A quark action, and the same as the weight |det D|^power of its operators on (perhaps smeared) links. */
interface Quarks {
  readonly name: string;
  readonly action: (space: LinkSpace) => Action;
  readonly weight: readonly { readonly fermion: Fermion; readonly power: number }[];
  readonly smeared?: boolean;
}

const BETA = 1;
const space = linkSpace({ group: "U(1)", extents: [4, 4] });
const smearing = (on: LinkSpace) => stout(on, { layers: 2, loops: ["plaquette"], rho: [0.1, 0.1] });
const staggered = { name: "staggered", mass: 0.2 } as const;
const wilson = { name: "wilson", kappa: 0.2, r: 1 } as const;
const clover = { name: "clover", kappa: 0.17, "c-sw": 1, r: 1 } as const;
const wall = { name: "domain-wall", mass: 0.1, height: -1, ls: 2, b: 1, c: 1 } as const;
const keys = <F extends Fermion>({ name: _, ...rest }: F) => rest;
const tests: readonly Quarks[] = [
  {
    name: "staggered, one flavour of two",
    action: (on) =>
      staggeredActionDefinition.build(parse(staggeredActionDefinition, { mass: 0.2, flavours: 1 }), { space: on }),
    weight: [{ fermion: staggered, power: 1 / 2 }],
  },
  {
    name: "staggered on stout links",
    action: (on) =>
      through(
        staggeredActionDefinition.build(parse(staggeredActionDefinition, { mass: 0.2, flavours: 2 }), { space: on }),
        smearing(on),
      ),
    weight: [{ fermion: staggered, power: 1 }],
    smeared: true,
  },
  {
    name: "wilson, split",
    action: (on) =>
      wilsonActionDefinition.build(parse(wilsonActionDefinition, { ...keys(wilson), hasenbusch: [0.15] }), {
        space: on,
      }),
    weight: [{ fermion: wilson, power: 2 }],
  },
  {
    name: "clover",
    action: (on) => cloverActionDefinition.build(parse(cloverActionDefinition, keys(clover)), { space: on }),
    weight: [{ fermion: clover, power: 2 }],
  },
  {
    name: "domain wall",
    action: (on) => domainWallActionDefinition.build(parse(domainWallActionDefinition, keys(wall)), { space: on }),
    weight: [
      { fermion: wall, power: 2 },
      { fermion: { ...wall, mass: 1 }, power: -2 },
    ],
  },
];

function parse<T>(definition: { parameters: { parse(x: unknown): T } }, given: object): T {
  return definition.parameters.parse(given);
}

const trajectory = (action: Action, steps: number, length = 1) => ({
  length,
  integrate: nested([{ action, scheme: schemeOf("omelyan"), steps }]),
});

/**
 * Pure-gauge configurations, each weighted with the exact determinant, are draws from the target; one trajectory from each must
 * leave all means as they are. Returns (mean change)/(its error) of plaquette and Polyakov loop: normal with variance 1.
 */
function changes({ action, weight, smeared }: Quarks, count: number): number[] {
  const gauge = wilsonGauge(space, BETA);
  const bench = { space, action: gauge, terms: [gauge], names: ["wilson-gauge"], label: "" };
  const refresh = heatbathDefinition.build(parse(heatbathDefinition, {}) as never, bench);
  const target = sumOf([gauge, action(space)]);
  const update = hmc(space, target, trajectory(target, 3));
  const operators = weight.map(({ fermion, power }) => ({ operator: diracOperator(space, fermion, "even"), power }));
  const map = smearing(space);
  const rng = addressedRng("quarks", 0);
  const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
  const keep = space.field();
  const measured = () => [
    plaquetteSums(space, state.field.address).reduce((a, b) => a + b, 0),
    space.store(state.field).links.reduce((sum, x, i) => sum + (i % 4 === 0 ? x : 0), 0),
  ];
  const logs: number[] = [];
  const differences: number[][] = [];
  for (let i = 0; i < count; i++) {
    for (let sweep = 0; sweep < 3; sweep++) refresh.step(state, rng);
    const image = smeared ? map.apply(state.field) : undefined;
    logs.push(
      operators.reduce((sum, { operator, power }) => {
        operator.load(image?.field ?? state.field);
        return sum + power * logDeterminant(operator).logModulus;
      }, 0),
    );
    image?.release();
    keep.assign(state.field);
    const before = measured();
    update.step(state, rng);
    differences.push(measured().map((x, k) => x - before[k]!));
    state.field.assign(keep);
  }
  const most = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - most));
  return [0, 1].map((k) => {
    const terms = differences.map((d, i) => weights[i]! * d[k]!);
    const mean = terms.reduce((a, b) => a + b, 0) / count;
    const variance = terms.reduce((a, b) => a + (b - mean) ** 2, 0) / (count - 1);
    return mean / Math.sqrt(variance / count);
  });
}

/** Ten numbers beyond 4.5 sigma by chance: 7e-5. */
const MOST = 4.5;

describe.each(tests)("hmc with quarks: $name", (quarks) => {
  test("equilibrium stays", () => {
    for (const change of changes(quarks, 1500)) expect(Math.abs(change)).toBeLessThan(MOST);
  });

  test("there and back again to 1e-10", () => {
    const action = sumOf([wilsonGauge(space, BETA), quarks.action(space)]);
    const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
    const rng = addressedRng("back", 0);
    const p = space.momenta();
    space.drawMomenta(p, rng, 1);
    space.drift(state.field, p, 0.7);
    action.refresh?.(state, rng, 0);
    const start = space.store(state.field).links;
    const { integrate } = trajectory(action, 4);
    integrate(state, p, 1);
    p.view().forEach((x, i, all) => {
      all[i] = -x;
    });
    integrate(state, p, 1);
    const worst = space.store(state.field).links.reduce((most, x, i) => Math.max(most, Math.abs(x - start[i]!)), 0);
    expect(worst).toBeLessThan(1e-10);
  });

  test("deltaH falls with the square of the step", () => {
    const action = sumOf([wilsonGauge(space, BETA), quarks.action(space)]);
    const deltaH = (steps: number) => {
      const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
      const rng = addressedRng("scaling", 0);
      const p = space.momenta();
      space.drawMomenta(p, rng, 1);
      space.drift(state.field, p, 0.7);
      space.drawMomenta(p, rng, 2);
      action.refresh?.(state, rng, 0);
      const h0 = space.kinetic(p) + action.value(state);
      trajectory(action, steps).integrate(state, p, 1);
      return space.kinetic(p) + action.value(state) - h0;
    };
    const ratio = deltaH(32) / deltaH(64);
    expect(ratio).toBeGreaterThan(3.6);
    expect(ratio).toBeLessThan(4.4);
  });
});

test("quarks that the weight does not know are caught", () => {
  const { action } = tests[0]!;
  const wrong: Quarks = { name: "wrong", action, weight: [] };
  expect(Math.max(...changes(wrong, 1500).map(Math.abs))).toBeGreaterThan(MOST);
});
