import { z } from "zod";
import { spinsOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import { isSpinAction, type SpinAction } from "../../../physics/spins/spin-action.ts";
import type { GuideBench, Update, UpdateBench } from "../../update.ts";
import { sourceOf } from "../spin-move.ts";
import { innerChain, innerSchema } from "./inner.ts";
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
      "steps before the fitted couplings are used, a fifth of the thermalisation (20 at most) where left out; fitting goes on until its end",
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
    .prefault({ name: "metropolis", sweeps: 30 })
    .describe(
      'the chain of the first level that makes a proposal, { name = "metropolis", updates = 1080 }, or a list of such tables, which are made there and back',
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
    const how: SelfLearning = {
      target,
      levels,
      inner: innerChain(given.inner, space, levels[0]!, guide.names[0]!),
      attempts: attemptsOf(given, guide),
      label,
      advice,
    };
    const learning = learningOf(given, guide, levels);
    if (!learning) {
      if (given.prior)
        throw new RangeError("prior: has no effect where nothing is learnt; leave it out, or give [training] or fit");
      return selfLearning(space, how);
    }
    return whileLearning((saw) => selfLearning(space, { ...how, saw }), {
      ...learning,
      ...priorOf(given, space, target, label),
    });
  },
};

const advice =
  "a guide that is nearer to the action (more shells, a trained model, a longer thermalisation), or fewer updates in inner";

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
function learningOf(given: Parameters, guide: GuideBench, levels: readonly SpinAction[]) {
  const { regression } = guide;
  const fitted = fittedLevel(given, guide, levels[0]!);
  if (!fitted) return regression;
  const { first, ridge, forget } = fitTable.parse(given.fit === false ? {} : (given.fit ?? {}));
  const fit = new PairFit(fitted, { ridge, forget });
  if (regression) return { after: regression.after, learner: together({ fit, model: regression.learner }) };
  const { thermalise } = guide;
  if (first !== undefined && first > thermalise)
    throw new RangeError(
      `fit.first: ${first} steps before the first fit, and thermalise = ${thermalise} steps in all; make it smaller`,
    );
  return { after: first ?? Math.min(20, Math.floor(thermalise / 5)), learner: fit };
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
