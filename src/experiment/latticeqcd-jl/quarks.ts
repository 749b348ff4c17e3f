import { show } from "../run-file/sentence.ts";
import { didYouMean } from "../run-file/suggest.ts";
import type { Lookup } from "./lookup.ts";

type Table = Readonly<Record<string, unknown>>;

/** Words for a Dirac operator, and what they are here. */
const operators: Readonly<Record<string, "staggered" | "wilson" | "clover" | "domain-wall">> = {
  Staggered: "staggered",
  Wilson: "wilson",
  WilsonClover: "clover",
  Domainwall: "domain-wall",
};

/** Keys of a Dirac operator, of its solver, and of the links it sees, wherever they may stand. */
export const quarkKeys = [
  ...["Clover_coefficient", "r", "hop", "Nf", "mass", "Domainwall_M", "Domainwall_m", "Domainwall_L5", "M", "m", "N5"],
  ...["BoundaryCondition", "smearing_for_fermion", "stout_numlayers", "stout_ρ", "stout_loops", "eps", "MaxCGstep"],
] as const;

/** What a file means where it leaves a key out. */
export interface QuarkDefaults {
  /** Domain wall quarks of an action have none: LatticeQCD.jl stops without their keys. */
  readonly domainWall?: { readonly M: number; readonly m: number; readonly N5: number };
}

/**
 * The Dirac operator that `word` and the keys of `look` mean, in the words of our `fermion` tables and fermion actions;
 * undefined where it was refused.
 */
export function translateFermion(look: Lookup, word: string, defaults: QuarkDefaults = {}): Table | undefined {
  const name = operators[word];
  const boundary = look.has("BoundaryCondition") ? { boundary: look.list("BoundaryCondition", []) } : {};
  const hopping = () => ({ kappa: look.number("hop", 0.141139), r: look.number("r", 1) });
  const clover = () => ({ "c-sw": look.number("Clover_coefficient", 1.5612) });
  switch (name) {
    case "staggered":
      return { name, mass: look.number("mass", 0.5), ...boundary };
    case "wilson":
      if (look.boolean("hasclover", false)) return { name: "clover", ...hopping(), ...clover(), ...boundary };
      return { name, ...hopping(), ...boundary };
    case "clover":
      return { name, ...hopping(), ...clover(), ...boundary };
    case "domain-wall": {
      const wall = domainWall(look, defaults);
      return wall && { name, ...wall, b: 1, c: 1, ...boundary };
    }
    default:
      look.refuse(
        `Dirac_operator: ${show(word)} is unknown${didYouMean(word, Object.keys(operators))} (one of ${Object.keys(operators).map(show).join(", ")})`,
      );
      return undefined;
  }
}

function domainWall(look: Lookup, { domainWall: defaults }: QuarkDefaults): Table | undefined {
  const read = (key: string, alias: "M" | "m" | "N5", example: number) => {
    const found = [key, alias].find((one) => look.has(one));
    if (found === undefined && defaults === undefined)
      return void look.refuse(`${key}: missing; LatticeQCD.jl has no default for it (for example ${example})`);
    const fallback = defaults?.[alias] ?? example;
    return alias === "N5" ? look.integer(found ?? key, fallback) : look.number(found ?? key, fallback);
  };
  const height = read("Domainwall_M", "M", -1);
  const mass = read("Domainwall_m", "m", 0.25);
  const ls = read("Domainwall_L5", "N5", 4);
  if (height === undefined || mass === undefined || ls === undefined) return undefined;
  if (ls === 2)
    look.warn("with 2 slices in the fifth direction LatticeQCD.jl leaves out its inner hops; here they are there");
  return { mass, height, ls };
}

/** `eps` bounds |r|^2, absolutely. */
export const translateSolver = (look: Lookup): Table => ({
  absolute: look.number("eps", 1e-19),
  iterations: look.integer("MaxCGstep", 3000),
});

const loopNames: Readonly<Record<string, string>> = {
  plaquette: "plaquette",
  rectangular: "rectangle",
  chair: "chair",
  polyakov_x: "polyakov-x",
  polyakov_y: "polyakov-y",
  polyakov_z: "polyakov-z",
  polyakov_t: "polyakov-t",
};

/** `through` of a quark on smeared links; empty where it sees the links themselves. */
export function translateSmearing(look: Lookup, lattice: readonly number[]): { through?: Table } {
  const kind = look.text("smearing_for_fermion", "nothing");
  if (kind === "nothing") return {};
  if (kind !== "stout") {
    look.refuse(
      `smearing_for_fermion: ${show(kind)} is unknown${didYouMean(kind, ["stout"])} (one of "nothing", "stout")`,
    );
    return {};
  }
  const layers = look.integer("stout_numlayers", 1);
  if (layers > 1)
    look.warn(`stout_numlayers = ${layers}: ${layers} layers smear here; LatticeQCD.jl makes one of them, or stops`);
  const words = look.texts("stout_loops", ["plaquette"]);
  const strange = words.find((word) => loopNames[word] === undefined);
  if (strange !== undefined)
    look.refuse(
      `stout_loops: ${show(strange)} is no family of loops${didYouMean(strange, Object.keys(loopNames))} (one of ${Object.keys(loopNames).join(", ")})`,
    );
  if (!look.has("stout_ρ")) look.refuse("stout_ρ: missing; a list of one number for each of stout_loops, [0.1]");
  const given = look.numbers("stout_ρ", [0.1]);
  return {
    through: { name: "stout", layers, rho: strengths(given, words, lattice), loops: words.map((w) => loopNames[w]) },
  };
}

/**
 * Ours takes a line round the lattice once, theirs once for each of its links: our rho is L times theirs. A single number
 * stands for all loops.
 */
function strengths(given: readonly number[], words: readonly string[], lattice: readonly number[]): unknown {
  const factors = words.map((word) =>
    word.startsWith("polyakov_") ? (lattice["xyzt".indexOf(word.at(-1)!)] ?? 1) : 1,
  );
  if (given.length === 1 && factors.every((factor) => factor === 1)) return given[0];
  const each = given.length === 1 ? words.map(() => given[0]!) : given;
  return each.map((rho, i) => rho * factors[i % factors.length]!);
}
