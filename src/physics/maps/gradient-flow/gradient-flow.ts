import type { Field } from "../../../lattice/field.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import type { Configuration } from "../../../lattice/space.ts";
import type { Action } from "../../action.ts";
import { linkDistance } from "./distance.ts";
import { type FlowName, flowAction } from "./flow-action.ts";

export interface FlowOptions {
  readonly action: FlowName;
  /** Step size in flow time; with `tolerance` that of the first step. */
  readonly step: number;
  /** Adapts the steps so that the estimated error of each stays below: largest |V - V'|_F / N^2 of a link. */
  readonly tolerance?: number;
}

/** Most steps of one flow in adaptive mode are far fewer; more means that the tolerance cannot be met. */
const SMALLEST_STEP = 1e-9;

/**
 * The gradient flow dV/dt = Z(V) V of a gauge action by Lüscher's third-order Runge-Kutta scheme (JHEP 08 (2010) 071,
 * appendix C), in place on a field of its own.
 */
export class GradientFlow {
  /** The flowed configuration. */
  readonly configuration: Configuration;
  /** Flow time reached. */
  time = 0;
  /** Steps done and, in adaptive mode, thrown away. */
  readonly steps = { done: 0, rejected: 0 };
  private readonly space: LinkSpace;
  private readonly action: Action;
  private readonly velocity: Field;
  private readonly options: FlowOptions;
  private readonly adaptive: { readonly start: Field; readonly estimate: Field; readonly second: Field } | undefined;
  private step: number;

  /** Flows a copy of `field`. */
  constructor(space: LinkSpace, field: Field, options: FlowOptions) {
    this.space = space;
    this.options = options;
    this.action = flowAction(space, options.action);
    this.configuration = { space, field: field.copy(), auxiliary: new Map() };
    this.velocity = space.momenta();
    this.step = options.step;
    this.adaptive = options.tolerance
      ? { start: space.field(), estimate: space.field(), second: space.momenta() }
      : undefined;
  }

  /** Flows on to a later time: in equal steps no larger than `step`, or adaptively. */
  advance(time: number): void {
    if (this.adaptive) this.advanceAdaptively(time);
    else this.advanceEvenly(time);
  }

  private advanceEvenly(time: number): void {
    const length = time - this.time;
    const count = Math.ceil(length / this.options.step - 1e-9);
    for (let i = 0; i < count; i++) this.rungeKutta(length / count);
    this.time = time;
  }

  /**
   * W1 = exp(Z0/4) W0, W2 = exp(8/9 Z1 - 17/36 Z0) W1, W3 = exp(3/4 Z2 - 8/9 Z1 + 17/36 Z0) W2 with Z_i = epsilon Z(W_i).
   * Forces add up, so one velocity field holds Z0, then Z0 - 32/17 Z1, then that + 27/17 Z2; the scale goes to the drift.
   */
  private rungeKutta(epsilon: number, between?: () => void): void {
    const { space, action, velocity, configuration } = this;
    const { field } = configuration;
    velocity.zero();
    action.addForce(configuration, 1, velocity);
    this.adaptive?.second.assign(velocity);
    space.drift(field, velocity, epsilon / 4);
    action.addForce(configuration, -32 / 17, velocity);
    between?.();
    space.drift(field, velocity, (-17 / 36) * epsilon);
    action.addForce(configuration, 27 / 17, velocity);
    space.drift(field, velocity, (17 / 36) * epsilon);
    this.steps.done++;
  }

  /**
   * The forces at W0 and W1 give a second-order step too, W' = exp(2 Z1 - Z0) W0, and |W3 - W'| estimates the error, which
   * goes with epsilon^3 (P. Fritzsch, A. Ramos, JHEP 10 (2013) 008, appendix D; A. Bazavov, T. Chuna, arXiv:2101.05320).
   */
  private advanceAdaptively(time: number): void {
    const { space, configuration, velocity } = this;
    const { start, estimate, second } = this.adaptive!;
    const tolerance = this.options.tolerance!;
    while (this.time < time) {
      const left = time - this.time;
      const last = left <= this.step * (1 + 1e-9);
      const epsilon = last ? left : this.step;
      start.assign(configuration.field);
      estimate.assign(configuration.field);
      this.rungeKutta(epsilon, () => {
        // with p = Z0 - 32/17 Z1: 2 Z1 - Z0 = -17/16 (p - Z0/17)
        space.scaleAdd(second, -1 / 17, velocity);
        space.drift(estimate, second, (-17 / 16) * epsilon);
      });
      const error = linkDistance(space, configuration.field, estimate);
      const better = epsilon * 0.95 * Math.min(4, Math.cbrt(tolerance / Math.max(error, Number.MIN_VALUE)));
      if (error <= tolerance) {
        this.time = last ? time : this.time + epsilon;
        this.step = last ? Math.max(this.step, better) : better;
      } else {
        configuration.field.assign(start);
        this.steps.rejected++;
        this.steps.done--;
        this.step = better;
      }
      if (!(this.step > SMALLEST_STEP))
        throw new RangeError(
          `gradient flow: no step at t = ${this.time} has an error below the tolerance ${tolerance}; raise it, or check the configuration`,
        );
    }
  }

  /** Gives the memory back. */
  release(): void {
    const fields = [this.configuration.field, this.velocity];
    if (this.adaptive) fields.push(this.adaptive.start, this.adaptive.estimate, this.adaptive.second);
    for (const field of fields) field.release();
  }
}
