import { expect, test } from "vitest";
import { openDevice } from "../../../../kernels/node.ts";
import { byMatsubara } from "./by-matsubara.ts";
import { configurationOf, golden, named, spinSpace } from "./configurations.contract.ts";
import { doubleExchange } from "./double-exchange.ts";
import { compressedFrequencies, frequenciesFor, plainFrequencies } from "./frequencies.ts";
import { oneChange } from "./reference.contract.ts";

const device = openDevice({ workers: 1 });

test("the change of one spin by the first frequencies, as the reference has it", () => {
  const space = spinSpace(device, [4, 4]);
  const action = doubleExchange(space, { t: 1, J: 1, mu: -0.3, temperature: 0.1, boundary: "periodic" });
  const c = configurationOf(space, named("golden(0)", [4, 4]));
  const spin = Float64Array.of(0.6, 0, -0.8);
  action.local.begin(c);
  expect(action.local.change(5, spin)).toBeCloseTo(-oneChange.exact, 12);
  for (const [count, expected] of Object.entries(oneChange.frequencies)) {
    const local = byMatsubara(action.electrons, 10, -0.3, () => plainFrequencies(0.1, Number(count)), 100);
    local.begin(c);
    expect(local.change(5, spin)).toBeCloseTo(-expected, 12);
  }
  for (const rule of [frequenciesFor(0.1, 4.8, 1e-10)]) {
    const local = byMatsubara(action.electrons, 10, -0.3, () => rule, 100);
    local.begin(c);
    console.log(rule.values.length, local.change(5, spin) + oneChange.exact);
  }
});

test("many changes", () => {
  for (const extents of [
    [4, 4],
    [6, 6],
  ]) {
    const space = spinSpace(device, extents);
    const action = doubleExchange(space, { t: 1, J: 1, mu: 0, temperature: 0.05, boundary: "periodic" });
    const c = configurationOf(space, named("golden(0)", extents));
    const local = byMatsubara(action.electrons, 20, 0, () => frequenciesFor(0.05, 4.5, 1e-10), 1e9);
    local.begin(c);
    const N = space.lattice.volume;
    const moves = golden([N, 20], 777);
    let s = action.value(c);
    for (let k = 0; k < 20 * N; k++) {
      const d = local.change((k * 7) % N, moves.subarray(3 * k, 3 * k + 3));
      local.accept();
      s += d;
      if (k % (2 * N) === 0 || k == 20 * N - 1) console.log(extents.join(), k, action.value(c) - s);
    }
  }
});
