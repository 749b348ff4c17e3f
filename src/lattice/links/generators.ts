import type { Group } from "../group.ts";

/**
 * One Hermitian generator lambda_a with tr(lambda_a lambda_b) = 2 delta_ab (physics/gauge conventions, docs/conventions.md):
 * `x`: 1 at (i, j) and (j, i); `y`: -i at (i, j), +i at (j, i); `z`: sqrt(2/(k(k+1))) diag(1, …, 1, -k, 0, …) with k ones;
 * `phase`: the single generator lambda = 2 of U(1).
 */
export type Generator =
  | { readonly kind: "x" | "y"; readonly i: number; readonly j: number }
  | { readonly kind: "z"; readonly k: number }
  | { readonly kind: "phase" };

/** In the usual order: Pauli for SU(2), Gell-Mann for SU(3); pairs i < j, then the diagonal ones, for larger N. */
export function generators(group: Group): readonly Generator[] {
  const { n } = group;
  if (!group.special) return [{ kind: "phase" }];
  const pair = (i: number, j: number): Generator[] => [
    { kind: "x", i, j },
    { kind: "y", i, j },
  ];
  if (n === 2) return [...pair(0, 1), { kind: "z", k: 1 }];
  if (n === 3) return [...pair(0, 1), { kind: "z", k: 1 }, ...pair(0, 2), ...pair(1, 2), { kind: "z", k: 2 }];
  const list: Generator[] = [];
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) list.push(...pair(i, j));
  for (let k = 1; k < n; k++) list.push({ kind: "z", k });
  return list;
}

/** Diagonal entry d of the generator `z` of level k. */
export function diagonalEntry(k: number, d: number): number {
  const norm = Math.sqrt(2 / (k * (k + 1)));
  return d < k ? norm : d === k ? -k * norm : 0;
}
