import { type Group, parseGroup } from "../../lattice/group.ts";
import { FormatError, type Precision, type ReadHints } from "./configuration-format.ts";

/** What a payload means: its group and its lattice. */
export interface Shape {
  readonly group: Group;
  readonly extents: readonly number[];
}

/** What a file says of itself; formats without a header say nothing. */
export interface Declared {
  readonly group?: Group | undefined;
  readonly extents?: readonly number[] | undefined;
  readonly precision?: Precision | undefined;
}

/** How much data a file holds, in bytes (of 4 or 8 a real number) or in numbers (text). */
export interface Amount {
  readonly count: number;
  readonly unit: "bytes" | "numbers";
}

export const volumeOf = (extents: readonly number[]): number => extents.reduce((a, b) => a * b, 1);

/** Real numbers of a configuration: volume * d * N^2 * 2. */
export const realsOf = ({ group, extents }: Shape): number => volumeOf(extents) * extents.length * group.n ** 2 * 2;

/** U(1) for N = 1, else SU(N): what a file means that gives the matrix size only. */
export function groupOfSize(n: number): Group {
  if (!Number.isInteger(n) || n < 1 || n > 16)
    throw new FormatError(`its links are said to be ${n}x${n} matrices, but N from 1 to 16 is supported`);
  return parseGroup(n === 1 ? "U(1)" : `SU(${n})`);
}

/** Throws a FormatError unless the extents are 1 to 4 positive integers. */
export function checkExtents(extents: readonly number[]): readonly number[] {
  const sound = extents.length >= 1 && extents.length <= 4 && extents.every((n) => Number.isInteger(n) && n > 0);
  if (!sound || volumeOf(extents) > 2 ** 31)
    throw new FormatError(`lattice ${extents.join(",")} makes no sense: expected 1 to 4 positive integers`);
  return extents;
}

/**
 * Group, lattice and precision of a payload from what the file declares, what the reader was told, and its size.
 * Whatever is said twice must agree. With the lattice alone N and the precision follow from the size: the number of
 * bytes a link is 8 N^2 or 16 N^2, and no number is both. Without a lattice nothing is guessed.
 */
export function settleShape(declared: Declared, hints: ReadHints, amount: Amount): Shape & { precision: Precision } {
  const { group: known, extents } = agreeing(declared, hints);
  const say = wording(hints);
  if (!extents) throw new FormatError(unknownLattice(amount, declared.precision, say, known));
  checkExtents(extents);
  const group = known ?? inferGroup(extents, amount, declared.precision);
  const shape = { group, extents };
  const reals = realsOf(shape);
  for (const precision of precisionsOf(amount, declared.precision))
    if (amount.count === reals * unitsPerReal(amount, precision)) return { ...shape, precision };
  throw new FormatError(wrongSize(shape, amount, declared.precision, say));
}

/** The declared and the told shape in one. Throws a FormatError that names both where they differ. */
export function agreeing(declared: Declared, hints: ReadHints): Partial<Shape> {
  const say = wording(hints);
  if (declared.group && hints.group && declared.group.name !== hints.group.name)
    throw new FormatError(
      `the file declares ${declared.group.name} but ${hints.group.name} was asked for; ${say.set({ group: declared.group })} or give another file`,
    );
  const [own, told] = [declared.extents?.join(","), hints.extents?.join(",")];
  if (declared.extents && own !== told && told !== undefined)
    throw new FormatError(
      `the file declares the lattice ${own} but ${told} was asked for; ${say.set({ extents: declared.extents })} or give another file`,
    );
  const group = declared.group ?? hints.group;
  const extents = declared.extents ?? hints.extents;
  return { ...(group && { group }), ...(extents && { extents }) };
}

/** How group and lattice are told where they were told. */
interface Wording {
  /** "--group 'SU(3)' --lattice 4,4,4,4", or the lines of a run file. */
  readonly name: (shape: Partial<Shape>) => string;
  /** The same as an advice: "ask for …", "write …". */
  readonly set: (shape: Partial<Shape>) => string;
}

function wording({ saidBy }: ReadHints): Wording {
  const name = ({ group, extents }: Partial<Shape>): string =>
    saidBy === "run file"
      ? [group && `group = "${group.name}"`, extents && `lattice = [${extents.join(", ")}]`]
          .filter(Boolean)
          .join(" and ")
      : [group && `--group '${group.name}'`, extents && `--lattice ${extents.join(",")}`].filter(Boolean).join(" ");
  return { name, set: (shape) => `${saidBy === "run file" ? "write" : "ask for"} ${name(shape)}` };
}

const unitsPerReal = (amount: Amount, precision: Precision): number => (amount.unit === "bytes" ? precision / 8 : 1);

const precisionsOf = (amount: Amount, declared: Precision | undefined): readonly Precision[] =>
  declared ? [declared] : amount.unit === "bytes" ? [64, 32] : [64];

function inferGroup(extents: readonly number[], amount: Amount, declared: Precision | undefined): Group {
  const links = volumeOf(extents) * extents.length;
  for (const precision of precisionsOf(amount, declared)) {
    const n = Math.sqrt(amount.count / unitsPerReal(amount, precision) / links / 2);
    if (Number.isInteger(n) && n >= 1 && n <= 16) return groupOfSize(n);
  }
  throw new FormatError(
    `it holds ${amount.count} ${amount.unit}, which fits no group on the lattice ${extents.join(",")}; check --lattice, or the file is truncated`,
  );
}

function wrongSize(shape: Shape, amount: Amount, declared: Precision | undefined, say: Wording): string {
  const needs = precisionsOf(amount, declared)
    .map((p) => `${realsOf(shape) * unitsPerReal(amount, p)}${amount.unit === "bytes" ? ` (${p} bit)` : ""}`)
    .join(" or ");
  const what = `${shape.group.name} on the lattice ${shape.extents.join(",")}`;
  const remedy = suggestion(amount, declared);
  return `it holds ${amount.count} ${amount.unit} of links but ${what} needs ${needs}; ${
    remedy ? `it could be ${say.name(remedy)}, or it is` : "check the group and the lattice, or it is"
  } truncated and must be copied again`;
}

function unknownLattice(
  amount: Amount,
  declared: Precision | undefined,
  say: Wording,
  group: Group | undefined,
): string {
  const usual = { group: parseGroup("SU(3)"), extents: [4, 4, 4, 4] };
  const example = say.name(suggestion(amount, declared, group) ?? usual);
  return `the file does not say its group and lattice (${amount.count} ${amount.unit} of links); pass them, for example ${example}`;
}

/** Hypercubic lattices of small N that have exactly this size: an example for the user, never an assumption. */
function suggestion(amount: Amount, declared: Precision | undefined, group?: Group): Shape | undefined {
  for (const n of group ? [group.n] : [3, 2, 4, 1, 5])
    for (const precision of precisionsOf(amount, declared)) {
      const volume = amount.count / unitsPerReal(amount, precision) / (8 * n * n);
      const side = Math.round(volume ** 0.25);
      if (side >= 2 && side ** 4 === volume) return { group: groupOfSize(n), extents: [side, side, side, side] };
    }
  return undefined;
}
