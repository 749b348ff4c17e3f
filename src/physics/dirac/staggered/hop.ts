import { at, forRows } from "../../../kernels/algebra/matrix.ts";
import { type LinkLayout, linkBytes } from "../../../lattice/links/layout.ts";
import { loadColours, put, timesColours } from "../hopping/colour.ts";
import type { HopBody } from "../hopping/hop.ts";
import type { HopFactor } from "../hopping/links.ts";

/** eta_mu(x) = (-1)^(x_1 + … + x_{mu-1}); +-eta/2 is the factor of the two terms of a direction. */
export const staggeredFactor: HopFactor = (x, mu, direction) => {
  const before = x.slice(0, mu).reduce((a, b) => a + b, 0);
  return (direction / 2) * (before % 2 === 0 ? 1 : -1);
};

/**
 * The massless staggered operator (J. Kogut, L. Susskind, Phys. Rev. D 11 (1975) 395):
 * (D chi)(n) = (1/2) sum_mu eta_mu(n) [U_mu(n) chi(n + mu) - U_mu(n - mu)^dagger chi(n - mu)],
 * on links gathered with `staggeredFactor`, so that it is the sum of 2 d products.
 */
export function staggeredBody(layout: LinkLayout): HopBody {
  const { n } = layout.group;
  const size = linkBytes(layout);
  const slots = 2 * layout.dimension;
  return {
    key: `staggered/${layout.group.name}/${layout.dimension}d/${layout.width.bytes}x${layout.width.lanes}`,
    linkBytes: slots * size,
    emit({ k, block, x, links, out, walk, slot }) {
      for (let s = 0; s < slots; s++) {
        const chi = loadColours(k, n, walk.vector(x, walk.neighbour(block, s), slot));
        const w = at(links, s * size);
        forRows(k, n, (i) => put(k, out, 0, i, timesColours(k, n, w, i, chi), s > 0));
      }
    },
  };
}
