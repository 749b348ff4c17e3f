/**
 * The first extent on which the sites cannot be told even from odd, or undefined. A direction of one site has no
 * neighbours to be told from.
 */
export const oddExtent = (lattice: readonly number[]): number | undefined =>
  lattice.find((extent) => extent > 1 && extent % 2 === 1);
