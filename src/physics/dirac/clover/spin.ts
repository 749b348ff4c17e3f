import { planes } from "../../loops/families.ts";
import { type Gamma, gammas, spins } from "../gamma.ts";

/**
 * The planes mu < nu with the spin matrix gamma_mu gamma_nu, which is anti-Hermitian and does not mix the chiralities: the first
 * half of the spin components and the second.
 */
export interface SpinPlane {
  readonly mu: number;
  readonly nu: number;
  readonly sigma: Gamma;
}

export function spinPlanes(dimension: number): readonly SpinPlane[] {
  const list = gammas(dimension);
  return planes(dimension).map(([mu, nu]) => ({ mu, nu, sigma: product(list[mu]!, list[nu]!) }));
}

/** a b: (a b psi)_i = i^(a.phase[i]) (b psi)_(a.column[i]) */
const product = (a: Gamma, b: Gamma): Gamma => ({
  column: a.column.map((i) => b.column[i]!),
  phase: a.column.map((i, row) => ((a.phase[row]! + b.phase[i]!) % 4) as 0 | 1 | 2 | 3),
});

/** Rows of a chirality block of N colours: 2 N in four dimensions, N in two. */
export const chiralSize = (n: number, dimension: number): number => (spins(dimension) / 2) * n;
