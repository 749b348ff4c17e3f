import { formatWithError } from "../statistics/index.ts";
import { valueText } from "./estimates.ts";
import { parameterName } from "./names.ts";
import type { UpdateSummary } from "./updates.ts";

/** What the updates did, as pairs of a name and a value; the same in the terminal and on the page. */
export function summaryLines(updates: UpdateSummary): [string, string][] {
  const { acceptance, localAcceptance, deltaH, expDeltaH, expectedAcceptance } = updates;
  const lines: [string, string | undefined][] = [
    ["updates", `${updates.production} after ${updates.thermalisation} of thermalisation`],
    ["acceptance", acceptance && formatWithError(acceptance.rate, acceptance.binomialError)],
    ["erfc(√⟨ΔH⟩/2)", expectedAcceptance?.toFixed(3)],
    ["acceptance of local proposals", localAcceptance && valueText(localAcceptance)],
    ["⟨ΔH⟩", deltaH && valueText(deltaH)],
    ["⟨exp(−ΔH)⟩", expDeltaH && `${valueText(expDeltaH.estimate)}${pullText(expDeltaH.pull)}`],
    ["trajectories without a finite ΔH", updates.notFinite > 0 ? String(updates.notFinite) : undefined],
    ["tuned", updates.tuned && parametersText(updates.tuned)],
    ["loss of the training", updates.training?.join("; ")],
    ["force evaluations an update", updates.forcesPerUpdate === undefined ? undefined : short(updates.forcesPerUpdate)],
    [
      "solver iterations an update",
      updates.iterationsPerUpdate === undefined ? undefined : short(updates.iterationsPerUpdate),
    ],
    ["time an update", Number.isFinite(updates.secondsPerUpdate) ? duration(updates.secondsPerUpdate) : undefined],
    ["time in all updates", duration(updates.seconds)],
  ];
  return lines.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

/** What must be known before the numbers are believed; undefined where the updates did what they should. */
export const stuckNote = ({ stuck }: UpdateSummary, replicas: number): string | undefined =>
  stuck === undefined
    ? undefined
    : `${replicas > 1 ? `in ${stuck} of ${replicas} chains ` : ""}all trajectories of the production were rejected: ${stuckAdvice}`;

/** For whatever proposes. */
const stuckAdvice =
  "proposals that lead less far (more steps or a shorter length in HMC, fewer sweeps in self-learning), or a guide or effective action nearer to the target";

const pullText = (pull: number | undefined) => (pull === undefined ? "" : `, ${Math.abs(pull).toFixed(1)} σ from 1`);

/** "step = 0.05, β = 6" */
export const parametersText = (parameters: Readonly<Record<string, unknown>>): string =>
  Object.entries(parameters)
    .map(([key, value]) => `${parameterName(key)} = ${typeof value === "number" ? short(value) : String(value)}`)
    .join(", ");

const short = (x: number) => String(Number(x.toPrecision(6)));

/** "3.4 ms", "1.25 s", "4 min 10 s", "2 h 5 min" */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Number((seconds * 1000).toPrecision(3))} ms`;
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`;
  const minutes = Math.round(seconds / 60);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
