/**
 * A path by direction steps, 1-based and signed as in the run file: [1, 2, -1, -2] is the plaquette in the plane of
 * the first two directions. A step backwards passes the link daggered.
 */
export type Path = readonly number[];

/** "[1, 2, -1, -2]" */
export const pathName = (path: Path) => `[${path.join(", ")}]`;

/** The same path walked the other way; its product of links is the dagger. */
export const reversed = (path: Path): Path => path.map((step) => -step).reverse();

/** The path that begins at step i of a closed one. */
export const rotated = (path: Path, i: number): Path => [...path.slice(i), ...path.slice(0, i)];

/** Where a path leads, one number a direction. */
export function displacement(path: Path, dimension: number): number[] {
  const x = Array<number>(dimension).fill(0);
  for (const step of path) x[Math.abs(step) - 1]! += Math.sign(step);
  return x;
}

/** Steps taken modulo the periodic extents. */
export const wrapped = (x: readonly number[], extents: readonly number[]): number[] =>
  x.map((c, mu) => (((c % extents[mu]!) + extents[mu]!) % extents[mu]!) + 0);

/**
 * Throws a RangeError unless the path is a closed loop on this lattice: whole steps in its directions that lead back
 * to the start (perhaps once round the lattice, as a Polyakov loop), none taking back the one before.
 */
export function checkLoop(path: Path, extents: readonly number[]): void {
  const d = extents.length;
  const about = `loop ${pathName(path)}`;
  if (path.length === 0) throw new RangeError("loop []: it has no steps; the smallest loop is [1, 2, -1, -2]");
  for (const step of path)
    if (!Number.isInteger(step) || step === 0 || Math.abs(step) > d)
      throw new RangeError(
        `${about}: step ${step} is no direction; this lattice has directions 1 to ${d}, negative for backwards`,
      );
  const end = displacement(path, d);
  if (wrapped(end, extents).some((c) => c !== 0))
    throw new RangeError(
      `${about} is not closed on the lattice [${extents.join(", ")}]: it ends ${pathName(end)} away from its start; take these steps back, or go once round`,
    );
  path.forEach((step, i) => {
    if (path.length > 1 && step === -path[(i + 1) % path.length]!)
      throw new RangeError(
        `${about}: step ${((i + 1) % path.length) + 1} takes back the step before it, which contributes nothing; leave both out`,
      );
  });
}

/**
 * The loop that stands for all that are equal to it up to the starting point and the orientation (and so have the
 * same Re tr, summed over the lattice): the first of them in lexicographic order, forward steps before backward ones.
 */
export function canonicalLoop(path: Path): Path {
  const all = [path, reversed(path)].flatMap((one) => one.map((_, i) => rotated(one, i)));
  const rank = (step: number) => (step > 0 ? step : 100 - step);
  return all.reduce((best, one) => {
    const at = one.findIndex((step, i) => step !== best[i]);
    return at >= 0 && rank(one[at]!) < rank(best[at]!) ? one : best;
  });
}

/** The loops without those that are others of the list from another starting point or the other way round. */
export function distinctLoops(paths: readonly Path[]): readonly Path[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const key = canonicalLoop(path).join();
    return !seen.has(key) && seen.add(key);
  });
}
