import { z } from "zod";
import type { SpinSpace } from "../../lattice/spins/spins.ts";
import type { SpinAction } from "../../physics/spins/spin-action.ts";
import { schemeNames } from "../integrators/schemes.ts";
import { makeHeatbath } from "./heatbath/heatbath.ts";
import { refuseVisits, visitKeys, visitsOf } from "./local/order.ts";
import { makeMetropolis } from "./metropolis/metropolis.ts";
import { makeOverrelaxation } from "./overrelaxation/overrelaxation.ts";
import { inTurn, type SpinMove } from "./spin-move.ts";
import { makeSwendsenWang } from "./swendsen-wang/swendsen-wang.ts";
import { makeTrajectories } from "./trajectories.ts";
import { makeWolff } from "./wolff/wolff.ts";

const kind = <W extends string>(word: W) => z.literal(word).describe("how the spins are moved");
const local = <W extends string>(word: W) => z.strictObject({ name: kind(word), ...visitKeys }).check(refuseVisits);
const trajectories = z.int().min(1).max(10_000).default(1).describe("trajectories a move, each accepted or not");

/** Moves inside another update, by their words. */
export const moveTables = {
  metropolis: z
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
  heatbath: local("heatbath"),
  overrelaxation: local("overrelaxation"),
  wolff: z.strictObject({
    name: kind("wolff"),
    clusters: z.int().min(1).max(1_000_000).default(1).describe("clusters a move, one after the other"),
  }),
  swendsenWang: z.strictObject({
    name: kind("swendsen-wang"),
    sweeps: z.int().min(1).max(100_000).default(1).describe("decompositions of the lattice into clusters a move"),
  }),
  hmc: z.strictObject({
    name: kind("hmc"),
    trajectories,
    length: z.number().positive().default(1).describe("trajectory length in molecular-dynamics time"),
    steps: z.int().min(1).default(10).describe("integrator steps a trajectory"),
    integrator: z
      .enum(schemeNames.filter((name) => name !== "force-gradient"))
      .default("omelyan")
      .describe("integrator of the trajectories"),
  }),
  langevin: z.strictObject({
    name: kind("langevin"),
    steps: z.int().min(1).max(100_000).default(10).describe("steps a move, each accepted or not"),
    stepSize: z
      .number()
      .positive()
      .default(0.1)
      .describe("size epsilon of a step: spins turn by angles of about epsilon"),
  }),
} as const;

/** A move inside another update, as a table of the run file. */
export const moveSchema = z.discriminatedUnion("name", [
  moveTables.metropolis,
  moveTables.heatbath,
  moveTables.overrelaxation,
  moveTables.wolff,
  moveTables.swendsenWang,
  moveTables.hmc,
  moveTables.langevin,
]);

/** One move, or several that follow each other. */
export const movesSchema = z.union([moveSchema, z.array(moveSchema).min(1)]);

export type MoveKeys = z.output<typeof moveSchema>;
export type MovesKeys = z.output<typeof movesSchema>;

/** The move that the keys describe. Throws a TypeError where it does not fit to the action. */
export function moveOf(keys: MoveKeys, space: SpinSpace, action: SpinAction): SpinMove {
  switch (keys.name) {
    case "metropolis": {
      const { width } = keys;
      return makeMetropolis(space, action, { ...visitsOf(keys), ...(width === undefined ? {} : { width }) });
    }
    case "heatbath":
      return makeHeatbath(space, action, visitsOf(keys));
    case "overrelaxation":
      return makeOverrelaxation(space, action, visitsOf(keys));
    case "wolff":
      return makeWolff(space, action, { clusters: keys.clusters });
    case "swendsen-wang":
      return makeSwendsenWang(space, action, { sweeps: keys.sweeps });
    case "hmc":
      return makeTrajectories(space, action, keys);
    case "langevin":
      return makeTrajectories(space, action, {
        trajectories: keys.steps,
        length: keys.stepSize,
        steps: 1,
        integrator: "leapfrog",
      });
  }
}

/** The moves that the keys describe, one after the other. */
export function movesOf(keys: MovesKeys, space: SpinSpace, action: SpinAction): SpinMove {
  const made = (Array.isArray(keys) ? keys : [keys]).map((one) => moveOf(one, space, action));
  return made.length === 1 ? made[0]! : inTurn(made);
}
