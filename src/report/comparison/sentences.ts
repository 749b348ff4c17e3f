import { formatWithError } from "../../statistics/index.ts";
import { duration } from "../summary.ts";
import { significant } from "./agreement.ts";
import { breakEven } from "./break-even.ts";
import type { ComparedRun, Comparison } from "./compare.ts";
import type { Spent } from "./cost.ts";

/** "plaquette: hmc and heatbath differ by 5.2 standard deviations", one a pair. */
export const disagreements = ({ runs, observables }: Comparison): string[] =>
  observables.flatMap(({ name, agreement: { disagree } }) =>
    disagree.map(({ a, b, pull }) => {
      const size = Number.isFinite(pull)
        ? `differ by ${Math.abs(pull).toFixed(1)} standard deviations`
        : "differ, and both without fluctuations";
      return `${name}: ${runs[a]!.name} and ${runs[b]!.name} ${size}`;
    }),
  );

/** Below this probability the runs are said to disagree. */
const suspicious = 0.01;

/** The verdict in a sentence. */
export function verdict({ agreement: { tested, worst, pValue }, observables }: Comparison): string {
  if (!worst || pValue === undefined) return "No observable has errors in two runs: whether they agree is not known.";
  const beyond = observables.filter(({ agreement }) => agreement.disagree.length > 0).length;
  const of = `of the ${tested === 1 ? "one tested" : `${tested} tested`}`;
  const p = `${worst.name} has the smallest probability ${of}, ${probability(worst.pValue)}; by chance one of them has it with probability ${probability(pValue)}${tested > 1 ? " at most" : ""}`;
  if (pValue < suspicious) return `The runs disagree: ${p}.`;
  return `The runs agree: ${p}${beyond > 0 ? `. Differences beyond ${significant} σ are listed all the same` : ""}.`;
}

/** "0.58", "2.1e-9" */
export const probability = (p: number): string => (p >= 1e-3 ? p.toPrecision(2) : p.toExponential(1));

/** "cask: trained for 12 s (440 force evaluations) in 40 updates of its thermalisation; loss from 3.2 to 0.41; pays after 120(8) …", one a run. */
export function trainingLines(comparison: Comparison): string[] {
  return comparison.runs.flatMap(({ name, cost: { training } }, run) => {
    if (!training) return [];
    const { updates, seconds, firstLoss, lastLoss } = training;
    const work = workText(training);
    const pays = breakEven(comparison, run);
    return [
      `${name}: trained for ${duration(seconds)}${work && ` (${work})`} in ${updates} updates of its thermalisation`,
      ...(firstLoss === undefined || lastLoss === undefined
        ? []
        : [`loss from ${short(firstLoss)} to ${short(lastLoss)}`]),
      ...(pays
        ? [
            `it pays after ${formatWithError(pays.configurations.mean, pays.configurations.error)} independent configurations (${pays.observable}) against ${comparison.runs[0]!.name}`,
          ]
        : []),
    ].join("; ");
  });
}

/** "440 force evaluations, 21300 solver iterations"; "" where nothing was counted. */
const workText = ({ forces, iterations }: Spent): string =>
  [
    ...(forces === undefined ? [] : [`${forces} force evaluations`]),
    ...(iterations === undefined ? [] : [`${iterations} solver iterations`]),
  ].join(", ");

const short = (x: number) => String(Number(x.toPrecision(3)));

/** "SU(2), 4 × 4; one worker, A processor": what all runs have in common. */
export function commonGround({ runs }: Comparison): string {
  const one = (pick: (run: ComparedRun) => string | undefined) => {
    const values = [...new Set(runs.map(pick))];
    return values.length === 1 ? values[0] : undefined;
  };
  const workers = one(({ cost }) =>
    cost.workers.length === 1 ? `${cost.workers[0]} ${cost.workers[0] === 1 ? "worker" : "workers"}` : undefined,
  );
  return [
    one(({ group }) => group),
    one(({ lattice }) => lattice?.join(" × ")),
    workers,
    one(({ cost }) => cost.machines.join(" and ")),
  ]
    .filter(Boolean)
    .join(", ");
}
