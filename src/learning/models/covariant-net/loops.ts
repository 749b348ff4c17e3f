import { directionNames, type LoopFamily } from "../../../physics/loops/families.ts";

/**
 * Names of the families of loops of a layer. They mean the same on every lattice, so that weights move from one to
 * another: `polyakov-space` is one weight for the lines of all spatial directions.
 */
export const netLoops = [
  "plaquette",
  "rectangle",
  "chair",
  "polyakov-space",
  "polyakov-x",
  "polyakov-y",
  "polyakov-z",
  "polyakov-t",
] as const;

export type NetLoop = (typeof netLoops)[number];

/** What is wrong with a list of loops, as a sentence, or undefined. */
export function loopsProblem(loops: readonly NetLoop[]): string | undefined {
  const twice = loops.find((loop, i) => loops.indexOf(loop) !== i);
  if (twice) return `${twice} stands in the list of loops twice; one weight is enough`;
  const spatial = loops.find((loop) => /^polyakov-[xyz]$/.test(loop));
  if (spatial && loops.includes("polyakov-space"))
    return `${spatial} is one of polyakov-space; give the spatial directions together or one by one`;
  return undefined;
}

/** Families of loops, each with the number of the weight that it has: `families[i]` smears with weight `owner[i]`. */
export interface TiedLoops {
  readonly families: readonly LoopFamily[];
  readonly owner: readonly number[];
}

/** The families behind the names. Throws a RangeError for a list with repetitions. */
export function tiedLoops(loops: readonly NetLoop[], dimension: number): TiedLoops {
  const problem = loopsProblem(loops);
  if (problem) throw new RangeError(problem);
  const pairs = loops.flatMap((loop, i) => familiesOf(loop, dimension).map((family) => [family, i] as const));
  return { families: pairs.map(([family]) => family), owner: pairs.map(([, i]) => i) };
}

function familiesOf(loop: NetLoop, dimension: number): LoopFamily[] {
  if (loop !== "polyakov-space") return [loop];
  const letters = directionNames(dimension).filter((letter) => letter !== "t");
  if (letters.length === 0)
    throw new RangeError("there is no polyakov-space on a lattice that has time only; leave it out");
  return letters.map((letter) => `polyakov-${letter}` as LoopFamily);
}

/** "layer-1", "layer-2" … */
export const layerNames = (layers: number): string[] => Array.from({ length: layers }, (_, i) => `layer-${i + 1}`);
