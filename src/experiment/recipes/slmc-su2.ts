import type { Claim, Expected, Recipe, RecipeRun, Size } from "./recipe.ts";
import { gauge, means, observables, quarks, toy, trajectory } from "./toy.ts";

/** One theory that HMC and self-learning Monte Carlo both sample. */
interface Point {
  /** Ending of the names of its runs. */
  readonly theory: string;
  readonly mass: number;
  readonly lattice?: readonly number[];
  readonly loops: readonly string[];
  /** What is known of it from elsewhere. */
  readonly known: readonly Expected[];
  readonly hmc: Partial<Record<Size, number>>;
  readonly slmc: Partial<Record<Size, number>>;
}

const lines = ["polyakov-x", "polyakov-y", "polyakov-z", "polyakov-t"];
/** Of the published effective action. */
const loops = ["plaquette", "rectangle", ...lines];
const unknown = observables.map((quantity): Expected => ({ quantity }));

const points: readonly Point[] = [
  {
    theory: "m0.5",
    mass: 0.5,
    loops,
    known: unknown,
    hmc: { quick: 1500, usual: 6000, full: 30000 },
    slmc: { quick: 1000, usual: 4000, full: 20000 },
  },
  { theory: "m0.3", mass: 0.3, loops, known: means(), hmc: { full: 30000 }, slmc: { full: 20000 } },
  // two sites in time, where a rectangle would pass a link twice
  {
    theory: "m0.5-hot",
    mass: 0.5,
    lattice: [6, 6, 6, 2],
    loops: ["plaquette", ...lines],
    known: unknown,
    hmc: { full: 4000 },
    slmc: { full: 3000 },
  },
];

const tauInt = observables.map((quantity): Expected => ({ quantity: `tau_int ${quantity}` }));

function hmcRun({ theory, mass, lattice, known }: Point, trajectories: number): RecipeRun {
  return {
    name: `hmc-${theory}`,
    about: `HMC with pseudofermions, mass ${mass}`,
    theory,
    plain: toy({
      title: `HMC with pseudofermions, SU(2), staggered quarks of mass ${mass}`,
      seed: `slmc-su2-hmc-${theory}`,
      trajectories,
      parts: {
        ...(lattice && { lattice }),
        action: [gauge, quarks(mass)],
        update: { name: "hmc", ...trajectory },
      },
    }),
    expected: [{ quantity: "acceptance" }, ...known, ...tauInt],
  };
}

function slmcRun({ theory, mass, lattice, loops: families, known }: Point, trajectories: number): RecipeRun {
  return {
    name: `slmc-${theory}`,
    about: `self-learning Monte Carlo with the exact determinant, mass ${mass}`,
    theory,
    plain: toy({
      title: `Self-learning Monte Carlo, SU(2), exact determinant of staggered quarks of mass ${mass}`,
      seed: `slmc-su2-slmc-${theory}`,
      thermalise: 400,
      trajectories,
      parts: {
        ...(lattice && { lattice }),
        action: [gauge, { name: "exact-determinant", fermion: quarks(mass) }],
        update: { name: "self-learning", loops: families, first: 10 },
      },
    }),
    expected: [
      { quantity: "acceptance" },
      ...known,
      ...tauInt,
      ...families.map((family): Expected => ({ quantity: `coupling ${family}` })),
    ],
  };
}

/** Self-learning Monte Carlo with an effective action of loops. */
export const slmcSu2: Recipe = {
  name: "slmc-su2",
  title: "Self-learning Monte Carlo with the exact determinant: SU(2), four staggered flavours",
  cite: ["Y. Nagai, A. Tanaka, A. Tomiya, Phys. Rev. D 107 (2023) 054501, arXiv:2010.11900"],
  about: [
    "Heat bath of an effective action, a sum of plaquettes, rectangles and Polyakov lines, proposes; the exact determinant decides. The couplings are fitted by regression during the thermalisation, then they are fixed.",
    "The publication finds the averages of HMC at shorter autocorrelation times; its tables were not at hand, so what is judged is whether both algorithms agree and which of them has the shorter tau_int in its own updates. At mass 0.3 the means of an independent HMC in C stand beside them.",
  ],
  minutes: { quick: 1, usual: 3, full: 40 },
  example: "examples/su2-slmc.toml",
  runs: (size) =>
    points.flatMap((point) => {
      const [hmc, slmc] = [point.hmc[size], point.slmc[size]];
      return [
        ...(hmc === undefined ? [] : [hmcRun(point, hmc)]),
        ...(slmc === undefined ? [] : [slmcRun(point, slmc)]),
      ];
    }),
  claims: points.flatMap(({ theory }) =>
    observables.map(
      (quantity): Claim => ({
        quantity: `tau_int ${quantity}`,
        greater: `hmc-${theory}`,
        less: `slmc-${theory}`,
        source: "the publication",
      }),
    ),
  ),
};
