import { describe, expect, test } from "vitest";
import { jackknifeDerived } from "../statistics/index.ts";
import type { RunEvent, RunRecord } from "../storage/run-directory/record.ts";
import { analyse } from "./analysis.ts";
import { renderReport } from "./html.ts";
import { productionValues } from "./series.ts";
import { type DerivedQuantity, temperatureOf } from "./spin-quantities.ts";
import { ar1 } from "./synthetic-run.contract.ts";
import { renderTable } from "./table.ts";

/** T, sites, and what the fluctuations of the made-up spins are. */
const [T, N] = [0.5, 16];
const sigma = { e: 0.1, m: 0.2 };
const a = 0.8; // of the AR(1) chains: tau_int = 4.5, of their squares 2.3

/**
 * A run of normal energies of variance 0.01 and a magnetisation of three normal components of variance 0.04, so that
 * C = N 0.01/T^2, chi = N 0.04 (3 - 8/pi)/T and U_4 = 1 - 15/27.
 */
function spinRun(seed: string, updates: number, chains = 1): RunRecord {
  const members = Array.from({ length: chains }, (_, chain) => {
    const draw = (name: string, slow = a) => ar1(`${seed} ${chain} ${name}`, updates, slow);
    const [energy, ...m] = ["e", "x", "y", "z"].map((name) => draw(name));
    const events: RunEvent[] = energy!.flatMap((e, i) => {
      const m2 = m.reduce((sum, x) => sum + (sigma.m * x[i]!) ** 2, 0);
      const stamp = { type: "measured", chain, time: 0, trajectory: i + 1, phase: "production" } as const;
      return [
        { ...stamp, name: "spin-energy", labels: ["energy", "bond"], values: [-1.5 + sigma.e * e, 0.4] },
        { ...stamp, name: "magnetisation", labels: ["abs", "squared", "fourth"], values: [Math.sqrt(m2), m2, m2 * m2] },
        { ...stamp, name: "structure-factor", labels: ["m=(0,0)", "m=(1,0)"], values: [m2, m2 / (1 + 0.5 ** 2)] },
      ];
    });
    return { label: `chain-${chain}`, chain, scan: {}, runText: "", events };
  });
  const settings = { spins: "O(3)", lattice: [4, 4], action: [{ name: "heisenberg", J: 1, temperature: T }] };
  return { directory: "runs/spins", runText: "", settings, members };
}

const exact: Record<string, number> = {
  "specific heat": (N * sigma.e ** 2) / T ** 2,
  susceptibility: (N * sigma.m ** 2 * (3 - 8 / Math.PI)) / T,
  "Binder cumulant": 1 - 15 / 27,
  // S(k) is made S(0)/1.25: no noise in the ratio, and the root is 1/2
  "correlation length (m=(1,0))": 0.5 / (2 * Math.sin(Math.PI / 4)),
};

const derivedOf = (record: RunRecord) =>
  new Map(analyse(record).points[0]!.quantities.flatMap((one) => (one.derived ? [[one.name, one] as const] : [])));

const errorOf = ({ estimated }: DerivedQuantity): number => {
  if (estimated.refused) throw new Error(estimated.reason);
  return estimated.error;
};

test("fluctuations of a made-up run are those it was made with (5 sigma, false alarms below 1e-5)", () => {
  const found = derivedOf(spinRun("long", 6000, 2));
  expect([...found.keys()]).toEqual(Object.keys(exact));
  for (const [name, value] of Object.entries(exact)) {
    const one = found.get(name)!;
    expect(Math.abs(one.estimated.mean - value), name).toBeLessThan(5 * errorOf(one) + 1e-12);
    expect(one.every).toBe(1);
  }
});

