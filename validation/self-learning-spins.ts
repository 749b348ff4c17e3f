import type { Device } from "../src/kernels/device.ts";
import { openDevice } from "../src/kernels/node.ts";
import { Lattice } from "../src/lattice/lattice.ts";
import { SpinSpace } from "../src/lattice/spins/spins.ts";
import { linearSpins } from "../src/learning/spins/models/linear-spins/linear-spins.ts";
import { addressedRng } from "../src/numerics/addressed-random.ts";
import { isingAction } from "../src/physics/spins/actions/ising/ising.ts";
import { metropolisDefinition } from "../src/sampling/spins/metropolis/index.ts";
import { selfLearningDefinition } from "../src/sampling/spins/self-learning/index.ts";
import type { State, Update, UpdateBench } from "../src/sampling/update.ts";
import { type Estimated, formatWithError, gammaMethod } from "../src/statistics/index.ts";
import type { Result } from "./quarks.ts";

/**
 * The Ising model with an interaction of plaquettes, K/J = 0.2, near its transition (J. Liu, Y. Qi, Z. Y. Meng, L. Fu, Phys. Rev. B
 * 95 (2017) 041101: fitted nearest-neighbour coupling about 1.11, 10 to 20 times shorter autocorrelations of fitted
 * Wolff clusters than of local updates).
 */
interface Comparison {
  readonly size: number;
  /** Clusters a proposal. */
  readonly clusters: number;
  /** Steps of production: local sweeps, self-learning steps. */
  readonly steps: readonly [local: number, learnt: number];
}

export const isingComparisons: readonly Comparison[] = [
  { size: 16, clusters: 2, steps: [120_000, 30_000] },
  { size: 24, clusters: 2, steps: [120_000, 30_000] },
];

const temperature = 2.493;
const published = 1.11;
const THERMALISE = 500;

/** Means of both updates agree within 3 standard deviations, and self-learning forgets the magnetisation at least 8 times sooner. */
export function checkIsing({ size, clusters, steps }: Comparison): Result {
  const device = openDevice({ workers: 1 });
  const begin = performance.now();
  try {
    const local = chain(size, device, steps[0], (bench) =>
      metropolisDefinition.build(parsed(metropolisDefinition, {}), bench),
    );
    const given = { inner: { name: "wolff", clusters } };
    const learnt = chain(size, device, steps[1], (bench) =>
      selfLearningDefinition.build(parsed(selfLearningDefinition, given), bench),
    );
    const compared = (["|M|", "S"] as const).map((key) => {
      const [a, b] = [local, learnt].map((run) => gammaMethod([run.series[key]])) as [Estimated, Estimated];
      if (a.refused || b.refused) return { ok: false, text: `${key} has too short a history`, ratio: 0 };
      const pull = (a.mean - b.mean) / Math.hypot(a.error, b.error);
      const tau = `tau_int ${formatWithError(a.tauInt, a.tauIntError)} sweeps and ${formatWithError(b.tauInt, b.tauIntError)} steps`;
      const means = `${formatWithError(a.mean, a.error)} and ${formatWithError(b.mean, b.error)}`;
      return {
        ok: Math.abs(pull) < 3,
        text: `${key} ${means} (${pull.toFixed(2)} sigma), ${tau}`,
        ratio: a.tauInt / b.tauInt,
      };
    });
    const { J1 = Number.NaN, "error J1": error = Number.NaN } = learnt.frozen;
    const [magnetisation] = compared;
    const ok = compared.every((c) => c.ok) && magnetisation!.ratio > 8 && Math.abs(J1 - published) < 0.03;
    const seconds = ((performance.now() - begin) / 1000).toFixed(0);
    const what = `J_1 ${formatWithError(J1, error)} (published ${published}), acceptance ${learnt.accepted.toFixed(2)}`;
    const times = `${magnetisation!.ratio.toFixed(0)} times sooner; ${local.micro.toFixed(0)} and ${learnt.micro.toFixed(0)} us a step`;
    return {
      ok,
      line: `slmc-spins, Ising with plaquettes ${size}^2 ${ok ? "passed" : "FAILED"}: ${what}; ${compared.map((c) => c.text).join("; ")}; ${times} (${seconds} s)`,
    };
  } finally {
    device.close();
  }
}

const parsed = <T>({ parameters }: { parameters: { parse(given: unknown): T } }, given: object): T =>
  parameters.parse(given);

function chain(size: number, device: Device, steps: number, build: (bench: UpdateBench) => Update) {
  const space = new SpinSpace(new Lattice(device, [size, size], 1), "Ising");
  const action = isingAction.build(parsed(isingAction, { square: 0.2, temperature }), { space });
  const level = linearSpins(space, { shells: 1, temperature });
  const guide = { action: level, terms: [level], names: ["linear-spins"], thermalise: THERMALISE };
  const update = build({ space, action, terms: [action], names: ["ising"], label: "", guide });
  const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
  const rng = addressedRng(`slmc-spins ${size}`);
  for (let i = 0; i < THERMALISE; i++) update.tune?.(update.step(state, rng));
  const frozen = update.freeze?.() ?? {};
  for (let i = 0; i < 2000; i++) update.step(state, rng);
  const series = { "|M|": [] as number[], S: [] as number[] };
  let [accepted, seconds] = [0, 0];
  for (let i = 0; i < steps; i++) {
    const begin = performance.now();
    const report = update.step(state, rng);
    seconds += (performance.now() - begin) / 1000;
    accepted += report.accepted ? 1 : 0;
    series["|M|"].push(Math.abs(state.field.view().reduce((a, b) => a + b, 0)) / size ** 2);
    series.S.push(action.value(state));
  }
  return { series, frozen, accepted: accepted / steps, micro: (1e6 * seconds) / steps };
}

/** All cases whose name contains `filter`. */
export function* validateSelfLearningSpins(filter = ""): Generator<Result> {
  if ("slmc-spins".includes(filter)) for (const one of isingComparisons) yield checkIsing(one);
}
