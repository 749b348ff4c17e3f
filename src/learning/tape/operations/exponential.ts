import type { TapeRecord } from "../record.ts";
import type { MatrixValue, ScalarValue } from "../values.ts";
import { exponentialKernels } from "./exponential-kernels.ts";

/** TA(x); its cotangent is TA(G), because Re tr[G TA(dx)] = Re tr[TA(G) dx]. */
export function projected(tape: TapeRecord, x: MatrixValue): MatrixValue {
  const { device, blocks } = tape.space.lattice;
  const { project, addProjected } = exponentialKernels(tape.space);
  const output = tape.newMatrix();
  device.run(project, blocks, output.field.address, x.field.address);
  return tape.record({
    inputs: [x],
    output,
    pull: () => device.run(addProjected, blocks, tape.cotangent(x).address, output.cotangent!.address),
  }) as MatrixValue;
}

/** exp(TA(x)). */
export function exponential(tape: TapeRecord, x: MatrixValue): MatrixValue {
  const { device, blocks } = tape.space.lattice;
  const { exp, expPull } = exponentialKernels(tape.space);
  const output = tape.newMatrix();
  device.run(exp, blocks, output.field.address, x.field.address);
  return tape.record({
    inputs: [x],
    output,
    pull: () => device.run(expPull, blocks, x.field.address, output.cotangent!.address, tape.cotangent(x).address),
  }) as MatrixValue;
}

/** exp(TA(x)) u. */
export function rotated(tape: TapeRecord, x: MatrixValue, u: MatrixValue): MatrixValue {
  const { device, blocks } = tape.space.lattice;
  const { rotate, rotatePull } = exponentialKernels(tape.space);
  const output = tape.newMatrix();
  const [from, link] = [x.field, u.field];
  device.run(rotate, blocks, output.field.address, from.address, link.address);
  return tape.record({
    inputs: [x, u],
    output,
    pull() {
      const targets = [x, u].map((value) => tape.cotangentOrScrap(value));
      const [toX, toU] = targets.map(({ field }) => field.address);
      const g = output.cotangent!.address;
      device.run(rotatePull, blocks, x.field.address, u.field.address, g, toX!, toU!);
      for (const { end } of targets) end();
    },
  }) as MatrixValue;
}

/** exp(TA(rho c u^dagger)) u. */
export function smeared(tape: TapeRecord, c: MatrixValue, u: MatrixValue, rho: ScalarValue): MatrixValue {
  const { device, blocks, width } = tape.space.lattice;
  const { smear, smearPull } = exponentialKernels(tape.space);
  const output = tape.newMatrix();
  device.run(smear, blocks, output.field.address, c.field.address, u.field.address, rho.value);
  return tape.record({
    inputs: [c, u, rho],
    output,
    pull() {
      const targets = [c, u].map((value) => tape.cotangentOrScrap(value));
      const [toC, toU] = targets.map(({ field }) => field.address);
      const fields = [c.field.address, u.field.address, output.cotangent!.address, toC!, toU!];
      const [sum] = device.sum(smearPull, blocks, 1, width.lanes, ...fields, rho.value);
      if (rho.active) rho.cotangent += sum!;
      for (const { end } of targets) end();
    },
  }) as MatrixValue;
}
