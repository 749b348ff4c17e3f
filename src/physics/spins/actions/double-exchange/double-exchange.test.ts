import { describe, expect, test } from "vitest";
import { openDevice } from "../../../../kernels/node.ts";
import { configurationOf, named, spinSpace } from "./configurations.contract.ts";
import { doubleExchange } from "./double-exchange.ts";
import { derivatives, levels, lnWeights } from "./reference.contract.ts";

const device = openDevice({ workers: 1 });

/** The action on golden(0) or another named configuration. */
function setUp(extents: readonly number[], configuration: string, given: { J?: number; beta?: number; mu?: number }) {
  const { J = 1, beta = 10, mu = 0 } = given;
  const space = spinSpace(device, extents);
  const action = doubleExchange(space, { t: 1, J, mu, temperature: 1 / beta, boundary: "periodic" });
  return { space, action, c: configurationOf(space, named(configuration, extents)) };
}

describe("reference values", () => {
  test("ln W of every configuration, coupling and chemical potential of the tables", () => {
    for (const [extents, configuration, J, beta, mu, lnW] of lnWeights) {
      const { action, c } = setUp(extents, configuration, { J, beta, mu });
      expect(Math.abs(-action.value(c) - lnW), `${extents} ${configuration} ${J} ${beta} ${mu}`).toBeLessThan(
        1e-11 * Math.max(lnW, 10),
      );
    }
  });

  test("levels", () => {
    for (const { extents, levels: expected } of levels) {
      const { action, c } = setUp(extents, "golden(0)", {});
      action.spectrum(c).forEach((level, k) => expect(Math.abs(level - expected[k]!)).toBeLessThan(1e-13));
    }
  });

  test("derivatives", () => {
    for (const { extents, J, beta, mu, sites } of derivatives) {
      const { action, c, space } = setUp(extents, "golden(0)", { J, beta, mu });
      const gradient = space.field();
      gradient.zero();
      action.addDerivative(c, -1, gradient);
      for (const [site, expected] of Object.entries(sites))
        expected.forEach((x, a) => expect(Math.abs(gradient.view()[3 * Number(site) + a]! - x)).toBeLessThan(1e-11));
    }
  });
});
