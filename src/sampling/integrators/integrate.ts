import type { Field } from "../../lattice/field.ts";
import type { Configuration } from "../../lattice/space.ts";
import type { Action } from "../../physics/action.ts";
import type { Scheme } from "./schemes.ts";

/** One time scale: the forces integrated on it, outermost level first. */
export interface Level {
  readonly action: Action;
  readonly scheme: Scheme;
  /** Steps in one drift of the level above (for the outermost: in the trajectory). */
  steps: number;
}

/** Moves (U, P) along Hamilton's equations of K + sum of the levels' actions; returns the number of force evaluations. */
export type Integrator = (c: Configuration, p: Field, length: number) => number;

/**
 * Nested integration (J. C. Sexton, D. H. Weingarten, Nucl. Phys. B 380 (1992) 665): the drift of one level is a whole
 * integration of the next, faster one. Kicks of a level, or drifts, that follow each other are done as one.
 * @param work fields for the force-gradient stages: a configuration's copy and a force; allocated once here.
 */
export function nested(levels: readonly Level[], work?: { readonly field: Field; readonly force: Field }): Integrator {
  return (c, p, length) => {
    let forces = 0;
    /** Kicks not yet done, one weight a level. */
    const pending = levels.map(() => 0);
    let drift = 0;
    const flushDrift = () => {
      if (drift !== 0) c.space.drift(c.field, p, drift);
      drift = 0;
    };
    const flushKicks = () => {
      for (let d = 0; d < levels.length; d++) {
        const weight = pending[d]!;
        if (weight === 0) continue;
        levels[d]!.action.addForce(c, weight, p);
        forces++;
        pending[d] = 0;
      }
    };
    const gradientKick = (level: Level, weight: number, displacement: number) => {
      const { field, force } = work!;
      force.zero();
      level.action.addForce(c, 1, force);
      field.assign(c.field);
      c.space.drift(field, force, displacement);
      level.action.addForce({ ...c, field }, weight, p);
      forces += 2;
    };
    const evolve = (depth: number, time: number): void => {
      const level = levels[depth];
      if (!level) {
        flushKicks();
        drift += time;
        return;
      }
      const h = time / level.steps;
      for (let step = 0; step < level.steps; step++)
        for (const stage of level.scheme.stages)
          if ("drift" in stage) evolve(depth + 1, stage.drift * h);
          else {
            flushDrift();
            if (stage.gradient === undefined) pending[depth]! += stage.kick * h;
            else gradientKick(level, stage.kick * h, stage.gradient * h * h);
          }
    };
    evolve(0, length);
    flushKicks();
    flushDrift();
    return forces;
  };
}
