import { at, setZero } from "../../kernels/algebra/matrix.ts";
import type { FunctionRef, ModuleBuilder } from "../../kernels/builder.ts";
import { type LinkLayout, Walker } from "../../lattice/links/layout.ts";
import { loopConflicts, stapleTerms } from "./conflicts.ts";
import { type Path, pathName } from "./path.ts";
import { pathSum, pathSumScratch } from "./path-sum.ts";
import type { StapleSource } from "./staple.ts";

/**
 * The staples of any closed loops, so that S = -w sum_n sum_loops Re tr(loop at n) has dS = -w Re tr[dU_mu(n) A_mu(n)]:
 * A_mu(n) is the sum, over every occurrence of U_mu(n), of the rest of the loop from n + mu back to n. Where a loop
 * passes a link twice A contains that link and the force is right all the same, but the action is not linear in it;
 * `conflicts` then has a zero entry.
 */
export function loopStaple(loops: readonly Path[], dimension: number): StapleSource {
  const words = Array.from({ length: dimension }, (_, mu) => stapleTerms(loops, mu));
  const key = `loops ${loops.map(pathName).join(" ")}`;
  return {
    key,
    scratchMatrices: Math.max(...words.map(pathSumScratch)),
    emit(m: ModuleBuilder, layout: LinkLayout): FunctionRef {
      const sums = words.map((terms, mu) =>
        terms.length > 0 ? pathSum(m, layout, `${key}: staple ${mu}`, terms).function : undefined,
      );
      return m.helper(
        `${key}: staple`,
        ["i32", "i32", "i32", "i32", "i32", "i32"] as const,
        (k, u, neighbours, block, mu, out, scratch) => {
          const walk = new Walker(m, k, layout, neighbours);
          const ahead = walk.step(walk.start(block), mu, true);
          sums.forEach((sum, direction) =>
            k.if(mu.eq(direction), () => {
              if (sum) k.call(sum, u, neighbours, ahead, out, scratch);
              else setZero(k, layout.group.n, at(out));
            }),
          );
        },
      );
    },
    conflicts: (mu, extents) => loopConflicts(loops, mu, extents),
  };
}
