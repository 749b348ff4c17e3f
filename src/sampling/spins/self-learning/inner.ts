import { z } from "zod";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import type { SpinAction } from "../../../physics/spins/spin-action.ts";
import { moveOf, moveTables } from "../moves.ts";
import { inTurn, type SpinMove } from "../spin-move.ts";
import { makeBoundedWolff } from "./bounded-wolff.ts";
import type { ReversibleChain } from "./levels.ts";

const { metropolis, heatbath, overrelaxation, wolff, swendsenWang, hmc, langevin } = moveTables;

/** One move of the inner chain. */
const moveSchema = z.discriminatedUnion("name", [
  metropolis,
  heatbath,
  overrelaxation,
  wolff.extend({
    reach: z
      .number()
      .min(1)
      .optional()
      .describe(
        "largest distance of a cluster's spins from its first one, for large lattices; no limit where left out",
      ),
  }),
  swendsenWang,
  hmc,
  langevin,
]);

/** `inner` of the run file: the chain that proposes. */
export const innerSchema = z.union([moveSchema, z.array(moveSchema).min(1)]).check(refuseOneWay);

type Move = z.output<typeof moveSchema>;
export type Inner = z.output<typeof innerSchema>;

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

/** Sweeps of the inner chain where the run file does not name one. */
const USUAL_SWEEPS = 30;

/**
 * The inner chain of a run file without one: single-spin updates. Metropolis flips of Ising spins are all accepted where
 * couplings are 0, and nearly all where they are small, so that a fixed number of them does not reach every state; a heat
 * bath does.
 */
export const usualInner = ({ spins }: SpinSpace, { couplings }: SpinAction): Inner =>
  innerSchema.parse({ name: spins === "Ising" && couplings ? "heatbath" : "metropolis", sweeps: USUAL_SWEEPS });

/**
 * Whether the inner chain always flips what it proposes: Ising spins without coupling, single spins (or the clusters of
 * one spin that there are then). Of a fixed number of flips half of all states is never reached, of whole sweeps all but two.
 */
export function flipsAlways(inner: Inner, { spins }: SpinSpace, { couplings }: SpinAction): boolean {
  if (spins !== "Ising" || !couplings) return false;
  const { shells, square, field } = couplings;
  const free = [...shells, square, ...field].every((k) => k === 0);
  return free && listOf(inner).every(({ name }) => name === "metropolis" || name === "wolff");
}

/**
 * The inner chain on an effective action, whose couplings it reads when it runs. Several moves are made there and back,
 * A B … B A, each with random numbers of its own (`inTurn`), because A B alone is another chain backwards.
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
    if (move.name !== "wolff" || move.reach === undefined) return moveOf(move, space, action);
    return makeBoundedWolff(space, action, { clusters: move.clusters, reach: move.reach });
  });
  return chainOf(made.length === 1 ? made[0]! : inTurn(made, { palindrome: true }));
}

/** Throws a RangeError for a move without detailed balance. */
export function chainOf({ move, reversible }: SpinMove): ReversibleChain {
  if (!reversible)
    throw new RangeError(
      "self-learning: the moves of the inner chain leave the effective action invariant without detailed balance, so the averages would be wrong; take another order",
    );
  return {
    walk(state, rng) {
      const { proposals, accepted, forces = 0 } = move(state, rng);
      return { tries: proposals, accepted, forces };
    },
  };
}
