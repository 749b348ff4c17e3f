import { z } from "zod";
import { linksOf } from "../../../lattice/bench.ts";
import type { LoopCombination } from "../../../physics/actions/loop-gauge/loop-combination.ts";
import { nested } from "../../integrators/integrate.ts";
import { schemeNames, schemeOf } from "../../integrators/schemes.ts";
import type { UpdateBench } from "../../update.ts";
import { heatbathRule } from "../heatbath/heatbath.ts";
import { hmc } from "../hmc/hmc.ts";
import { overrelaxationRule } from "../overrelaxation/overrelaxation.ts";
import { orderParameter, passesTwice } from "../sweep/order.ts";
import { makeSweep } from "../sweep/sweep.ts";
import type { InnerChain } from "./self-learning.ts";

const kind = <W extends string>(word: W) => z.literal(word).describe("how the effective action is updated");

/** `inner` of the run file: the chain that proposes. */
export const innerSchema = z.discriminatedUnion("name", [
  z.strictObject({
    name: kind("heatbath"),
    sweeps: z.int().min(1).max(1000).default(5).describe("heat-bath sweeps a proposal"),
    overrelaxation: z.int().min(0).max(100).default(1).describe("overrelaxation sweeps beside each of them"),
    order: orderParameter,
  }),
  z.strictObject({
    name: kind("hmc"),
    trajectories: z.int().min(1).max(1000).default(5).describe("trajectories a proposal, each accepted or not"),
    length: z.number().positive().default(1).describe("trajectory length in molecular-dynamics time"),
    steps: z.int().min(1).default(10).describe("integrator steps a trajectory"),
    integrator: z
      .enum(schemeNames.filter((name) => name !== "force-gradient"))
      .default("omelyan")
      .describe("integrator of the trajectories"),
  }),
]);

type Inner = z.output<typeof innerSchema>;
type Local = Extract<Inner, { name: "heatbath" }>;
type Trajectories = Extract<Inner, { name: "hmc" }>;

/**
 * The inner chain on an effective action, whose couplings it reads when it runs. Throws a TypeError where a loop cannot
 * be updated link by link on this lattice.
 */
export function innerChain(given: Inner, bench: UpdateBench, effective: LoopCombination): InnerChain {
  const own = { ...bench, action: effective, terms: [effective], names: ["effective action"], label: "" };
  return given.name === "heatbath" ? local(given, own, effective) : trajectories(given, own);
}

/**
 * Sweeps in their order or, with probability 1/2, all in reverse. Every visit of a link keeps detailed balance; a
 * sweep P is their product and only leaves the weight invariant, but its reverse is its adjoint P*, and so (P^k + P*^k)/2
 * keeps detailed balance.
 */
function local({ sweeps, overrelaxation, order }: Local, bench: UpdateBench, effective: LoopCombination): InnerChain {
  checkLinear(bench, effective);
  const [there, back] = [false, true].map((backwards) => ({
    renew: makeSweep(bench, "heatbath", order, heatbathRule, backwards),
    reflect: makeSweep(bench, "overrelaxation", order, overrelaxationRule, backwards),
  }));
  return (state, rng) => {
    const outer = state.step;
    const backwards = rng.at("direction", outer).uniform() < 0.5;
    const { renew, reflect } = (backwards ? back : there)!;
    for (let i = 0; i < sweeps; i++) {
      state.step = outer * sweeps + i;
      if (!backwards) renew(state, rng);
      for (let j = 0; j < overrelaxation; j++) reflect(state, rng);
      if (backwards) renew(state, rng);
    }
    state.step = outer;
    return 0;
  };
}

/** Throws a TypeError where a loop passes a link twice. */
function checkLinear({ space }: UpdateBench, { families, staples }: LoopCombination): void {
  const { extents } = space.lattice;
  const twice = families.filter((_, i) => passesTwice(staples[i]!.source, extents));
  if (twice.length > 0)
    throw new TypeError(
      `loops: a ${twice.join(" and a ")} passes the same link twice on the lattice [${extents.join(", ")}], which no heat bath can update; leave it out, or use inner = { name = "hmc" }`,
    );
}

/** HMC of the effective action, its own accept/reject included: every trajectory keeps detailed balance. */
function trajectories(given: Trajectories, bench: UpdateBench): InnerChain {
  const levels = [{ action: bench.action, scheme: schemeOf(given.integrator), steps: given.steps }];
  const update = hmc(linksOf(bench, "self-learning"), bench.action, {
    length: given.length,
    integrate: nested(levels),
  });
  return (state, rng) => {
    const outer = state.step;
    state.step = outer * given.trajectories;
    let forces = 0;
    for (let i = 0; i < given.trajectories; i++) forces += update.step(state, rng).forces ?? 0;
    state.step = outer;
    return forces;
  };
}
