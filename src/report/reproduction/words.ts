import { formatWithError } from "../../statistics/index.ts";
import { verdict } from "../comparison/sentences.ts";
import type { WordTable } from "../comparison/words.ts";
import { foundText } from "./quantity.ts";
import type { Against, Judged, Reference, Reproduction, Row } from "./reproduce.ts";
import { powerSentence } from "./runs-figure.ts";

/** The tables and sentences of a reproduction: the same in the terminal and on the page. */

const none = "–";

/** Every number with those of others beside it. */
export function numberLines({ rows }: Reproduction): WordTable {
  const columns = (["published", "independent"] as const).filter((key) => rows.some((row) => row[key]));
  return {
    header: ["run", "quantity", "here", ...columns.flatMap((key) => [key, "Δ/σ"])],
    lines: rows.map((row, i) => ({
      cells: [
        rows[i - 1]?.run === row.run ? "" : row.run,
        row.name,
        foundText(row),
        ...columns.flatMap((key) => [referenceText(row[key]), pullText(row[key])]),
      ],
      remark: row.error === undefined ? row.reason : undefined,
      flagged: columns.some((key) => row[key]?.agrees === false),
    })),
  };
}

function referenceText(reference: Reference | undefined): string {
  if (!reference) return none;
  const { mean, error } = reference;
  return error === undefined ? String(mean) : asPublished(mean, error);
}

/** Most decimals of a published number. */
const finest = 10;

/** With as many digits as were given: 0.7023(2) where 0.70230(20) would be ours. */
function asPublished(mean: number, error: number): string {
  const whole = (x: number, decimals: number) => Math.abs(x - Number(x.toFixed(decimals))) < 1e-12;
  for (let decimals = 0; decimals <= finest; decimals++)
    if (whole(mean, decimals) && whole(error, decimals))
      return error < 1
        ? `${mean.toFixed(decimals)}(${Math.round(error * 10 ** decimals)})`
        : `${mean.toFixed(decimals)}(${error.toFixed(decimals)})`;
  return formatWithError(mean, error);
}

/** "+0.4", "−4.2 !" where it differs, "+3.5, within 0.03" where that is agreement all the same. */
function pullText(against: Against | undefined): string {
  if (against?.pull === undefined) return "";
  const { pull, agrees, within } = against;
  const text = `${pull < 0 ? "−" : "+"}${Math.abs(pull).toFixed(1)}`;
  return agrees ? `${text}${within === undefined ? "" : `, within ${within}`}` : `${text} !`;
}

/** How many numbers agree, and each that does not. */
export function agreementSentences({ rows }: Reproduction): string[] {
  const all = rows.flatMap((row) => comparedWith(row).map((one) => ({ row, ...one })));
  if (all.length === 0) return [];
  const differing = all.filter(({ against }) => against.agrees === false);
  const open = all.filter(({ against }) => against.agrees === undefined).length;
  const told = all.length - open;
  const rest = open > 0 ? `; ${open} cannot be made with so few trajectories` : "";
  return [
    told === 0 ? "No comparison can be made with so few trajectories." : `${countText(told, differing.length)}${rest}.`,
    ...differing.map(({ row, whose, against }) => differenceSentence(row, whose, against)),
  ];
}

function countText(told: number, differing: number): string {
  const of = "with the numbers of others";
  if (told === 1) return `The one comparison ${of} ${differing === 0 ? "agrees" : "differs"}`;
  return differing === 0
    ? `All ${told} comparisons ${of} agree`
    : `${differing} of ${told} comparisons ${of} ${differing === 1 ? "differs" : "differ"}`;
}

const comparedWith = ({ published, independent }: Row) => [
  ...(published ? [{ whose: "published", against: published }] : []),
  ...(independent ? [{ whose: "of the independent program", against: independent }] : []),
];

const differenceSentence = (row: Row, whose: string, against: Against): string =>
  `! ${row.name} of ${row.run}: ${foundText(row)} here against ${referenceText(against)} ${whose}, ${Math.abs(against.pull!).toFixed(1)} standard deviations`;

const verdicts = { holds: "found here too", contradicted: "! not so here", open: "not decided here" } as const;

/** "τ_int of plaquette is larger in hmc than in slmc (the publication): found here too, by 1.2(3)" */
export const assertionSentences = ({ assertions }: Reproduction): string[] =>
  assertions.map(({ name, greater, less, source, verdict, ...rest }) => {
    return `${name} is larger in ${greater} than in ${less}, says ${source}: ${verdicts[verdict]}${byText(rest)}`;
  });

function byText({ difference, error }: Pick<Judged, "difference" | "error">): string {
  if (error === undefined) return ", the runs are too short";
  return `, the difference is ${formatWithError(difference, error).replace(/^-/, "−")}`;
}

/** The power laws that were fitted. */
export const powerSentences = ({ figures }: Reproduction): string[] =>
  figures.flatMap((one) => powerSentence(one) ?? []);

/** Whether the runs agree with one another, a sentence a theory. */
export const theorySentences = ({ theories }: Reproduction): string[] =>
  theories.map(({ theory, comparison }) => `${theory === undefined ? "" : `${theory}: `}${verdict(comparison)}`);
