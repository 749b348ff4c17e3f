import { z } from "zod";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import type { SpinAction } from "../../../physics/spins/spin-action.ts";
import { nested } from "../../integrators/integrate.ts";
import { schemeNames, schemeOf } from "../../integrators/schemes.ts";
import type { Update } from "../../update.ts";
import { hmc } from "../../updates/hmc/hmc.ts";
import { makeHeatbath } from "../heatbath/heatbath.ts";
import { langevin } from "../langevin/langevin.ts";
import { refuseVisits, visitKeys, visitsOf } from "../local/order.ts";
import { makeMetropolis } from "../metropolis/metropolis.ts";
import { makeOverrelaxation } from "../overrelaxation/overrelaxation.ts";
import type { SpinMove } from "../spin-move.ts";
import { makeSwendsenWang } from "../swendsen-wang/swendsen-wang.ts";
import { makeWolff } from "../wolff/wolff.ts";
import { makeBoundedWolff } from "./bounded-wolff.ts";
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
    reach: z
      .number()
      .min(1)
      .optional()
      .describe(
        "largest distance of a cluster's spins from its first one, for large lattices; no limit where left out",
      ),
  }),
  z.strictObject({
    name: kind("swendsen-wang"),
    sweeps: z.int().min(1).max(100_000).default(1).describe("decompositions of the lattice into clusters a proposal"),
  }),
  z.strictObject({
    name: kind("langevin"),
    steps: z.int().min(1).max(100_000).default(10).describe("steps a proposal, each accepted or not"),
    stepSize: z
      .number()
      .positive()
      .default(0.1)
      .describe("size epsilon of a step: spins turn by angles of about epsilon"),
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
const ofCouplings: readonly Move["name"][] = ["heatbath", "overrelaxation", "wolff", "swendsen-wang"];

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
    return chainFor(move, space, action);
  });
  return made.length === 1 ? made[0]! : thereAndBack(made);
}

function chainFor(move: Move, space: SpinSpace, action: SpinAction): ReversibleChain {
  switch (move.name) {
    case "metropolis": {
      const { name, width, ...visits } = move;
      const options = { ...visitsOf(visits), ...(width === undefined ? {} : { width }) };
      return chainOf(makeMetropolis(space, action, options));
    }
    case "heatbath":
      return chainOf(makeHeatbath(space, action, visitsOf(move)));
    case "overrelaxation":
      return chainOf(makeOverrelaxation(space, action, visitsOf(move)));
    case "wolff":
      return chainOf(wolff(move, space, action));
    case "swendsen-wang":
      return chainOf(makeSwendsenWang(space, action, { sweeps: move.sweeps }));
    case "langevin":
      return repeated(langevin(space, action, move.stepSize), move.steps);
    case "hmc": {
      const integrate = nested([{ action, scheme: schemeOf(move.integrator), steps: move.steps }]);
      return repeated(hmc(space, action, { length: move.length, integrate }), move.trajectories);
    }
  }
}

const wolff = (
  { clusters, reach }: Extract<Move, { name: "wolff" }>,
  space: SpinSpace,
  action: SpinAction,
): SpinMove =>
  reach === undefined ? makeWolff(space, action, { clusters }) : makeBoundedWolff(space, action, { clusters, reach });

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

/** Steps with a decision of their own (HMC, Langevin), each of which keeps detailed balance. */
function repeated(update: Update, times: number): ReversibleChain {
  return {
    walk(state, rng) {
      const outer = state.step;
      state.step = outer * times;
      let [accepted, forces] = [0, 0];
      for (let i = 0; i < times; i++) {
        const report = update.step(state, rng);
        accepted += report.accepted ? 1 : 0;
        forces += report.forces ?? 0;
      }
      state.step = outer;
      return { tries: times, accepted, forces };
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
