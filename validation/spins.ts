import type { Device } from "../src/kernels/device.ts";
import { openDevice } from "../src/kernels/node.ts";
import { Lattice } from "../src/lattice/lattice.ts";
import { SpinSpace } from "../src/lattice/spins/spins.ts";
import { addressedRng } from "../src/numerics/addressed-random.ts";
import type { Observable } from "../src/physics/observable.ts";
import { pairAction } from "../src/physics/spins/actions/pair-couplings/pair-action.ts";
import { spinObservables } from "../src/physics/spins/observables/index.ts";
import { spinStart } from "../src/physics/spins/starts.ts";
import { Chain } from "../src/sampling/chain/chain.ts";
import { spinUpdates } from "../src/sampling/spins/index.ts";
import type { State, Update, UpdateBench } from "../src/sampling/update.ts";
import { type Estimated, formatWithError, gammaMethod, gammaMethodDerived } from "../src/statistics/index.ts";
import type { Result } from "./plaquettes.ts";
import { type SpinCase, spinCases, spinMethods } from "./spin-cases.ts";

/** Wanted of every mean. With C of them a right program fails some with probability 4.7e-4 C. */
const SIGMAS = 3.5;
const STEPS = 20000;

/** Averages of spins in closed form, by every update that samples them; `filter` keeps those whose name contains it. */
export function* validateSpins(filter = ""): Generator<Result> {
  for (const one of spinCases)
    for (const method of one.updates) if (`${one.name}, ${method}`.includes(filter)) yield checkSpins(one, method);
}

function checkSpins(one: SpinCase, method: keyof typeof spinMethods): Result {
  const device = openDevice({ workers: 1 });
  const begin = performance.now();
  try {
    const series = simulate(one, method, device);
    const compared = Object.entries(one.exact).map(([what, expected]) => {
      const found = estimateOf(what, series, one);
      const pull = found.refused ? Number.NaN : (found.mean - expected) / found.error;
      const value = found.refused ? found.reason : formatWithError(found.mean, found.error);
      return {
        ok: Math.abs(pull) < SIGMAS,
        words: `${what} ${value} against ${expected.toPrecision(8)}, ${pull.toFixed(2)} sigma`,
      };
    });
    const ok = compared.every((each) => each.ok);
    const seconds = ((performance.now() - begin) / 1000).toFixed(0);
    const name = `${one.name}, ${method}`.padEnd(40);
    return {
      ok,
      line: `${name} ${ok ? "passed" : "FAILED"}: ${compared.map(({ words }) => words).join("; ")} (${one.source}; ${seconds} s)`,
    };
  } finally {
    device.close();
  }
}

function estimateOf(what: string, series: ReadonlyMap<string, number[]>, one: SpinCase): Estimated {
  if (what !== "specific-heat") return gammaMethod([series.get(what)!]);
  const energies = series.get("spin-energy.energy")!;
  const shifted = energies.map((e) => e - energies[0]!);
  const factor = one.extents.reduce((a, b) => a * b, 1) / one.temperature ** 2;
  const heat = ([e, e2]: readonly number[]) => factor * (e2! - e! * e!);
  return gammaMethodDerived([[shifted], [shifted.map((e) => e * e)]], heat);
}

/** Every number measured after every update, by "observable.label". */
function simulate(one: SpinCase, method: keyof typeof spinMethods, device: Device): Map<string, number[]> {
  const space = new SpinSpace(new Lattice(device, one.extents), one.spins);
  const action = pairAction(space, { shells: [1] }, one.temperature, "validation");
  const bench: UpdateBench = { space, action, terms: [action], names: ["pair-couplings"], label: "" };
  const definition = spinUpdates.find(({ name }) => name === method)!;
  const update = definition.build(definition.parameters.parse(spinMethods[method]), bench) as Update;
  const measured = [...new Set(Object.keys(one.exact).map((what) => what.split(".")[0]))].flatMap((name) => {
    const found = spinObservables.find((each) => each.name === name);
    return found ? [found.build(found.parameters.parse({}), bench) as Observable] : [];
  });
  const rng = addressedRng(`validation ${one.name} ${method}`, 0);
  const state: State = { space, field: spinStart(space, "hot", rng), auxiliary: new Map(), step: 0 };
  const chain = new Chain(state, update, rng, { thermalise: 500, trajectories: STEPS, measure: [] });
  const series = new Map<string, number[]>();
  while (chain.trajectory < chain.total)
    for (const event of chain.advance(() => performance.now())) {
      if (event.type !== "stepped" || event.phase !== "production") continue;
      for (const observable of measured)
        for (const { name, labels, values } of observable.measure(state, rng, chain.trajectory))
          labels.forEach((label, i) => {
            const key = `${name}.${label}`;
            const known = series.get(key) ?? [];
            if (known.push(values[i]!) === 1) series.set(key, known);
          });
    }
  return series;
}
