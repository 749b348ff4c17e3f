import { z } from "zod";
import { type Bench, spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import type { Field } from "../../../../lattice/field.ts";
import type { Configuration } from "../../../../lattice/space.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import { hermitianSolver } from "../../../hermitian/solver.ts";
import { forceOf } from "../../force.ts";
import type { LocalAction, SpinAction } from "../../spin-action.ts";
import { temperatureSchema } from "../parameters.ts";
import { byDiagonalisation } from "./by-diagonalisation.ts";
import { byMatsubara } from "./by-matsubara.ts";
import { type Electrons, electronsOf } from "./electrons.ts";
import {
  compressedFrequencies,
  type FrequencyRule,
  frequenciesFor,
  MOST_FREQUENCIES,
  ruleError,
} from "./frequencies.ts";
import { type Couplings, hamiltonianOf } from "./hamiltonian.ts";
import { fermi, lnWeight } from "./weight.ts";

/** Electrons at a temperature and a chemical potential. */
export interface DoubleExchangeParameters extends Couplings {
  /** Chemical potential; 0 is half filling on lattices of even extents. */
  readonly mu: number;
  readonly temperature: number;
  /** How `local` follows ln W under single-spin changes. Default "diagonalise". */
  readonly local?: "diagonalise" | "matsubara";
  /** Frequencies that "matsubara" sums over; left out: as many as bring its error below 1e-10. */
  readonly frequencies?: number | undefined;
}

/** The double-exchange action, with what observables of the electrons need. */
export interface DoubleExchange extends SpinAction {
  readonly parameters: DoubleExchangeParameters;
  readonly electrons: Electrons;
  readonly local: NonNullable<SpinAction["local"]>;
  /** The levels of the electrons without mu, ascending, 2N of them; the array is used again. */
  spectrum(c: Configuration): Float64Array;
  /** The same electrons at another temperature; they share memory and the last spectrum. */
  at(temperature: number): DoubleExchange;
}

/**
 * Classical spins that electrons hop among, the electrons summed over: S = -ln W with
 *
 *   ln W[S] = sum_k ln(1 + exp(-(eps_k[S] - mu)/T)),
 *
 * eps_k the levels of h[S] (hamiltonian.ts). One evaluation is one diagonalisation of a 2N x 2N matrix.
 */
export function doubleExchange(space: SpinSpace, parameters: DoubleExchangeParameters): DoubleExchange {
  const electrons = electronsOf(hamiltonianOf(space, parameters), (n) => hermitianSolver(space.lattice.device, n));
  return atTemperature(electrons, parameters);
}

function atTemperature(electrons: Electrons, parameters: DoubleExchangeParameters): DoubleExchange {
  const { mu, temperature } = parameters;
  const { space } = electrons.hamiltonian;
  const beta = 1 / temperature;
  const addDerivative = (c: Configuration, weight: number, out: Field) =>
    addElectronSpins(electrons, beta, mu, c, (weight * beta * parameters.J) / 2, out);
  return {
    parameters,
    electrons,
    temperature,
    local: localOf(electrons, parameters),
    spectrum: (c) => electrons.levels(c),
    value: (c) => -lnWeight(electrons.levels(c), beta, mu),
    valuesAt(c, temperatures) {
      const levels = electrons.levels(c);
      return Float64Array.from(temperatures, (other) => -lnWeight(levels, 1 / other, mu));
    },
    addDerivative,
    addForce: forceOf(space, addDerivative),
    at: (other) => atTemperature(electrons, { ...parameters, temperature: other }),
  };
}

/** Largest error of a change of ln W by frequencies: well below what an accept/reject decision can see. */
const TOLERANCE = 1e-10;

/** With so large an error one decision in a million may be another, which no average shows; a larger one is refused. */
const WORST = 1e-6;

function localOf(electrons: Electrons, parameters: DoubleExchangeParameters): LocalAction {
  const { mu, temperature, local = "diagonalise", frequencies } = parameters;
  if (local === "diagonalise") return byDiagonalisation(electrons, 1 / temperature, mu);
  const reach = electrons.hamiltonian.bound + Math.abs(mu);
  const given = frequencies === undefined ? undefined : givenFrequencies(temperature, reach, frequencies);
  const rule = () => given ?? frequenciesFor(temperature, reach, TOLERANCE);
  return byMatsubara(electrons, 1 / temperature, mu, rule, renewal(electrons.hamiltonian.n));
}

/** Throws a RangeError for so few that the chain would not be exact. */
function givenFrequencies(temperature: number, reach: number, count: number): FrequencyRule {
  const rule = compressedFrequencies(temperature, reach, count);
  const error = ruleError(rule, temperature, reach);
  if (error <= WORST) return rule;
  const enough = frequenciesFor(temperature, reach, WORST).values.length;
  throw new RangeError(
    `double-exchange: frequencies = ${count} may leave an error of ${error.toPrecision(2)} in a change of ln W at temperature ${temperature}, above ${WORST}; give ${enough} or more, or leave it out`,
  );
}

/**
 * Accepted changes since `begin` until Green's functions are computed afresh, from the rows of the matrix: rounding errors
 * are then still about 1e-12 in ln W, and it costs about a tenth of the updates before.
 */
const renewal = (rows: number): number => 10 * rows;

/**
 * out_i += factor s_i with s_i = Tr_spin(rho_ii sigma), rho = f(h): the expectation value of the electrons' sigma at site i.
 * By Hellmann and Feynman d ln W/dS_i = -(J / 2T) s_i.
 */
function addElectronSpins(
  electrons: Electrons,
  beta: number,
  mu: number,
  c: Configuration,
  factor: number,
  out: Field,
): void {
  const { values, vectors } = electrons.decompose(c);
  const { space, n } = electrons.hamiltonian;
  const components = space.components;
  const sums = new Float64Array(3 * space.lattice.volume);
  for (let k = 0; k < n; k++) {
    const f = fermi(values[k]!, beta, mu);
    for (let site = 0, at = 2 * n * k; site < space.lattice.volume; site++, at += 4) {
      const [ux, uy, dx, dy] = [vectors[at]!, vectors[at + 1]!, vectors[at + 2]!, vectors[at + 3]!];
      // v^† sigma v with v = (u, d): 2 Re u^* d, 2 Im u^* d, |u|^2 - |d|^2
      sums[3 * site]! += 2 * f * (ux * dx + uy * dy);
      sums[3 * site + 1]! += 2 * f * (ux * dy - uy * dx);
      sums[3 * site + 2]! += f * (ux * ux + uy * uy - dx * dx - dy * dy);
    }
  }
  const to = out.view();
  const first = components === 1 ? 2 : 0;
  for (let site = 0; site < space.lattice.volume; site++)
    for (let a = 0; a < components; a++) to[components * site + a]! += factor * sums[3 * site + first + a]!;
}

const keys = z.strictObject({
  t: z.number().default(1).describe("hopping amplitude between nearest neighbours, the unit of the energies as a rule"),
  J: z
    .number()
    .default(1)
    .describe(
      "coupling of electrons and classical spins, (J/2) S.sigma: a site's levels are +-J/2; its sign is without meaning where the hopping is real",
    ),
  mu: z.number().default(0).describe("chemical potential; 0 is half filling where all extents are even"),
  temperature: temperatureSchema,
  boundary: z
    .union([z.literal("periodic"), z.array(z.number())])
    .default("periodic")
    .describe(
      'boundary condition of the electrons: "periodic", or a twist a direction in units of pi (1 is antiperiodic)',
    ),
  local: z
    .enum(["diagonalise", "matsubara"])
    .default("diagonalise")
    .describe(
      'how ln W follows a change of one spin: "diagonalise" the changed matrix, or by Green\'s functions at "matsubara" frequencies, which is several times faster where a step makes several sweeps (up to 1024 sites); chains make the same decisions',
    ),
  frequencies: z
    .int()
    .min(1)
    .max(MOST_FREQUENCIES)
    .optional()
    .describe(
      'how many frequencies local = "matsubara" sums over; left out: as many as bring the error of a change of ln W below 1e-10',
    ),
});

const parameters = keys.check(({ value, issues }) => {
  if (value.frequencies !== undefined && value.local !== "matsubara")
    issues.push({
      code: "custom",
      input: value,
      path: ["frequencies"],
      message: 'is for local = "matsubara", which sums over them; set that too, or leave frequencies out',
    });
});

export const doubleExchangeAction: Definition<typeof parameters, DoubleExchange, Bench> = {
  name: "double-exchange",
  title: "Double exchange: electrons hopping among classical spins, S = -ln W by diagonalisation",
  cite: [
    "C. Zener, Phys. Rev. 82 (1951) 403",
    "Y. Nagai, A. Tomiya, J. Phys. Soc. Jpn. 93 (2024) 114007 (arXiv:2306.11527)",
  ],
  parameters,
  build: (given, bench) => doubleExchange(spinsOf(bench, "double-exchange"), given),
};
