/** The gauge groups: SU(N) for N >= 2, and U(1), whose link is a 1x1 complex matrix. */
export interface Group {
  /** "SU(3)", "U(1)", … */
  readonly name: string;
  /** Matrix size N. */
  readonly n: number;
  /** True for SU(N): determinant one, traceless algebra. */
  readonly special: boolean;
  /** Number of real momentum coordinates a link: N^2 - 1, or 1 for U(1). */
  readonly generators: number;
}

/** Parses "SU(3)", "su3", "U(1)". Throws a RangeError that says what is accepted. */
export function parseGroup(text: string): Group {
  const match = /^(S?U)\(?(\d+)\)?$/i.exec(text.trim());
  const special = match?.[1]?.toUpperCase() === "SU";
  const n = Number(match?.[2]);
  if (!match || (special && (n < 2 || n > 16)) || (!special && n !== 1))
    throw new RangeError(`group ${JSON.stringify(text)}: expected "U(1)" or "SU(N)" with N from 2 to 16`);
  return special
    ? { name: `SU(${n})`, n, special, generators: n * n - 1 }
    : { name: "U(1)", n: 1, special, generators: 1 };
}
