import { describe, expect, test } from "vitest";
import type { GaugeData } from "../../../lattice/gauge-data.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { byModulus } from "../../dirac/exact/eigenvalues.ts";
import { storedSpectrum } from "../../dirac/exact/stored-spectrum.contract.ts";
import { charges, type FreeQuark, staggeredEigenvalues, wilsonEigenvalues } from "../../dirac/free.contract.ts";
import { describeObservable, measureAll } from "../../observable.contract.ts";
import { constantLinks } from "../../solvable.contract.ts";
import { type Case, expectClose, hasSharedData, linkSpace, roughLinks } from "../../testing.contract.ts";
import { eigenvaluesObservable } from "./eigenvalues.ts";

const even: readonly Case[] = [
  { group: "SU(3)", extents: [4, 2, 2, 4] },
  { group: "SU(2)", extents: [2, 4, 4] },
  { group: "U(1)", extents: [4, 6] },
];
const quarks = [
  { fermion: { name: "staggered", mass: 0.7 }, free: (at: FreeQuark) => staggeredEigenvalues(at, 0.7), cases: even },
  {
    fermion: { name: "wilson", kappa: 0.1 },
    free: (at: FreeQuark) => wilsonEigenvalues(at, 0.1),
    cases: [{ group: "SU(2)", extents: [2, 2, 2, 4] }, even[2]!, { group: "SU(2)", extents: [3, 4] }],
  },
];

for (const { fermion, free, cases } of quarks)
  describe.each(["exact", "krylov"])(`${fermion.name}, %s`, (method) => {
    const at = (values: readonly (readonly [number, number])[], label: string) =>
      byModulus(values)[Number(/\d+/.exec(label))]![label.startsWith("re") ? 0 : 1];
    describeObservable({
      definition: eigenvaluesObservable,
      cases,
      parameters: { fermion, method, count: 7, tolerance: 1e-14 },
      cold: (label, { group, lattice }) =>
        at(Array.from({ length: group.n }, () => free({ extents: lattice.extents })).flat(), label),
      solvable(space) {
        const { data, angle } = constantLinks(space);
        const { extents } = space.lattice;
        const values = charges(space.group).flatMap((charge) =>
          free({ extents, angles: extents.map((_, mu) => charge * angle(mu)) }),
        );
        return [{ name: "constant links", data, value: (label) => at(values, label) }];
      },
    });
  });

const values = (space: LinkSpace, data: GaugeData, given: object): [number, number][] => {
  const all = [...measureAll(eigenvaluesObservable, space, data, given).values()];
  return Array.from({ length: all.length / 2 }, (_, i) => [all[2 * i]!, all[2 * i + 1]!]);
};

describe("Krylov spaces find what dense linear algebra finds", () => {
  const small: Case = { group: "SU(2)", extents: [2, 2, 2, 4] };
  test.each([
    [{ name: "staggered", mass: 0.2 }, small],
    [{ name: "wilson", kappa: 0.2 }, small],
    [
      { name: "wilson", kappa: 0.3, boundary: [1, 1] },
      { group: "U(1)", extents: [3, 5] },
    ],
    [{ name: "clover", kappa: 0.14, "c-sw": 1.2 }, small],
    [
      { name: "domain-wall", mass: 0.3, ls: 3 },
      { group: "U(1)", extents: [4, 4] },
    ],
  ])("%o on %o", (fermion, where) => {
    const space = linkSpace(where as Case);
    const rough = roughLinks(where.group, where.extents);
    for (const of of ["D", "DdaggerD"]) {
      const measured = (method: string) => {
        const all = measureAll(eigenvaluesObservable, space, rough, { fermion, of, count: 9, method });
        return [...all.values()];
      };
      const exact = measured("exact");
      expect(exact).toHaveLength(of === "D" ? 18 : 9);
      measured("krylov").forEach((value, i) => expectClose(value, exact[i]!, 1e-9, 1));
    }
  });
});

describe("the eigenvalues", () => {
  const where: Case = { group: "SU(2)", extents: [4, 4] };
  const space = linkSpace(where);
  const rough = roughLinks(where.group, where.extents);

  test("of all of D: as many as D has rows, with the trace of D", () => {
    const all = values(space, rough, { fermion: { name: "wilson", kappa: 0.2 }, method: "exact", count: 1000 });
    expect(all).toHaveLength(64);
    expectClose(
      all.reduce((sum, [re]) => sum + re, 0),
      64,
      1e-12,
    );
    const moduli = all.map((value) => Math.hypot(...value));
    moduli.slice(1).forEach((modulus, i) => expect(modulus).toBeGreaterThan(moduli[i]! * (1 - 1e-8)));
  });

  test("in order: by modulus, conjugate pairs together", () => {
    const list = [
      [3, 0],
      [1, 1],
      [0, 1],
      [1, -1],
      [0, -1],
      [0, 1 + 1e-12],
      [0, -1 + 1e-12],
    ] as const;
    expect(byModulus(list).map(([re, im]) => [re, Math.round(im)])).toEqual([
      [0, -1],
      [0, 1],
      [0, -1],
      [0, 1],
      [1, -1],
      [1, 1],
      [3, 0],
    ]);
  });
});

describe.skipIf(!hasSharedData)(
  "the Wilson spectrum of LatticeQCD.jl (../shared/configs, skipped where absent)",
  () => {
    test("its lowest eigenvalues", () => {
      const { eigenvalues: stored, data, fermion } = storedSpectrum();
      const space = linkSpace({ group: "SU(3)", extents: data.extents });
      const found = values(space, data, { fermion, count: 4, tolerance: 1e-12 });
      byModulus(stored)
        .slice(0, 4)
        .forEach(([re, im], i) => {
          expect(Math.hypot(found[i]![0] - re, found[i]![1] - im)).toBeLessThan(1e-11);
        });
      expectClose(Math.hypot(...found[0]!), 0.14763580650115, 1e-11);
    });
  },
);
