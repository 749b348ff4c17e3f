import {
  electrons,
  everywhere,
  grownFrom,
  inner,
  linear,
  means,
  shells,
  theory,
  training,
  transformer,
  twoLevels,
} from "./electrons.ts";
import type { Claim, Expected, Recipe, RecipeRun, Reference, Size } from "./recipe.ts";

const temperature = 0.05;
const at = { size: 6, temperature } as const;

/** Production updates along linear models and along trained ones, updates of training, sweeps and updates at other temperatures. */
interface Plan {
  readonly linear: number;
  readonly trained: number;
  readonly training: number;
  readonly sweeps: number;
  readonly steps: number;
  readonly sizes: readonly (4 | 6)[];
}

const plans: Readonly<Record<Size, Plan>> = {
  quick: { linear: 3000, trained: 600, training: 2000, sweeps: 2000, steps: 5000, sizes: [4] },
  usual: { linear: 10000, trained: 2000, training: 4000, sweeps: 4000, steps: 15000, sizes: [4, 6] },
  full: { linear: 40000, trained: 10000, training: 8000, sweeps: 20000, steps: 60000, sizes: [4, 6] },
};

/** Acceptances of the independent program; what every training ends in differs a little. */
const acceptance = (independent?: Reference, within = 0.1): Expected => ({
  quantity: "acceptance",
  ...(independent && { independent, within }),
});

/** One mean tells whether a chain samples the right thing; the others follow it. */
const magnetisation = means(at).find(({ quantity }) => quantity === "staggered-magnetisation.abs")!;

function linearRun(count: number, independent: Reference, { linear: trajectories }: Plan): RecipeRun {
  const name = count === 1 ? "linear-nearest" : "linear-all";
  const about = count === 1 ? "linear model of nearest neighbours" : `linear model of all ${count} shells`;
  return {
    name,
    about,
    // a chain that accepts two of a hundred is too slow to be compared
    theory: count === 1 ? `${theory(at)}-nearest` : theory(at),
    plain: electrons({
      title: `Double exchange, 6 x 6, T = 0.05: ${about}`,
      seed: `double-exchange-${name}`,
      ...at,
      thermalise: 400,
      trajectories,
      parts: {
        update: {
          name: "self-learning",
          inner: inner(6),
          // fitted to its own proposals a model of nearest neighbours would be stuck where the target lives
          ...(count === 1 ? { fit: { first: 360, forget: 0 } } : {}),
          guide: [linear(count)],
        },
      },
    }),
    expected: [
      acceptance(independent, 0.03),
      { quantity: "mse" },
      ...(count === 1 ? [] : means(at)),
      { quantity: "tau_int staggered-magnetisation.abs" },
    ],
  };
}

interface Model {
  readonly name: string;
  readonly about: string;
  readonly model: Readonly<Record<string, unknown>>;
  /** The model that it grows from, where it does not begin by itself. */
  readonly from?: string;
  readonly independent?: Reference;
}

const published = [1, 2, 3].map((layers): Model => {
  const independent = [0.371, 0.611, 0.655][layers - 1]!;
  return {
    name: `layers-${layers}`,
    about: `Transformer of ${layers} ${layers === 1 ? "layer" : "layers"}, nearest-neighbour head`,
    model: transformer(layers),
    ...(layers > 1 ? { from: `layers-${layers - 1}` } : {}),
    independent: { mean: independent, error: 0.025 },
  };
});

const further: readonly Model[] = [
  {
    name: "all-shells-1",
    about: "Transformer of one layer, all shells in layer and head",
    model: everywhere(1, 1),
    independent: { mean: 0.842, error: 0.02 },
  },
  { name: "all-shells-2", about: "the same with two heads", model: everywhere(1, 2) },
];

