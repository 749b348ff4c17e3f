import { checkLoop, distinctLoops, type Path } from "./path.ts";

/** Names of the families of loops, as in the run file. */
export const loopFamilies = [
  "plaquette",
  "rectangle",
  "chair",
  "polyakov",
  "polyakov-x",
  "polyakov-y",
  "polyakov-z",
  "polyakov-t",
] as const;

export type LoopFamily = (typeof loopFamilies)[number];

/** Planes mu < nu (from 0) in lexicographic order. */
export function planes(dimension: number): readonly (readonly [number, number])[] {
  const list: [number, number][] = [];
  for (let mu = 0; mu < dimension; mu++) for (let nu = mu + 1; nu < dimension; nu++) list.push([mu, nu]);
  return list;
}

/**
 * The loops of a family, one a pair of orientations:
 * - plaquette: one a plane (6 in four dimensions);
 * - rectangle: 2x1 and 1x2 in every plane (12);
 * - chair: two plaquettes bent at a common edge, [i, j, k, -i, -k, -j] for the 6 orders of every three directions
 *   (24). It is the set that LatticeQCD.jl calls chair: those whose two seats lie on opposite sides of the edge. The
 *   other half, [i, j, -k, -i, k, -j] and so on, can be given as paths;
 * - polyakov-x, -y, -z, -t: straight round the lattice; `polyakov` is the one in time, the last direction. Summed over
 *   all sites, every line counts once for each of its sites.
 *
 * Throws a RangeError where the lattice has too few directions for any.
 */
export function loopsOf(family: LoopFamily, extents: readonly number[]): readonly Path[] {
  const d = extents.length;
  const need = (least: number) => {
    if (d < least)
      throw new RangeError(
        `there is no ${family} in ${d} dimension${d === 1 ? "" : "s"}; use a lattice of at least ${least}, or other loops`,
      );
  };
  switch (family) {
    case "plaquette":
      need(2);
      return planes(d).map(([mu, nu]) => [mu + 1, nu + 1, -mu - 1, -nu - 1]);
    case "rectangle":
      need(2);
      return planes(d).flatMap(([mu, nu]) => [rectangle(mu, nu, 2, 1), rectangle(mu, nu, 1, 2)]);
    case "chair":
      need(3);
      return distinctLoops(triples(d).map(([i, j, k]) => [i, j, k, -i, -k, -j]));
    default: {
      const mu = directionOf(family === "polyakov" ? "t" : family.slice(-1), d);
      return [Array<number>(extents[mu]!).fill(mu + 1)];
    }
  }
}

/** The R x T rectangle in a plane, R steps along mu first (directions from 0). */
export function rectangle(mu: number, nu: number, r: number, t: number): Path {
  const line = (step: number, length: number) => Array<number>(length).fill(step);
  return [...line(mu + 1, r), ...line(nu + 1, t), ...line(-mu - 1, r), ...line(-nu - 1, t)];
}

/** Every order of every three of the directions, from 1. */
function triples(dimension: number): [number, number, number][] {
  const all = Array.from({ length: dimension }, (_, mu) => mu + 1);
  return all.flatMap((i) =>
    all.flatMap((j) =>
      all.filter((k) => i !== j && j !== k && i !== k).map((k): [number, number, number] => [i, j, k]),
    ),
  );
}

/** The direction (from 0) that a letter means: t is the last, x, y, z are those before it. Throws a RangeError. */
export function directionOf(letter: string, dimension: number): number {
  const names = directionNames(dimension);
  const at = names.indexOf(letter);
  if (at < 0)
    throw new RangeError(
      `there is no direction ${letter} in ${dimension} dimension${dimension === 1 ? "" : "s"}: they are ${names.join(", ")}`,
    );
  return at;
}

/** x, y, z before the last direction, which is t. */
export const directionNames = (dimension: number): readonly string[] => [
  ...["x", "y", "z"].slice(0, dimension - 1),
  "t",
];

/** Checks every path and leaves out those that repeat another. Throws a RangeError that names the path. */
export function checkedLoops(paths: readonly Path[], extents: readonly number[]): readonly Path[] {
  for (const path of paths) checkLoop(path, extents);
  return distinctLoops(paths);
}
