import { buildChain } from "../src/experiment/build.ts";
import { catalogue } from "../src/experiment/parts.ts";
import { checkRunFile } from "../src/experiment/run-file/index.ts";
import type { Device } from "../src/kernels/device.ts";
import { openDevice } from "../src/kernels/node.ts";
import { parseGroup } from "../src/lattice/group.ts";
import { Lattice } from "../src/lattice/lattice.ts";
import { LinkSpace } from "../src/lattice/links/links.ts";
import { addressedRng } from "../src/numerics/addressed-random.ts";
import { plaquetteSums, wilsonGauge } from "../src/physics/actions/wilson-gauge/wilson-gauge.ts";
import { logDeterminant } from "../src/physics/dirac/exact/determinant.ts";
import { diracOperator, fermionSchema } from "../src/physics/dirac/quark.ts";
import type { State } from "../src/sampling/update.ts";
import { heatbathDefinition } from "../src/sampling/updates/heatbath/index.ts";
import { expDeltaH, formatWithError, gammaMethod, jackknifeDerived } from "../src/statistics/index.ts";
import { type QuarkCase, type ReweightedCase, reweightedCases, toyCases } from "./quark-cases.ts";

export interface Result {
  readonly ok: boolean;
  readonly line: string;
}

const SIGMAS = 3;

/** Histories of a run on one core: "observable.label" -> values, and deltaH. */
export function history(run: Readonly<Record<string, unknown>>, device: Device) {
  const runFile = checkRunFile(run, "validation", catalogue);
  const { chain } = buildChain(runFile, 0, device, catalogue);
  const values = new Map<string, number[]>();
  const deltaH: number[] = [];
  while (chain.trajectory < chain.total)
    for (const event of chain.advance(() => performance.now())) {
      if (event.type === "stepped" && event.phase === "production") deltaH.push(event.deltaH ?? 0);
      if (event.type !== "measured" || event.trajectory <= chain.plan.thermalise) continue;
      event.labels.forEach((label, i) => {
        const key = `${event.name}.${label}`;
        const list = values.get(key) ?? [];
        list.push(event.values[i]!);
        values.set(key, list);
      });
    }
  return { values, deltaH };
}

/** Mean of the probabilities min(1, exp(-deltaH)) with which trajectories are accepted. */
export const acceptanceOf = (deltaH: readonly number[]): number =>
  deltaH.reduce((sum, x) => sum + (Number.isNaN(x) ? 0 : Math.min(1, Math.exp(-x))), 0) / deltaH.length;

/** Compares the means of a run, and its acceptance, with what is expected of them. */
export function checkRun(one: QuarkCase): Result {
  const device = openDevice({ workers: 1 });
  const begin = performance.now();
  try {
    const { values, deltaH } = history(one.run, device);
    const creutz = expDeltaH([deltaH]);
    const compared = Object.entries(one.expected).map(([key, [expected, error]]) => {
      const found = gammaMethod([values.get(key) ?? []]);
      if (found.refused) return { ok: false, text: `${key} ${found.reason}` };
      const pull = (found.mean - expected) / Math.hypot(found.error, error);
      return {
        ok: Math.abs(pull) < (one.sigmas ?? SIGMAS),
        text: `${key} ${formatWithError(found.mean, found.error)} (${pull.toFixed(2)} sigma)`,
      };
    });
    if (one.acceptance) {
      const [expected, within] = one.acceptance;
      const found = acceptanceOf(deltaH);
      const ok = Math.abs(found - expected) < within;
      compared.push({ ok, text: `acceptance ${found.toFixed(3)} (${expected} within ${within})` });
    }
    const ok = Math.abs(creutz.pull ?? 0) < 4 && compared.every((c) => c.ok);
    const seconds = ((performance.now() - begin) / 1000).toFixed(0);
    return {
      ok,
      line: `${one.name} ${ok ? "passed" : "FAILED"}: ${compared.map((c) => c.text).join(", ")} (${one.source}; ${seconds} s)`,
    };
  } finally {
    device.close();
  }
}

