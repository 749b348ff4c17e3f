import { type Path, reversed, rotated, wrapped } from "./path.ts";
import type { Term } from "./path-sum.ts";

/**
 * What is left of the loops when a link U_mu(n) is cut out of each in turn: paths from n + mu back to n, in the
 * orientation in which the loop passes the link forwards. Equal ones (a Polyakov line cut anywhere) are counted.
 */
export function stapleTerms(loops: readonly Path[], mu: number): readonly Term[] {
  const found = new Map<string, { path: Path; weight: number }>();
  for (const loop of loops)
    for (const oriented of [loop, reversed(loop)])
      oriented.forEach((step, i) => {
        if (step !== mu + 1) return;
        const path = rotated(oriented, i).slice(1);
        const known = found.get(path.join());
        if (known) known.weight += 1;
        else found.set(path.join(), { path, weight: 1 });
      });
  return [...found.values()];
}

/**
 * The displacements y, modulo the extents, such that U_mu(n + y) stands in one of the loops with U_mu(n); a zero entry
 * means that a loop passes the same link twice.
 */
export function loopConflicts(
  loops: readonly Path[],
  mu: number,
  extents: readonly number[],
): readonly (readonly number[])[] {
  const found = new Map<string, number[]>();
  const along = (x: readonly number[], step: number) =>
    x.map((c, nu) => (nu === Math.abs(step) - 1 ? c + Math.sign(step) : c));
  const origin = extents.map(() => 0);
  for (const { path } of stapleTerms(loops, mu)) {
    let x = along(origin, mu + 1);
    for (const step of path) {
      const next = along(x, step);
      if (Math.abs(step) === mu + 1) {
        const y = wrapped(step > 0 ? x : next, extents);
        found.set(y.join(), y);
      }
      x = next;
    }
  }
  return [...found.values()];
}
