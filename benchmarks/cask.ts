import type { Device } from "../src/kernels/device.ts";
import { derivativeField } from "../src/lattice/links/derivative.ts";
import { cask } from "../src/learning/models/cask/cask.ts";
import { system } from "./gauge.ts";
import { time } from "./timing.ts";

/** Layers of the benchmark. */
export const CASK_LAYERS = 2;

export interface CaskTimes {
  readonly forward: number;
  readonly pull: number;
  /** The force of the plaquette action on the same links. */
  readonly force: number;
}

/**
 * Two layers of one head with staples of up to three links, derivatives of the weights included, seconds each. The weights
 * have the size that training gives them.
 */
export function caskTimes(device: Device, group: string, extents: readonly number[]): CaskTimes {
  const { space, state, p, action } = system(device, group, extents, 6);
  const map = cask(space, { layers: CASK_LAYERS, rho: 0.02 });
  const gradient = new Float64Array(map.parameters.length);
  const forward = time(() => map.apply(state.field).release()).minimum;
  const image = map.apply(state.field);
  const delta = derivativeField(space);
  // it grows with every pull-back: filled anew before it overflows
  const pull = time(() => {
    delta.view().fill(0.1);
    image.pull(delta, gradient);
  }).minimum;
  image.release();
  const force = time(() => action.addForce(state, 0, p)).minimum;
  for (const field of [delta, p, state.field]) field.release();
  map.release();
  return { forward, pull, force };
}
