import type { Kernels } from "../../../kernels/device.ts";
import { linksOf } from "../../../lattice/bench.ts";
import type { Lattice } from "../../../lattice/lattice.ts";
import { layoutKey } from "../../../lattice/links/layout.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import type { Rng } from "../../../lattice/rng.ts";
import type { Action } from "../../../physics/action.ts";
import { isGaugeAction, type StapleTerm } from "../../../physics/loops/staple.ts";
import type { State, UpdateBench } from "../../update.ts";
import { sweepModule } from "./kernel.ts";
import { groupsOf, joinsPartners, type Order, passesTwice } from "./order.ts";
import type { LinkRule } from "./rule.ts";

/** Rounding takes the links off the group by a few units in the last place a sweep; they are put back this often. */
const PROJECT_EVERY = 8;

/** One pass over all links; returns the sum that the rule counts, 0 if it counts nothing. */
export type Sweep = (state: State, rng: Rng, parameters?: readonly number[]) => number;

/**
 * A sweep of a local rule over all links of a gauge action, direction by direction, in the given order. The result does
 * not depend on the number of workers. Couplings are read when a sweep runs.
 *
 * Throws a TypeError where an action has no staples or a loop passes a link twice (remedy: HMC) and where a loop joins
 * lane partners (see `needsOneLane`), a RangeError where the order does not fit.
 * @param purpose of its random numbers, the update's name; the label of the bench is appended.
 * @param backwards visits links, and the parts of the rule, in exactly the reverse order: where each visit alone keeps
 *   detailed balance, the sweep backwards is the adjoint of the sweep.
 */
export function makeSweep(bench: UpdateBench, purpose: string, order: Order, rule: LinkRule, backwards = false): Sweep {
  const space = linksOf(bench, purpose);
  const terms = termsOf(bench, purpose, space);
  const sources = terms.map(([term]) => term!.source);
  const { lattice, layout } = space;
  const { device } = lattice;
  const names = sources.map((source) => source.key).join("+");
  const turn = backwards && order === "sequential"; // links of one colour have no order
  const groups = lattice.extents.flatMap((_, mu) =>
    groupsOf(order, sources, mu, lattice.geometry).map((blocks, colour) => ({
      mu,
      list: lattice.list(`${order}${turn ? " backwards" : ""}/${names}/${mu}/${colour}`, () =>
        turn ? blocks.toReversed() : blocks,
      ),
    })),
  );
  if (backwards) groups.reverse();
  const visit = backwards ? (rule.backwards ?? rule) : rule;
  const kernels: Kernels<"sweep"> = device.kernels(`sweep/${visit.key}/${names}/${layoutKey(layout)}`, () =>
    sweepModule(layout, sources, visit),
  );
  return (state, rng, parameters = []) => {
    const couplings = terms.map((same) => same.reduce((sum, { coupling }) => sum + coupling, 0));
    const [k0, k1] = rng.key(`${purpose}${bench.label}`);
    let sum = 0;
    for (const { mu, list } of groups) {
      // A sequential group is one item, so that one worker does it in its order.
      const [items, inner] = order === "sequential" ? [1, list.length] : [list.length, 1];
      const { neighbours, sites } = lattice;
      const own = [state.field.address, neighbours, sites, list.address, inner, mu, k0, k1, state.step];
      const numbers = [...own, ...couplings, ...parameters];
      if (visit.counts) sum += device.sum(kernels.sweep, items, 1, layout.width.lanes, ...numbers)[0]!;
      else device.run(kernels.sweep, items, 0, ...numbers);
    }
    if (state.step % PROJECT_EVERY === 0) space.project(state.field);
    return sum;
  };
}

/** Whether the lattice must be built with one lane for local updates of these actions to be exact on it. */
export function needsOneLane(terms: readonly Action[], { geometry }: Lattice): boolean {
  const sources = terms.filter(isGaugeAction).flatMap((action) => action.staples.map((term) => term.source));
  return sources.some((source) => joinsPartners(source, geometry));
}

/** The staple terms of all actions of the bench, those of one source together. */
function termsOf(bench: UpdateBench, purpose: string, space: LinkSpace): (readonly StapleTerm[])[] {
  const { extents, shift } = space.lattice.geometry;
  const terms = new Map<string, StapleTerm[]>();
  bench.terms.forEach((action, i) => {
    const name = bench.names[i] ?? `number ${i + 1}`;
    if (!isGaugeAction(action))
      throw new TypeError(`${purpose}: the action "${name}" is not linear in each link; use update name = "hmc"`);
    for (const term of action.staples) {
      const { source } = term;
      if (passesTwice(source, extents))
        throw new TypeError(
          `${purpose}: a loop of the action "${name}" passes the same link twice on the lattice [${extents.join(", ")}], so its weight is not exp(Re tr(U A)); use update name = "hmc"`,
        );
      if (joinsPartners(source, { extents, shift }))
        throw new TypeError(
          `${purpose}: a loop of the action "${name}" joins the two sites that are updated at once; build the lattice with one lane (needsOneLane says when)`,
        );
      terms.set(source.key, [...(terms.get(source.key) ?? []), term]);
    }
  });
  return [...terms.values()];
}
