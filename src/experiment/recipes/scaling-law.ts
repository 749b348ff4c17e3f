import { erfc } from "../../numerics/error-function.ts";
import { electrons, grownFrom, linear, shells, theory, training, transformer, twoLevels } from "./electrons.ts";
import type { Recipe, RecipeFigure, RecipeRun, Size } from "./recipe.ts";

const at = { size: 6, temperature: 0.05 } as const;

/** Layers that are compared, updates of training and production. */
interface Plan {
  readonly layers: readonly number[];
  readonly training: number;
  readonly production: number;
}

const plans: Readonly<Record<Size, Plan>> = {
  quick: { layers: [0, 1, 2, 3, 4], training: 2000, production: 1500 },
  usual: { layers: [0, 1, 2, 3, 4, 5, 6], training: 4000, production: 5000 },
  full: { layers: [0, 1, 2, 3, 4, 5, 6], training: 10000, production: 20000 },
};

const all = plans.full.layers;
const nameOf = (layers: number) => `layers-${layers}`;
/** Weights of the layers, the coupling of the head, and the constant. */
const parametersOf = (layers: number) => 21 * layers + 2;

/** From the second layer on, every one is added to the trained model of those before it. */
const modelOf = (layers: number) =>
  layers < 2 ? transformer(layers) : grownFrom(nameOf(layers - 1), transformer(layers));

function depthRun(layers: number, plan: Plan): RecipeRun {
  const about =
    layers === 0
      ? "no layer: the linear model of nearest neighbours"
      : `${layers} ${layers === 1 ? "layer" : "layers"}`;
  return {
    name: nameOf(layers),
    about: `${about}, ${parametersOf(layers)} parameters`,
    // without a layer the chain is too slow to be compared
    theory: layers === 0 ? `${theory(at)}-linear` : theory(at),
    plain: electrons({
      title: `Scaling law, double exchange, 6 x 6, T = 0.05: ${about}`,
      seed: `scaling-law-${layers}`,
      ...at,
      thermalise: 200,
      trajectories: plan.production,
      parts: { update: twoLevels(6, modelOf(layers)), training: training(plan.training) },
    }),
    expected: [{ quantity: "mse" }, { quantity: "acceptance" }],
  };
}

/** A model of three layers on a larger lattice: as it is, and after some training there. */
function transferRuns(plan: Plan, size: Size): RecipeRun[] {
  const point = { size: 8, temperature: 0.05 } as const;
  const from = Math.min(3, plan.layers.at(-1)!);
  const updates = { quick: 400, usual: 1000, full: 4000 }[size];
  const of = (name: string, about: string, parts: Readonly<Record<string, unknown>>): RecipeRun => ({
    name,
    about,
    theory: theory(point),
    plain: electrons({
      title: `Scaling law, double exchange, 8 x 8, T = 0.05: ${about}`,
      seed: `scaling-law-${name}`,
      ...point,
      // sweeps of the exact action in a run that trains, steps of self-learning in the others
      thermalise: parts.training ? 40 : 200,
      trajectories: updates,
      parts,
    }),
    expected: [{ quantity: "mse" }, { quantity: "acceptance" }],
  });
  return [
    of("transfer-8x8", `the model of ${from} layers, trained on 6 x 6 and used on 8 x 8`, {
      update: twoLevels(8, { ...transformer(from), model: nameOf(from) }),
    }),
    of("tuned-8x8", `the same, trained a little more on 8 x 8`, {
      update: twoLevels(8, { ...transformer(from), model: nameOf(from) }),
      training: training(2 * updates),
    }),
    of("linear-8x8", "8 x 8: linear model of all 14 shells, fitted there", {
      update: { name: "self-learning", inner: { name: "metropolis", updates: 1920 }, guide: [linear(shells[8])] },
    }),
  ];
}

const published = { scale: 7.1, exponent: 1.1 };

const loss: RecipeFigure = {
  title: "Loss against the number of parameters",
  caption:
    "Mean squared error of S_eff on configurations of the production, with the power law through the models of two layers and more, and the published one.",
  x: { label: "parameters", logarithmic: true },
  y: { label: "MSE", logarithmic: true, quantity: "mse" },
  series: [{ label: "6 x 6", runs: all.map((layers) => ({ run: nameOf(layers), x: parametersOf(layers) })) }],
  power: { from: parametersOf(2), published },
};

const accepted: RecipeFigure = {
  title: "Acceptance against the loss",
  caption:
    "Acceptance and mean squared error of every model, beside the rule of the publication, exp(−√MSE), and erfc(√MSE/2), which holds where the error is normal and proposals are independent.",
  x: { label: "MSE", logarithmic: true, quantity: "mse" },
  y: { label: "acceptance", quantity: "acceptance" },
  series: [
    { label: "6 x 6", runs: [...all].reverse().map((layers) => ({ run: nameOf(layers) })) },
    { label: "8 x 8", runs: [{ run: "transfer-8x8" }, { run: "linear-8x8" }, { run: "tuned-8x8" }] },
  ],
  curves: [
    { label: "erfc(√MSE/2)", at: (mse) => erfc(Math.sqrt(mse) / 2) },
    { label: "exp(−√MSE)", at: (mse) => Math.exp(-Math.sqrt(mse)) },
  ],
};

/** The loss of the equivariant Transformer as a power of its parameters. */
export const scalingLaw: Recipe = {
  name: "scaling-law",
  title: "Loss of the equivariant Transformer against its parameters: double-exchange model, 6 x 6, T = 0.05",
  cite: [
    "Y. Nagai, A. Tomiya, J. Phys. Soc. Jpn. 93 (2024) 114007, arXiv:2306.11527",
    "A. Tomiya, Y. Nagai, PoS LATTICE2023 (2024) 001, arXiv:2310.13222",
  ],
  about: [
    "Transformers of the published layout, six shells in the layers and a nearest-neighbour head, 21 L + 2 parameters. The publication fits MSE = (7.1/x)^1.1 without the linear model and that of one layer, and estimates the loss from the acceptance by exp(−√MSE); temperature and length of the inner chains were not at hand, so the level may differ.",
    "Every model grows from the one with a layer less, as the identity at first, and learns behind the linear model of all shells, which proposes; it decides on ten proposals before the electrons are asked. The loss is the variance of S_eff − S on what the chain then visits, on none of which it was trained.",
    "On 8 x 8 the model that was trained on 6 x 6 is used as it is and after a little more training, beside the linear model of all shells that was fitted there.",
  ],
  minutes: { quick: 3, usual: 9, full: 30 },
  example: "examples/double-exchange-transformer.toml",
  runs(size) {
    const plan = plans[size];
    return [...plan.layers.map((layers) => depthRun(layers, plan)), ...transferRuns(plan, size)];
  },
  claims: [1, 2, 3].map((layers) => ({
    quantity: "acceptance",
    greater: nameOf(layers),
    less: nameOf(layers - 1),
    source: "the publication",
  })),
  figures: [loss, accepted],
};
