import type { Estimated } from "../statistics/index.ts";
import type { Stepped } from "../storage/run-directory/record.ts";
import { estimate } from "./estimates.ts";

/**
 * d = S - S_eff of the present configuration after every update, up to a constant: a decision tells
 * deltaH = d(proposed) - d(present), and the present one is the proposed one where that was accepted.
 */
export function guideErrors(steps: readonly Pick<Stepped, "accepted" | "deltaH">[]): number[] {
  let present = 0;
  return steps.map(({ accepted, deltaH = 0 }) => {
    if (accepted) present += deltaH;
    return present;
  });
}

/**
 * The mean squared error of a guide with its best constant, <(d - <d>)^2>, on the configurations that the chain visits: on the
 * target, therefore, and on none that it was trained on. Undefined where nothing was decided. Only where nothing but these
 * decisions moves the chain.
 */
export function guideMseOf(production: readonly (readonly Stepped[])[]): Estimated | undefined {
  const chains = production.filter((steps) => steps.some(({ deltaH }) => deltaH !== undefined)).map(guideErrors);
  if (chains.length === 0) return undefined;
  // every replica has a constant of its own
  return estimate(
    chains.map((d) => {
      const mean = d.reduce((sum, x) => sum + x, 0) / d.length;
      return d.map((x) => (x - mean) ** 2);
    }),
  );
}
