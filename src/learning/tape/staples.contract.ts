import type { LinkSpace } from "../../lattice/links/links.ts";
import { WordProgram } from "./words/program.ts";
import { type Letter, pathLetters, type Word } from "./words/word.ts";

/** The open paths that plaquettes leave: C of a plaquette stout layer. */
const staplePaths = (d: number): Word[][] =>
  Array.from({ length: d }, (_, i) => {
    const mu = i + 1;
    const sides = Array.from({ length: d }, (_, j) => [j + 1, -j - 1]).flat();
    const words = sides.filter((nu) => Math.abs(nu) !== mu).map((nu): Letter[] => pathLetters(0, [nu, mu, -nu]));
    return words.map((letters) => ({ letters }));
  });

/** All of them summed, of the links of one source. */
export const plaquettes = (on: LinkSpace) => {
  const d = on.lattice.dimension;
  return new WordProgram(on, "sum", { sources: 1, reals: [], constants: 0, lists: staplePaths(d) });
};
