import type { Device } from "../src/kernels/device.ts";
import { derivativeField } from "../src/lattice/links/derivative.ts";
import { stout } from "../src/physics/maps/stout/stout.ts";
import { through } from "../src/physics/maps/through.ts";
import { system } from "./gauge.ts";
import { time } from "./timing.ts";

export interface StoutTimes {
  readonly forward: number;
  readonly pull: number;
  /** Force of the Wilson action on the smeared links, the smearing included. */
  readonly force: number;
}

/** One layer of plaquettes, SU(3) 8^4, seconds each. */
export function stoutTimes(device: Device): StoutTimes {
  const { space, state, p, action } = system(device, "SU(3)", [8, 8, 8, 8], 6);
  const map = stout(space, { layers: 1, loops: ["plaquette"], rho: 0.1 });
  const smeared = through(action, map);
  const forward = time(() => map.apply(state.field).release()).minimum;
  const image = map.apply(state.field);
  const delta = derivativeField(space);
  // it grows with every pull-back: filled anew before it overflows
  const pull = time(() => {
    delta.view().fill(0.1);
    image.pull(delta);
  }).minimum;
  image.release();
  const force = time(() => smeared.addForce(state, 0, p)).minimum;
  for (const field of [delta, p, state.field]) field.release();
  map.release();
  return { forward, pull, force };
}
