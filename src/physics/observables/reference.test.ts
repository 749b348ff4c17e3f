import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Configuration } from "../../lattice/space.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { GradientFlow } from "../maps/gradient-flow/gradient-flow.ts";
import type { Observable } from "../observable.ts";
import { configuration, expectClose, hasSharedData, linkSpace, sharedData, storedLinks } from "../testing.contract.ts";
import { observables } from "./index.ts";
import { polyakovLoop } from "./polyakov-loop/polyakov-loop.ts";

/** What reference.json says of a stored configuration: computed independently of this code. */
interface Reference {
  readonly NC: number;
  readonly L: readonly number[];
  readonly plaquette: number;
  readonly rectangle: number;
  readonly Qplaq: number;
  readonly Qclover: number;
  readonly Qimproved: number;
  readonly energy_density_LatticeQCDjl: number;
  readonly energy_density_clover_standard: number;
  readonly wilson_loops_T_R: readonly (readonly number[])[];
  readonly [polyakov: `polyakov_tr_${string}`]: readonly [number, number];
  readonly "wilson_flow_eps0.01_steps": Readonly<
    Record<
      string,
      { t: number; plaquette: number; E_clover_standard: number; Qplaq: number; Qclover: number; Qimproved: number }
    >
  >;
}

const reference = hasSharedData
  ? Object.entries(JSON.parse(readFileSync(`${sharedData}reference.json`, "utf8")) as Record<string, Reference>)
  : [];

const measured = (name: string, c: Configuration, given: object = {}): Record<string, number> => {
  const definition = observables.find((one) => one.name === name)!;
  const observable = definition.build(definition.parameters.parse(given), { space: c.space }) as Observable;
  const [measurement] = observable.measure(c, addressedRng("none", 0), 0);
  return Object.fromEntries(measurement!.labels.map((label, i) => [label, measurement!.values[i]!]));
};

describe.skipIf(!hasSharedData)("stored configurations (../shared/configs, skipped where absent)", () => {
  describe.each(reference)("%s", (file, expected) => {
    const group = `SU(${expected.NC})`;
    const space = linkSpace({ group, extents: expected.L });
    const c = configuration(space, storedLinks(file, group, expected.L));

    test("plaquette, rectangle, energy density and charges to 1e-12", () => {
      expectClose(measured("plaquette", c).plaquette!, expected.plaquette, 1e-12);
      expectClose(measured("rectangle", c).rectangle!, expected.rectangle, 1e-12);
      const energy = measured("energy-density", c);
      expectClose(energy.clover!, expected.energy_density_clover_standard, 1e-12);
      expectClose(energy["latticeqcd-jl"]!, expected.energy_density_LatticeQCDjl, 1e-12);
      const charge = measured("topological-charge", c);
      expectClose(charge.plaquette!, expected.Qplaq, 1e-12, 1);
      expectClose(charge.clover!, expected.Qclover, 1e-12, 1);
      expectClose(charge.improved!, expected.Qimproved, 1e-12, 1);
    });

    test("Polyakov loops in every direction", () => {
      ["x", "y", "z", "t"].forEach((letter, mu) => {
        const [re, im] = expected[`polyakov_tr_${letter}`]!;
        const loop = polyakovLoop(space, c.field.address, mu);
        expectClose(loop.re, re, 1e-12, 1);
        expectClose(loop.im, im, 1e-12, 1);
      });
    });

    test("Wilson loops", () => {
      const loops = measured("wilson-loop", c);
      expected.wilson_loops_T_R.forEach((row, t) =>
        row.forEach((value, r) => expectClose(loops[`W(${r + 1},${t + 1})`]!, value, 1e-12, 1)),
      );
    });

    test("along the Wilson flow to 1e-10", () => {
      const flow = new GradientFlow(space, c.field, { action: "wilson", step: 0.01 });
      for (const at of Object.values(expected["wilson_flow_eps0.01_steps"])) {
        flow.advance(at.t);
        expectClose(measured("plaquette", flow.configuration).plaquette!, at.plaquette, 1e-10);
        expectClose(measured("energy-density", flow.configuration).clover!, at.E_clover_standard, 1e-10);
        const charge = measured("topological-charge", flow.configuration);
        expectClose(charge.plaquette!, at.Qplaq, 1e-10, 1);
        expectClose(charge.clover!, at.Qclover, 1e-10, 1);
        expectClose(charge.improved!, at.Qimproved, 1e-10, 1);
      }
      expect(flow.steps.done).toBe(100);
      flow.release();
    });
  });
});
