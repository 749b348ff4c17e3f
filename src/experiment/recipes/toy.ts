import type { Expected } from "./recipe.ts";

/**
 * The small theory of all three papers: SU(2) on 4^4 at beta = 2.7 with four flavours of staggered quarks,
 * antiperiodic in time.
 */
export const beta = 2.7;
export const gauge = { name: "wilson-gauge", beta } as const;
export const quarks = (mass: number) => ({ name: "staggered", mass }) as const;

/** Unit trajectories of 20 leapfrog steps, each with the field first. */
export const trajectory = { steps: 20, integrator: "leapfrog", start: "position" } as const;

/** A guide: the heavier quark of mass `mass` sees the links through a network, the gauge action is that of the target. */
export const guide = (mass: number, network: Readonly<Record<string, unknown>>) => [
  gauge,
  { ...quarks(mass), through: network },
];

interface Given {
  readonly title: string;
  readonly seed: string;
  /** Updates before production, without those of a training. */
  readonly thermalise?: number;
  readonly trajectories: number;
  /** The keys `action`, `update` and `training`, and any that differ from those of the theory. */
  readonly parts: Readonly<Record<string, unknown>>;
}

/** A run file of the theory. */
export const toy = ({ title, seed, thermalise = 200, trajectories, parts }: Given): Record<string, unknown> => ({
  title,
  lattice: [4, 4, 4, 4],
  group: "SU(2)",
  start: "hot",
  seed,
  thermalise,
  trajectories,
  ...parts,
  measure: { plaquette: 1, "polyakov-loop": 1, "chiral-condensate": { every: 5, sources: 4 } },
});

/** Means at mass 0.3, the first by an independent program in C: 46000 trajectories of HMC with three seeds. */
const independent = {
  "plaquette.plaquette": { mean: 0.70251, error: 0.00008 },
  "polyakov-loop.re": { mean: 0.818, error: 0.006 },
  "chiral-condensate.condensate": { mean: 0.42374, error: 0.00017 },
} as const;

/** Y. Nagai, A. Tomiya, Phys. Rev. D 111 (2025) 074501. */
const published = {
  hmc: {
    "plaquette.plaquette": { mean: 0.7025, error: 0.0001 },
    "polyakov-loop.re": { mean: 0.82, error: 0.01 },
    "chiral-condensate.condensate": { mean: 0.4245, error: 0.0005 },
  },
  "self-learning": {
    "plaquette.plaquette": { mean: 0.7023, error: 0.0002 },
    "polyakov-loop.re": { mean: 0.83, error: 0.01 },
    "chiral-condensate.condensate": { mean: 0.4241, error: 0.0005 },
  },
} as const;

/** The observables that everybody has measured. */
export const observables = ["plaquette.plaquette", "polyakov-loop.re", "chiral-condensate.condensate"] as const;

/** The means at mass 0.3: whatever proposes, an exact program finds these. */
export const means = (algorithm?: keyof typeof published): readonly Expected[] =>
  observables.map((quantity) => ({
    quantity,
    ...(algorithm && { published: published[algorithm][quantity] }),
    independent: independent[quantity],
  }));
