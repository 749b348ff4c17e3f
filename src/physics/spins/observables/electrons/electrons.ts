import { z } from "zod";
import { spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import type { Observable } from "../../../observable.ts";
import {
  type DoubleExchange,
  type DoubleExchangeParameters,
  doubleExchange,
} from "../../actions/double-exchange/double-exchange.ts";
import { lnWeight, occupation } from "../../actions/double-exchange/weight.ts";
import type { SpinAction } from "../../spin-action.ts";
import type { SpinObservableBench } from "../../spin-observable.ts";

/**
 * Filling (electrons a site, 0 to 2), their energy a site (mu is not in it), and ln W of the whole lattice, from one
 * spectrum: that of the action, where its matrix is the same.
 */
export function electronsObservable(action: DoubleExchange): Observable {
  const { mu, temperature } = action.parameters;
  const { volume } = action.electrons.hamiltonian.space.lattice;
  const labels = ["filling", "energy", "ln-weight"];
  return {
    name: "electrons",
    measure(c) {
      const levels = action.spectrum(c);
      const { number, energy } = occupation(levels, 1 / temperature, mu);
      const values = Float64Array.of(number / volume, energy / volume, lnWeight(levels, 1 / temperature, mu));
      return [{ name: "electrons", labels, values }];
    },
  };
}

const parameters = z.strictObject({
  t: z.number().optional().describe("hopping amplitude; that of the double-exchange action where left out"),
  J: z.number().optional().describe("coupling of electrons and spins; that of the action where left out"),
  mu: z.number().optional().describe("chemical potential; that of the action where left out"),
  temperature: z.number().positive().optional().describe("temperature; that of the action where left out"),
  boundary: z
    .union([z.literal("periodic"), z.array(z.number())])
    .optional()
    .describe('"periodic", or a twist a direction in units of pi; that of the action where left out'),
});

export const electrons: Definition<typeof parameters, Observable, SpinObservableBench> = {
  name: "electrons",
  title: "electrons of the double-exchange model: filling and energy a site, ln W",
  cite: ["Y. Nagai, A. Tomiya, J. Phys. Soc. Jpn. 93 (2024) 114007 (arXiv:2306.11527)"],
  parameters,
  build: (given, bench) => electronsObservable(actionFor(spinsOf(bench, "electrons"), bench.action, given)),
};

/** The double-exchange term of the target, or one like it with the parameters that were given. */
function actionFor(space: SpinSpace, target: SpinAction, given: z.output<typeof parameters>): DoubleExchange {
  const term = (target.terms ?? [target]).find(isDoubleExchange);
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const changed = Object.entries(told).some(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(term?.parameters[key as keyof DoubleExchangeParameters]),
  );
  if (term && !changed) return term;
  const missing = ["t", "J", "mu"].filter((key) => !term && !(key in told));
  if (missing.length > 0)
    throw new RangeError(
      `electrons: the action has no double-exchange term to take ${missing.join(", ")} from; give t, J and mu with the observable`,
    );
  const usual = { t: 1, J: 1, mu: 0, temperature: target.temperature, boundary: "periodic" as const };
  return doubleExchange(space, { ...usual, ...term?.parameters, ...told });
}

const isDoubleExchange = (action: SpinAction): action is DoubleExchange => "electrons" in action;