/** HMC with quarks against pure gauge theory reweighted with their exact determinant. */
export function checkReweighted(one: ReweightedCase, configurations = 20000, trajectories = 6000): Result {
  const device = openDevice({ workers: 1 });
  const begin = performance.now();
  try {
    const exact = reweighted(one, device, configurations);
    const { values, deltaH } = history(
      {
        lattice: [4, 4],
        group: one.group,
        start: "hot",
        seed: one.name,
        thermalise: 300,
        trajectories,
        action: [{ name: "wilson-gauge", beta: one.beta }, one.action],
        update: { name: "hmc", length: 1, steps: 8, tune: 0.9 },
        measure: { plaquette: 1 },
      },
      device,
    );
    const found = gammaMethod([values.get("plaquette.plaquette") ?? []]);
    if (found.refused) return { ok: false, line: `${one.name} FAILED: ${found.reason}` };
    const pull = (found.mean - exact.mean) / Math.hypot(found.error, exact.error);
    const quenched = (exact.quenched - exact.mean) / Math.hypot(found.error, exact.error);
    const ok = Math.abs(pull) < SIGMAS && Math.abs(expDeltaH([deltaH]).pull ?? 0) < 4;
    const seconds = ((performance.now() - begin) / 1000).toFixed(0);
    return {
      ok,
      line: `${one.name} ${ok ? "passed" : "FAILED"}: ${formatWithError(found.mean, found.error)} against ${formatWithError(exact.mean, exact.error)}, ${pull.toFixed(2)} sigma; without quarks ${quenched.toFixed(0)} sigma away (exact determinant; ${seconds} s)`,
    };
  } finally {
    device.close();
  }
}

/** <P w>/<w> over a pure-gauge ensemble, w = product of |det D|^power. */
function reweighted(one: ReweightedCase, device: Device, configurations: number) {
  const space = new LinkSpace(new Lattice(device, [4, 4]), parseGroup(one.group));
  const action = wilsonGauge(space, one.beta);
  const bench = { space, action, terms: [action], names: ["wilson-gauge"], label: "" };
  const update = heatbathDefinition.build(heatbathDefinition.parameters.parse({}) as never, bench);
  const operators = one.determinants.map(({ fermion, power }) => {
    const parsed = fermionSchema.parse(fermion);
    return { operator: diracOperator(space, parsed, "even"), power };
  });
  const rng = addressedRng(`${one.name}, reweighted`, 0);
  const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
  const logs: number[] = [];
  const plaquettes: number[] = [];
  for (let i = 0; i < configurations + 100; i++) {
    update.step(state, rng);
    update.step(state, rng);
    if (i < 100) continue;
    let log = 0;
    for (const { operator, power } of operators) {
      operator.load(state.field);
      log += power * logDeterminant(operator).logModulus;
    }
    logs.push(log);
    const sums = plaquetteSums(space, state.field.address);
    plaquettes.push(sums.reduce((a, b) => a + b, 0) / (space.group.n * space.lattice.volume));
  }
  const most = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - most));
  const products = weights.map((w, i) => w * plaquettes[i]!);
  const ratio = jackknifeDerived([[products], [weights]], ([a, b]) => a! / b!, { binSize: 100 });
  if (ratio.refused) throw new RangeError(ratio.reason);
  return { mean: ratio.mean, error: ratio.error, quenched: plaquettes.reduce((a, b) => a + b, 0) / plaquettes.length };
}

/** All quark cases; `filter` keeps those whose name contains it. */
export function* validateQuarks(filter = ""): Generator<Result> {
  for (const one of reweightedCases) if (one.name.includes(filter)) yield checkReweighted(one);
  for (const one of toyCases) if (one.name.includes(filter)) yield checkRun(one);
}
