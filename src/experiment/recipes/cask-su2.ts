import type { Claim, Recipe, RecipeRun, Size } from "./recipe.ts";
import { gauge, guide, means, quarks, toy } from "./toy.ts";

const loops = ["plaquette", "polyakov-space", "polyakov-t"];
/** The smearing at the end of a layer of attention is a layer of the covariant network, which it so contains. */
const networks = { net: { name: "covariant-net", loops }, cask: { name: "cask", loops, final: loops } } as const;
type Kind = keyof typeof networks;

/** Two time scales: the quark on the slow one, whose force goes through the network. */
const scales = (quark: number) => ({
  length: 1,
  levels: [
    { actions: ["staggered"], steps: quark },
    { actions: ["wilson-gauge"], steps: 2 },
  ],
});

/** Layers that are compared, and trajectories of training and production. */
interface Plan {
  readonly layers: readonly number[];
  readonly training: number;
  readonly trajectories: number;
}

const plans: Readonly<Record<Size, Plan>> = {
  quick: { layers: [1], training: 300, trajectories: 300 },
  usual: { layers: [1], training: 1500, trajectories: 3000 },
  full: { layers: [1, 2, 3], training: 1500, trajectories: 10000 },
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
          ...scales(4),
          prior: scales(3),
          guide: guide(0.4, { ...networks[kind], layers }),
        },
        training: {
          trajectories: training,
          objective: "trajectory",
          optimiser: "adam",
          rate: 1e-3,
          schedule: { name: "cosine", final: 0.05 },
        },
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
    "The theory of slhmc-su2, guide of mass 0.4, with networks of equally many layers of either kind, trained alike with Adam; the loss of every trajectory is kept in models/training.csv of each run. Trajectories have two time scales, with 9 forces of the quark and 33 of the gauge action.",
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
