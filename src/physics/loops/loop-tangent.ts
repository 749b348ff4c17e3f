import { at, setZero } from "../../kernels/algebra/matrix.ts";
import type { FunctionRef, ModuleBuilder } from "../../kernels/builder.ts";
import { type LinkLayout, Walker } from "../../lattice/links/layout.ts";
import { stapleTerms } from "./conflicts.ts";
import { type Path, pathName } from "./path.ts";
import { pathTangent, pathTangentScratch } from "./path-tangent.ts";

/** How the staples of loops change when all links move: the second derivative of the loops, applied to a field. */
export interface StapleTangent {
  /** Names the generated function; part of the key of every module that uses it. */
  readonly key: string;
  /**
   * The function (u, v, neighbours, block, mu, out, scratch): out = d/ds A_mu of the block at the links U + s V. It may
   * use `scratch` up to `scratchMatrices` matrices.
   */
  emit(m: ModuleBuilder, layout: LinkLayout): FunctionRef;
  readonly scratchMatrices: number;
}

/**
 * The tangent of the staples of any closed loops (`loopStaple`). As A is the gradient of W = sum Re tr(loops), its
 * derivative is symmetric, so the same function pulls back: Re sum tr[V dA] = Re sum tr[A'(V) dU] for a field V of
 * cotangents of A. `emit` throws a RangeError where the paths branch too often for the scratch memory of a worker.
 */
export function loopTangent(loops: readonly Path[], dimension: number): StapleTangent {
  const words = Array.from({ length: dimension }, (_, mu) => stapleTerms(loops, mu));
  const key = `tangent of loops ${loops.map(pathName).join(" ")}`;
  return {
    key,
    scratchMatrices: Math.max(...words.map(pathTangentScratch)),
    emit(m: ModuleBuilder, layout: LinkLayout): FunctionRef {
      const tangents = words.map((terms, mu) =>
        terms.length > 0 ? pathTangent(m, layout, `${key}: ${mu}`, terms).function : undefined,
      );
      const types = ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
      return m.helper(key, types, (k, u, v, neighbours, block, mu, out, scratch) => {
        const walk = new Walker(m, k, layout, neighbours);
        const ahead = walk.step(walk.start(block), mu, true);
        tangents.forEach((tangent, direction) =>
          k.if(mu.eq(direction), () => {
            if (tangent) k.call(tangent, u, v, neighbours, ahead, out, scratch);
            else setZero(k, layout.group.n, at(out));
          }),
        );
      });
    },
  };
}
