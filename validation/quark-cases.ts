/** A run whose means somebody else has measured, or an exact calculation gives. */
export interface QuarkCase {
  readonly name: string;
  /** A run file as plain data. */
  readonly run: Readonly<Record<string, unknown>>;
  /** "observable.label" -> [value, error]. */
  readonly expected: Readonly<Record<string, readonly [value: number, error: number]>>;
  readonly source: string;
  /** Standard deviations that a mean may be away; 3 where left out. */
  readonly sigmas?: number;
  /** Mean of min(1, exp(-deltaH)), and how far from it is still agreement, where that is compared too. */
  readonly acceptance?: readonly [value: number, within: number];
}

/**
 * SU(2) on 4^4 at beta = 2.7 with staggered quarks of mass 0.3: an independent C program, 46000 trajectories with three
 * seeds (published: 0.7025(1), 0.82(1), 0.4245(5), Phys. Rev. D 111 (2025) 074501).
 */
export const fourFlavours = {
  expected: {
    "plaquette.plaquette": [0.70251, 0.00008],
    "polyakov-loop.re": [0.818, 0.006],
    "chiral-condensate.condensate": [0.42374, 0.00017],
  },
  source: "independent hybrid Monte Carlo of a C program",
} as const;

const gauge = { name: "wilson-gauge", beta: 2.7 };
const level = (actions: readonly string[], steps: number) => ({ actions, steps, integrator: "omelyan" });
const toy = (name: string, quarks: readonly object[], trajectories: number, levels?: readonly object[]): QuarkCase => ({
  name,
  ...fourFlavours,
  run: {
    lattice: [4, 4, 4, 4],
    group: "SU(2)",
    start: "hot",
    seed: name,
    thermalise: 300,
    trajectories,
    action: [gauge, ...quarks],
    update: { name: "hmc", length: 2, levels: levels ?? [level(["staggered"], 5), level(["wilson-gauge"], 2)] },
    measure: {
      plaquette: 1,
      "polyakov-loop": 1,
      "chiral-condensate": { every: 4, fermion: { name: "staggered", mass: 0.3 }, sources: 2 },
    },
  },
});

// The Polyakov loop now and then visits the other centre sector: its autocorrelation time is 28 trajectories of length 1
// and 5 of length 2, and fewer have no honest error.
const staggered = (more: object) => ({ name: "staggered", mass: 0.3, ...more });

export const toyCases: readonly QuarkCase[] = [
  toy("staggered, four flavours on even sites", [staggered({ flavours: 4 })], 8000),
  toy("staggered, four flavours as a root on all sites", [staggered({ flavours: 4, sites: "all" })], 8000),
  toy("staggered, two and two flavours", [staggered({ flavours: 2 }), staggered({ flavours: 2 })], 8000),
  toy("staggered, four flavours split at mass 0.6", [staggered({ flavours: 4, hasenbusch: [0.6] })], 8000, [
    level(["staggered.hasenbusch-1"], 4),
    level(["staggered.heaviest"], 1),
    level(["wilson-gauge"], 3),
  ]),
];

/** An action of quarks on a small two-dimensional lattice, where the exact determinant reweights pure gauge theory. */
export interface ReweightedCase {
  readonly name: string;
  readonly group: string;
  readonly beta: number;
  readonly action: Readonly<Record<string, unknown>>;
  /** The operators whose determinants make the weight, with their powers: |det D|^power. */
  readonly determinants: readonly { readonly fermion: Readonly<Record<string, unknown>>; readonly power: number }[];
}

const wilson = { kappa: 0.2, r: 1 };
const clover = { kappa: 0.18, "c-sw": 1, r: 1 };
const wall = { mass: 0.1, height: -1, ls: 4, b: 1, c: 1 };

export const reweightedCases: readonly ReweightedCase[] = ["U(1)", "SU(2)"].flatMap((group): ReweightedCase[] => {
  const beta = group === "U(1)" ? 1 : 2.3;
  const one = (name: string, action: object, fermion: object, power: number, regulator?: object): ReweightedCase => ({
    name: `${group} 4x4, ${name}`,
    group,
    beta,
    action: action as Record<string, unknown>,
    determinants: [
      { fermion: fermion as Record<string, unknown>, power },
      ...(regulator ? [{ fermion: regulator as Record<string, unknown>, power: -power }] : []),
    ],
  });
  const light = { name: "staggered", mass: 0.2 };
  return [
    one("staggered, 1 flavour", { ...light, flavours: 1 }, light, 1 / 2),
    one("staggered, 2 flavours", { ...light, flavours: 2 }, light, 1),
    one("staggered, 2 flavours, split", { ...light, flavours: 2, hasenbusch: [0.5, 1] }, light, 1),
    one("staggered, 3 flavours", { ...light, flavours: 3 }, light, 3 / 2),
    one("wilson", { name: "wilson", ...wilson }, { name: "wilson", ...wilson }, 2),
    one("wilson, split", { name: "wilson", ...wilson, hasenbusch: [0.15] }, { name: "wilson", ...wilson }, 2),
    one("clover", { name: "clover", ...clover }, { name: "clover", ...clover }, 2),
    one("domain wall", { name: "domain-wall", ...wall }, { name: "domain-wall", ...wall }, 2, {
      name: "domain-wall",
      ...wall,
      mass: 1,
    }),
    one("Moebius", { name: "domain-wall", ...wall, b: 2, c: 1 }, { name: "domain-wall", ...wall, b: 2, c: 1 }, 2, {
      name: "domain-wall",
      ...wall,
      b: 2,
      c: 1,
      mass: 1,
    }),
  ];
});
