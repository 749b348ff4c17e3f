import type { Expected, Reference } from "./recipe.ts";

/**
 * The double-exchange model at half filling, t = J = 1, mu = 0, on small square lattices: the point of the publications on
 * self-learning Monte Carlo with the equivariant Transformer.
 */
interface Point {
  /** Sites a direction. */
  readonly size: 4 | 6 | 8;
  readonly temperature: number;
}

interface Given extends Point {
  readonly title: string;
  readonly seed: string;
  readonly thermalise: number;
  readonly trajectories: number;
  /** The keys `update` and `training`, and any that differ. */
  readonly parts: Readonly<Record<string, unknown>>;
}

/** A run file of the model. */
export const electrons = ({
  title,
  seed,
  size,
  temperature,
  thermalise,
  trajectories,
  parts,
}: Given): Record<string, unknown> => ({
  title,
  lattice: [size, size],
  spins: "O(3)",
  start: "hot",
  seed,
  thermalise,
  trajectories,
  action: [{ name: "double-exchange", temperature }],
  ...parts,
  measure: { magnetisation: 1, "staggered-magnetisation": 1, "spin-correlation": 1, electrons: 1 },
  checkpoint: { every: 1000 },
});

/** 30 sweeps at random sites: where the acceptance does not depend on their number any more. */
export const inner = (size: number) => ({ name: "metropolis", updates: 30 * size ** 2 });

/** Shells of a lattice besides the site itself. */
export const shells = { 4: 5, 6: 9, 8: 14 } as const;

export const linear = (count: number) => ({ name: "linear-spins", shells: count });

/** A Transformer of the publication: six shells of neighbours in the layers, and the nearest neighbours in the head. */
export const transformer = (layers: number, more: Readonly<Record<string, unknown>> = {}) => ({
  name: "equivariant-transformer",
  layers,
  neighbours: 6,
  head: 1,
  ...more,
});

/** The same, grown from the trained model of an earlier run by a layer that changes nothing yet. */
export const grownFrom = (run: string, model: Readonly<Record<string, unknown>>) => ({
  ...model,
  model: run,
  grow: true,
});

/** One that sees all shells of 6 x 6, in the layers and in the head. */
export const everywhere = (layers: number, heads: number) => transformer(layers, { neighbours: 9, head: 9, heads });

/**
 * Two levels: the fitted couplings of all shells make proposals, of which the Transformer decides on several before the electrons
 * are asked once. So it learns from configurations that are near the target from the beginning.
 */
export const twoLevels = (size: 6 | 8, model: Readonly<Record<string, unknown>>) => ({
  name: "self-learning",
  inner: inner(size),
  attempts: 10,
  guide: [linear(shells[size]), model],
});

/** Least squares over all that was seen, in rounds: a model of so few weights gets where gradients do not. */
export const training = (trajectories: number) => ({
  trajectories,
  every: trajectories / 10,
  buffer: 10000,
  optimiser: "least-squares",
  steps: 10,
});

/** Means by an independent program (numpy with LAPACK, all-shell couplings, 15000 to 30000 outer steps). */
const independent: Readonly<Record<string, Readonly<Record<string, Reference>>>> = {
  "4, 0.1": {
    "staggered-magnetisation.abs": { mean: 0.3291, error: 0.0008 },
    "staggered-magnetisation.squared": { mean: 0.1243, error: 0.0005 },
    "magnetisation.abs": { mean: 0.2627, error: 0.0007 },
    "electrons.energy": { mean: -1.64479, error: 0.00008 },
    "electrons.ln-weight": { mean: 265.687, error: 0.009 },
  },
  "4, 0.05": {
    "staggered-magnetisation.abs": { mean: 0.5526, error: 0.001 },
    "staggered-magnetisation.squared": { mean: 0.3229, error: 0.001 },
    "magnetisation.abs": { mean: 0.2623, error: 0.0009 },
    "electrons.energy": { mean: -1.67663, error: 0.00008 },
    "electrons.ln-weight": { mean: 536.724, error: 0.024 },
  },
  "4, 0.02": {
    "staggered-magnetisation.abs": { mean: 0.8244, error: 0.0003 },
    "staggered-magnetisation.squared": { mean: 0.6821, error: 0.0005 },
    "magnetisation.abs": { mean: 0.1728, error: 0.0006 },
    "electrons.energy": { mean: -1.70359, error: 0.00003 },
    "electrons.ln-weight": { mean: 1362.872, error: 0.026 },
  },
  "6, 0.1": {
    "staggered-magnetisation.abs": { mean: 0.2277, error: 0.0008 },
    "staggered-magnetisation.squared": { mean: 0.0604, error: 0.0004 },
    "magnetisation.abs": { mean: 0.1671, error: 0.0006 },
    "electrons.energy": { mean: -1.66247, error: 0.00005 },
    "electrons.ln-weight": { mean: 604.531, error: 0.014 },
  },
  "6, 0.05": {
    "staggered-magnetisation.abs": { mean: 0.5299, error: 0.001 },
    "staggered-magnetisation.squared": { mean: 0.29, error: 0.0011 },
    "magnetisation.abs": { mean: 0.1566, error: 0.0009 },
    "electrons.energy": { mean: -1.69546, error: 0.0001 },
    "electrons.ln-weight": { mean: 1221.416, error: 0.064 },
  },
  "6, 0.02": {
    "staggered-magnetisation.abs": { mean: 0.821, error: 0.0003 },
    "staggered-magnetisation.squared": { mean: 0.6749, error: 0.0005 },
    "magnetisation.abs": { mean: 0.0995, error: 0.0005 },
    "electrons.energy": { mean: -1.72594, error: 0.00003 },
    "electrons.ln-weight": { mean: 3106.687, error: 0.058 },
  },
};

/** The means at a point, beside those of the independent program. */
export const means = ({ size, temperature }: Point): readonly Expected[] =>
  Object.entries(independent[`${size}, ${temperature}`] ?? {}).map(([quantity, reference]) => ({
    quantity,
    independent: reference,
  }));

/** Runs that must agree with one another. */
export const theory = ({ size, temperature }: Point): string => `${size}x${size}-t${temperature}`;
