import { expect, test } from "vitest";
import { compressedFrequencies, frequenciesFor, plainFrequencies, ruleError } from "./frequencies.ts";

test("print", () => {
  for (const beta of [0.2, 1, 5, 10, 20, 50, 100, 500]) {
    const t0 = performance.now();
    const rule = frequenciesFor(1 / beta, 4.5, 1e-10);
    console.log(beta, rule.values.length, ruleError(rule, 1 / beta, 4.5), performance.now() - t0);
  }
  console.log([8, 9, 10, 11, 12, 13, 14, 16].map((n) => ruleError(compressedFrequencies(0.05, 4.5, n), 0.05, 4.5)));
  console.log(compressedFrequencies(0.05, 4.5, 13));
});
