import type { Device } from "../src/kernels/device.ts";
import { Lattice } from "../src/lattice/lattice.ts";
import { shellsOf } from "../src/lattice/shells.ts";
import { SpinSpace } from "../src/lattice/spins/spins.ts";
import {
  type EquivariantTransformer,
  equivariantTransformer,
} from "../src/learning/spins/models/equivariant-transformer/equivariant-transformer.ts";
import { addressedRng } from "../src/numerics/addressed-random.ts";
import { time } from "./timing.ts";

/** The published layout on 6x6: six shells in the layers, nearest neighbours in the head. */
const EXTENTS = [6, 6];
const NEIGHBOURS = 6;
/** Layers of the chain and the training pass. */
export const TRANSFORMER_LAYERS = 3;
/** Updates of the inner chain: thirty a site. */
export const CHAIN = 1080;
/** Configurations of a training pass. */
export const BATCH = 64;

/** Seconds of one evaluation, and its floating-point operations. */
export interface Evaluation {
  readonly layers: number;
  /** From the spins. */
  readonly value: number;
  /** For one changed spin, whose first maps are kept. */
  readonly change: number;
  readonly valueFlops: number;
  readonly changeFlops: number;
}

export interface TransformerTimes {
  readonly evaluations: readonly Evaluation[];
  /** Seconds of an inner chain of CHAIN updates, and its operations. */
  readonly chain: number;
  readonly chainFlops: number;
  /** Seconds of a batch: forward, pull-back. */
  readonly forward: number;
  readonly pull: number;
}

export function transformerTimes(device: Device): TransformerTimes {
  const space = new SpinSpace(new Lattice(device, EXTENTS), "O(3)");
  const evaluations = [1, 2, 3, 6].map((layers) => evaluation(space, layers));
  const model = modelOf(space, TRANSFORMER_LAYERS);
  const c = disordered(space);
  const key = addressedRng("bench").key("inner chain");
  let step = 0;
  const chain = time(() => void model.metropolis(c, { updates: CHAIN, key, step: step++ })).minimum;
  c.field.release();
  return {
    evaluations,
    chain,
    chainFlops: CHAIN * evaluations.find(({ layers }) => layers === TRANSFORMER_LAYERS)!.changeFlops,
    ...batchTimes(space, model),
  };
}

function evaluation(space: SpinSpace, layers: number): Evaluation {
  const model = modelOf(space, layers);
  const c = disordered(space);
  const value = time(() => void model.value(c)).minimum;
  const local = model.local;
  local.begin(c);
  const spin = Float64Array.of(0, 0.6, 0.8);
  const change = time(() => void local.change(7, spin)).minimum;
  c.field.release();
  return { layers, value, change, ...evaluationFlops(space, layers) };
}

function batchTimes(space: SpinSpace, model: EquivariantTransformer) {
  const batch = model.batch(BATCH);
  const { heap } = space.lattice.device;
  const to = heap.f64(batch.spins, BATCH * space.length);
  for (let b = 0; b < BATCH; b++) to.set(spins(space, b), b * space.length);
  const gradient = new Float64Array(model.parameters.length);
  const weights = new Float64Array(BATCH).fill(1 / BATCH);
  const forward = time(() => void batch.values(BATCH)).minimum;
  const pull = time(() => batch.pull(weights, gradient)).minimum;
  batch.release();
  return { forward, pull };
}

/** Weights of the size that training gives, couplings small enough for the chain to accept. */
const modelOf = (space: SpinSpace, layers: number): EquivariantTransformer =>
  equivariantTransformer(space, {
    layers,
    neighbours: NEIGHBOURS,
    head: 1,
    heads: 1,
    attention: "relu",
    temperature: 0.05,
    start: { start: "random", seed: "bench" },
  });

function spins(space: SpinSpace, number: number): Float64Array {
  const rng = addressedRng("bench");
  const values = new Float64Array(space.length);
  for (let site = 0; site < space.lattice.volume; site++) {
    const stream = rng.at("spins", number, site);
    const v = [stream.normal(), stream.normal(), stream.normal()];
    values.set(
      v.map((x) => x / Math.hypot(...v)),
      3 * site,
    );
  }
  return values;
}

function disordered(space: SpinSpace) {
  const field = space.field();
  field.view().set(spins(space, 0));
  return { space, field, auxiliary: new Map() };
}

/** Additions and multiplications of an evaluation, for one head and O(3) spins. */
function evaluationFlops(space: SpinSpace, layers: number): Pick<Evaluation, "valueFlops" | "changeFlops"> {
  const { volume, extents } = space.lattice;
  const shells = shellsOf(extents);
  const around = shells.slice(0, NEIGHBOURS + 1).reduce((sum, { coordination }) => sum + coordination - 1, 0);
  // sums over shells, and nine numbers of Q, K, V from seven of them
  const maps = volume * (3 * around + 9 * 2 * (NEIGHBOURS + 1));
  // G_ij, its positive part, and what it adds to Y; the norm and the division by it
  const attention = volume * volume * (5 + 1 + 6) + volume * (5 + 2 + 3);
  const shift = volume * 9 * 2;
  const head = volume * (3 * (shells[1]!.coordination / 2 - 1) + 5 + 2);
  return {
    valueFlops: layers * (maps + attention) + head,
    changeFlops: layers * (maps + attention) + head + shift - maps,
  };
}
