import { at, matrixBytes, multiply } from "../src/kernels/algebra/matrix.ts";
import { ModuleBuilder } from "../src/kernels/builder.ts";
import type { Device } from "../src/kernels/device.ts";
import { parseGroup } from "../src/lattice/group.ts";
import { Lattice } from "../src/lattice/lattice.ts";
import { LinkSpace } from "../src/lattice/links/links.ts";
import { addressedRng } from "../src/numerics/addressed-random.ts";
import { multiply as multiplyReference } from "../src/numerics/complex-matrix.ts";
import { wilsonGauge } from "../src/physics/actions/wilson-gauge/wilson-gauge.ts";
import { linkOf, pathProduct } from "../src/physics/loops/reference.ts";
import { nested } from "../src/sampling/integrators/integrate.ts";
import { schemeOf } from "../src/sampling/integrators/schemes.ts";
import type { State, Update } from "../src/sampling/update.ts";
import { heatbathDefinition } from "../src/sampling/updates/heatbath/index.ts";
import { hmc } from "../src/sampling/updates/hmc/hmc.ts";
import { overrelaxationDefinition } from "../src/sampling/updates/overrelaxation/index.ts";
import { time } from "./timing.ts";

/** Floating-point operations of an SU(3) product. */
export const MULTIPLY_FLOPS = 198;
/** Products in the plaquette force: 36 a site as it is done (every plaquette once), so 9 a link; the additions are not counted. */
export const FORCE_FLOPS = 9 * MULTIPLY_FLOPS;
/** The plain reference goes link by link: six staples of two products each, and U A with every one of them. */
export const REFERENCE_FORCE_FLOPS = 6 * 4 * MULTIPLY_FLOPS;

/** A thermalised-looking field, its space and action. */
export function system(device: Device, group: string, extents: readonly number[], beta: number) {
  const space = new LinkSpace(new Lattice(device, extents), parseGroup(group));
  const field = space.field();
  const p = space.momenta();
  const rng = addressedRng("bench", 0);
  space.drawMomenta(p, rng, 0);
  space.drift(field, p, 0.35);
  const state: State = { space, field, auxiliary: new Map(), step: 0 };
  return { space, state, rng, p, action: wilsonGauge(space, beta) };
}

export interface GaugeTimes {
  readonly leapfrogStep: number;
  readonly force: number;
  readonly heatbathSweep: number;
  readonly overrelaxationSweep: number;
}

/** SU(3) 8^4, seconds each. */
export function gaugeTimes(device: Device): GaugeTimes {
  const { space, state, rng, p, action } = system(device, "SU(3)", [8, 8, 8, 8], 6);
  const steps = 10;
  const integrate = nested([{ action, scheme: schemeOf("leapfrog"), steps }]);
  const bench = { space, action, terms: [action], names: ["wilson-gauge"], label: "" };
  const definition = { heatbath: heatbathDefinition, overrelaxation: overrelaxationDefinition };
  const sweep = (name: keyof typeof definition): Update =>
    definition[name].build(definition[name].parameters.parse({}) as never, bench);
  const [heat, over] = [sweep("heatbath"), sweep("overrelaxation")];
  return {
    leapfrogStep: time(() => integrate(state, p, 0.01)).minimum / steps,
    force: time(() => action.addForce(state, 0, p)).minimum,
    heatbathSweep: time(() => heat.step(state, rng)).minimum,
    overrelaxationSweep: time(() => over.step(state, rng)).minimum,
  };
}

/** Seconds of a 4^4 SU(2) trajectory of 20 leapfrog steps, momenta, energies and accept/reject included. */
export function smallTrajectory(device: Device): number {
  const { space, state, rng, action } = system(device, "SU(2)", [4, 4, 4, 4], 2.7);
  const integrate = nested([{ action, scheme: schemeOf("leapfrog"), steps: 20 }]);
  const update = hmc(space, action, { length: 1, integrate });
  return time(() => update.step(state, rng)).minimum;
}

/** Seconds of one SU(3) product: 4096 pairs of matrices in the second-level cache. */
export function multiplyTime(device: Device): number {
  const n = 3;
  const kernels = device.kernels<"multiply">("bench/multiply", () => {
    const m = new ModuleBuilder({ lanes: 2, bytes: 8 });
    m.kernel("multiply", ["i32", "i32", "i32"] as const, (k, { begin, end }, out, a, b) => {
      k.for(begin, end, (i) => {
        const o = k.let(i.mul(matrixBytes(k, n)));
        multiply(k, n, at(k.let(out.add(o))), at(k.let(a.add(o))), at(k.let(b.add(o))));
      });
    });
    return m.finish();
  });
  const blocks = 1024;
  const bytes = blocks * 2 * 18 * 8;
  const [out, a, b] = [0, 1, 2].map(() => device.heap.allocate(bytes));
  device.heap.f64(a!, bytes / 8).fill(0.3);
  device.heap.f64(b!, bytes / 8).fill(0.2);
  const t = time(() => device.run(kernels.multiply, blocks, out!, a!, b!)).minimum / (2 * blocks);
  for (const address of [out, a, b]) device.heap.release(address!);
  return t;
}

/** Seconds of one SU(3) product and of one link's plaquette force in the plain reference executor. */
export function referenceTimes(device: Device): { readonly multiply: number; readonly force: number } {
  const { space, state } = system(device, "SU(3)", [4, 4, 4, 4], 6);
  const data = space.store(state.field);
  const [x, y] = [linkOf(data, 0, 0), linkOf(data, 1, 0)];
  const staples = [2, 3, 4].flatMap((nu) => [
    [nu, -1, -nu],
    [-nu, -1, nu],
  ]);
  const force = () => {
    for (const path of staples) multiplyReference(linkOf(data, 7, 0), pathProduct(data, 8, path));
  };
  return { multiply: time(() => void multiplyReference(x, y)).minimum, force: time(force).minimum };
}
