import { z } from "zod";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import type { SpinAction } from "../../../physics/spins/spin-action.ts";
import { nested } from "../../integrators/integrate.ts";
import { schemeNames, schemeOf } from "../../integrators/schemes.ts";
import { hmc } from "../../updates/hmc/hmc.ts";
import { makeHeatbath } from "../heatbath/heatbath.ts";
import { refuseVisits, visitKeys, visitsOf } from "../local/order.ts";
import { makeMetropolis } from "../metropolis/metropolis.ts";
import { makeOverrelaxation } from "../overrelaxation/overrelaxation.ts";
import type { SpinMove } from "../spin-move.ts";
import { makeWolff } from "../wolff/wolff.ts";
import type { Moves, ReversibleChain } from "./levels.ts";

const kind = <W extends string>(word: W) => z.literal(word).describe("how the first effective action is updated");

/** Local updates, in any order that is the same backwards. */
const local = <W extends string>(word: W) => z.strictObject({ name: kind(word), ...visitKeys }).check(refuseVisits);

/** One move of the inner chain. */
const moveSchema = z.discriminatedUnion("name", [
  z
    .strictObject({
      name: kind("metropolis"),
      ...visitKeys,
      width: z
        .number()
        .positive()
        .optional()
        .describe(
          "largest angle between the old spin and the proposed one, radians; anywhere on the sphere where left out",
        ),
    })
    .check(refuseVisits),
  local("heatbath"),
  local("overrelaxation"),
  z.strictObject({
    name: kind("wolff"),
    clusters: z.int().min(1).max(1_000_000).default(1).describe("clusters a proposal, one after the other"),
  }),
  z.strictObject({
    name: kind("hmc"),
    trajectories: z.int().min(1).max(1000).default(5).describe("trajectories a proposal, each accepted or not"),
    length: z.number().positive().default(1).describe("trajectory length in molecular-dynamics time"),
    steps: z.int().min(1).default(10).describe("integrator steps a trajectory"),
    integrator: z
      .enum(schemeNames.filter((name) => name !== "force-gradient"))
      .default("omelyan")
      .describe("integrator of the trajectories"),
  }),
]);

/** `inner` of the run file: the chain that proposes. */
export const innerSchema = z.union([moveSchema, z.array(moveSchema).min(1)]).check(refuseOneWay);

type Move = z.output<typeof moveSchema>;
type Inner = z.output<typeof innerSchema>;

const listOf = (inner: Inner): readonly Move[] => (Array.isArray(inner) ? inner : [inner]);

/** The exactness trap: a sweep in a fixed order leaves exp(-S_eff) invariant, but the acceptance needs detailed balance. */
function refuseOneWay({ value, issues }: { value: Inner; issues: z.core.$ZodRawIssue[] }): void {
  const at = (i: number, ...path: string[]) => (Array.isArray(value) ? [i, ...path] : path);
  const moves = listOf(value);
  moves.forEach((move, i) => {
    if ("order" in move && move.order === "sequential")
      issues.push({
        code: "custom",
        input: value,
        path: at(i, "order"),
        message:
          'a sequential sweep is another one backwards, so the proposals would not keep detailed balance and the averages would be wrong; take order = "random", "permuted" or "palindrome"',
      });
  });
  if (moves.every(({ name }) => name === "overrelaxation"))
    issues.push({
      code: "custom",
      input: value,
      path: [],
      message:
        'overrelaxation keeps the effective action as it is, so it reaches not all spins; name another move beside it, inner = [{ name = "heatbath" }, { name = "overrelaxation" }]',
    });
}

/** Moves that read the couplings of the action. */
const ofCouplings: readonly Move["name"][] = ["heatbath", "overrelaxation", "wolff"];

/**
 * The inner chain on an effective action, whose couplings it reads when it runs. Several moves are made there and back,
 * A B … B A with random numbers of their own, because A B alone is another chain backwards.
 *
 * @param level the word of the action in the run file.
 * Throws a TypeError where a move does not fit to the action.
 */
export function innerChain(inner: Inner, space: SpinSpace, action: SpinAction, level: string): ReversibleChain {
  const made = listOf(inner).map((move) => {
    if (ofCouplings.includes(move.name) && !action.couplings)
      throw new TypeError(
        `inner: ${move.name} reads couplings between pairs of spins, and the first level "${level}" has none; put a level name = "linear-spins" in front of it, so that ${level} decides on what that proposes, or take inner = { name = "metropolis" }`,
      );
    return move.name === "hmc" ? trajectories(move, space, action) : chainOf(makeMove(move, space, action));
  });
  return made.length === 1 ? made[0]! : thereAndBack(made);
}

function makeMove(move: Exclude<Move, { name: "hmc" }>, space: SpinSpace, action: SpinAction): SpinMove {
  switch (move.name) {
    case "metropolis": {
      const { name, width, ...visits } = move;
      return makeMetropolis(space, action, { ...visitsOf(visits), ...(width === undefined ? {} : { width }) });
    }
    case "heatbath":
      return makeHeatbath(space, action, visitsOf(move));
    case "overrelaxation":
      return makeOverrelaxation(space, action, visitsOf(move));
    case "wolff":
      return makeWolff(space, action, { clusters: move.clusters });
  }
}

/** Throws a RangeError for a move without detailed balance. */
export function chainOf({ move, reversible }: SpinMove): ReversibleChain {
  if (!reversible)
    throw new RangeError(
      "self-learning: the moves of the inner chain leave the effective action invariant without detailed balance, so the averages would be wrong; take another order",
    );
  return {
    walk(state, rng) {
      const { proposals, accepted } = move(state, rng);
      return { tries: proposals, accepted, forces: 0 };
    },
  };
}

/** HMC of the effective action, its own accept/reject included: every trajectory keeps detailed balance. */
function trajectories(given: Extract<Move, { name: "hmc" }>, space: SpinSpace, action: SpinAction): ReversibleChain {
  const levels = [{ action, scheme: schemeOf(given.integrator), steps: given.steps }];
  const update = hmc(space, action, { length: given.length, integrate: nested(levels) });
  return {
    walk(state, rng) {
      const outer = state.step;
      state.step = outer * given.trajectories;
      let [accepted, forces] = [0, 0];
      for (let i = 0; i < given.trajectories; i++) {
        const report = update.step(state, rng);
        accepted += report.accepted ? 1 : 0;
        forces += report.forces ?? 0;
      }
      state.step = outer;
      return { tries: given.trajectories, accepted, forces };
    },
  };
}

/** A B … B A. */
function thereAndBack(parts: readonly ReversibleChain[]): ReversibleChain {
  const all = [...parts, ...parts.toReversed()];
  return {
    walk(state, rng): Moves {
      const outer = state.step;
      let [tries, accepted, forces] = [0, 0, 0];
      all.forEach((part, i) => {
        state.step = outer * all.length + i;
        const way = part.walk(state, rng);
        tries += way.tries;
        accepted += way.accepted;
        forces += way.forces;
      });
      state.step = outer;
      return { tries, accepted, forces };
    },
  };
}
