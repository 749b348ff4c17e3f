/**
 * One step of size 1 of a symmetric integrator: drifts U <- exp(a P) U and kicks P <- P + b F(U).
 * `gradient` c > 0 evaluates the force of that kick at exp(c F(U)) U: the force-gradient term without second
 * derivatives (Yin and Mawhinney, PoS Lattice 2011, 051, eq. 10; S. A. Chin, Phys. Rev. E 71 (2005) 016703).
 */
export type Stage = { readonly drift: number } | { readonly kick: number; readonly gradient?: number };

export interface Scheme {
  readonly name: string;
  readonly title: string;
  readonly cite: string;
  /** deltaH of a trajectory of fixed length falls as step^order. */
  readonly order: 2 | 4;
  /** Stages of the variant that begins with a kick. */
  readonly stages: readonly Stage[];
  /** Force evaluations a step, neighbouring kicks merged. */
  readonly forces: number;
}

// I. P. Omelyan, I. M. Mryglod, R. Folk, Comput. Phys. Commun. 151 (2003) 272, eq. (31) and T. Takaishi, Ph. de
// Forcrand, Phys. Rev. E 73 (2006) 036706, eq. (24)
const LAMBDA = 0.1931833275037836;
// The velocity variant with five forces, ibid. eq. (63) and table 2
const RHO = 0.08398315262876693;
const THETA = 0.2539785108410595;
const ZETA = 0.6822365335719091;
const MU = -0.03230286765269967;

export const schemes: readonly Scheme[] = [
  {
    name: "leapfrog",
    title: "Leapfrog (Verlet), second order",
    cite: "S. Duane et al., Phys. Lett. B 195 (1987) 216",
    order: 2,
    forces: 1,
    stages: [{ kick: 1 / 2 }, { drift: 1 }, { kick: 1 / 2 }],
  },
  {
    name: "omelyan",
    title: "Omelyan 2MN, second order with minimal error norm",
    cite: "I. P. Omelyan, I. M. Mryglod, R. Folk, Comput. Phys. Commun. 151 (2003) 272",
    order: 2,
    forces: 2,
    stages: [{ kick: LAMBDA }, { drift: 1 / 2 }, { kick: 1 - 2 * LAMBDA }, { drift: 1 / 2 }, { kick: LAMBDA }],
  },
  {
    name: "omelyan-4",
    title: "Omelyan 4MN5FV, fourth order, five forces",
    cite: "I. P. Omelyan, I. M. Mryglod, R. Folk, Comput. Phys. Commun. 151 (2003) 272",
    order: 4,
    forces: 5,
    stages: [
      { kick: RHO },
      { drift: THETA },
      { kick: ZETA },
      { drift: MU },
      { kick: 1 / 2 - RHO - ZETA },
      { drift: 1 - 2 * (THETA + MU) },
      { kick: 1 / 2 - RHO - ZETA },
      { drift: MU },
      { kick: ZETA },
      { drift: THETA },
      { kick: RHO },
    ],
  },
  {
    name: "force-gradient",
    title: "Force-gradient, fourth order, three forces",
    cite: "H. Yin, R. D. Mawhinney, PoS Lattice 2011, 051",
    order: 4,
    forces: 3,
    stages: [{ kick: 1 / 6 }, { drift: 1 / 2 }, { kick: 2 / 3, gradient: 1 / 24 }, { drift: 1 / 2 }, { kick: 1 / 6 }],
  },
];

export const schemeNames = ["leapfrog", "omelyan", "omelyan-4", "force-gradient"] as const;

/** A scheme by name; throws a RangeError that lists them. */
export function schemeOf(name: string): Scheme {
  const found = schemes.find((s) => s.name === name);
  if (!found) throw new RangeError(`integrator "${name}": expected one of ${schemes.map((s) => s.name).join(", ")}`);
  return found;
}

/** The variant that begins with a drift: kicks and drifts exchanged. Only for schemes without force gradients. */
export function positionFirst(scheme: Scheme): Scheme {
  const stages = scheme.stages.map((stage): Stage => {
    if ("drift" in stage) return { kick: stage.drift };
    if (stage.gradient !== undefined)
      throw new RangeError(`integrator "${scheme.name}" begins with the momenta: leave out start = "position"`);
    return { drift: stage.kick };
  });
  const forces = stages.filter((stage) => "kick" in stage).length;
  return { ...scheme, stages, forces };
}
