import { describe, expect, test } from "vitest";
import { addressedRng } from "../../../../numerics/addressed-random.ts";
import { metropolisDefinition } from "../../../../sampling/spins/metropolis/index.ts";
import { dot, pull, stateOf } from "../../../../sampling/spins/self-learning/small-systems.contract.ts";
import type { SpinAction } from "../../spin-action.ts";
import { dimer, square } from "./reference.contract.ts";
import { electronsIn } from "./testing.contract.ts";

/**
 * Exact averages (notes on spins and electrons, 5.3) by plain Metropolis updates on both local actions. With other seeds one of
 * the pulls would be above 4 once in 16000.
 */
const SIGMAS = 4;

interface Averages {
  readonly neighbours: number;
  readonly diagonal?: number;
  readonly ms2?: number;
  readonly lnW: number;
}

/** Pulls of the averages of a chain from the exact ones. */
function pulls(
  extents: readonly number[],
  exact: Averages & { J: number; beta: number },
  sweeps: number,
  change: Change,
) {
  const { action, space } = electronsIn(extents, "FM", {
    J: exact.J,
    beta: exact.beta,
    t: extents.length === 1 ? 0.5 : 1,
    local: change.local,
  });
  const sampled = change.wrong?.(action) ?? action;
  const bench = { space, action: sampled, terms: [sampled], names: ["double-exchange"], label: "" };
  const update = metropolisDefinition.build(metropolisDefinition.parameters.parse({}), bench);
  const [state, rng] = [stateOf(space), addressedRng("double exchange", exact.J * exact.beta)];
  const found: Record<keyof Averages, number[]> = { neighbours: [], diagonal: [], ms2: [], lnW: [] };
  while (state.step < sweeps) {
    update.step(state, rng);
    if (state.step < 20) continue;
    const s = state.field.view();
    found.lnW.push(-action.value(state));
    if (extents.length === 1) found.neighbours.push(dot(s, 0, 1));
    else {
      const neighbours = (dot(s, 0, 1) + dot(s, 0, 2) + dot(s, 1, 3) + dot(s, 2, 3)) / 4;
      const diagonal = (dot(s, 0, 3) + dot(s, 1, 2)) / 2;
      found.neighbours.push(neighbours);
      found.diagonal.push(diagonal);
      found.ms2.push((4 + 4 * diagonal - 8 * neighbours) / 16);
    }
  }
  return (Object.keys(found) as (keyof Averages)[])
    .filter((key) => exact[key] !== undefined && found[key].length > 0)
    .map((key) => Math.abs(pull(found[key], exact[key]!)));
}

interface Change {
  readonly local: "diagonalise" | "matsubara";
  /** A planted error. */
  readonly wrong?: (action: SpinAction) => SpinAction;
}

/** Changes of S that are a little too small. */
const tooSmall = (action: SpinAction): SpinAction => {
  const local = action.local!;
  return { ...action, local: { ...local, change: (site, spin) => 0.8 * local.change(site, spin) } };
};

describe.each(["diagonalise", "matsubara"] as const)("local = %s", (local) => {
  test.each(dimer.filter(({ J, beta, mu }) => J === 2 && beta > 1 && mu === 0))(
    "dimer, J = $J, beta = $beta",
    (row) => {
      for (const x of pulls([2], row, 3000, { local })) expect(x).toBeLessThan(SIGMAS);
    },
  );

  test.each(square)("2 x 2, J = $J, beta = $beta", (row) => {
    for (const x of pulls([2, 2], row, 2000, { local })) expect(x).toBeLessThan(SIGMAS);
  });
});

test("changes a fifth too small are noticed", () => {
  const row = dimer.find(({ J, beta }) => J === 2 && beta === 5)!;
  expect(Math.max(...pulls([2], row, 4000, { local: "matsubara", wrong: tooSmall }))).toBeGreaterThan(SIGMAS);
});
