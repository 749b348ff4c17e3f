import type { Contestant } from "../comparison/contestants.ts";
import { type Comparison, compareRuns } from "../comparison/index.ts";
import { type ChainTraining, trainingOf } from "../training.ts";
import { type Found, findQuantity } from "./quantity.ts";
import { type Drawn, drawn, type RunsFigure } from "./runs-figure.ts";

/** A number of somebody else; one without an error is taken as it stands. */
export interface Reference {
  readonly mean: number;
  readonly error?: number;
}

/** A quantity that is printed of a run, see `findQuantity`, and what others have found for it. */
export interface Expectation {
  readonly quantity: string;
  readonly published?: Reference;
  readonly independent?: Reference;
  /** Differences that are agreement however small the errors are. */
  readonly within?: number;
}

/** A run that has been carried out, and what is expected of it. */
export interface Candidate {
  readonly run: Contestant;
  readonly about: string;
  readonly expected: readonly Expectation[];
  /** Runs of one theory must agree. */
  readonly theory?: string;
  /** What its training made small, in a word. */
  readonly objective?: string;
}

/** What somebody says: a quantity is larger in one run than in another. */
export interface Assertion {
  readonly quantity: string;
  readonly greater: string;
  readonly less: string;
  readonly source: string;
}

/** A number beside that of somebody else. */
export interface Against extends Reference {
  /** Ours less theirs. */
  readonly difference: number;
  /** In standard deviations of both; absent where ours has no error. */
  readonly pull?: number;
  /** Undefined where the data do not tell. */
  readonly agrees?: boolean;
  /** The difference that counts as agreement, where that is why they agree. */
  readonly within?: number;
}

export interface Row extends Found {
  readonly run: string;
  readonly quantity: string;
  readonly published?: Against;
  readonly independent?: Against;
}

export interface Judged extends Assertion {
  /** Name of the quantity as it is written. */
  readonly name: string;
  /** How much larger it is here; NaN where one of them has no number. */
  readonly difference: number;
  /** Of the difference; absent where one of them has none. */
  readonly error?: number;
  /** Holds beyond two standard deviations, is contradicted beyond two the other way, or is open. */
  readonly verdict: "holds" | "contradicted" | "open";
}

/** A theory whose runs were compared with one another. */
export interface TheoryAgreement {
  readonly theory?: string;
  readonly comparison: Comparison;
}

/** A result of the literature, obtained again: plain data. */
export interface Reproduction {
  readonly runs: readonly Candidate[];
  readonly rows: readonly Row[];
  readonly assertions: readonly Judged[];
  readonly theories: readonly TheoryAgreement[];
  /** Trainings by what they made small. */
  readonly trainings: readonly { readonly objective: string; readonly chains: readonly ChainTraining[] }[];
  readonly figures: readonly Drawn[];
}

/** Standard deviations beyond which numbers differ. */
export const significant = 3;
/** Standard deviations beyond which one number is called larger than another. */
const larger = 2;

/**
 * Puts runs beside the numbers of others and beside one another. Assertions about runs that are not there are left out, and so
 * are figures of such.
 */
export function reproduction(
  runs: readonly Candidate[],
  assertions: readonly Assertion[],
  figures: readonly RunsFigure[] = [],
): Reproduction {
  return {
    runs,
    rows: runs.flatMap(({ run, expected }) => expected.map((one) => rowOf(run, one))),
    assertions: assertions.flatMap((one) => judged(one, runs)),
    theories: theoriesOf(runs),
    trainings: trainingsOf(runs),
    figures: figures.flatMap((figure) => drawn(figure, runs) ?? []),
  };
}

function rowOf(run: Contestant, { quantity, published, independent, within = 0 }: Expectation): Row {
  const found = findQuantity(run.point, quantity);
  return {
    run: run.name,
    quantity,
    ...found,
    ...(published && { published: against(found, published, within) }),
    ...(independent && { independent: against(found, independent, within) }),
  };
}

function against(ours: Found, theirs: Reference, within: number): Against {
  const difference = ours.mean - theirs.mean;
  if (ours.error === undefined || Number.isNaN(difference)) return { ...theirs, difference };
  const error = Math.hypot(ours.error, theirs.error ?? 0);
  const pull = difference === 0 ? 0 : difference / error;
  const near = Math.abs(pull) <= significant;
  const tolerated = !near && Math.abs(difference) <= within;
  return { ...theirs, difference, pull, agrees: near || tolerated, ...(tolerated && { within }) };
}

function judged(assertion: Assertion, runs: readonly Candidate[]): Judged[] {
  const [a, b] = [assertion.greater, assertion.less].map((name) => runs.find(({ run }) => run.name === name)?.run);
  if (!a || !b) return [];
  const [more, fewer] = [a, b].map(({ point }) => findQuantity(point, assertion.quantity)) as [Found, Found];
  const difference = more.mean - fewer.mean;
  const { name } = more;
  if (more.error === undefined || fewer.error === undefined)
    return [{ ...assertion, name, difference, verdict: "open" }];
  const error = Math.hypot(more.error, fewer.error);
  const verdict = Math.abs(difference) <= larger * error ? "open" : difference > 0 ? "holds" : "contradicted";
  return [{ ...assertion, name, difference, error, verdict }];
}

function theoriesOf(runs: readonly Candidate[]): TheoryAgreement[] {
  const names = [...new Set(runs.map(({ theory }) => theory))];
  return names.flatMap((theory) => {
    const own = runs.filter((one) => one.theory === theory);
    if (own.length < 2) return [];
    return { ...(theory === undefined ? {} : { theory }), comparison: compareRuns(own.map(({ run }) => run)) };
  });
}

function trainingsOf(runs: readonly Candidate[]): Reproduction["trainings"] {
  const names = [...new Set(runs.flatMap(({ objective }) => objective ?? []))];
  return names.flatMap((objective) => {
    const chains = runs
      .filter((one) => one.objective === objective)
      .flatMap(({ run }) => trainingOf(run.members).map((chain) => ({ ...chain, label: run.name })))
      .filter(({ losses }) => losses.length > 1);
    return chains.length > 0 ? [{ objective, chains }] : [];
  });
}
