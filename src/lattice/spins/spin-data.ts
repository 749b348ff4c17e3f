/** What a spin is: a sign, a unit vector in the plane, or a unit vector in space. */
export const spinKinds = ["Ising", "XY", "O(3)"] as const;
export type SpinKind = (typeof spinKinds)[number];

/** Numbers a spin. */
export const componentsOf = (kind: SpinKind): 1 | 2 | 3 => ({ Ising: 1, XY: 2, "O(3)": 3 })[kind] as 1 | 2 | 3;

/** Parses "O(3)", "heisenberg", "XY", "O(2)", "Ising". Throws a RangeError that says what is accepted. */
export function parseSpins(text: string): SpinKind {
  const word = text.trim().toLowerCase();
  const kind = { ising: "Ising", "z(2)": "Ising", xy: "XY", "o(2)": "XY", "o(3)": "O(3)", heisenberg: "O(3)" }[word];
  if (kind) return kind as SpinKind;
  throw new RangeError(`spins ${JSON.stringify(text)}: expected "Ising", "XY" or "O(3)"`);
}

/** A spin configuration as plain data: what files and checkpoints hold. */
export interface SpinData {
  readonly spins: SpinKind;
  readonly extents: readonly number[];
  /** Component a of the spin at site i (x fastest) at [n i + a], n = 1, 2, 3. */
  readonly values: Float64Array;
}
