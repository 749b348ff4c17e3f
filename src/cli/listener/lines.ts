import { duration } from "../../report/summary.ts";
import { formatWithError } from "../../statistics/index.ts";
import type { ProgressView } from "./progress.ts";

/** The words of the live block and of the plain lines. */

const bar = (fraction: number, width: number): string => {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return `${"█".repeat(filled)}${"░".repeat(width - filled)}`;
};

const percent = (view: ProgressView) => `${Math.floor((100 * view.done) / Math.max(1, view.total))}%`;

/** "acceptance 0.83", "deltaH -0.12", "plaquette 0.59422(8)": what is known so far. */
export function quantities(view: ProgressView): string[] {
  const words: string[] = [];
  if (view.acceptance !== undefined) words.push(`acceptance ${view.acceptance.toFixed(2)}`);
  if (view.deltaH !== undefined) words.push(`deltaH ${signed(view.deltaH)}`);
  if (view.loss) words.push(lossWords(view.loss));
  if (view.plaquette) {
    const { mean, error } = view.plaquette;
    words.push(`plaquette ${error === undefined ? mean.toFixed(5) : formatWithError(mean, error)}`);
  }
  return words;
}

/** "loss 0.83 ▇▅▃▂▁": the running mean, and how it went. */
const lossWords = ({ mean, curve = [] }: NonNullable<ProgressView["loss"]>): string =>
  [`loss ${mean.toPrecision(3)}`, ...(curve.length > 1 ? [sparkline(curve)] : [])].join(" ");

const heights = "▁▂▃▄▅▆▇█";

/** A curve in a few characters, of its logarithm where all of it is positive. */
export function sparkline(curve: readonly number[], width = 16): string {
  const columns = Math.min(width, curve.length);
  const values = Array.from({ length: columns }, (_, i) => {
    const [from, to] = [i, i + 1].map((k) => Math.floor((k * curve.length) / columns)) as [number, number];
    return curve.slice(from, to).reduce((sum, x) => sum + x, 0) / (to - from);
  });
  const shown = values.every((x) => x > 0) ? values.map(Math.log) : values;
  const finite = shown.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const level = (x: number) => (high > low ? Math.round(((x - low) / (high - low)) * (heights.length - 1)) : 0);
  return shown.map((x) => (Number.isFinite(x) ? heights[level(x)] : "!")).join("");
}

const signed = (x: number) =>
  `${x < 0 ? "-" : "+"}${Math.abs(x) < 1e4 ? Math.abs(x).toFixed(3) : Math.abs(x).toExponential(2)}`;

/** Updates slower than this are worth a word: nothing else is heard before the next one ends. */
const slow = 2;

const pace = ({ secondsPerUpdate = 0 }: ProgressView) =>
  secondsPerUpdate >= slow ? [`${duration(Math.round(secondsPerUpdate))} an update`] : [];

const left = (view: ProgressView) =>
  view.secondsLeft === undefined ? [] : [`${duration(Math.max(1, Math.round(view.secondsLeft)))} left`];

const phaseName = ({ phase }: ProgressView) => (phase === "thermalise" ? "thermalisation" : phase);

const chainWords = (view: ProgressView) =>
  view.chains === 1 ? [] : [`${view.finishedChains} of ${view.chains} chains done`];

/** The live block: two lines, cut to the width of the terminal. */
export function block(view: ProgressView, width: number): string[] {
  const count = `${view.done}/${view.total}`;
  const first = [phaseName(view).padEnd(14), bar(view.done / Math.max(1, view.total), 24), count, percent(view)];
  const second = [...chainWords(view), ...quantities(view), ...pace(view)];
  return [[...first, ...left(view)].join("  "), `  ${second.join("   ")}`].map((text) => text.slice(0, width - 1));
}

/** The same in one line, for a log file. */
export function plainLine(view: ProgressView): string {
  const words = [
    `${phaseName(view)} ${view.done}/${view.total}`,
    ...chainWords(view),
    ...quantities(view),
    ...pace(view),
    ...left(view),
  ];
  return words.join("  ");
}
