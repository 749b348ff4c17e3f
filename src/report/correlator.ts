import { type Chains, type EffectiveMass, type Estimated, effectiveMasses } from "../statistics/index.ts";
import { estimate, remark, valueText } from "./estimates.ts";
import { observableTitle } from "./names.ts";
import type { Series } from "./series.ts";

/** A correlator in time, C(0) … C(T - 1), with the effective masses between its times. */
export interface CorrelatorAnalysis {
  /** "pion-correlator" */
  readonly observable: string;
  /** "C", or the name of another convention. */
  readonly label: string;
  readonly times: readonly CorrelatorTime[];
}

export interface CorrelatorTime {
  readonly t: number;
  readonly value: Estimated;
  /** Between t and t + 1, in the first half of the lattice. */
  readonly mass?: EffectiveMass;
}

type Named = Pick<Series, "observable" | "kind" | "label" | "flowTime">;

const parts = ({ observable, kind = observable, label, flowTime }: Named) =>
  /-correlator$/.test(kind) && flowTime === undefined ? /^([a-zA-Z-]+)\((\d+)\)$/.exec(label) : null;

/** Is this one time of a correlator, which is shown in a table of its own? */
export const isCorrelator = ({ series }: { readonly series: Named }): boolean => parts(series) !== null;

/** Every correlator among the series; those of which a time is missing have no masses. */
export function analyseCorrelators(series: readonly Series[]): CorrelatorAnalysis[] {
  const found = new Map<string, { observable: string; label: string; times: Map<number, Series> }>();
  for (const one of series) {
    const match = parts(one);
    if (!match) continue;
    const key = `${one.observable} ${match[1]}`;
    const entry = found.get(key) ?? { observable: one.observable, label: match[1]!, times: new Map() };
    found.set(key, entry);
    entry.times.set(Number(match[2]), one);
  }
  return [...found.values()].flatMap(({ observable, label, times }) => {
    const chains = [...times].sort(([a], [b]) => a - b).map(([t, one]) => [t, production(one)] as const);
    if (chains.every(([, values]) => values.length === 0)) return [];
    const masses = massesOf(chains.map(([, values]) => values));
    return [
      {
        observable,
        label,
        times: chains.map(([t, values]) => {
          const mass = masses.find((one) => one.t === t);
          return { t, value: estimate(values), ...(mass ? { mass } : {}) };
        }),
      },
    ];
  });
}

const production = ({ replicas }: Series): number[][] =>
  replicas.map((replica) => replica.production.map(({ y }) => y)).filter((values) => values.length > 0);

/** None where measurements are not finite: the estimates of C(t) say so. */
function massesOf(correlator: readonly Chains[]): EffectiveMass[] {
  const finite = correlator.every((chains) => chains.every((chain) => Array.from(chain).every(Number.isFinite)));
  return finite ? effectiveMasses(correlator) : [];
}

/** A correlator as rows of a table: t, C(t), and the effective masses from t to t + 1. */
export function correlatorRows({ observable, label, times }: CorrelatorAnalysis) {
  const header = [observableTitle(observable), `${label}(t)`, "m_eff (cosh)", "m_eff (log)"];
  const rows = times.map(({ t, value, mass }) => ({
    cells: [`t = ${t}`, valueText(value), mass ? valueText(mass.cosh) : "", mass ? valueText(mass.log) : ""],
    remark: remark(value) ?? (mass && remark(mass.cosh)),
  }));
  return { header, rows };
}
