import { describe, expect, test } from "vitest";
import type { GaugeData } from "../../lattice/gauge-data.ts";
import { parseGroup } from "../../lattice/group.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { trace, unitarityDefect } from "../../numerics/complex-matrix.ts";
import { linkOf } from "../loops/reference.ts";
import { GradientFlow } from "../maps/gradient-flow/gradient-flow.ts";
import { plaquetteObservable } from "../observables/plaquette/plaquette.ts";
import { topologicalCharges } from "../observables/topological-charge/topological-charge.ts";
import { configuration, linkSpace } from "../testing.contract.ts";
import { hotLinks } from "./hot.ts";
import { startField } from "./index.ts";
import { instantonLinks } from "./instanton.ts";
import { reproducibleHot } from "./reproducible-hot.contract.ts";

const rng = addressedRng("starts", 2);

const plaquetteOf = (data: GaugeData): number => {
  const space = linkSpace({ group: data.group.name, extents: data.extents });
  return plaquetteObservable(space).measure(configuration(space, data), rng, 0)[0]!.values[0]!;
};

describe("cold, loaded", () => {
  const space = linkSpace({ group: "SU(3)", extents: [4, 3] });
  test("unit links, or those given", () => {
    expect(startField(space, "cold", rng).view()).toEqual(space.field().view());
    const data = hotLinks(space.group, [4, 3], rng);
    expect(space.store(startField(space, data, rng)).links).toEqual(data.links);
    expect(space.store(startField(space, "hot", rng)).links).toEqual(data.links);
    expect(() => startField(space, { ...data, extents: [3, 4] }, rng)).toThrow(
      /the configuration is SU\(3\) on \[3, 4\]/,
    );
  });
});

describe.each(["U(1)", "SU(2)", "SU(3)", "SU(4)", "SU(6)"])("hot %s", (name) => {
  const group = parseGroup(name);
  const extents = [6, 6, 6, 6];
  const data = hotLinks(group, extents, rng);
  const links = Array.from({ length: 6 ** 4 * 4 }, (_, i) => linkOf(data, Math.floor(i / 4), i % 4));

  test("in the group, different everywhere, another for another chain", () => {
    for (const u of links.slice(0, 40)) expect(unitarityDefect(u, group.special)).toBeLessThan(1e-13);
    expect(new Set(links.map((u) => u[0])).size).toBe(links.length);
    expect(hotLinks(group, extents, addressedRng("starts", 3)).links[0]).not.toBe(data.links[0]);
  });

  test("characters of the Haar measure: <tr U> = 0, <|tr U|^2> = 1, and <Re (tr U)^2> = 1 for SU(2) (5 sigma)", () => {
    const moments = (f: (re: number, im: number) => number) => {
      const values = links.map((u) => f(...trace(u)));
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
      return { mean, error: Math.sqrt(variance / values.length) };
    };
    const check = (f: (re: number, im: number) => number, expected: number) => {
      const { mean, error } = moments(f);
      expect(Math.abs(mean - expected)).toBeLessThan(5 * error + 1e-12);
    };
    check((re) => re, 0);
    check((_, im) => im, 0);
    check((re, im) => re * re + im * im, 1);
    check((re, im) => re * re - im * im, name === "SU(2)" ? 1 : 0);
  });
});

describe("one instanton", () => {
  const small = instantonLinks(parseGroup("SU(2)"), [8, 8, 8, 8]);

  test("SU(N) is SU(2) in a corner: plaquette (2 P + N - 2)/N", () => {
    const p = plaquetteOf(small);
    expect(p).toBeGreaterThan(0.9);
    for (const n of [3, 4, 5]) {
      const large = instantonLinks(parseGroup(`SU(${n})`), [8, 8, 8, 8]);
      expect(unitarityDefect(linkOf(large, 7, 2), true)).toBeLessThan(1e-14);
      expect(plaquetteOf(large)).toBeCloseTo((2 * p + n - 2) / n, 13);
    }
  });

  test("charge about one after a little flow", () => {
    const space = linkSpace({ group: "SU(3)", extents: [8, 8, 8, 8] });
    const flow = new GradientFlow(space, startField(space, "instanton", rng), { action: "wilson", step: 0.05 });
    flow.advance(1);
    const { clover, improved } = topologicalCharges(space, flow.configuration.field.address);
    expect(Math.abs(Math.abs(clover) - 1)).toBeLessThan(0.15);
    expect(Math.abs(Math.abs(improved) - 1)).toBeLessThan(0.1);
    expect(Math.sign(clover)).toBe(Math.sign(improved));
  });

  test("odd extents have a link at the centre, and other groups and dimensions are refused", () => {
    expect(instantonLinks(parseGroup("SU(2)"), [3, 3, 3, 3]).links.every(Number.isFinite)).toBe(true);
    expect(() => instantonLinks(parseGroup("U(1)"), [4, 4, 4, 4])).toThrow(/needs SU\(N\) in four dimensions/);
    expect(() => instantonLinks(parseGroup("SU(2)"), [4, 4])).toThrow(
      /this run is SU\(2\) in 2; start "cold" or "hot"/,
    );
  });
});

describe("the reproducible hot start of LatticeQCD.jl and its flow (values of its own test suite)", () => {
  const four = [4, 4, 4, 4];
  const flowed = {
    2: [0.02997764273006077, 0.3109594421939725, 0.5529144839643897, 0.824789062560821, 0.944012556383614],
    3: [0.02685055523272796, 0.22144721516829324, 0.4421555146291806, 0.7444270565160868, 0.8786515255315757],
  };
  test.each([
    [2, four, 0.0002565633289190507],
    [3, four, 0.008449494077606137],
    [4, four, 0.0029731967994215515],
    [5, four, -0.0005506443879866896],
    [2, [4, 4], -0.09978762099361757],
    [3, [4, 4], 0.046263787757668186],
  ])("plaquette for N = %d on %j", (n, extents, expected) => {
    expect(plaquetteOf(reproducibleHot(n, extents))).toBeCloseTo(expected, 13);
  });

  test.each([
    [2, four, [1, 10, 20, 50, 100], flowed[2]],
    [3, four, [1, 10, 20, 50, 100], flowed[3]],
  ])("plaquette along the flow for N = %d on %j", (n, extents, steps, expected) => {
    const data = reproducibleHot(n, extents);
    const space = linkSpace({ group: data.group.name, extents });
    const flow = new GradientFlow(space, configuration(space, data).field, { action: "wilson", step: 0.01 });
    steps.forEach((count, i) => {
      flow.advance(count * 0.01);
      const [measured] = plaquetteObservable(space).measure(flow.configuration, rng, 0);
      expect(measured!.values[0]!).toBeCloseTo(expected[i]!, 10);
    });
  });
});
