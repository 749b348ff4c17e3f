import { expect, test } from "vitest";
import { addressedRng, uniformFromWords } from "../../numerics/addressed-random.ts";
import { philox4x32 } from "../../numerics/philox.ts";
import { ModuleBuilder } from "../builder.ts";
import { callKernel, describeKernel } from "../kernel.contract.ts";
import { encodeModule } from "./encode.ts";

interface Shape {
  readonly lanes: 1 | 2;
  readonly key: readonly [number, number];
  readonly step: number;
  readonly subStream: number;
}

const COUNT = 600;

/** Site numbers over the whole range of 32 bits. */
function siteNumbers({ step }: Shape): Int32Array {
  const stream = addressedRng("philox-kernel").at("sites", step);
  const edges = [0, 1, 0x7fffffff, -2147483648, -1];
  return Int32Array.from({ length: COUNT }, (_, i) => edges[i] ?? stream.below(2 ** 32) | 0);
}

function drawModule({ lanes }: Shape) {
  const m = new ModuleBuilder({ lanes, bytes: 8 });
  m.kernel("draw", ["i32", "i32", "i32", "i32", "i32", "i32"] as const, (k, range, out, sites, k0, k1, c2, c3) => {
    k.for(range.begin, range.end, (item) => {
      const to = k.let(out.add(item.mul(2 * k.vecBytes)));
      k.philox([k0, k1], item.mul(0x01000193), k.let(sites.add(item.mul(4 * lanes))), c2, c3, to);
    });
  });
  return m.finish();
}

describeKernel<Shape>("philox uniforms", {
  shapes: ([1, 2] as const).flatMap((lanes) => [
    { lanes, key: [0, 0], step: 0, subStream: 0 },
    { lanes, key: addressedRng("kernel", 7).key("momenta"), step: 12345, subStream: 3 },
    { lanes, key: [0xffffffff, 0xffffffff], step: 0xffffffff, subStream: 0xffffffff },
  ]),
  run(device, shape) {
    const out = new Float64Array(2 * COUNT);
    const args = [out, siteNumbers(shape), ...shape.key, shape.step, shape.subStream];
    callKernel(device, `philox/${shape.lanes}`, () => drawModule(shape), "draw", COUNT / shape.lanes, args);
    return out;
  },
  reference(shape) {
    const words = new Uint32Array(4);
    const out = new Float64Array(2 * COUNT);
    siteNumbers(shape).forEach((site, i) => {
      const item = Math.floor(i / shape.lanes);
      const lane = i % shape.lanes;
      philox4x32(Math.imul(item, 0x01000193), site, shape.step, shape.subStream, ...shape.key, words);
      out[2 * item * shape.lanes + lane] = uniformFromWords(words[0]!, words[1]!);
      out[(2 * item + 1) * shape.lanes + lane] = uniformFromWords(words[2]!, words[3]!);
    });
    return out;
  },
  // the same 52 bits; the smallest step there is makes the comparison all but exact
  tolerance: () => 2 ** -53,
});

test("four lanes of float32 draw no random numbers", () => {
  const m = new ModuleBuilder({ lanes: 4, bytes: 4 });
  m.kernel("draw", ["i32"] as const, (k, _, p) => k.philox([p, p], p, p, p, p, p));
  const memory = { initial: 1, maximum: 1, shared: false };
  expect(() => encodeModule(m.finish(), { memory })).toThrow(/float64/);
});
