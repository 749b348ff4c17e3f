import { addressedRng } from "../numerics/addressed-random.ts";
import type { MemberRecord, RunEvent, RunRecord, ScanPoint } from "../storage/run-directory/record.ts";

/** Runs made up for tests: AR(1) chains, whose tau_int is known, in the form a run directory has. */
export interface SyntheticOptions {
  readonly chains?: number;
  readonly trajectories?: number;
  readonly thermalise?: number;
  /** Scanned values of beta. */
  readonly betas?: readonly number[];
  /** HMC, with deltaH; otherwise sweeps without an accept/reject step. */
  readonly hmc?: boolean;
  /** Flow every so many trajectories; 0: never. */
  readonly flowEvery?: number;
  readonly finished?: boolean;
  /** Another word makes other draws. */
  readonly draws?: string;
}

/** Successive values of an AR(1) process of mean 0, variance 1 and autocorrelation a^t: tau_int = (1 + a)/(2 (1 - a)). */
export function ar1(seed: string, n: number, a: number): number[] {
  const rng = addressedRng(seed);
  let x = rng.at("begin", 0).normal();
  return Array.from({ length: n }, (_, i) => {
    const now = x;
    x = a * x + Math.sqrt(1 - a * a) * rng.at("step", i + 1).normal();
    return now;
  });
}

/** t^2 E of the made-up flow: 0.3 at t = 1.5 up to a fluctuation, with W = t d/dt t^2 E = 0.3 at t = 1.5 as well. */
export const syntheticFlow = (t: number, fluctuation: number): number => 0.2 * t * (1 + 0.02 * fluctuation);

/** A run directory's content, the same at every call. */
export function syntheticRun(options: SyntheticOptions = {}): RunRecord {
  const { chains = 1, betas } = options;
  const key = "action.wilson-gauge.beta";
  const points: ScanPoint[] = betas ? betas.map((beta) => ({ [key]: beta })) : [{}];
  const members = points.flatMap((scan, value) =>
    Array.from({ length: chains }, (_, chain) => {
      const label = betas ? `value-${value}-chain-${chain}` : `chain-${chain}`;
      return member(label, chain, scan, Number(scan[key] ?? 6), options);
    }),
  );
  const settings = {
    title: "Quenched SU(3) <test> & more",
    lattice: [8, 8, 8, 8],
    group: "SU(3)",
    action: [{ name: "wilson-gauge", beta: 6 }],
  };
  return { directory: "runs/quenched", runText: runText(betas), settings, members };
}

function member(label: string, chain: number, scan: ScanPoint, beta: number, options: SyntheticOptions): MemberRecord {
  const {
    thermalise = 100,
    trajectories = 1000,
    hmc = true,
    flowEvery = 10,
    finished = true,
    draws: word = "",
  } = options;
  const n = thermalise + trajectories;
  const draws = (name: string, a: number) => ar1(`${label} ${name}${word}`, n, a);
  const [plaquette, re, im, charge, violation] = [
    draws("p", 0.7),
    draws("re", 0.5),
    draws("im", 0.5),
    draws("q", 0.95),
    draws("h", 0),
  ];
  const flow = draws("flow", 0.8);
  const uniform = addressedRng(`${label}${word}`);
  const events: RunEvent[] = [begun(chain, thermalise, trajectories)];
  const time = (trajectory: number) => 1.7e12 + 250 * trajectory;
  for (let i = 1; i <= n; i++) {
    const stamp = { chain, time: time(i), trajectory: i } as const;
    const phase = i <= thermalise ? "thermalise" : "production";
    const measured = (name: string, values: Record<string, number>, flowTime?: number) =>
      events.push({
        type: "measured",
        ...stamp,
        phase,
        name,
        labels: Object.keys(values),
        values: Object.values(values),
        ...(flowTime === undefined ? {} : { flowTime }),
      });
    const deltaH = 0.125 + 0.5 * (violation[i - 1] as number); // mean sigma^2/2
    const accepted = uniform.at("accept", i).uniform() < Math.exp(-deltaH);
    events.push({ type: "stepped", ...stamp, phase, ...(hmc && { accepted, deltaH, forces: 11 }), seconds: 0.25 });
    if (hmc && i === thermalise)
      events.push({ type: "tuned", ...stamp, frozen: true, parameters: { steps: 10, length: 1 } });
    const relaxing = Math.exp(-i / 12);
    measured("plaquette", {
      plaquette: 0.594 + 0.1 * (beta - 6) + 0.002 * (plaquette[i - 1] as number) + 0.35 * relaxing,
    });
    measured("polyakov-loop", { re: 0.3 * (re[i - 1] as number), im: 0.3 * (im[i - 1] as number) });
    if (i % flowEvery !== 0) continue;
    measured("wilson-loop", Object.fromEntries(wilsonLoops(re[i - 1] as number)));
    for (let k = 0; k <= 20; k++) {
      const t = 0.1 * k;
      const e = t === 0 ? 3 : syntheticFlow(t, flow[i - 1] as number) / t ** 2;
      measured(
        "energy-density",
        { clover: e, plaquette: 1.1 * e, "latticeqcd-jl": 0.9 + 0.001 * (flow[i - 1] as number) },
        t,
      );
      measured(
        "topological-charge",
        { clover: Math.round(1.5 * (charge[i - 1] as number)) + 0.03 * (re[i - 1] as number) },
        t,
      );
    }
  }
  if (finished)
    events.push({ type: "finished", chain, time: time(n), trajectory: n, seconds: 0.25 * n, interrupted: false });
  return { label, chain, scan, runText: runText(undefined), events };
}

function wilsonLoops(fluctuation: number): [string, number][] {
  return [1, 2, 3, 4].flatMap((r) =>
    [1, 2, 3, 4].map((t): [string, number] => [`W(${r},${t})`, Math.exp(-0.4 * r * t) * (1 + 0.01 * fluctuation)]),
  );
}

function begun(chain: number, thermalise: number, trajectories: number): RunEvent {
  return {
    type: "started",
    chain,
    time: 1.7e12,
    version: "0.1.0",
    hash: "0f3a9c51d2e84b76",
    seed: "quenched-1",
    trajectory: 0,
    resumed: false,
    thermalise,
    trajectories,
    workers: 2,
    machine: { runtime: "Node 20.20.0", cpu: "A processor of 2 cores", features: ["wasm simd"] },
  };
}

const runText = (betas: readonly number[] | undefined) => `title = "Quenched SU(3) <test> & more"
lattice = [8, 8, 8, 8]
group = "SU(3)"
thermalise = 100
trajectories = 1000

[[action]]
name = "wilson-gauge"
beta = 6.0
${betas ? `\n[scan]\n"action.wilson-gauge.beta" = [${betas.join(", ")}]\n` : ""}`;