/** A model trained with two levels, and then used alone: its own chain of 1080 updates proposes. */
function trainedRuns({ name, about, model, from, independent }: Model, plan: Plan): RecipeRun[] {
  const of = (title: string, run: string, trajectories: number, parts: Readonly<Record<string, unknown>>) => ({
    theory: theory(at),
    plain: electrons({
      title: `Double exchange, 6 x 6, T = 0.05: ${title}`,
      seed: `double-exchange-${run}`,
      ...at,
      thermalise: 200,
      trajectories,
      parts,
    }),
  });
  return [
    {
      name: `${name}-training`,
      about: `${about}: training behind the linear model, which makes the proposals`,
      ...of(`training of a ${about}`, `${name}-training`, plan.trained, {
        update: twoLevels(6, from === undefined ? model : grownFrom(`${from}-training`, model)),
        training: training(plan.training),
      }),
      expected: [acceptance(), { quantity: "mse" }],
    },
    {
      name,
      about: `${about}, proposing by itself`,
      ...of(about, name, plan.trained, {
        update: {
          name: "self-learning",
          inner: inner(6),
          guide: [{ ...model, model: `${name}-training` }],
        },
      }),
      expected: [
        acceptance(independent),
        { quantity: "mse" },
        magnetisation,
        { quantity: "tau_int staggered-magnetisation.abs" },
      ],
    },
  ];
}

/**
 * Beyond the publication: electrons of the half of the orbitals that lie nearest to the Fermi energy, which decide on what
 * the linear model proposes.
 */
function lowEnergyRun(plan: Plan): RecipeRun {
  const about = "electrons of the 18 orbitals near the Fermi energy, and all pairs, behind the linear model";
  return {
    name: "low-energy",
    about,
    theory: theory(at),
    plain: electrons({
      title: `Double exchange, 6 x 6, T = 0.05: ${about}`,
      seed: "double-exchange-low-energy",
      ...at,
      thermalise: 100,
      trajectories: plan.trained,
      parts: {
        update: twoLevels(6, { name: "low-energy-electrons", window: 1, shells: 9 }),
        training: { trajectories: 1000, every: 200, optimiser: "least-squares", steps: 3 },
      },
    }),
    expected: [acceptance(), { quantity: "mse" }, magnetisation, { quantity: "tau_int staggered-magnetisation.abs" }],
  };
}

/** The magnetisation at a temperature: by an effective model, and by single-spin updates with every weight exact. */
function agreementRuns(size: 4 | 6, T: number, plan: Plan): RecipeRun[] {
  const point = { size, temperature: T };
  const word = theory(point);
  const slmc: RecipeRun = {
    name: `slmc-${word}`,
    about: `${size} x ${size}, T = ${T}: linear model of all shells`,
    theory: word,
    plain: electrons({
      title: `Double exchange, ${size} x ${size}, T = ${T}: self-learning Monte Carlo`,
      seed: `double-exchange-slmc-${word}`,
      ...point,
      thermalise: 500,
      trajectories: plan.steps,
      parts: { update: { name: "self-learning", inner: inner(size), guide: [linear(shells[size])] } },
    }),
    expected: [acceptance(), ...means(point), { quantity: "tau_int staggered-magnetisation.abs" }],
  };
  const exact: RecipeRun = {
    name: `exact-${word}`,
    about: `${size} x ${size}, T = ${T}: single-spin updates, a diagonalisation each`,
    theory: word,
    plain: electrons({
      title: `Double exchange, ${size} x ${size}, T = ${T}: full diagonalisation`,
      seed: `double-exchange-exact-${word}`,
      ...point,
      thermalise: 100,
      trajectories: plan.sweeps,
      parts: { update: { name: "metropolis" } },
    }),
    expected: [...means(point), { quantity: "tau_int staggered-magnetisation.abs" }],
  };
  return [slmc, exact];
}

const temperatures = [0.1, 0.05, 0.02];

const deeper = (greater: string, less: string, source = "the publication"): Claim => ({
  quantity: "acceptance",
  greater,
  less,
  source,
});

