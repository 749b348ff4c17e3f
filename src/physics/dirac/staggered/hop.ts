import { at, forRows } from "../../../kernels/algebra/matrix.ts";
import { type LinkLayout, linkBytes } from "../../../lattice/links/layout.ts";
import { loadColours, plusPhase, put, take, timesColours } from "../hopping/colour.ts";
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
    run: n,
    emit({ k, block, x, links, walk, scratch, done }) {
      const acc = k.let(scratch.add(2 * n * k.vecBytes));
      for (let s = 0; s < slots; s++) {
        const chi = loadColours(k, n, walk.vector(x, walk.neighbour(block, s), scratch));
        forRows(k, n, (i) => {
          const z = timesColours(k, n, at(links, s * size), i, chi);
          if (s < slots - 1) put(k, acc, 0, i, z, s > 0);
          else done(0, i, slots > 1 ? plusPhase(take(k, acc, 0, i), z, 0) : z);
        });
      }
    },
  };
}
