import { crossing, derivative, FLOW_REFERENCE } from "../physics/maps/gradient-flow/scales.ts";
import { type BinnedEstimate, countOf, type Estimated, jackknifeDerived, meanOf } from "../statistics/index.ts";
import { estimate, refusal } from "./estimates.ts";
import { productionValues, type Series } from "./series.ts";

/** A point of a curve along the flow; no error where the chain is too short for one. */
export interface FlowPoint {
  readonly t: number;
  readonly mean: number;
  readonly error?: number;
}

/** What one discretisation of the energy density says along the gradient flow, in lattice units. */
export interface FlowAnalysis {
  /** "clover", "plaquette" … */
  readonly label: string;
  /** Configurations flowed. */
  readonly n: number;
  /** t^2 <E(t)>. */
  readonly energy: readonly FlowPoint[];
  /** W(t) = t d/dt t^2 <E(t)>. */
  readonly slope: readonly FlowPoint[];
  /** Flow time where t^2 <E> = 0.3. */
  readonly t0: Estimated<BinnedEstimate>;
  /** sqrt of the flow time where W = 0.3. */
  readonly w0: Estimated<BinnedEstimate>;
}

/** Is this energy density the standard one? LatticeQCD.jl prints another quantity by that name, which defines no scale. */
export const definesScale = ({ observable, label, flowTime }: Series): boolean =>
  /^(.+\.)?energy-density$/.test(observable) && flowTime !== undefined && !/latticeqcd/i.test(label);

/** Flow curves and scales of every standard energy density among the series. */
export function analyseFlow(series: readonly Series[]): FlowAnalysis[] {
  const curves = new Map<string, Series[]>();
  for (const one of series.filter(definesScale)) {
    // a flow under a name of its own: "zeuthen.energy-density"
    const [flow] = one.observable.split(".");
    const label = one.observable === flow ? one.label : `${one.label}, ${flow}`;
    curves.set(label, [...(curves.get(label) ?? []), one]);
  }
  return [...curves].flatMap(([label, curve]) => {
    const aligned = align(curve.sort((a, b) => (a.flowTime as number) - (b.flowTime as number)));
    return aligned.length < 2 ? [] : [analyseCurve(label, aligned)];
  });
}

interface AtTime {
  readonly t: number;
  readonly chains: readonly (readonly number[])[];
}

/**
 * Only the configurations that were measured at all flow times (the last one of a run in progress was not), and only the
 * flow times that most configurations reached.
 */
function align(curves: readonly Series[]): AtTime[] {
  const size = (series: Series) => countOf(productionValues(series));
  const most = Math.max(0, ...curves.map(size));
  const common = curves.filter((series) => 2 * size(series) > most);
  const complete = (common[0]?.replicas ?? []).map((_, r) => {
    const [first, ...others] = common.map(
      ({ replicas }) => new Set(replicas[r]?.production.flatMap(({ x, y }) => (Number.isFinite(y) ? x : []))),
    );
    return new Set([...(first ?? [])].filter((x) => others.every((other) => other.has(x))));
  });
  return common.map(({ flowTime, replicas }) => ({
    t: flowTime as number,
    chains: replicas
      .map(({ production }, r) => production.flatMap(({ x, y }) => (complete[r]?.has(x) ? y : [])))
      .filter((chain) => chain.length > 0),
  }));
}

function analyseCurve(label: string, curves: readonly AtTime[]): FlowAnalysis {
  const times = curves.map(({ t }) => t);
  const energies = curves.map(({ t, chains }) => chains.map((chain) => chain.map((e) => t * t * e)));
  const means = energies.map(meanOf);
  const n = countOf(energies[0] ?? []);
  const slopeOf = (values: readonly number[]) => slopes(times, values);
  const slopeMeans = slopeOf(means);
  const scale = (name: string, values: readonly number[], f: (means: readonly number[]) => number) =>
    scaleEstimate(name, times, energies, values, f);
  return {
    label,
    n,
    energy: energies.map((chains, i) => point(times[i] as number, estimate(chains))),
    slope: slopeMeans.map((mean, i) => slopePoint(times, energies, mean, i)),
    t0: scale("t² E", means, (values) => crossing(times, values, FLOW_REFERENCE) ?? Number.NaN),
    w0: scale("t d/dt t² E", slopeMeans, (values) =>
      Math.sqrt(crossing(times, slopeOf(values), FLOW_REFERENCE) ?? Number.NaN),
    ),
  };
}

/** t times the derivative of the points, at every t. */
const slopes = (times: readonly number[], values: readonly number[]) =>
  derivative(times, values).map((d, i) => (times[i] as number) * d);

/** W at the i-th time with its jackknife error, from the four times around it that the local cubic needs. */
function slopePoint(
  times: readonly number[],
  energies: readonly (readonly (readonly number[])[])[],
  mean: number,
  i: number,
): FlowPoint {
  const t = times[i] as number;
  const binSize = binSizeFor(energies[i] ?? []);
  if (binSize === undefined) return { t, mean };
  const begin = Math.max(0, Math.min(i - 1, times.length - 4));
  const near = times.slice(begin, begin + 4);
  const f = (values: readonly number[]) => slopes(near, values)[i - begin] as number;
  return { ...point(t, jackknifeDerived(energies.slice(begin, begin + 4), f, { binSize })), mean };
}

function point(t: number, estimated: Estimated | Estimated<BinnedEstimate>): FlowPoint {
  return estimated.refused ? { t, mean: estimated.mean } : { t, mean: estimated.mean, error: estimated.error };
}

/** Bins of at least 2 tau_int, so that they are nearly independent; undefined where tau_int is not known. */
function binSizeFor(chains: readonly (readonly number[])[]): number | undefined {
  const estimated = estimate(chains);
  return estimated.refused ? undefined : Math.max(1, Math.ceil(2 * estimated.tauInt));
}

/** Jackknife of where a curve reaches the reference, in bins that suit t^2 E there. */
function scaleEstimate(
  name: string,
  times: readonly number[],
  energies: readonly (readonly (readonly number[])[])[],
  values: readonly number[],
  f: (means: readonly number[]) => number,
): Estimated<BinnedEstimate> {
  const means = energies.map(meanOf);
  const n = countOf(energies[0] ?? []);
  const mean = f(means);
  const refuse = (reason: string) => refusal("jackknife", reason, n, mean);
  const last = times[times.length - 1] as number;
  if (Number.isNaN(mean))
    return refuse(
      `${name} does not rise through ${FLOW_REFERENCE} up to t = ${last} (there it is ${values[values.length - 1]?.toPrecision(3)}); flow further (gradient-flow.time)`,
    );
  const i = times.findIndex((_, k) => (values[k + 1] ?? Infinity) >= FLOW_REFERENCE);
  const there = estimate(energies[i] ?? []);
  if (there.refused) return refuse(there.reason);
  const binSize = Math.max(1, Math.ceil(2 * there.tauInt));
  const estimated = jackknifeDerived(energies, f, { binSize });
  return estimated.refused || Number.isFinite(estimated.error)
    ? estimated
    : refuse(`${name} reaches ${FLOW_REFERENCE} too close to the end of the flow for an error; flow further`);
}