/** Self-learning Monte Carlo of the double-exchange model with the equivariant Transformer. */
export const doubleExchange: Recipe = {
  name: "double-exchange",
  title:
    "Self-learning Monte Carlo of the double-exchange model with the equivariant Transformer: 6 x 6, t = J = 1, half filling",
  cite: [
    "Y. Nagai, A. Tomiya, J. Phys. Soc. Jpn. 93 (2024) 114007, arXiv:2306.11527",
    "A. Tomiya, Y. Nagai, PoS LATTICE2023 (2024) 001, arXiv:2310.13222",
  ],
  about: [
    "At T = 0.05, where every effective model is worst, 1080 single-spin updates of the model make a proposal and one diagonalisation decides. The publication finds that the acceptance rises with the layers; temperature and length of its inner chains were not at hand, so acceptances stand beside those of an independent program in numpy and C at this point. They count as equal within 0.1 where a network was trained, because every training ends elsewhere, and a better one accepts more.",
    "A linear model of all shells is as good as two or three layers with the published nearest-neighbour head: electrons at half filling on an even torus couple sites half-way round. With all shells the Transformer, too, is better with fewer layers.",
    "Every Transformer, with two layers or more grown from the one before it, learns behind the linear model of all shells, which proposes, by Levenberg-Marquardt least squares; then its weights are fixed and its own chain proposes.",
    "What no sum of pairs and no small network describes are the orbitals at the Fermi energy. A model that keeps the 18 of 36 nearest to it, and pairs for the others, is accepted nine times of ten (low-energy).",
    "The magnetisation against the temperature is that of self-learning Monte Carlo and of plain single-spin updates with a full diagonalisation each, beside the independent program.",
  ],
  minutes: { quick: 2, usual: 8, full: 35 },
  example: "examples/double-exchange-transformer.toml",
  runs(size) {
    const plan = plans[size];
    const models = size === "quick" ? [...published, further[0]!] : [...published, ...further];
    return [
      linearRun(1, { mean: 0.028, error: 0.01 }, plan),
      linearRun(9, { mean: 0.664, error: 0.004 }, plan),
      ...models.flatMap((model) => trainedRuns(model, plan)),
      ...(size === "quick" ? [] : [lowEnergyRun(plan)]),
      ...plan.sizes.flatMap((extent) => temperatures.flatMap((T) => agreementRuns(extent, T, plan))),
    ];
  },
  claims: [
    deeper("layers-1", "linear-nearest"),
    deeper("layers-2", "layers-1"),
    deeper("layers-3", "layers-2"),
    deeper("all-shells-1", "linear-all", "an independent program"),
    deeper("all-shells-1", "layers-3", "an independent program"),
  ],
  figures: [
    {
      title: "Acceptance against the number of layers",
      caption:
        "Acceptance at T = 0.05 with inner chains of 1080 updates; no layer is the linear model, and one of low-energy electrons. Hollow: an independent program.",
      x: { label: "layers" },
      y: { label: "acceptance", quantity: "acceptance" },
      series: [
        {
          label: "nearest head",
          runs: [{ run: "linear-nearest", x: 0 }, ...published.map(({ name }, i) => ({ run: name, x: i + 1 }))],
        },
        {
          label: "all shells",
          runs: [
            { run: "linear-all", x: 0 },
            { run: "all-shells-1", x: 1 },
          ],
        },
        { label: "two heads", runs: [{ run: "all-shells-2", x: 1 }] },
        { label: "electrons", runs: [{ run: "low-energy", x: 0 }] },
      ],
    },
    ...([4, 6] as const).map((size) => ({
      title: `Staggered magnetisation against the temperature, ${size} x ${size}`,
      caption: `Self-learning Monte Carlo and single-spin updates with full diagonalisation, ${size} x ${size}. Hollow: an independent program.`,
      x: { label: "T" },
      y: { label: "|mₛ|", quantity: "staggered-magnetisation.abs" },
      series: (["slmc", "exact"] as const).map((way) => ({
        label: way === "slmc" ? "self-learning" : "exact",
        runs: temperatures.map((T) => ({ run: `${way}-${theory({ size, temperature: T })}`, x: T })),
      })),
    })),
  ],
};
