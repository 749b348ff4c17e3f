import { formatWithError, median, type ValueWithError } from "../../statistics/index.ts";
import { remark, valueText } from "../estimates.ts";
import { duration } from "../summary.ts";
import { significant } from "./agreement.ts";
import type { ComparedRun, ComparedValue, Comparison } from "./compare.ts";
import { probability } from "./sentences.ts";
import { shownObservables } from "./shown.ts";

/** The tables of a comparison in words: the same in the terminal and on the page. */

/** One line of a table. */
export interface Line {
  readonly cells: readonly string[];
  /** What is to be said of it below the table. */
  readonly remark?: string | undefined;
  /** It must be seen. */
  readonly flagged?: boolean;
}

export interface WordTable {
  readonly header: readonly string[];
  readonly lines: readonly Line[];
}

const none = "–";

/** The unit in which the costs of a comparison are written: that of the one in the middle. */
export interface TimeUnit {
  readonly name: string;
  readonly seconds: number;
}

export function timeUnit({ observables }: Comparison): TimeUnit {
  const times = observables.flatMap(({ values }) =>
    values.flatMap((value) => (value && !value.cost.refused ? value.cost.seconds.mean : [])),
  );
  return unitOf(median(times));
}

function unitOf(seconds: number): TimeUnit {
  if (seconds < 0.5e-3) return { name: "µs", seconds: 1e-6 };
  return seconds < 0.5 ? { name: "ms", seconds: 1e-3 } : { name: "s", seconds: 1 };
}

const scaled = ({ mean, error }: ValueWithError, unit: number): string => formatWithError(mean / unit, error / unit);

type Work = "forces" | "iterations";

/** What was counted in some run: force evaluations, solver iterations. */
const countedIn = ({ runs }: Comparison): readonly Work[] =>
  (["forces", "iterations"] as const).filter((key) => runs.some(({ cost }) => cost[key] !== undefined));

/** What every run did and what it took. */
export function runLines(comparison: Comparison): WordTable {
  const { runs } = comparison;
  const work = countedIn(comparison);
  const trained = runs.some(({ cost }) => cost.training !== undefined);
  return {
    header: [
      "run",
      "updates",
      "acceptance",
      "⟨exp(−ΔH)⟩",
      ...work,
      "time an update",
      "thermalisation",
      ...(trained ? ["of it training"] : []),
    ],
    lines: runs.map(({ name, updates, cost }) => {
      const { acceptance, expDeltaH, localAcceptance } = updates;
      const off = expDeltaH?.pull !== undefined && Math.abs(expDeltaH.pull) > significant;
      return {
        cells: [
          name,
          String(updates.production),
          acceptance
            ? formatWithError(acceptance.rate, acceptance.binomialError)
            : localAcceptance
              ? `${valueText(localAcceptance)} local`
              : none,
          expDeltaH ? valueText(expDeltaH.estimate) : none,
          ...work.map((key) => (cost[key] ? String(Number(cost[key].mean.toPrecision(4))) : none)),
          medianText(cost),
          duration(cost.thermalisation.seconds),
          ...(trained ? [cost.training ? duration(cost.training.seconds) : none] : []),
        ],
        remark: off
          ? `⟨exp(−ΔH)⟩ of ${name} is ${Math.abs(expDeltaH.pull!).toFixed(1)} standard deviations from 1`
          : undefined,
        flagged: off,
      };
    }),
  };
}

function medianText({ seconds }: ComparedRun["cost"]): string {
  if (Number.isNaN(seconds.median)) return none;
  if (seconds.error === undefined) return duration(seconds.median);
  const unit = unitOf(seconds.median);
  return `${scaled({ mean: seconds.median, error: seconds.error }, unit.seconds)} ${unit.name}`;
}

/** One line a run for every observable: value, tau_int, difference from the first, cost, cost relative to the first. */
export function observableLines(comparison: Comparison, unit: TimeUnit): WordTable {
  const first = comparison.runs[0]!.name;
  const work = countedIn(comparison);
  const header = [
    "observable",
    "run",
    "value",
    "τ_int",
    "Δ/σ",
    `cost [${unit.name}]`,
    ...work.map((key) => `[${key}]`),
    `over ${first}`,
  ];
  const lines = shownObservables(comparison).flatMap(({ name, values, agreement }) =>
    comparison.runs.flatMap((run, i): Line[] => {
      const value = values[i];
      if (!value) return [];
      const apart = agreement.pulls.find(({ a, b }) => a === 0 && b === i)?.pull;
      const opening = values.findIndex((one) => one !== undefined) === i;
      return [
        {
          cells: [opening ? name : "", run.name, valueText(value.estimated), ...costCells(value, unit, work)].toSpliced(
            4,
            0,
            pullText(apart),
          ),
          remark: remark(value.estimated) ?? (value.cost.refused ? value.cost.reason : undefined),
          flagged: agreement.disagree.some(({ a, b }) => a === i || b === i),
        },
      ];
    }),
  );
  return { header, lines };
}

/** tau_int in updates, cost in time, in work, relative; question marks where they are refused. */
function costCells({ cost, relative }: ComparedValue, unit: TimeUnit, work: readonly Work[]): string[] {
  if (cost.refused) return ["(?)", "(?)", ...work.map(() => ""), ""];
  return [
    scaled(cost.tauInt, 1),
    scaled(cost.seconds, unit.seconds),
    ...work.map((key) => (cost[key] ? scaled(cost[key], 1) : none)),
    relative ? scaled(relative, 1) : "",
  ];
}

const pullText = (pull: number | undefined): string => {
  if (pull === undefined) return "";
  const size = Number.isFinite(pull) ? Math.abs(pull).toFixed(1) : "∞";
  return `${pull < 0 ? "−" : "+"}${size}${Math.abs(pull) > significant ? " !" : ""}`;
};

/** Every pair of runs that disagrees, and the chi-squared of every observable that is shown. */
export function agreementLines(comparison: Comparison): WordTable {
  const shown = shownObservables(comparison).filter(({ agreement }) => agreement.test !== undefined);
  return {
    header: ["observable", "χ²", "degrees of freedom", "p"],
    lines: shown.map(({ name, agreement: { test, disagree } }) => ({
      cells: [name, test!.chiSquared.toFixed(2), String(test!.dof), probability(test!.pValue)],
      flagged: disagree.length > 0,
    })),
  };
}
