import type { Recipe, RecipeRun, Size } from "./recipe.ts";
import { gauge, means, quarks, toy, trajectory } from "./toy.ts";

/** Factors that the training starts from are those with which s_1/(x + m_1^2) + s_2/(x + m_2^2) is 1/(x + 0.3^2) near x = 1. */
interface Heavy {
  readonly mass: number;
  readonly scale: number;
}

/** A guide of heavier quarks without a network: gauge action and quarks each with a factor that is trained. */
const heavier = (heavy: readonly Heavy[]) => [
  { ...gauge, "learn-scale": true },
  // the forces of a guide need not be exact, only a function of the field: a loose limit keeps reversibility
  ...heavy.map(({ mass, scale }) => ({ ...quarks(mass), scale, "learn-scale": true, "force-solver": loose })),
];

const loose = { relative: 1e-5 };
const target = [gauge, { ...quarks(0.3), "force-solver": loose }];

/** Long trajectories, which move the Polyakov loop, on two time scales. */
const long = {
  length: 2,
  levels: [
    { actions: ["staggered"], steps: 5 },
    { actions: ["wilson-gauge"], steps: 2 },
  ],
};

const pairs = {
  4: [
    { mass: 0.4, scale: 1.33 },
    { mass: 0.8, scale: -0.36 },
  ],
  5: [
    { mass: 0.5, scale: 1.6 },
    { mass: 1, scale: -0.5 },
  ],
  6: [
    { mass: 0.6, scale: 1.8 },
    { mass: 1.2, scale: -0.9 },
  ],
} as const;

const statistics: Readonly<Record<Size, { readonly training: number; readonly trajectories: number }>> = {
  quick: { training: 200, trajectories: 300 },
  usual: { training: 800, trajectories: 2000 },
  full: { training: 800, trajectories: 10000 },
};

function guided(
  { name, about, along }: { name: string; about: string; along: Readonly<Record<string, unknown>> },
  heavy: readonly Heavy[],
  size: Size,
): RecipeRun {
  const { training, trajectories } = statistics[size];
  return {
    name,
    about,
    plain: toy({
      title: `Self-learning HMC, SU(2), staggered quarks: ${about}`,
      seed: `guides-su2-${name}`,
      trajectories,
      parts: {
        action: target,
        update: { name: "self-learning-hmc", ...along, prior: along, guide: heavier(heavy) },
        training: { trajectories: training, rate: 1e-2, schedule: { name: "cosine", final: 0.05 } },
      },
    }),
    expected: [{ quantity: "acceptance" }, ...means()],
  };
}

/** Guides without a network: what a few trained factors reach, and what they cost beside plain HMC. */
export const guidesSu2: Recipe = {
  name: "guides-su2",
  title:
    "Guides of heavier quarks with trained factors, and their cost beside plain HMC: SU(2), four staggered flavours",
  cite: ["Y. Nagai, A. Tomiya, Phys. Rev. D 111 (2025) 074501, arXiv:2103.11965"],
  about: [
    "The theory of slhmc-su2. The guide has no network: two heavier quarks on one pseudofermion, each with a trained factor, which together act like the light one on the modes that matter.",
    "unit-4 and unit-5 have the published trajectories (20 leapfrog steps of unit length) at m_h = 0.4 and 0.5. The others have trajectories of length 2 on two time scales, as plain HMC beside them: their costs are to be compared (comparison.html).",
  ],
  minutes: { quick: 1, usual: 4, full: 15 },
  example: "examples/su2-slhmc.toml",
  runs(size) {
    const of = (name: string, about: string, along: Readonly<Record<string, unknown>>, heavy: readonly Heavy[]) =>
      guided({ name, about, along }, heavy, size);
    return [
      {
        name: "hmc",
        about: "plain HMC, trajectories of length 2",
        plain: toy({
          title: "Plain HMC, SU(2), staggered quarks",
          seed: "guides-su2-hmc",
          trajectories: statistics[size].trajectories,
          parts: { action: target, update: { name: "hmc", ...long } },
        }),
        expected: [{ quantity: "acceptance" }, ...means("hmc")],
      },
      of("long-4", "quarks of mass 0.4 and 0.8, length 2", long, pairs[4]),
      of("long-4-alone", "a quark of mass 0.4, length 2", long, [{ mass: 0.4, scale: 1.1 }]),
      of("long-6", "quarks of mass 0.6 and 1.2, length 2", long, pairs[6]),
      of("unit-4", "quarks of mass 0.4 and 0.8, published trajectories", trajectory, pairs[4]),
      of("unit-5", "quarks of mass 0.5 and 1.0, published trajectories", trajectory, pairs[5]),
    ];
  },
  claims: [],
};
