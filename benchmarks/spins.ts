import { pathToFileURL } from "node:url";
import type { Device } from "../src/kernels/device.ts";
import { openDevice } from "../src/kernels/node.ts";
import { Lattice } from "../src/lattice/lattice.ts";
import { shellsOf } from "../src/lattice/shells.ts";
import type { SpinKind } from "../src/lattice/spins/spin-data.ts";
import { SpinSpace } from "../src/lattice/spins/spins.ts";
import { addressedRng } from "../src/numerics/addressed-random.ts";
import { pairAction } from "../src/physics/spins/actions/pair-couplings/pair-action.ts";
import { makeHeatbath } from "../src/sampling/spins/heatbath/heatbath.ts";
import { makeDraws } from "../src/sampling/spins/local/draws.ts";
import { makeMetropolis } from "../src/sampling/spins/metropolis/metropolis.ts";
import { makeOverrelaxation } from "../src/sampling/spins/overrelaxation/overrelaxation.ts";
import type { SpinMove } from "../src/sampling/spins/spin-move.ts";
import { makeSwendsenWang } from "../src/sampling/spins/swendsen-wang/swendsen-wang.ts";
import { makeWolff } from "../src/sampling/spins/wolff/wolff.ts";
import type { State } from "../src/sampling/update.ts";
import { type PlainSpins, plainMetropolis, plainWolff, xorshift } from "./plain-spins.ts";
import { time } from "./timing.ts";

/** Nearest neighbours near the transition, where there is one. */
const SYSTEMS: readonly (readonly [SpinKind, number])[] = [
  ["Ising", Math.log(1 + Math.SQRT2) / 2],
  ["XY", 1.12],
  ["O(3)", 1.5],
];
export const SPIN_SIDE = 64;

/** Seconds of a single-spin update, or of a site of a cluster, 64x64. */
export interface SpinTimes {
  readonly spins: SpinKind;
  readonly metropolis: number;
  readonly heatbath: number;
  /** None for Ising spins. */
  readonly overrelaxation?: number;
  /** A spin of a cluster. */
  readonly wolff: number;
  readonly swendsenWang: number;
  /** The addressed random numbers of an update of `metropolis` alone. */
  readonly draws: number;
  /** Plain TypeScript: Metropolis, and a spin of a Wolff cluster (Ising). */
  readonly plainMetropolis: number;
  readonly plainWolff?: number;
}

export const spinTimes = (device: Device): SpinTimes[] => SYSTEMS.map(([spins, k]) => timesOf(device, spins, k));

function timesOf(device: Device, spins: SpinKind, strength: number): SpinTimes {
  const extents = [SPIN_SIDE, SPIN_SIDE];
  const space = new SpinSpace(new Lattice(device, extents), spins);
  const action = pairAction(space, { shells: [strength] }, 1, "bench");
  const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
  const rng = addressedRng("bench");
  const { volume } = space.lattice;
  const wolff = makeWolff(space, action, { clusters: 20 });
  const step = (move: SpinMove) => {
    const done = move.move(state, rng);
    state.step += 1;
    return done;
  };
  for (let i = 0; i < 50; i++) step(wolff);
  const perSpin = (move: SpinMove) => time(() => void step(move)).minimum / volume;
  const random = { order: "random" } as const;
  const noRule = { key: `nothing ${spins}`, numbers: 0, direction: spins !== "Ising", emit: () => [] };
  const draws = makeDraws(space, noRule);
  const plain: PlainSpins = {
    n: space.components,
    values: state.field.view().slice(),
    neighbours: shellsOf(extents)[1]!.sites,
    strength,
    random: xorshift(),
  };
  const stack = new Int32Array(volume);
  return {
    spins,
    metropolis: perSpin(makeMetropolis(space, action, random)),
    heatbath: perSpin(makeHeatbath(space, action, random)),
    ...(spins === "Ising" ? {} : { overrelaxation: perSpin(makeOverrelaxation(space, action, random)) }),
    wolff: perClusterSpin(() => wolff.move(state, rng).spins, state),
    swendsenWang: perSpin(makeSwendsenWang(space, action)),
    draws: time(() => draws.fill([1, 2], state.step, 0, 2048, 0)).minimum / 2048,
    plainMetropolis: time(() => void plainMetropolis(plain, volume)).minimum / volume,
    ...(spins === "Ising" ? { plainWolff: perClusterSpin(() => plainWolff(plain, stack)) } : {}),
  };
}

/** Seconds a spin: the shortest of a few dozen stretches of clusters, because clusters are of many sizes. */
function perClusterSpin(move: () => number, state?: State): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 40; round++) {
    const begin = performance.now();
    let spins = 0;
    while (spins < 20_000) {
      spins += move();
      if (state) state.step += 1;
    }
    best = Math.min(best, (performance.now() - begin) / 1000 / spins);
  }
  return best;
}

/** The lines of the table: every update beside its random numbers and, where there is one, beside plain TypeScript. */
export function* spinLines(device: Device): Generator<readonly [name: string, value: string]> {
  const ns = (seconds: number) => `${(1e9 * seconds).toPrecision(3)} ns`;
  for (const t of spinTimes(device)) {
    const name = `${t.spins} ${SPIN_SIDE}x${SPIN_SIDE}`;
    const ratio = (t.plainMetropolis / t.metropolis).toFixed(1);
    yield [
      `${name} Metropolis update`,
      `${ns(t.metropolis)}   (its random numbers ${ns(t.draws)}; plain TypeScript, other random numbers, ${ns(t.plainMetropolis)}, ${ratio} times)`,
    ];
    const over = t.overrelaxation === undefined ? "" : `, overrelaxation ${ns(t.overrelaxation)}`;
    yield [`${name} heat bath`, `${ns(t.heatbath)} an update${over}`];
    const plain =
      t.plainWolff === undefined
        ? ""
        : `   (plain TypeScript ${ns(t.plainWolff)}, ${(t.plainWolff / t.wolff).toFixed(1)} times)`;
    yield [`${name} clusters`, `Wolff ${ns(t.wolff)}, Swendsen-Wang ${ns(t.swendsenWang)} a spin${plain}`];
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const device = openDevice({ workers: 1 });
  for (const [name, value] of spinLines(device)) process.stdout.write(`${name.padEnd(42)} ${value}\n`);
  device.close();
}
