import type { ActionPart, RunFile } from "../run-file/index.ts";
import { show } from "../run-file/sentence.ts";

/** Keys of an action that say how it is computed, not what it is. */
const means = new Set([
  "solver",
  "force-solver",
  "history",
  "precision",
  "hasenbusch",
  "accuracy",
  "force-accuracy",
  "sites",
  "local",
  "frequencies",
]);

/** One chain law by name. */
export interface Named {
  readonly name: string;
  readonly runFile: RunFile;
}

/**
 * Where runs sample other distributions than the first one: lattice, group, or action, whatever its solvers and their
 * limits. One sentence each; none where all runs must agree on every observable.
 */
export function targetDifferences([first, ...others]: readonly Named[]): string[] {
  if (!first) return [];
  return others.flatMap(({ name, runFile }) => {
    const found = differences(runFile, first.runFile);
    return found.length === 0 ? [] : [`${name} samples another distribution than ${first.name}: ${found.join("; ")}`];
  });
}

function differences(a: RunFile, b: RunFile): string[] {
  const against = (key: string, x: unknown, y: unknown) =>
    same(x, y) ? [] : [`${key} = ${show(x)} against ${show(y)}`];
  return [
    ...against("lattice", a.lattice, b.lattice),
    ...against("group", a.group, b.group),
    ...against("spins", a.spins, b.spins),
    ...actionDifferences(sorted(a.action), sorted(b.action)),
  ];
}

/** Actions add, so that their order does not matter. */
const sorted = (action: readonly ActionPart[]): Term[] =>
  action
    .map(termOf)
    .sort((a, b) => (a.name === b.name ? compare(JSON.stringify(a), JSON.stringify(b)) : compare(a.name, b.name)));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Term {
  readonly name: string;
  readonly keys: Readonly<Record<string, unknown>>;
}

function termOf({ name, parameters, through }: ActionPart): Term {
  const keys = Object.entries(parameters).filter(([key, value]) => !means.has(key) && value !== undefined);
  const smeared = through ? { through: { name: through.name, ...through.parameters } } : {};
  return { name, keys: Object.fromEntries([...keys, ...Object.entries(smeared)].sort(([a], [b]) => compare(a, b))) };
}

function actionDifferences(a: readonly Term[], b: readonly Term[]): string[] {
  const names = (terms: readonly Term[]) => terms.map(({ name }) => name);
  if (!same(names(a), names(b))) return [`action ${names(a).join(" + ")} against ${names(b).join(" + ")}`];
  return a.flatMap(({ name, keys }, i) => {
    const other = b[i]!.keys;
    const all = [...new Set([...Object.keys(keys), ...Object.keys(other)])];
    return all.flatMap((key) =>
      same(keys[key], other[key]) ? [] : [`${key} of ${name} = ${show(keys[key])} against ${show(other[key])}`],
    );
  });
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
