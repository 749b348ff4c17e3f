import { sumOf } from "../action.ts";
import type { LocalAction, SpinAction, SpinCouplings } from "./spin-action.ts";

/**
 * S = sum of spin actions. It has couplings where all terms have some, and a local action where all have one. Throws a
 * RangeError where the terms are not of one temperature.
 * @param names of the terms, for the sentence.
 */
export function spinSum(terms: readonly SpinAction[], names: readonly string[]): SpinAction {
  const [first, ...others] = terms as readonly [SpinAction, ...SpinAction[]];
  if (others.length === 0) return first;
  others.forEach(({ temperature }, i) => {
    if (temperature !== first.temperature)
      throw new RangeError(
        `action[${i + 1}].temperature: ${names[i + 1]} has T = ${temperature} and ${names[0]} T = ${first.temperature}; the terms of one action have one temperature`,
      );
  });
  const couplings = terms.flatMap((term) => term.couplings ?? []);
  const locals = terms.flatMap((term) => term.local ?? []);
  const sum = sumOf(terms) as ReturnType<typeof sumOf> & Pick<SpinAction, "addDerivative">;
  const merged = couplings.length === terms.length ? mergedCouplings(couplings) : undefined;
  const whole: SpinAction = {
    ...sum,
    terms,
    temperature: first.temperature,
    valuesAt(c, temperatures) {
      const values = new Float64Array(temperatures.length);
      for (const term of terms) term.valuesAt(c, temperatures).forEach((s, k) => (values[k]! += s));
      return values;
    },
    ...(locals.length === terms.length ? { local: localSum(locals) } : {}),
    ...(terms.every((term) => term.at)
      ? {
          at: (temperature: number) =>
            spinSum(
              terms.map((term) => term.at!(temperature)),
              names,
            ),
        }
      : {}),
  };
  // read anew each time, because those of a term may change
  return merged ? Object.defineProperty(whole, "couplings", { get: merged, enumerable: true }) : whole;
}

/** The sum of couplings, of which each may change from one call to the next. */
export function mergedCouplings(parts: readonly SpinCouplings[]): () => SpinCouplings {
  const shells = new Float64Array(Math.max(...parts.map((part) => part.shells.length)));
  const components = Math.max(...parts.map((part) => part.field.length));
  return () => {
    shells.fill(0);
    for (const part of parts) part.shells.forEach((k, n) => (shells[n]! += k));
    return {
      shells,
      square: parts.reduce((sum, part) => sum + part.square, 0),
      field: Array.from({ length: components }, (_, a) => parts.reduce((sum, { field }) => sum + (field[a] ?? 0), 0)),
    };
  };
}

/** The sum of local actions that follow one field. Each of them accepts, remembers, and writes the same numbers as the new spin. */
export const localSum = (parts: readonly LocalAction[]): LocalAction =>
  parts.length === 1
    ? parts[0]!
    : {
        begin: (c) => {
          for (const part of parts) part.begin(c);
        },
        change: (site, spin) => parts.reduce((sum, part) => sum + part.change(site, spin), 0),
        accept: () => {
          for (const part of parts) part.accept();
        },
      };
