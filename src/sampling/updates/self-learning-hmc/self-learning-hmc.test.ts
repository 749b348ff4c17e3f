import { describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import type { Configuration } from "../../../lattice/space.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { su2TorusPlaquette2d } from "../../../numerics/exact-2d.ts";
import { plaquetteSums, wilsonGauge } from "../../../physics/actions/wilson-gauge/wilson-gauge.ts";
import { stout } from "../../../physics/maps/stout/stout.ts";
import { through } from "../../../physics/maps/through.ts";
import { expDeltaH, gammaMethod } from "../../../statistics/index.ts";
import { nested } from "../../integrators/integrate.ts";
import { schemeOf } from "../../integrators/schemes.ts";
import type { Learner } from "../../learner.ts";
import { describeUpdate } from "../../update.contract.ts";
import type { GuideBench, State, Update, UpdateBench } from "../../update.ts";
import { selfLearningHmcDefinition } from "./index.ts";

const build = (parameters: object, bench: UpdateBench): Update =>
  selfLearningHmcDefinition.build(selfLearningHmcDefinition.parameters.parse(parameters), bench);

/** The gauge action of links that went through a network with weights taken at random: as wrong as a guide may be. */
function wrongGuide(
  bench: Pick<UpdateBench, "space">,
  beta: number,
): Pick<GuideBench, "action" | "terms" | "names" | "thermalise"> {
  const space = bench.space as LinkSpace;
  const stream = addressedRng("random weights").at("weights", 0);
  const loops = ["plaquette", "polyakov-t"] as const;
  const rho = Array.from({ length: 4 }, () => 0.1 * stream.normal());
  const action = through(wilsonGauge(space, beta), stout(space, { layers: 2, loops, rho }));
  return { action, terms: [action], names: ["wilson-gauge"], thermalise: 2 };
}

describeUpdate("self-learning hmc with random weights", {
  build: (bench) => build({ steps: 4 }, { ...bench, guide: wrongGuide(bench, 1.7) }),
  targets: ["su2", "u1"],
  deltaH: true,
  thereAndBack(bench, state, rng) {
    const p = bench.space.momenta();
    bench.space.drawMomenta(p, rng, 0);
    const { action } = wrongGuide(bench, 1.7);
    const integrate = nested([{ action, scheme: schemeOf("omelyan"), steps: 5 }]);
    integrate(state, p, 1);
    p.view().forEach((x, i, all) => {
      all[i] = -x;
    });
    integrate(state, p, 1);
  },
  broken: {
    "the guide decides in the target's place": (bench) => {
      const guide = wrongGuide(bench, 1.7);
      return build({ steps: 4 }, { ...bench, action: guide.action, guide });
    },
  },
});

const space = new LinkSpace(new Lattice(openDevice({ workers: 1 }), [4, 4]), parseGroup("SU(2)"));
const target = wilsonGauge(space, 2.3);
const bench: UpdateBench = { space, action: target, terms: [target], names: ["wilson-gauge"], label: "" };
const newState = (): State => ({ space, field: space.field(), auxiliary: new Map(), step: 0 });

describe("averages along a wrong guide", () => {
  // 4 x 4 at beta 2.3, 6000 trajectories; below 3.5 sigma a right program fails with probability 5e-4
  test("are the exact ones, at a low acceptance", () => {
    const update = build({ steps: 6 }, { ...bench, guide: wrongGuide(bench, 1.5) });
    const [state, rng] = [newState(), addressedRng("wrong guide", 0)];
    const [plaquettes, deltaH]: number[][] = [[], []];
    let accepted = 0;
    for (let i = -200; i < 6000; i++) {
      const report = update.step(state, rng);
      if (i < 0) continue;
      accepted += report.accepted ? 1 : 0;
      deltaH!.push(report.deltaH!);
      plaquettes!.push(plaquetteSums(space, state.field.address)[0]! / 32);
    }
    const estimate = gammaMethod([plaquettes!]);
    if (estimate.refused) throw new Error(estimate.reason);
    expect(accepted / 6000).toBeLessThan(0.8);
    expect(Math.abs(estimate.mean - su2TorusPlaquette2d(2.3, 16)) / estimate.error).toBeLessThan(3.5);
    expect(Math.abs(expDeltaH([deltaH!]).pull!)).toBeLessThan(3.5);
  });
});

/** Counts what it is shown, and ends after `most` trajectories. */
function counting(most = Infinity) {
  const seen: { start: Float64Array; end: Float64Array; step: number }[] = [];
  const learner: Learner = {
    learn(start: Configuration, end: Configuration, _rng, step) {
      const of = (c: Configuration) => space.store(c.field).links;
      seen.push({ start: of(start), end: of(end), step });
      return { loss: seen.length };
    },
    get finished() {
      return seen.length >= most;
    },
    freeze: () => ({ weight: 1 }),
    save: () => ({ count: seen.length }),
    restore: () => {},
  };
  return { learner, seen };
}

describe("while the guide learns", () => {
  const trained = (learner: Learner, more: object = {}) =>
    build(
      { steps: 3, prior: { steps: 5 }, ...more },
      { ...bench, guide: { ...wrongGuide(bench, 1.7), training: { learner, after: 2 } } },
    );
  const rng = addressedRng("learning", 0);
  /** Force evaluations of an Omelyan trajectory of n steps: two a step and one more. */
  const forces = (steps: number) => 2 * steps + 1;

  test("trajectories follow the target, the learner sees their ends before they are judged, and then the guide takes over", () => {
    const { learner, seen } = counting();
    const [update, state] = [trained(learner), newState()];
    const reports = Array.from({ length: 6 }, () => {
      const before = space.store(state.field).links;
      const report = update.step(state, rng);
      return { before, report, told: update.tune!(report), after: space.store(state.field).links };
    });
    expect(reports.map(({ told }) => told?.loss)).toEqual([undefined, undefined, 1, 2, 3, 4]);
    expect(reports.every(({ report }) => report.forces === forces(5))).toBe(true);
    expect(seen.map(({ step }) => step)).toEqual([2, 3, 4, 5]);
    seen.forEach(({ start, end }, i) => {
      const { before, after, report } = reports[i + 2]!;
      expect(start).toEqual(before);
      // an accepted field was put back on the group after it was seen
      if (report.accepted) for (const [k, x] of end.entries()) expect(x).toBeCloseTo(after[k]!, 12);
      else expect(end).not.toEqual(before);
    });
    expect(update.freeze!()).toEqual({ weight: 1 });
    expect(update.advice!()).toMatch(/^more steps/);
    expect(update.step(state, rng).forces).toBe(forces(3));
    expect(update.advice!()).toMatch(/^a guide that is nearer/);
    expect(seen).toHaveLength(4);
  });
  test("the learner has the pseudofermions of the trajectory, whatever was drawn since", () => {
    const phis: number[] = [];
    const learner: Learner = {
      ...counting().learner,
      finished: false,
      learn(start, end) {
        phis.push(...[start, end].map(({ auxiliary }) => auxiliary.get("phi")!.view()[0]!));
        return { loss: 1 };
      },
    };
    const [update, state] = [trained(learner), newState()];
    const phi = space.field();
    state.auxiliary.set("phi", phi);
    for (let i = 0; i < 4; i++) {
      phi.view().fill(i);
      const report = update.step(state, rng);
      phi.view().fill(-1);
      update.tune!(report);
    }
    expect(phis).toEqual([2, 2, 3, 3]);
  });
  test("a learner that ends early hands over at once", () => {
    const { learner, seen } = counting(1);
    const [update, state] = [trained(learner), newState()];
    const used = Array.from({ length: 5 }, () => {
      const report = update.step(state, rng);
      update.tune!(report);
      return report.forces;
    });
    expect(used).toEqual([forces(5), forces(5), forces(5), forces(3), forces(3)]);
    expect(seen).toHaveLength(1);
  });
  test("what is restored goes on bit for bit", () => {
    const [straight, other] = [newState(), newState()];
    const whole = trained(counting().learner);
    for (let i = 0; i < 6; i++) whole.tune!(whole.step(straight, rng));
    const first = trained(counting().learner);
    for (let i = 0; i < 3; i++) first.tune!(first.step(other, rng));
    const second = trained(counting().learner);
    second.restore!(JSON.parse(JSON.stringify(first.tuned!())));
    for (let i = 0; i < 3; i++) second.tune!(second.step(other, rng));
    expect(other.field.view()).toEqual(straight.field.view());
    expect(second.tuned!().seen).toBe(6);
  });
  test("the step size cannot be tuned meanwhile", () => {
    expect(() => trained(counting().learner, { tune: 0.8 })).toThrow(/train it first/);
  });
  test("without a learner the prior thermalises, and the guide takes over where that ends", () => {
    const [update, state] = [
      build({ steps: 3, prior: { steps: 5 } }, { ...bench, guide: wrongGuide(bench, 1.7) }),
      newState(),
    ];
    const used = Array.from({ length: 4 }, (_, i) => {
      const report = update.step(state, rng);
      if (i < 2) expect(update.tune!(report)).toBeUndefined();
      if (i === 1) expect(update.freeze!()).toBeUndefined();
      return report.forces;
    });
    expect(used).toEqual([forces(5), forces(5), forces(3), forces(3)]);
    const cold = build(
      { steps: 3, prior: { steps: 5 } },
      { ...bench, guide: { ...wrongGuide(bench, 1.7), thermalise: 0 } },
    );
    expect(cold.step(newState(), rng).forces).toBe(forces(3));
  });
});

test("without a guide it says what is missing", () => {
  expect(() => build({}, bench)).toThrow(/add \[\[update.guide\]\]/);
});
