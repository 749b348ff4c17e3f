import type { Device } from "../src/kernels/device.ts";
import { openDevice } from "../src/kernels/node.ts";
import { parseGroup } from "../src/lattice/group.ts";
import { Lattice } from "../src/lattice/lattice.ts";
import { LinkSpace } from "../src/lattice/links/links.ts";
import { addressedRng } from "../src/numerics/addressed-random.ts";
import { plaquetteSums, wilsonGauge } from "../src/physics/actions/wilson-gauge/wilson-gauge.ts";
import type { Observable } from "../src/physics/observable.ts";
import { observables } from "../src/physics/observables/index.ts";
import { Chain } from "../src/sampling/chain/chain.ts";
import type { State, UpdateBench } from "../src/sampling/update.ts";
import { heatbathDefinition } from "../src/sampling/updates/heatbath/index.ts";
import { hmcDefinition } from "../src/sampling/updates/hmc/index.ts";
import { mixture } from "../src/sampling/updates/mixture/mixture.ts";
import { overrelaxationDefinition } from "../src/sampling/updates/overrelaxation/index.ts";
import { expDeltaH, formatWithError, gammaMethod } from "../src/statistics/index.ts";
import { type Case, exactCases, independentCases } from "./cases.ts";

export type Method = "heat bath" | "hmc";

export interface Result {
  readonly ok: boolean;
  readonly line: string;
}

/** Wanted: the difference below 3 standard deviations, and an error below 2e-3 of the value. */
const SIGMAS = 3;
const RELATIVE = 2e-3;

/** Runs one case by one method and compares. With C cases a right program fails some case with probability 0.27 % C. */
export function check(one: Case, method: Method, workers: number): Result {
  const device = openDevice({ workers });
  const begin = performance.now();
  try {
    const { plaquettes, deltaH, others } = simulate(one, method, device);
    const estimate = gammaMethod([plaquettes]);
    const name = `${one.group} ${one.extents.join("x")} beta ${one.beta}, ${method}`.padEnd(40);
    const seconds = `${((performance.now() - begin) / 1000).toFixed(0)} s`;
    if (estimate.refused) return { ok: false, line: `${name} FAILED: ${estimate.reason}` };
    const pull = (estimate.mean - one.expected) / Math.hypot(estimate.error, one.error);
    const relative = estimate.error / Math.abs(estimate.mean);
    const creutz = method === "hmc" ? expDeltaH([deltaH]) : undefined;
    const conserved = Math.abs(creutz?.pull ?? 0) < 4;
    const compared = Object.entries(one.others ?? {}).map(([what, [expected, error]]) => {
      const found = gammaMethod([others[what as keyof typeof others]]);
      const distance = found.refused ? Number.NaN : (found.mean - expected) / Math.hypot(found.error, error);
      return { what, distance };
    });
    const othersAgree = compared.every(({ distance }) => Math.abs(distance) < SIGMAS);
    const ok = othersAgree && Math.abs(pull) < SIGMAS && relative < RELATIVE && conserved;
    const value = `${formatWithError(estimate.mean, estimate.error)} against ${one.error > 0 ? formatWithError(one.expected, one.error) : one.expected.toPrecision(9)}`;
    const exponential =
      creutz && !creutz.estimate.refused
        ? `, <exp(-deltaH)> ${formatWithError(creutz.estimate.mean, creutz.estimate.error)}`
        : "";
    const more = compared.map(({ what, distance }) => `, ${what} ${distance.toFixed(2)} sigma`).join("");
    const verdict = ok ? "passed" : "FAILED";
    return {
      ok,
      line: `${name} ${verdict}: ${value}, ${pull.toFixed(2)} sigma, tau_int ${formatWithError(estimate.tauInt, estimate.tauIntError)}${exponential}${more} (${one.source}; ${seconds})`,
    };
  } finally {
    device.close();
  }
}

function simulate(one: Case, method: Method, device: Device) {
  const space = new LinkSpace(new Lattice(device, one.extents), parseGroup(one.group));
  const action = wilsonGauge(space, one.beta);
  const bench: UpdateBench = { space, action, terms: [action], names: ["wilson-gauge"], label: "" };
  const update =
    method === "hmc"
      ? hmcDefinition.build(hmcDefinition.parameters.parse({ steps: one.steps, tune: 0.9 }), bench)
      : mixture([
          { update: heatbathDefinition.build(heatbathDefinition.parameters.parse({}) as never, bench), repeat: 1 },
          {
            update: overrelaxationDefinition.build(overrelaxationDefinition.parameters.parse({}) as never, {
              ...bench,
              label: "-1",
            }),
            repeat: 3,
          },
        ]);
  const rng = addressedRng(`validation ${one.group} ${one.extents.join("x")} ${one.beta} ${method}`, 0);
  const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
  const trajectories = method === "hmc" ? one.trajectories : one.passes;
  const chain = new Chain(state, update, rng, {
    thermalise: Math.min(500, trajectories / 4),
    trajectories,
    measure: [],
  });
  const planes = (one.extents.length * (one.extents.length - 1)) / 2;
  const norm = space.group.n * space.lattice.volume * planes;
  const plaquettes: number[] = [];
  const deltaH: number[] = [];
  const others = { rectangle: [] as number[], "|P|": [] as number[] };
  const observed = (name: "rectangle" | "polyakov-loop", label: string): number => {
    const definition = observables.find((one) => one.name === name)!;
    observable[name] ??= definition.build(definition.parameters.parse({}), { space }) as Observable;
    const [m] = observable[name].measure(state, rng, chain.trajectory);
    return m!.values[m!.labels.indexOf(label)]!;
  };
  const observable: Partial<Record<string, Observable>> = {};
  while (chain.trajectory < chain.total) {
    for (const event of chain.advance(() => performance.now()))
      if (event.type === "stepped" && event.phase === "production") {
        plaquettes.push(plaquetteSums(space, state.field.address).reduce((a, b) => a + b, 0) / norm);
        if (event.deltaH !== undefined) deltaH.push(event.deltaH);
        if (one.others === undefined) continue;
        others.rectangle.push(observed("rectangle", "rectangle"));
        others["|P|"].push(observed("polyakov-loop", "abs"));
      }
  }
  return { plaquettes, deltaH, others };
}

/** All cases by both methods; `filter` keeps those whose name contains it. */
export function* validatePlaquettes(filter = ""): Generator<Result> {
  for (const one of [...exactCases, ...independentCases])
    for (const method of ["heat bath", "hmc"] as const)
      if (`${one.group} ${one.extents.join("x")} ${one.beta} ${method}`.includes(filter))
        yield check(one, method, one.extents.length === 4 && one.extents[0] === 8 ? 2 : 1);
}
