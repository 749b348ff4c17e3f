import { expect, it } from "vitest";
import type { Device } from "../../kernels/device.ts";
import { callKernel, describeKernel } from "../../kernels/kernel.contract.ts";
import { openDevice } from "../../kernels/node.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { tridiagonalEigen } from "../../numerics/tridiagonal.ts";
import { eigenvaluesModule } from "./eigenvalues.ts";
import { STEP, STEP_BYTES, SWEEP_BYTES } from "./layout.ts";
import { rotationsModule, STATE, STATE_BYTES } from "./rotations.ts";

interface Tridiagonal {
  readonly diagonal: readonly number[];
  readonly offDiagonal: readonly number[];
}

/** What the reduction leaves of such a matrix. */
function stepsOf({ diagonal, offDiagonal }: Tridiagonal): Float64Array {
  const words = STEP_BYTES / 8;
  const steps = new Float64Array(words * diagonal.length);
  diagonal.forEach((d, i) => {
    steps[words * i + STEP.diagonal / 8] = d;
    if (i > 0) steps[words * i + STEP.square / 8] = offDiagonal[i - 1]! ** 2;
  });
  return steps;
}

function eigenvalues(device: Device, matrix: Tridiagonal): { values: Float64Array; failed: number } {
  const n = matrix.diagonal.length;
  const [values, squares, failed] = [new Float64Array(n + 1), new Float64Array(n + 1), new Int32Array(1)];
  const args = [values, squares, stepsOf(matrix), failed];
  callKernel(device, `eigenvalues/${n}`, () => eigenvaluesModule(n), "eigenvalues", 1, args);
  return { values: values.slice(0, n), failed: failed[0]! };
}

/** As many calls as it takes with the least memory: it holds the rotations of one sweep or two. */
function rotations(device: Device, matrix: Tridiagonal): { values: Float64Array; failed: number } {
  const n = matrix.diagonal.length;
  const [values, offDiagonal, state] = [
    new Float64Array(n + 1),
    new Float64Array(n + 1),
    new Int32Array(STATE_BYTES / 4),
  ];
  const run = (kernel: string, args: (number | Float64Array | Int32Array)[]) =>
    callKernel(device, `rotations/${n}`, () => rotationsModule(n), kernel, 1, args);
  run("start", [values, offDiagonal, stepsOf(matrix), state]);
  const room = 2 * n;
  while (state[STATE.row / 4]! < n && state[STATE.failed / 4] === 0)
    run("sweeps", [
      values,
      offDiagonal,
      new Float64Array(2 * room),
      new Int32Array((SWEEP_BYTES / 4) * room),
      state,
      room,
    ]);
  return { values: values.slice(0, n).sort(), failed: state[STATE.failed / 4]! };
}

const chain = (n: number): Tridiagonal => ({
  diagonal: Array<number>(n).fill(0),
  offDiagonal: Array<number>(n - 1).fill(1),
});
const random = (n: number): Tridiagonal => {
  const stream = addressedRng("tridiagonal").at("matrix", n);
  return {
    diagonal: Array.from({ length: n }, () => stream.normal()),
    offDiagonal: Array.from({ length: n - 1 }, () => stream.normal()),
  };
};
/** Wilkinson's matrices, with nothing between them but 1e-9: pairs and triples of eigenvalues that nearly agree. */
const glued: Tridiagonal = {
  diagonal: Array.from({ length: 30 }, (_, i) => Math.abs((i % 10) - 5)),
  offDiagonal: Array.from({ length: 29 }, (_, i) => (i % 10 === 9 ? 1e-9 : 1)),
};
/** Off-diagonal elements of all sizes on a zero diagonal: eigenvalues in pairs +-. */
const graded: Tridiagonal = {
  diagonal: Array<number>(21).fill(0),
  offDiagonal: Array.from({ length: 20 }, (_, i) => 10 ** -((7 * i) % 19)),
};
const matrices: Readonly<Record<string, Tridiagonal>> = {
  "chain of 1": chain(1),
  "chain of 2": chain(2),
  // both shifts of a pair of sweeps leave it as it is
  "chain of 3": chain(3),
  "chain of 40": chain(40),
  "random, 2": random(2),
  "random, 7": random(7),
  "random, 64": random(64),
  glued,
  graded,
};

describeKernel<string>("eigenvalues of tridiagonal matrices", {
  shapes: Object.keys(matrices),
  run: (device, name) => {
    const matrix = matrices[name]!;
    const [alone, rotated] = [eigenvalues(device, matrix), rotations(device, matrix)];
    expect([alone.failed, rotated.failed]).toEqual([0, 0]);
    return [...alone.values, ...rotated.values];
  },
  reference(name) {
    const { diagonal, offDiagonal } = matrices[name]!;
    const { values } = tridiagonalEigen(diagonal, offDiagonal);
    return [...values, ...values];
  },
  tolerance: (_, name) => 1e-15 * (2 + matrices[name]!.diagonal.length),
});

it("ends, and says so, where a number is none", () => {
  const device = openDevice({ workers: 1 });
  for (const at of [0, 3, 11]) {
    const matrix = random(12);
    const broken = { ...matrix, diagonal: matrix.diagonal.map((d, i) => (i === at ? Number.NaN : d)) };
    expect(eigenvalues(device, broken).failed).toBe(1);
    expect(rotations(device, broken).failed).toBe(1);
  }
  expect(eigenvalues(device, random(12)).failed).toBe(0);
  device.close();
});
