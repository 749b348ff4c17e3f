import { z } from "zod";
import { spinsOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import { isSpinAction, type SpinAction } from "../../../physics/spins/spin-action.ts";
import type { ActionLearner } from "../../learner.ts";
import type { GuideBench, Update, UpdateBench } from "../../update.ts";
import { sourceOf } from "../spin-move.ts";
import { flipsAlways, innerChain, innerSchema, usualInner } from "./inner.ts";
import { together } from "./learners.ts";
import { whileLearning } from "./learning.ts";
import { isLinear, type LinearAction } from "./linear-action.ts";
import { PairFit } from "./pair-fit.ts";
import { localPrior } from "./prior.ts";
import { type SelfLearning, selfLearning } from "./self-learning.ts";

const fitTable = z.strictObject({
  first: z
    .int()
    .min(1)
    .optional()
    .describe(
      "steps before the fitted couplings are used, a fifth of the thermalisation (20 at most) where left out; fitting goes on until its last tenth (50 steps at most), which runs with the final couplings",
    ),
  ridge: z
    .number()
    .min(0)
    .default(1e-6)
    .describe("added to the correlation matrix of the pair sums, pulls towards the first couplings"),
  forget: z
    .number()
    .min(0)
    .default(1)
    .describe(
      "a configuration of step t weighs t^forget, so that the way to equilibrium is forgotten; 0 counts all alike",
    ),
});

const parameters = z.strictObject({
  inner: innerSchema
    .optional()
    .describe(
      'the chain of the first level that makes a proposal, { name = "metropolis", updates = 1080 }, or a list of such tables, which are made there and back; left out: 30 sweeps of metropolis, of Ising spins with couplings heatbath',
    ),
  attempts: z
    .union([z.int().min(1), z.array(z.int().min(1)).min(1)])
    .default(1)
    .describe(
      "with several levels: how many proposals of the level below a level decides on before the next one is asked; a list gives those of levels 2, 3, …",
    ),
  fit: z
    .union([z.literal(false), fitTable])
    .optional()
    .describe(
      "least squares of the couplings of a linear first level while the run thermalises, as a table; left out: where these are all 0 and no [training] is for them; false: they stay as they are",
    ),
  prior: z
    .strictObject({
      sweeps: z
        .int()
        .min(0)
        .default(1)
        .describe("local Metropolis sweeps of the target a step; 0: the guide as it is proposes from the beginning"),
      every: z
        .int()
        .min(1)
        .optional()
        .describe(
          "of so many single-spin updates the configuration after the last is learnt from; a sixth of the sites where left out",
        ),
    })
    .optional()
    .describe("the first steps of a run that learns, from which the guide has its first data"),
});
type Parameters = z.output<typeof parameters>;

/** Self-learning Monte Carlo of spins in the run file. */
export const selfLearningDefinition: Definition<typeof parameters, Update, UpdateBench> = {
  name: "self-learning",
  title: "Self-learning Monte Carlo: effective actions of spins propose, the target decides",
  cite: [
    "J. Liu, Y. Qi, Z. Y. Meng, L. Fu, Phys. Rev. B 95 (2017) 041101",
    "J. Liu, H. Shen, Y. Qi, Z. Y. Meng, L. Fu, Phys. Rev. B 95 (2017) 241104",
    "Y. Nagai, A. Tomiya, J. Phys. Soc. Jpn. 93 (2024) 114007",
  ],
  parameters,
  guided: true,
  build(given, bench) {
    const space = spinsOf(bench, "self-learning");
    const target = sourceOf(bench, "self-learning");
    const { guide, label } = bench;
    if (!guide)
      throw new RangeError(
        'guide: missing; add [[update.guide]] tables, the levels of the guide: name = "linear-spins"',
      );
    const levels = levelsOf(guide);
    const first = levels[0]!;
    const inner = given.inner ?? usualInner(space, first);
    const learning = learningOf(given, guide, levels);
    refuseIdlePrior(given, guide, learning);
    const prior = learning && learning.after > 0 ? priorOf(given, space, target, label) : {};
    if (!("prior" in prior) && flipsAlways(inner, space, first)) throw new RangeError(flipping(guide.names[0]!));
    const how: SelfLearning = {
      target,
      levels,
      inner: innerChain(inner, space, first, guide.names[0]!),
      attempts: attemptsOf(given, guide),
      label,
      advice,
    };
    if (!learning) return selfLearning(space, how);
    return whileLearning((saw) => selfLearning(space, { ...how, saw }), { ...learning, ...prior });
  },
};

const advice =
  "a guide that is nearer to the action (more shells, a trained model, a longer thermalisation), or fewer updates in inner";

const flipping = (name: string) =>
  `inner: the couplings of "${name}" are 0, so every flip of an Ising spin is accepted, and a fixed number of them never reaches some states; take inner = { name = "heatbath" }`;

/** Throws a TypeError for a level that is not an action of spins. */
function levelsOf({ terms, names }: GuideBench): readonly SpinAction[] {
  return terms.map((term, i) => {
    if (isSpinAction(term)) return term;
    throw new TypeError(`guide[${i}]: "${names[i]}" is not an action of spins`);
  });
}

function attemptsOf({ attempts }: Parameters, { terms }: GuideBench): readonly number[] {
  const further = terms.length - 1;
  const list = Array.isArray(attempts) ? attempts : Array<number>(further).fill(attempts);
  if (Array.isArray(attempts) ? list.length === further : further > 0 || attempts === 1) return list;
  throw new RangeError(
    `attempts: is for the levels that decide on proposals of the one before, of which this guide has ${further}; give ${further === 0 ? "a second [[update.guide]], or leave attempts out" : `as many numbers, or one for all`}`,
  );
}

/** What learns, and after how many steps. */
interface Learner {
  readonly learner: ActionLearner;
  readonly after: number;
}

function learningOf(given: Parameters, guide: GuideBench, levels: readonly SpinAction[]): Learner | undefined {
  const { regression } = guide;
  const fitted = fittedLevel(given, guide, levels[0]!);
  if (!fitted) return regression;
  const { first, ridge, forget } = fitTable.parse(given.fit === false ? {} : (given.fit ?? {}));
  if (regression) return withTraining(fitted, { ridge, forget }, first, regression);
  const { thermalise } = guide;
  const last = Math.max(1, thermalise - settling(thermalise));
  if (first !== undefined && first > last)
    throw new RangeError(
      `fit.first: ${first} steps before the first fit, and thermalise = ${thermalise} steps in all, of which the last ${thermalise - last} run with the final couplings; make it smaller`,
    );
  const after = first ?? Math.min(20, Math.floor(thermalise / 5));
  const over = (rounds: number) => rounds > last - Math.max(1, after);
  return { after, learner: new PairFit(fitted, { ridge, forget, over }) };
}

/** Steps at the end of the thermalisation with the final couplings, in which the chain forgets those it learnt with. */
const settling = (thermalise: number) => Math.min(50, Math.ceil(thermalise / 10));

/** The fit of a first level and the training of another begin together, and end together. */
function withTraining(
  fitted: LinearAction,
  how: { readonly ridge: number; readonly forget: number },
  first: number | undefined,
  { learner, after }: Learner,
): Learner {
  if (first !== undefined)
    throw new RangeError(
      `fit.first: beside [training] the fit begins when that does, after thermalise = ${after} steps; leave it out and set thermalise`,
    );
  const fit = new PairFit(fitted, { ...how, over: () => learner.finished });
  return { after, learner: together({ fit, model: learner }) };
}

/** Throws a RangeError for a prior that no step would be of. */
function refuseIdlePrior({ prior }: Parameters, { thermalise }: GuideBench, learning: Learner | undefined): void {
  if (!prior) return;
  if (!learning)
    throw new RangeError("prior: has no effect where nothing is learnt; leave it out, or give [training] or fit");
  if (learning.after === 0 && prior.sweeps > 0)
    throw new RangeError(
      `prior: has no effect where learning begins with the first step, as it does with thermalise = ${thermalise}; leave it out, or give more steps of thermalise`,
    );
}

/** The first level, where its couplings are to be fitted. */
function fittedLevel({ fit }: Parameters, guide: GuideBench, first: SpinAction): LinearAction | undefined {
  if (fit === false) return undefined;
  const [name] = guide.names;
  const trained = guide.regression !== undefined && guide.terms.length === 1;
  if (!isLinear(first)) {
    if (fit) throw new TypeError(`fit: is for a first level that is linear in its couplings, and "${name}" is not`);
    return undefined;
  }
  if (trained) {
    if (fit) throw new RangeError("fit: [training] is for the same level; leave one of them out");
    return undefined;
  }
  const empty = first.couplings?.shells.every((k) => k === 0) ?? false;
  if (!fit && !empty) return undefined;
  const learns = guide.thermalise > 0 || guide.regression !== undefined;
  if (!learns && empty)
    throw new RangeError(
      `guide[0]: "${name}" has no couplings yet, and thermalise = 0 leaves no step to fit them in; give J or a model, or let the run thermalise (fit = false takes it as it is)`,
    );
  return learns ? first : undefined;
}

function priorOf({ prior }: Parameters, space: SpinSpace, target: SpinAction, label: string) {
  const { sweeps = 1, every = Math.max(1, Math.floor(space.lattice.volume / 6)) } = prior ?? {};
  return sweeps === 0 ? {} : { prior: localPrior(space, target, { sweeps, every }, label) };
}
