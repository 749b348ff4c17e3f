/** constant + sum_k residues_k / (x + poles_k), all poles_k > 0. */
export interface PartialFractions {
  readonly constant: number;
  readonly residues: readonly number[];
  /** beta_k > 0, ascending; the function has its poles at x = -beta_k. */
  readonly poles: readonly number[];
}

/** An approximation of type (degree, degree) of a positive function f on [lower, upper], with its reciprocal. */
export interface RationalFunction extends PartialFractions {
  readonly degree: number;
  readonly lower: number;
  readonly upper: number;
  /** The largest |r(x)/f(x) - 1| on the interval. */
  readonly relativeError: number;
  /** 1/r in partial fractions: the approximation of 1/f from the same fit, so that the product is exactly one. */
  readonly reciprocal: PartialFractions;
}

/** An approximation of x^power, or of (x/(x + shift))^power where shift > 0. */
export interface RationalPower extends RationalFunction {
  readonly power: number;
  readonly shift: number;
}

/** r(x) at one point, from the partial fractions. */
export function evaluate({ constant, residues, poles }: PartialFractions, x: number): number {
  let sum = constant;
  for (let k = 0; k < poles.length; k++) sum += residues[k]! / (x + poles[k]!);
  return sum;
}

/** 1/r with r as its reciprocal. The relative error of 1/r is E/(1 - E) where that of r is E. */
export function inverse(r: RationalPower): RationalPower;
export function inverse(r: RationalFunction): RationalFunction;
export function inverse(r: RationalFunction | RationalPower): RationalFunction {
  const { constant, residues, poles, reciprocal, relativeError } = r;
  const swapped = {
    ...r,
    ...reciprocal,
    relativeError: relativeError / (1 - relativeError),
    reciprocal: { constant, residues, poles },
  };
  return "power" in r ? Object.assign(swapped, { power: -r.power }) : swapped;
}
