import { su2TorusPlaquette2d, suNPlaquette2d, u1TorusPlaquette2d } from "../src/numerics/exact-2d.ts";

/** A plaquette known exactly or measured by somebody else. */
export interface Case {
  readonly group: string;
  readonly extents: readonly number[];
  readonly beta: number;
  readonly expected: number;
  /** Error of the expected value; 0 where it is exact. */
  readonly error: number;
  readonly source: string;
  /** Mean 1 x 2 rectangle and mean of |Polyakov loop| with their errors, where the source has them. */
  readonly others?: Readonly<Record<"rectangle" | "|P|", readonly [value: number, error: number]>>;
  /** Production passes by heat bath (one sweep and three overrelaxations) and HMC trajectories. */
  readonly passes: number;
  readonly trajectories: number;
  /** Integrator steps of a unit trajectory. */
  readonly steps: number;
}

const exact = (
  group: string,
  beta: number,
  expected: number,
  extents: readonly number[],
  steps: number,
  updates = 12000,
): Case => ({
  group,
  extents,
  beta,
  expected,
  error: 0,
  source: "exact, two dimensions",
  passes: updates,
  trajectories: 1.5 * updates,
  steps,
});

const independent = (
  group: string,
  extents: readonly number[],
  beta: number,
  expected: number,
  error: number,
  passes: number,
  trajectories: number,
  steps: number,
  others?: Case["others"],
): Case => ({
  ...(others === undefined ? {} : { others }),
  group,
  extents,
  beta,
  expected,
  error,
  source: "independent heat bath of a C program",
  passes,
  trajectories,
  steps,
});

const small = [4, 4, 4, 4];
const large = [8, 8, 8, 8];

/** Two dimensions: character expansions (torus) and one-link integrals (infinite volume; on 8 x 8 the rest is below 1e-12). */
export const exactCases: readonly Case[] = [
  ...[0.5, 1, 2, 4].map((beta) => exact("U(1)", beta, u1TorusPlaquette2d(beta, 64), [8, 8], 6, 60000)),
  exact("SU(2)", 0.5, su2TorusPlaquette2d(0.5, 64), [8, 8], 6, 120000),
  exact("SU(2)", 1, su2TorusPlaquette2d(1, 64), [8, 8], 6, 40000),
  ...[2, 2.2, 2.3, 2.4, 2.5, 2.7, 4].map((beta) => exact("SU(2)", beta, su2TorusPlaquette2d(beta, 64), [8, 8], 6)),
  ...[2.3, 2.7, 4].map((beta) => exact("SU(2)", beta, su2TorusPlaquette2d(beta, 16), [4, 4], 6, 24000)),
  exact("SU(3)", 1, suNPlaquette2d(3, 1), [8, 8], 8, 120000),
  ...[3, 5.5, 5.7, 6].map((beta) => exact("SU(3)", beta, suNPlaquette2d(3, beta), [8, 8], 8, 20000)),
  ...[5.7, 10].map((beta) => exact("SU(4)", beta, suNPlaquette2d(4, beta), [8, 8], 8, 20000)),
];

/** Strong coupling in four dimensions, beta/18 + beta^2/216 - 5 beta^4/93312; what is left out is of order beta^5 times 1e-5. */
const strongSu3 = (beta: number) => beta / 18 + beta ** 2 / 216 - (5 * beta ** 4) / 93312;

export const independentCases: readonly Case[] = [
  { ...independent("SU(3)", small, 1, strongSu3(1), 0.00002, 12000, 16000, 10), source: "strong-coupling series" },
  independent("SU(2)", small, 0.5, 0.123844, 0.000077, 20000, 20000, 8, {
    rectangle: [0.015293, 4.3e-5],
    "|P|": [0.0998, 0.0004],
  }),
  independent("SU(2)", small, 1, 0.243174, 0.000056, 10000, 10000, 8, {
    rectangle: [0.059189, 5.4e-5],
    "|P|": [0.1005, 0.0004],
  }),
  independent("SU(2)", small, 1.9, 0.469814, 0.000097, 8000, 8000, 8, {
    rectangle: [0.225727, 0.000107],
    "|P|": [0.1252, 0.0004],
  }),
  independent("SU(2)", small, 2.2, 0.574549, 0.000211, 8000, 8000, 10, {
    rectangle: [0.35014, 0.000307],
    "|P|": [0.2742, 0.0014],
  }),
  independent("SU(2)", small, 2.3, 0.609434, 0.000168, 8000, 8000, 10, {
    rectangle: [0.398869, 0.000264],
    "|P|": [0.393, 0.0022],
  }),
  independent("SU(2)", small, 2.5, 0.654692, 0.000153, 8000, 8000, 10, {
    rectangle: [0.46237, 0.000224],
    "|P|": [0.5307, 0.0046],
  }),
  independent("SU(2)", small, 2.7, 0.687004, 0.00009, 8000, 8000, 10, {
    rectangle: [0.508142, 0.000145],
    "|P|": [0.6119, 0.0032],
  }),
  independent("SU(2)", large, 2.3, 0.602249, 0.000214, 600, 1000, 14, {
    rectangle: [0.385918, 0.000319],
    "|P|": [0.0448, 0.0011],
  }),
  independent("SU(2)", large, 2.5, 0.652293, 0.000126, 600, 800, 14, {
    rectangle: [0.457062, 0.000186],
    "|P|": [0.1274, 0.0045],
  }),
  independent("SU(3)", small, 5.5, 0.50006, 0.00079, 4000, 14000, 12, {
    rectangle: [0.26416, 0.000974],
    "|P|": [0.1878, 0.0036],
  }),
  independent("SU(3)", small, 5.7, 0.560332, 0.000275, 6000, 8000, 12, {
    rectangle: [0.342099, 0.000381],
    "|P|": [0.408, 0.0069],
  }),
  independent("SU(3)", small, 5.8, 0.574179, 0.00022, 5000, 6000, 12, {
    rectangle: [0.360087, 0.000291],
    "|P|": [0.4792, 0.0086],
  }),
  independent("SU(3)", small, 5.9, 0.585946, 0.000273, 5000, 6000, 12, {
    rectangle: [0.375268, 0.000375],
    "|P|": [0.5104, 0.0092],
  }),
  independent("SU(3)", small, 6, 0.596792, 0.000146, 6000, 6000, 12, {
    rectangle: [0.3894, 0.000195],
    "|P|": [0.5434, 0.0097],
  }),
  independent("SU(3)", large, 5.7, 0.548669, 0.000394, 600, 1000, 14, {
    rectangle: [0.32404, 0.000533],
    "|P|": [0.0458, 0.0014],
  }),
  independent("SU(3)", large, 6, 0.59422, 0.00008, 1200, 1500, 14, {
    rectangle: [0.384587, 0.000216],
    "|P|": [0.0899, 0.0044],
  }),
  independent("SU(4)", small, 10, 0.418903, 0.000497, 2500, 3000, 16, {
    rectangle: [0.179286, 0.000475],
    "|P|": [0.1249, 0.0017],
  }),
];