describe("errors are those with which short runs scatter", () => {
  const runs = Array.from({ length: 70 }, (_, i) => derivedOf(spinRun(`short ${i}`, 1200)));

  test.each(["specific heat", "susceptibility", "Binder cumulant"])(
    "%s, to 0.3 (the scatter is known to 1/12)",
    (name) => {
      const values = runs.map((run) => run.get(name)!.estimated.mean);
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const scatter = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
      const error = runs.reduce((sum, run) => sum + errorOf(run.get(name)!), 0) / runs.length;
      expect(Math.abs(error / scatter - 1)).toBeLessThan(0.3);
      // errors that forget the autocorrelation would not pass: they are too small by a third and more
      const naive = runs.reduce((sum, run) => sum + errorOf(run.get(name)!) / Math.sqrt(2 * tauOf(run.get(name)!)), 0);
      expect(naive / runs.length / scatter).toBeLessThan(0.7);
    },
  );
});

const tauOf = ({ estimated }: DerivedQuantity) => (estimated.refused ? Number.NaN : estimated.tauInt);

test("the jackknife over bins says the same", () => {
  const record = spinRun("both", 6000);
  const found = derivedOf(record);
  const { quantities } = analyse(record).points[0]!;
  const chains = (observable: string, label: string) =>
    productionValues(quantities.find((one) => one.observable === observable && one.label === label)!.series);
  const [abs, m2, m4] = ["abs", "squared", "fourth"].map((label) => chains("magnetisation", label));
  const e = chains("spin-energy", "energy");
  const e2 = e.map((chain) => chain.map((x) => x * x));
  const check = (name: string, parts: number[][][], f: (means: readonly number[]) => number) => {
    const other = jackknifeDerived(parts, f, { binSize: 40 });
    if (other.refused) throw new Error(other.reason);
    const one = found.get(name)!;
    expect(Math.abs(one.estimated.mean / other.mean - 1)).toBeLessThan(1e-10);
    expect(Math.abs(errorOf(one) / other.error - 1)).toBeLessThan(0.15);
  };
  check("specific heat", [e, e2], ([x, x2]) => (N * (x2! - x! ** 2)) / T ** 2);
  check("susceptibility", [abs!, m2!], ([x, x2]) => (N * (x2! - x! ** 2)) / T);
  check("Binder cumulant", [m2!, m4!], ([x2, x4]) => 1 - x4! / (3 * x2! ** 2));
});

test("short runs and missing temperatures: a refusal with its reason, and no number that is not known", () => {
  const short = derivedOf(spinRun("short", 20)).get("specific heat")!;
  expect(short.estimated).toMatchObject({ refused: true, reason: expect.stringMatching(/too short/) });
  const record = spinRun("no temperature", 2000);
  const without = derivedOf({ ...record, settings: { ...record.settings, action: [{ name: "heisenberg" }] } });
  expect([...without.keys()]).toEqual(["Binder cumulant", "correlation length (m=(1,0))"]);
});

test("the temperature of a run is that of its action, or what a scan makes of it", () => {
  const action = [{ name: "ising", temperature: 2.3 }];
  expect(temperatureOf(action, {})).toBe(2.3);
  expect(temperatureOf(action, { "action.ising.temperature": 2.5 })).toBe(2.5);
  expect(temperatureOf(action, { "action[0].temperature": 2.5, seed: "x" })).toBe(2.5);
  expect(temperatureOf([{ name: "wilson-gauge", beta: 6 }], {})).toBeUndefined();
  expect(temperatureOf(undefined, {})).toBeUndefined();
});

test("table and page show them, the page without histories of what has none", () => {
  const record = spinRun("shown", 1200);
  const table = renderTable(analyse(record));
  for (const word of ["E/N", "|m|", "specific heat", "susceptibility", "Binder cumulant", "correlation length"])
    expect(table).toContain(word);
  const page = renderReport(record, analyse(record));
  expect(page).toContain("O(3) spins, 4 × 4");
  expect(page).toContain("Binder cumulant");
  expect(page).not.toContain("<h3>Binder cumulant</h3>");
  expect(page).toContain("Z. Phys. B 43 (1981) 119");
});
