import { coordinatesOf } from "../../lattice/shells.ts";

/** The site ahead of every site, one list a direction: j = i + mu, round the lattice. */
export const forwardNeighbours = (extents: readonly number[]): readonly Int32Array[] =>
  extents.map((n, mu) => {
    const volume = extents.reduce((a, b) => a * b, 1);
    const step = extents.slice(0, mu).reduce((a, b) => a * b, 1);
    return Int32Array.from({ length: volume }, (_, site) =>
      coordinatesOf(site, extents)[mu] === n - 1 ? site - (n - 1) * step : site + step,
    );
  });
