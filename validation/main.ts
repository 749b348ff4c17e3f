import { validateDoubleExchange } from "./double-exchange.ts";
import { validatePlaquettes } from "./plaquettes.ts";
import { validateQuarks } from "./quarks.ts";
import { validateSelfLearning } from "./self-learning.ts";
import { validateSelfLearningSpins } from "./self-learning-spins.ts";
import { validateSpectrum } from "./spectrum.ts";
import { validateSpins } from "./spins.ts";

/**
 * `npm run validate [-- FILTER]`: everything that needs longer than a test. FILTER keeps the cases whose name contains it.
 * Ends with the number of cases passed and failed.
 */
const filter = process.argv[2] ?? "";
let [passed, failed] = [0, 0];
const count = (ok: boolean) => {
  if (ok) passed++;
  else failed++;
};
for (const results of [
  validatePlaquettes(filter),
  validateQuarks(filter),
  validateSelfLearning(filter),
  validateSelfLearningSpins(filter),
  validateSpectrum(filter),
  validateSpins(filter),
  validateDoubleExchange(filter),
])
  for (const { ok, line } of results) {
    process.stdout.write(`${line}\n`);
    count(ok);
  }
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
