/** Measurements of one observable: one series for each replica, of any lengths. */
export type Chains = readonly ArrayLike<number>[];

/** Number of measurements in all replicas. */
export function countOf(chains: Chains): number {
  return chains.reduce((sum, chain) => sum + chain.length, 0);
}

/** Mean over all measurements; exactly the common value where they are all equal. NaN without measurements. */
export function meanOf(chains: Chains): number {
  const first = chains.find((chain) => chain.length > 0)?.[0] ?? Number.NaN;
  let sum = 0;
  for (const chain of chains) for (let i = 0; i < chain.length; i++) sum += chain[i]! - first;
  return first + sum / countOf(chains);
}

/** Throws a RangeError that names the first measurement that is not a finite number. */
export function checkChains(chains: Chains): void {
  chains.forEach((chain, r) => {
    for (let i = 0; i < chain.length; i++)
      if (!Number.isFinite(chain[i]))
        throw new RangeError(`measurement ${i} of chain ${r} is ${chain[i]}: cannot be analysed, cut it off or rerun`);
  });
}

/** Throws a RangeError unless all observables have the same chains with the same lengths. */
export function checkAligned(observables: readonly Chains[]): void {
  if (observables.length === 0) throw new RangeError("no observables given");
  const lengths = (chains: Chains) => chains.map((chain) => chain.length).join(", ");
  observables.forEach((chains, a) => {
    checkChains(chains);
    if (lengths(chains) !== lengths(observables[0]!))
      throw new RangeError(
        `observable ${a} has chains of lengths [${lengths(chains)}], observable 0 [${lengths(observables[0]!)}]: ` +
          "a derived quantity needs them measured together",
      );
  });
}
