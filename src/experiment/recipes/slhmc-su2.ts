import type { Expected, Recipe, RecipeRun, Reference, Size } from "./recipe.ts";
import { gauge, guide, means, quarks, toy, trajectory } from "./toy.ts";

const network = { name: "covariant-net", layers: 2, loops: ["plaquette", "polyakov-space", "polyakov-t"] };

/** Statistics of a run by size; it is left out of sizes that are not there. */
interface Statistics {
  readonly trajectories: Partial<Record<Size, number>>;
  /** Trajectories of the training, where it is shorter than in the literature. */
  readonly training?: Partial<Record<Size, number>>;
}

interface Trained {
  readonly objective: string;
  readonly rate: number;
  readonly trajectories: number;
}

const target = [gauge, quarks(0.3)];

/** What every training ends in differs a little, and its acceptance with it. */
const within = 0.03;
const acceptance = (independent: Reference, published?: Reference): Expected => ({
  quantity: "acceptance",
  independent,
  ...(published && { published }),
  within,
});

const plainHmc = (trajectories: number): RecipeRun => ({
  name: "hmc",
  about: "plain HMC, for comparison",
  plain: toy({
    title: "Plain HMC, SU(2), staggered quarks",
    seed: "slhmc-su2-hmc",
    trajectories,
    parts: { action: target, update: { name: "hmc", ...trajectory } },
  }),
  expected: [acceptance({ mean: 0.97 }), ...means("hmc")],
});

interface Guided {
  readonly name: string;
  readonly about: string;
  /** Mass of the guide's quark. */
  readonly mass: number;
  readonly training?: Trained;
  readonly expected: readonly Expected[];
  readonly statistics: Statistics;
}

function guided({ name, about, mass, training, expected, statistics }: Guided, size: Size): RecipeRun[] {
  const trajectories = statistics.trajectories[size];
  if (trajectories === undefined) return [];
  const learnt = training && { ...training, trajectories: statistics.training?.[size] ?? training.trajectories };
  return [
    {
      name,
      about,
      plain: toy({
        title: `Self-learning HMC, SU(2), staggered quarks: ${about}`,
        seed: `slhmc-su2-${name}`,
        trajectories,
        parts: {
          action: target,
          // from a hot start trajectories along the guide are never accepted, so those of the target thermalise
          update: { name: "self-learning-hmc", ...trajectory, prior: trajectory, guide: guide(mass, network) },
          ...(learnt && {
            training: {
              trajectories: learnt.trajectories,
              objective: learnt.objective,
              optimiser: "sgd",
              rate: learnt.rate,
            },
          }),
        },
      }),
      expected,
    },
  ];
}

const published: Trained = { objective: "published", rate: 1e-7, trajectories: 1500 };
const centred: Trained = { objective: "centred", rate: 2e-6, trajectories: 3000 };
const change = (rate: number): Trained => ({ objective: "trajectory", rate, trajectories: 3000 });

/** The acceptances were found by an independent program in C from as many trajectories as the errors tell. */
const runs: readonly Guided[] = [
  {
    name: "trajectory-loss",
    about: "guide of mass 0.4, trained on what a trajectory changes",
    mass: 0.4,
    training: change(2e-5),
    expected: [acceptance({ mean: 0.767, error: 0.009 }), ...means("self-learning")],
    statistics: { trajectories: { quick: 1400, usual: 3000, full: 30000 }, training: { quick: 800 } },
  },
  {
    name: "published-loss",
    about: "guide of mass 0.4, trained on the published loss",
    mass: 0.4,
    training: published,
    expected: [acceptance({ mean: 0.378, error: 0.008 }, { mean: 0.4 }), ...means("self-learning")],
    statistics: { trajectories: { usual: 2500, full: 4000 } },
  },
  {
    name: "centred-loss",
    about: "guide of mass 0.4, trained on the loss without its offset",
    mass: 0.4,
    training: centred,
    expected: [acceptance({ mean: 0.729, error: 0.01 }), ...means("self-learning")],
    statistics: { trajectories: { full: 4000 } },
  },
  {
    name: "untrained",
    about: "guide of mass 0.4 with zero weights",
    mass: 0.4,
    expected: [acceptance({ mean: 0.57, error: 0.011 }), ...means("self-learning")],
    statistics: { trajectories: { full: 4000 } },
  },
  {
    name: "heavy-trajectory-loss",
    about: "guide of mass 0.5, trained on what a trajectory changes",
    mass: 0.5,
    training: change(1e-5),
    expected: [acceptance({ mean: 0.467 })],
    statistics: { trajectories: { full: 4000 } },
  },
  {
    name: "heavy-published-loss",
    about: "guide of mass 0.5, trained on the published loss",
    mass: 0.5,
    training: published,
    expected: [acceptance({ mean: 0.077 })],
    statistics: { trajectories: { full: 4000 } },
  },
  {
    name: "heavy-untrained",
    about: "guide of mass 0.5 with zero weights",
    mass: 0.5,
    expected: [acceptance({ mean: 0.198 })],
    statistics: { trajectories: { full: 4000 } },
  },
];

const hmcTrajectories: Partial<Record<Size, number>> = { usual: 4000, full: 46000 };

/** Self-learning HMC with the gauge-covariant network. */
export const slhmcSu2: Recipe = {
  name: "slhmc-su2",
  title: "Self-learning HMC with a gauge-covariant network: SU(2), four staggered flavours of mass 0.3",
  cite: ["Y. Nagai, A. Tomiya, Phys. Rev. D 111 (2025) 074501, arXiv:2103.11965"],
  about: [
    "Trajectories follow a quark of mass 0.4 that sees the links through a network of two layers and six weights; the quark of mass 0.3 decides, so that the means are exact whatever was learnt.",
    "The network is trained on trajectories of plain HMC. The published loss is dominated by a constant offset that the accept step does not see, and training it lowers the acceptance of zero weights; the loss of what a trajectory changes raises it.",
    `Published means and acceptance are those of the paper, the others those of an independent program in C. Acceptances count as equal within ${within}: every training ends in slightly other weights.`,
  ],
  minutes: { quick: 1, usual: 4, full: 40 },
  example: "examples/su2-slhmc.toml",
  runs(size) {
    const plain = hmcTrajectories[size];
    return [...(plain === undefined ? [] : [plainHmc(plain)]), ...runs.flatMap((run) => guided(run, size))];
  },
  claims: [
    {
      quantity: "acceptance",
      greater: "trajectory-loss",
      less: "untrained",
      source: "an independent program",
    },
    { quantity: "acceptance", greater: "untrained", less: "published-loss", source: "an independent program" },
  ],
};
