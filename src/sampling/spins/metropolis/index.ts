import { z } from "zod";
import { spinsOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { ProposalWidth } from "../../updates/metropolis/width.ts";
import { refuseVisits, visitKeys, visitsOf } from "../local/order.ts";
import { lacking, sourceOf, updateOf } from "../spin-move.ts";
import { makeMetropolis } from "./metropolis.ts";

const keys = z.strictObject({
  ...visitKeys,
  width: z
    .number()
    .positive()
    .optional()
    .describe(
      "largest angle between the old spin and the proposed one, radians; proposals fall anywhere on the sphere where it is left out. Ising spins flip",
    ),
  tune: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe("wanted acceptance (0.5 is a good one): adjusts the width during thermalisation, then freezes it"),
});

const parameters = keys.check((context) => {
  refuseVisits(context);
  const { value, issues } = context;
  if (value.tune !== undefined && value.width === undefined)
    issues.push({
      code: "custom",
      input: value,
      path: ["tune"],
      message: "adjusts a width; give one to begin with, width = 1",
    });
});

/** Single-spin Metropolis updates in the run file. */
export const metropolisDefinition: Definition<typeof parameters, Update, UpdateBench> = {
  name: "metropolis",
  title: "Single-spin Metropolis updates",
  cite: ["N. Metropolis, A. W. Rosenbluth, M. N. Rosenbluth, A. H. Teller, E. Teller, J. Chem. Phys. 21 (1953) 1087"],
  parameters,
  build({ width, tune, ...visits }, bench) {
    const space = spinsOf(bench, "metropolis");
    const source = sourceOf(bench, "metropolis");
    if (!source.couplings && !source.metropolis && !source.local)
      throw new TypeError(
        `metropolis: the action "${lacking(bench, "local")[0]}" does not tell how it changes with one spin; use update name = "hmc" or "langevin", or "self-learning"`,
      );
    if (width !== undefined && space.spins === "Ising")
      throw new RangeError("metropolis: Ising spins flip, so there is no width of proposals; leave width and tune out");
    const move = makeMetropolis(space, source, {
      ...visitsOf(visits),
      label: bench.label,
      ...(width === undefined ? {} : { width }),
    });
    return tune === undefined ? updateOf(move, { decides: true }) : tuned(move, tune);
  },
};

function tuned(move: ReturnType<typeof makeMetropolis>, wanted: number): Update {
  const { step } = updateOf(move, { decides: true });
  const tuner = new ProposalWidth(move.width, wanted);
  let last: number | undefined;
  const set = () => {
    move.width = Math.min(tuner.width, Math.PI);
    return { width: move.width };
  };
  return {
    step(state, rng) {
      const report = step(state, rng);
      last = report.acceptance;
      return report;
    },
    tune() {
      // In a mixture the report may be of another update: learn from its own last move.
      if (last !== undefined) tuner.learn(last);
      return set();
    },
    freeze: set,
    tuned: () => tuner.save(),
    restore(saved) {
      tuner.restore(saved);
      set();
    },
  };
}
