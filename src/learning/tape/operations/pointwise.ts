import { cosSinTurns } from "../../../kernels/algebra/elementary.ts";
import { type Body, ModuleBuilder, type Vec } from "../../../kernels/builder.ts";
import type { Kernels } from "../../../kernels/device.ts";
import { layoutKey } from "../../../lattice/links/layout.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import type { TapeRecord } from "../record.ts";
import type { RealValue } from "../values.ts";

/** A real function and its derivative, described as a kernel describes arithmetic. */
export interface PointwiseFunction {
  /** Names it with all numbers in it: functions of one name share a kernel. */
  readonly name: string;
  /** y(x) */
  value(k: Body, x: Vec): Vec;
  /** dy/dx, given x and y(x). */
  derivative(k: Body, x: Vec, y: Vec): Vec;
}

/** tan(s x), with derivative s (1 + y^2); for |s x| below pi/2. */
export const tangent = (s: number): PointwiseFunction => ({
  name: `tan ${s}`,
  value(k, x) {
    const { cos, sin } = cosSinTurns(k, x.mul(s / (2 * Math.PI)));
    return sin.div(cos);
  },
  derivative: (_, __, y) => y.mul(y).add(1).mul(s),
});

/** x^2 */
export const squared: PointwiseFunction = {
  name: "square",
  value: (_, x) => x.mul(x),
  derivative: (_, x) => x.mul(2),
};

const pointwiseKernels = ({ lattice, layout }: LinkSpace, f: PointwiseFunction): Kernels<"forward" | "pull"> =>
  lattice.device.kernels<"forward" | "pull">(`tape pointwise/${layoutKey(layout)}/${f.name}`, () => {
    const m = new ModuleBuilder(layout.width);
    // forward(y, x, slots): y = f(x)
    m.kernel("forward", ["i32", "i32", "i32"] as const, (k, { begin, end }, y, x, slots) =>
      k.for(begin.mul(slots), end.mul(slots), (i) => {
        const offset = k.let(i.mul(k.vecBytes));
        k.store(y.add(offset), 0, f.value(k, k.let(k.load(x.add(offset)))));
      }),
    );
    // pull(cx, g, x, y, slots): cx += g f'(x)
    m.kernel("pull", ["i32", "i32", "i32", "i32", "i32"] as const, (k, { begin, end }, cx, g, x, y, slots) =>
      k.for(begin.mul(slots), end.mul(slots), (i) => {
        const offset = k.let(i.mul(k.vecBytes));
        const [from, to] = [k.let(k.load(x.add(offset))), k.let(k.load(y.add(offset)))];
        const slope = k.let(f.derivative(k, from, to));
        k.store(cx.add(offset), 0, k.load(cx.add(offset)).plus(k.load(g.add(offset)), slope));
      }),
    );
    return m.finish();
  });

/** f(x), number by number. */
export function applied(tape: TapeRecord, f: PointwiseFunction, x: RealValue): RealValue {
  const { device, blocks } = tape.space.lattice;
  const { forward, pull } = pointwiseKernels(tape.space, f);
  const output = tape.newReal(x.slots);
  device.run(forward, blocks, output.field.address, x.field.address, x.slots);
  return tape.record({
    inputs: [x],
    output,
    pull() {
      const [to, g] = [tape.cotangent(x).address, output.cotangent!.address];
      device.run(pull, blocks, to, g, x.field.address, output.field.address, x.slots);
    },
  }) as RealValue;
}
