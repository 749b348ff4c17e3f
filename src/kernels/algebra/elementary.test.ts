import { addressedRng } from "../../numerics/addressed-random.ts";
import { type Body, ModuleBuilder, type Vec } from "../builder.ts";
import { callKernel, describeKernel } from "../kernel.contract.ts";
import { cosSinTurns, exp, log } from "./elementary.ts";

interface Shape {
  readonly name: keyof typeof functions;
  readonly range: string;
  readonly lanes: 1 | 2;
}

const functions: Readonly<Record<string, { emit: (k: Body, x: Vec) => Vec; reference: (x: number) => number }>> = {
  log: { emit: log, reference: Math.log },
  exp: { emit: exp, reference: (x) => Math.exp(Math.max(-700, Math.min(700, x))) },
  cos: { emit: (k, u) => cosSinTurns(k, u).cos, reference: (u) => turned(u, 1) },
  sin: { emit: (k, u) => cosSinTurns(k, u).sin, reference: (u) => turned(u, 0) },
};

/** sin(2 pi u + quarter pi / 2): u is reduced exactly, 2 pi kept to twice the precision of a double. */
function turned(u: number, quarter: number): number {
  const quadrant = Math.round(4 * u);
  const r = u - quadrant / 4;
  const x = r * 2 * Math.PI;
  const x0 = Math.fround(r);
  const p0 = 6.28318500518798828125; // the upper 24 bits of 2 pi
  const p1 = 2 * Math.PI - p0;
  // what the product x lost, and 2 pi - fl(2 pi)
  const lost = x0 * p0 - x + (r - x0) * p0 + x0 * p1 + (r - x0) * p1 + r * 2.4492935982947064e-16;
  const [sin, cos] = [Math.sin(x) + lost * Math.cos(x), Math.cos(x) - lost * Math.sin(x)];
  return [sin, cos, -sin, -cos][(((quadrant + quarter) % 4) + 4) % 4]!;
}

/** Distance to the next double away from zero. */
function ulp(x: number): number {
  if (x === 0) return Number.MIN_VALUE;
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(x))));
  return 2 ** (exponent - 52);
}

const smallestNormal = 2 ** -1022;
const ranges: Readonly<Record<string, (u: number) => number>> = {
  "every normal number": (u) => 2 ** (2045 * u - 1022) * (1 + u),
  "near one": (u) => 1 + (u - 0.5) * 2 ** (-50 * u),
  "uniforms of a normal": (u) => 1 - u,
  "whole range": (u) => 1400 * u - 700,
  "near zero": (u) => (u - 0.5) * 2 ** (-60 * u),
  "one turn": (u) => 2 * u - 1,
  "many turns": (u) => (2 * u - 1) * 2 ** (40 * u),
};

const extremes: Readonly<Record<string, readonly number[]>> = {
  log: [
    smallestNormal,
    smallestNormal * (1 + 2 ** -52),
    1 - 2 ** -53,
    1,
    1 + 2 ** -52,
    Math.SQRT2,
    2,
    Number.MAX_VALUE,
  ],
  exp: [-1e300, -746, -700, -(2 ** -54), -0, 0, 2 ** -54, Math.LN2 / 2, 1, 700, 710, Number.MAX_VALUE],
  cos: [
    -(2 ** 40) + 0.125,
    -1,
    -0.125,
    -0,
    0,
    2 ** -60,
    0.125,
    0.25,
    0.375,
    0.5,
    0.75,
    1 - 2 ** -53,
    2 ** 40 - 2 ** -12,
  ],
  sin: [-(2 ** 40) + 0.125, -1, -0.125, 2 ** -60, 0.125, 0.25, 0.375, 0.5, 0.75, 1 - 2 ** -53, 2 ** 40 - 2 ** -12],
};

function points({ name, range }: Shape): Float64Array {
  const stream = addressedRng("elementary").at(`${name} ${range}`, 0);
  const drawn = Array.from({ length: 20_000 }, () => ranges[range]!(stream.uniform()));
  return Float64Array.from([...extremes[name]!, ...extremes[name]!.slice(0, extremes[name]!.length % 2), ...drawn]);
}

function elementaryModule({ name, lanes }: Shape) {
  const m = new ModuleBuilder({ lanes, bytes: 8 });
  m.kernel("apply", ["i32", "i32"] as const, (k, { begin, end }, out, x) => {
    k.for(begin, end, (item) => {
      const offset = k.let(item.mul(k.vecBytes));
      k.store(out.add(offset), 0, functions[name]!.emit(k, k.load(x.add(offset))));
    });
  });
  return m.finish();
}

const used: Readonly<Record<string, readonly string[]>> = {
  log: ["every normal number", "near one", "uniforms of a normal"],
  exp: ["whole range", "near zero"],
  cos: ["one turn", "near zero", "many turns"],
  sin: ["one turn", "near zero", "many turns"],
};

describeKernel<Shape>("elementary function", {
  shapes: Object.entries(used).flatMap(([name, list]) =>
    list.flatMap((range) => ([1, 2] as const).map((lanes) => ({ name, range, lanes }))),
  ),
  run(device, shape) {
    const x = points(shape);
    const out = new Float64Array(x.length);
    const key = `elementary/${shape.name}/${shape.lanes}`;
    callKernel(device, key, () => elementaryModule(shape), "apply", x.length / shape.lanes, [out, x]);
    return out;
  },
  reference: (shape) => Array.from(points(shape), referenceOf(shape)),
  // Math.* are fdlibm's within one unit in the last place of the truth, as ours are
  tolerance: (expected) => 2 * ulp(expected),
});

function referenceOf({ name }: Shape) {
  return (x: number) => functions[name]!.reference(x);
}
