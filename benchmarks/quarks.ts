import type { Device } from "../src/kernels/device.ts";
import type { Field } from "../src/lattice/field.ts";
import type { LinkSpace } from "../src/lattice/links/links.ts";
import type { SpinorSpace } from "../src/lattice/spinors/spinors.ts";
import { sumOf } from "../src/physics/action.ts";
import { staggeredAction, staggeredActionDefinition } from "../src/physics/actions/staggered/staggered.ts";
import { Hop } from "../src/physics/dirac/hopping/hop.ts";
import type { NormalOperator } from "../src/physics/dirac/operator.ts";
import { Staggered } from "../src/physics/dirac/staggered/staggered.ts";
import { wilsonBody } from "../src/physics/dirac/wilson/hop.ts";
import { Wilson } from "../src/physics/dirac/wilson/wilson.ts";
import { nested } from "../src/sampling/integrators/integrate.ts";
import { schemeOf } from "../src/sampling/integrators/schemes.ts";
import { hmc } from "../src/sampling/updates/hmc/hmc.ts";
import { system } from "./gauge.ts";
import { time } from "./timing.ts";

/** Floating-point operations a site of the SU(3) hopping terms in four dimensions. */
export const WILSON_FLOPS = 1320;
export const STAGGERED_FLOPS = 570;

const SITES = 8 ** 4;
/** More than for the others: these are short, and one undisturbed round is enough. */
const ROUNDS = 150;

/** A kernel, and what it cannot be faster than. */
export interface Measured {
  readonly seconds: number;
  readonly flops: number;
  /** That must come from memory and go there where nothing is in a cache. */
  readonly bytes: number;
  /** 2 for float64, 4 for float32. */
  readonly lanes: number;
}

export interface QuarkTimes {
  readonly wilson: Measured;
  readonly wilsonSingle: Measured;
  readonly staggered: Measured;
  /** D^dagger D on the even sites, the step of x and r, the new direction. */
  readonly staggeredIteration: Measured;
  readonly staggeredIterationSingle: Measured;
}

/** SU(3) 8^4: hopping terms on all sites, iterations of conjugate gradients on the even ones. */
export function quarkTimes(device: Device): QuarkTimes {
  const { space, state, p } = system(device, "SU(3)", [8, 8, 8, 8], 6);
  const boundary = [1, 1, 1, -1] as const;
  const wilson = new Wilson(space, { kappa: 0.12, boundary, domain: "all" });
  const staggered = new Staggered(space, { mass: 0.1, boundary, domain: "even" });
  for (const op of [wilson, staggered]) op.load(state.field);
  const single = wilson.space.single()!;
  const body = wilsonBody({ ...space.layout, width: single.width }, { r: 1, dagger: false });
  const times: QuarkTimes = {
    wilson: hop(wilson.t, WILSON_FLOPS),
    wilsonSingle: hop(new Hop(single, body, wilson.links.single()!.address), WILSON_FLOPS),
    staggered: hop(staggered.dslash, STAGGERED_FLOPS),
    staggeredIteration: { seconds: iteration(staggered.normal), ...iterationCost(8) },
    staggeredIterationSingle: { seconds: iteration(staggered.single()!.normal), ...iterationCost(4) },
  };
  for (const owner of [wilson, staggered, state.field, p]) owner.release();
  return times;
}

/** Bytes a site of T: eight links, the vector that is read (once) and the one that is written. */
const hopBytes = (components: number, bytes: number) => (8 * 18 + 4 * components) * bytes;

function hop(t: Hop, flops: number): Measured {
  const { space } = t;
  const { lanes, bytes } = space.width;
  const [x, y] = [source(space), space.field()];
  const seconds = time(() => t.hop("all", y, x), { rounds: ROUNDS }).minimum;
  for (const field of [x, y]) field.release();
  const moved = SITES * hopBytes(space.components, bytes);
  return { seconds, flops: flops * SITES, bytes: moved, lanes };
}

/** A vector of ordinary numbers. */
function source(space: SpinorSpace): Field {
  const x = space.field();
  space.load(
    x,
    Float64Array.from({ length: 2 * space.components * space.lattice.volume }, (_, i) => Math.sin(i + 1)),
  );
  return x;
}

/** Two hops between the colours, and vectors of half the sites: two more in the second hop, six in the step, three in the direction. */
const iterationCost = (bytes: number) => ({
  lanes: 16 / bytes,
  flops: STAGGERED_FLOPS * SITES + (SITES / 2) * 6 * 12,
  bytes: SITES * hopBytes(3, bytes) + (SITES / 2) * 6 * bytes * 11,
});

/** Seconds of an iteration of conjugate gradients. */
function iteration({ space, sites, apply }: NormalOperator): number {
  const [x, r, p, q] = [space.field(), space.field(), source(space), space.field()];
  const seconds = time(
    () => {
      apply(q, p);
      space.cgStep(sites, x, r, p, q, 1e-9);
      // a direction that stays as it is
      space.xpay(sites, p, p, 0);
    },
    { rounds: ROUNDS },
  ).minimum;
  for (const field of [x, r, p, q]) field.release();
  return seconds;
}

/**
 * Seconds of an HMC trajectory of SU(2), 4^4, beta = 2.7, with four flavours of staggered quarks of mass 0.3: length 1,
 * Omelyan's integrator with 5 steps of the quarks and 4 of the gauge field in each of their drifts, |r|^2 <= 1e-19.
 */
export function quarkTrajectory(device: Device): number {
  const { space, state, rng, action } = system(device, "SU(2)", [4, 4, 4, 4], 2.7);
  const quarks = staggeredQuarks(space);
  const scheme = schemeOf("omelyan");
  const integrate = nested([
    { action: quarks, scheme, steps: 5 },
    { action, scheme, steps: 4 },
  ]);
  const update = hmc(space, sumOf([action, quarks]), { length: 1, integrate });
  return time(() => update.step(state, rng), { rounds: 40 }).minimum;
}

const staggeredQuarks = (space: LinkSpace) =>
  staggeredAction(space, staggeredActionDefinition.parameters.parse({ mass: 0.3, flavours: 4 }));
