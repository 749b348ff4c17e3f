import type { FunctionRef, ModuleBuilder } from "../../kernels/builder.ts";
import type { LinkLayout } from "../../lattice/links/layout.ts";
import type { Action, DifferentiableAction } from "../action.ts";

/**
 * A gauge action that is linear in each single link: S = -w sum Re tr[U_mu(n) A_mu(n)] + (what does not contain
 * U_mu(n)), with A the staple sum. What heat bath, overrelaxation and forces need to know of it.
 */
export interface StapleSource {
  /** Names the generated function; part of the key of every module that uses it. */
  readonly key: string;
  /**
   * The function (u, neighbours, block, mu, out, scratch): out = A_mu of the block. It may use `scratch` up to
   * `scratchMatrices` matrices.
   */
  emit(m: ModuleBuilder, layout: LinkLayout): FunctionRef;
  readonly scratchMatrices: number;
  /**
   * The displacements y such that U_mu(n + y) stands in a loop with U_mu(n): links that must not be updated together.
   * A zero entry means that a loop passes the same link twice.
   */
  conflicts(mu: number, extents: readonly number[]): readonly (readonly number[])[];
}

/** One term of a gauge action: S contains -coupling Re tr[U_mu(n) A_mu(n)] for every link it is linear in. */
export interface StapleTerm {
  readonly source: StapleSource;
  /** beta / N for the Wilson action. */
  readonly coupling: number;
}

/** A gauge action that local updates can use, because it tells its staples. */
export interface GaugeAction extends DifferentiableAction {
  readonly staples: readonly StapleTerm[];
}

/** The staples of all terms of an action, or the names of the terms that have none. */
export function isGaugeAction(action: Action): action is GaugeAction {
  return "staples" in action;
}
