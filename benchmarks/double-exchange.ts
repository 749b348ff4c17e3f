import { pathToFileURL } from "node:url";
import type { Device } from "../src/kernels/device.ts";
import { openDevice } from "../src/kernels/node.ts";
import { Field } from "../src/lattice/field.ts";
import { Lattice } from "../src/lattice/lattice.ts";
import { SpinSpace } from "../src/lattice/spins/spins.ts";
import { addressedRng } from "../src/numerics/addressed-random.ts";
import { doubleExchange } from "../src/physics/spins/actions/double-exchange/double-exchange.ts";
import type { LocalAction } from "../src/physics/spins/spin-action.ts";
import { milliseconds, time } from "./timing.ts";

/** Seconds of what sampling double exchange is made of, on an L x L lattice at half filling and T = 0.05. */
export interface DoubleExchangeTimes {
  /** ln W by eigenvalues. */
  readonly value: number;
  /** All d ln W/dS_i by eigenvectors. */
  readonly derivative: number;
  readonly local: Readonly<Record<Way, LocalTimes>>;
  /** "matsubara" at mu = -0.5, where matrices are complex and more is accepted. */
  readonly doped: LocalTimes;
}

type Way = "diagonalise" | "matsubara";

export interface LocalTimes {
  /** What begins a step: "matsubara" computes all Green's functions. */
  readonly begin: number;
  readonly proposal: number;
  /** A proposal that is accepted, the proposal included. */
  readonly accepted: number;
  /** Fraction that exact accept/reject takes of uniform proposals in equilibrium. */
  readonly acceptance: number;
  /** A step of so many sweeps by its sweeps: N proposals, those accepted, and the share of what is computed afresh. */
  readonly sweep: Readonly<Record<"one" | "ten", number>>;
}

export function doubleExchangeTimes(device: Device, L: number): DoubleExchangeTimes {
  const space = new SpinSpace(new Lattice(device, [L, L]), "O(3)");
  const field = space.field();
  const c = { space, field, auxiliary: new Map() };
  const rng = addressedRng("bench", L);
  const gradient = new Field(device, space.length);
  const stream = rng.at("spins", 0);
  const draw = (spin: Float64Array) => {
    const z = 1 - 2 * stream.uniform();
    const phi = 2 * Math.PI * stream.uniform();
    spin.set([Math.sqrt(1 - z * z) * Math.cos(phi), Math.sqrt(1 - z * z) * Math.sin(phi), z]);
  };
  const spin = new Float64Array(3);
  const volume = L * L;
  const turnOne = () => {
    draw(spin);
    field.view().set(spin, 3 * stream.below(volume));
  };
  for (let i = 0; i < 10 * volume; i++) turnOne();
  const common = { t: 1, J: 1, mu: 0, temperature: 0.05, boundary: "periodic" } as const;

  const sweepOf = (local: LocalAction) => {
    let accepted = 0;
    for (let i = 0; i < volume; i++) {
      draw(spin);
      const change = local.change(stream.below(volume), spin);
      if (stream.uniform() >= Math.exp(-change)) continue;
      local.accept();
      accepted += 1;
    }
    return accepted / volume;
  };
  const timesOf = (name: Way, mu = 0): LocalTimes => {
    const { local } = doubleExchange(space, { ...common, mu, local: name });
    const begin = time(() => {
      turnOne();
      local.begin(c);
    }).minimum;
    local.begin(c);
    const proposal = time(() => {
      draw(spin);
      local.change(stream.below(volume), spin);
    }).minimum;
    for (let i = 0; i < 10; i++) sweepOf(local);
    const sweeps = 40;
    let acceptance = 0;
    for (let i = 0; i < sweeps; i++) acceptance += sweepOf(local) / sweeps;
    const accepted = time(() => {
      draw(spin);
      local.change(stream.below(volume), spin);
      local.accept();
    }).minimum;
    const decisions = volume * (proposal + acceptance * (accepted - proposal));
    // the levels of "diagonalise" are known from the step before; steps of ten sweeps end before the next renewal
    const afresh = name === "matsubara" ? begin : 0;
    const sweep = { one: decisions + afresh, ten: decisions + afresh / 10 };
    return { begin, proposal, accepted, acceptance, sweep };
  };
  const action = doubleExchange(space, common);
  const times = {
    value: time(() => {
      turnOne();
      action.value(c);
    }).minimum,
    derivative: time(() => action.addDerivative(c, 1, gradient)).minimum,
  };
  // the second begins where the first one has brought the spins
  const local = { matsubara: timesOf("matsubara"), diagonalise: timesOf("diagonalise") };
  return { ...times, local, doped: timesOf("matsubara", -0.5) };
}

/** Lines for `plaquette bench`. */
export function printDoubleExchange(device: Device, print: (name: string, value: string) => void): void {
  for (const L of [4, 6, 8]) {
    const { value, derivative, local, doped } = doubleExchangeTimes(device, L);
    const name = `double exchange ${L}x${L}`;
    print(`${name}, ln W`, milliseconds(value));
    print(
      `${name}, derivative`,
      `${milliseconds(derivative)}, ${(derivative / value).toFixed(1)} times ln W for ${2 * L * L} numbers`,
    );
    const rows: readonly (readonly [string, LocalTimes])[] = [
      ['local = "diagonalise"', local.diagonalise],
      ['local = "matsubara"', local.matsubara],
      ["the same at mu = -0.5", doped],
    ];
    for (const [way, t] of rows)
      print(
        `${name}, ${way}`,
        `begin ${milliseconds(t.begin)}, proposal ${milliseconds(t.proposal)}, accepted ${milliseconds(t.accepted)}, a sweep ${milliseconds(t.sweep.one)}, of ten in a step ${milliseconds(t.sweep.ten)} (acceptance ${t.acceptance.toFixed(2)})`,
      );
    const faster = ({ sweep }: LocalTimes) =>
      (["one", "ten"] as const).map((n) => (local.diagonalise.sweep[n] / sweep[n]).toFixed(1)).join(" and ");
    print(
      `${name}, sweeps`,
      `${faster(local.matsubara)} times faster by "matsubara" with one and ten a step, ${faster(doped)} at mu = -0.5`,
    );
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const device = openDevice({ workers: Number(process.argv[2] ?? 1) });
  printDoubleExchange(device, (name, value) => process.stdout.write(`${name.padEnd(42)} ${value}\n`));
  device.close();
}
