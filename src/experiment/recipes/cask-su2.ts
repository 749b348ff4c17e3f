import type { Claim, Recipe, RecipeRun, Size } from "./recipe.ts";
import { gauge, guide, means, quarks, toy, trajectory } from "./toy.ts";

const networks = { net: "covariant-net", cask: "cask" } as const;
type Kind = keyof typeof networks;

/** Layers that are compared, and trajectories of training and production. */
interface Plan {
  readonly layers: readonly number[];
  readonly training: number;
  readonly trajectories: number;
}

const plans: Readonly<Record<Size, Plan>> = {
  quick: { layers: [1], training: 300, trajectories: 300 },
  usual: { layers: [1], training: 1000, trajectories: 1200 },
  full: { layers: [1, 2, 3], training: 3000, trajectories: 4000 },
};

function guided(kind: Kind, layers: number, { training, trajectories }: Plan): RecipeRun {
  const about = `${kind === "net" ? "covariant network" : "CASK"}, ${layers} ${layers === 1 ? "layer" : "layers"}`;
  return {
    name: `${kind}-${layers}`,
    about,
    plain: toy({
      title: `Self-learning HMC, SU(2), staggered quarks: ${about}`,
      seed: `cask-su2-${kind}-${layers}`,
      trajectories,
      parts: {
        action: [gauge, quarks(0.3)],
        update: {
          name: "self-learning-hmc",
          ...trajectory,
          guide: guide(0.4, { name: networks[kind], layers }),
        },
        training: { trajectories: training, objective: "trajectory", optimiser: "adam", rate: 1e-3 },
      },
    }),
    expected: [{ quantity: "acceptance" }, ...means()],
  };
}

const above = (greater: string, less: string): Claim => ({
  quantity: "acceptance",
  greater,
  less,
  source: "the publication",
});

/** Self-learning HMC with gauge-covariant attention. */
export const caskSu2: Recipe = {
  name: "cask-su2",
  title: "Gauge-covariant attention (CASK) against the covariant network: SU(2), four staggered flavours of mass 0.3",
  cite: ["Y. Nagai, H. Ohno, A. Tomiya, arXiv:2501.16955"],
  about: [
    "The set-up of slhmc-su2, guide of mass 0.4, with networks of equally many layers of either kind, trained alike with Adam; the loss of every trajectory is kept in models/training.csv of each run.",
    "The publication gives no numbers: it finds that the acceptance is higher with attention and rises with the layers. It trains on the squared difference of actions, whose offset costs acceptance (see slhmc-su2); here both kinds are trained on what a trajectory changes.",
  ],
  minutes: { quick: 1, usual: 4, full: 60 },
  example: "examples/su2-slhmc.toml",
  runs(size) {
    const plan = plans[size];
    return plan.layers.flatMap((layers) => [guided("net", layers, plan), guided("cask", layers, plan)]);
  },
  claims: [
    ...[1, 2, 3].map((layers) => above(`cask-${layers}`, `net-${layers}`)),
    above("cask-2", "cask-1"),
    above("cask-3", "cask-2"),
  ],
};
