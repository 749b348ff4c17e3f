import { describe, expect, test } from "vitest";
import type { Device } from "../../kernels/device.ts";
import { openDevice } from "../../kernels/node.ts";
import { Lattice } from "../../lattice/lattice.ts";
import { coordinatesOf } from "../../lattice/shells.ts";
import type { Configuration } from "../../lattice/space.ts";
import { goldenOf } from "../../lattice/spins/configurations.contract.ts";
import type { SpinKind } from "../../lattice/spins/spin-data.ts";
import { SpinSpace } from "../../lattice/spins/spins.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import type { SpinModel } from "./model.ts";

export interface SpinModelContract {
  readonly spins: SpinKind;
  readonly extents: readonly number[];
  /** The model at a temperature, its weights away from all special values. */
  make(space: SpinSpace, temperature: number): SpinModel;
  /** The model has kinks (a ReLU), over which differences go wrong by as much as one of them weighs. */
  readonly kinks?: boolean;
}

const TEMPERATURE = 0.7;
const devices: readonly (readonly [string, Device])[] = [
  ["one worker", openDevice({ workers: 1 })],
  ["two workers", openDevice({ workers: 2, dispatch: "always" })],
  ["JavaScript", openDevice({ backend: "javascript" })],
];

const close = (found: number, expected: number, tolerance: number, scale = Math.abs(expected)) =>
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(tolerance * Math.max(scale, 1e-3));

/** What every trainable action of spins must satisfy. */
export function describeSpinModel(name: string, { spins, extents, make, kinks = false }: SpinModelContract): void {
  const bench = (device: Device = devices[0]![1]) => {
    const space = new SpinSpace(new Lattice(device, extents), spins);
    const model = make(space, TEMPERATURE);
    return { space, model, at: (values: Float64Array) => configurationOf(space, values) };
  };
  const volume = extents.reduce((a, b) => a * b, 1);
  const values = (off = 0) => goldenOf(spins, extents, off * volume).values;

  const [step, tolerance] = kinks ? [1e-6, 1e-5] : [1e-4, 1e-7];

  describe(name, () => {
    const { space, model, at } = bench();
    const n = space.components;

    test("does not change when all spins are turned or reflected, or the lattice is moved or mirrored", () => {
      const here = model.value(at(values()));
      const scale = Math.max(1, Math.abs(here));
      close(model.value(at(rotated(values(), n))), here, 1e-12, scale);
      close(model.value(at(values().map((x) => -x))), here, 1e-12, scale);
      for (const move of symmetries(extents))
        close(model.value(at(moved(values(), n, extents, move))), here, 1e-12, scale);
    });

    test("a planted anisotropy would be noticed", () => {
      const stretched = values().map((x, i) => (i % n === 0 ? 1.001 * x : x));
      expect(Math.abs(model.value(at(stretched)) - model.value(at(values())))).toBeGreaterThan(1e-9);
    });

    test("the derivative is that of the value, and is added with its weight", () => {
      const c = at(values());
      const gradient = space.field();
      gradient.view().fill(0.25);
      model.addDerivative(c, -2, gradient);
      const found = gradient.view().map((x) => (x - 0.25) / -2);
      for (const i of [0, 1, found.length >> 1, found.length - 1]) {
        const slope = difference((h) => {
          const shifted = values();
          shifted[i]! += h;
          return model.value(at(shifted));
        }, step);
        close(found[i]!, slope, tolerance, 1);
      }
    });

    /** Values and the pull-back of a batch of configurations, each with its weight. */
    const batchOf = (weights: readonly number[], offs: readonly number[]) => {
      const batch = model.batch(offs.length + 3);
      const to = space.lattice.device.heap.f64(batch.spins, space.length * batch.capacity);
      offs.forEach((off, b) => to.set(values(off), b * space.length));
      const s = batch.values(offs.length).slice();
      const gradient = new Float64Array(model.parameters.length).fill(0.5);
      batch.pull(Float64Array.from(weights), gradient);
      const each = new Float64Array(offs.length * gradient.length);
      batch.gradients?.(each);
      batch.release();
      return { s, gradient: gradient.map((x) => x - 0.5), each };
    };

    test("a batch gives the values and pull-backs one by one", () => {
      const offs = Array.from({ length: 21 }, (_, b) => b);
      const { s, gradient, each } = batchOf(
        offs.map((b) => Math.cos(1 + b)),
        offs,
      );
      const sum = new Float64Array(gradient.length);
      for (const b of offs) {
        const alone = batchOf([Math.cos(1 + b)], [b]);
        close(s[b]!, model.value(at(values(b))), 1e-12, Math.abs(s[b]!) + 1);
        alone.gradient.forEach((x, i) => {
          sum[i]! += x;
          if (each.some(Boolean)) close(Math.cos(1 + b) * each[b * sum.length + i]!, x, 1e-12, 1);
        });
      }
      const scale = Math.max(...gradient.map(Math.abs));
      gradient.forEach((x, i) => close(x, sum[i]!, 1e-12, scale));
    });

    test("the pull-back is the derivative with respect to the parameters", () => {
      const weights = [0.7, -1.9];
      const { gradient } = batchOf(weights, [0, 1]);
      const both = [at(values(0)), at(values(1))];
      const loss = () => both.reduce((sum, c, b) => sum + weights[b]! * model.value(c), 0);
      const scale = Math.max(...gradient.map(Math.abs));
      for (const i of model.parameters.keys()) {
        const slope = difference((h) => {
          const before = model.parameters[i]!;
          model.parameters[i] = before + h;
          model.assign();
          const changed = loss();
          model.parameters[i] = before;
          model.assign();
          return changed;
        }, step);
        close(gradient[i]!, slope, tolerance, scale);
      }
    });

    test("is E/T at every temperature", () => {
      const c = at(values());
      const two = model.valuesAt(c, [TEMPERATURE, 2]);
      close(two[0]!, model.value(c), 1e-14);
      close(two[1]!, make(space, 2).value(c), 1e-14);
      const other = model.at?.(2);
      if (other) close(other.value(c), two[1]!, 1e-14);
    });

    test("its constant is the last parameter", () => {
      const c = at(values());
      const before = model.value(c);
      const last = model.parameters.length - 1;
      model.parameters[last]! += 3;
      model.assign();
      close(model.value(c) - before, 3 / TEMPERATURE, 1e-11);
      model.parameters[last]! -= 3;
      model.assign();
    });

    test("layout and parameters have one length", () => {
      const size = model.layout.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
      expect(size).toBe(model.parameters.length);
    });

    test.runIf(model.local)("the local action gives differences of the value, along accepted changes too", () => {
      const c = at(values());
      const local = model.local!;
      local.begin(c);
      const proposals = values(3);
      for (let u = 0; u < 12; u++) {
        const site = (5 * u) % volume;
        const spin = proposals.slice(n * site, n * site + n);
        const after = c.field.view().slice();
        after.set(spin, n * site);
        const before = model.value(c);
        close(local.change(site, spin), model.value(at(after)) - before, 1e-11, Math.abs(before) + 1);
        if (u % 3 === 0) continue;
        local.accept();
        expect(c.field.view()).toEqual(after);
      }
    });

    test("two workers and plain JavaScript give the same bits", () => {
      const [first, ...others] = devices.map(([, device]) => everything(bench(device), values));
      for (const other of others) expect(other).toEqual(first);
    });
  });
}

/** Value, derivative, batch, gradient, a chain: all that a model computes. */
function everything(
  { space, model, at }: { space: SpinSpace; model: SpinModel; at: (values: Float64Array) => Configuration },
  values: (off?: number) => Float64Array,
): number[] {
  const c = at(values());
  const gradient = space.field();
  model.addDerivative(c, 1, gradient);
  // enough for two pieces of a range, which are of 16 items or of pairs; few where plain JavaScript takes long
  const count = space.lattice.volume > 24 ? 5 : 19;
  const batch = model.batch(count);
  const to = space.lattice.device.heap.f64(batch.spins, space.length * count);
  for (let b = 0; b < count; b++) to.set(values(b), b * space.length);
  const all = [...batch.values(count)];
  const slopes = new Float64Array(model.parameters.length);
  batch.pull(
    Float64Array.from(all, (x) => Math.sin(x)),
    slopes,
  );
  batch.release();
  const result = [model.value(c), ...gradient.view(), ...all, ...slopes];
  if (model.metropolis) {
    const key = addressedRng("bits").key("chain");
    result.push(model.metropolis(c, { updates: 12, key, step: 3 }), ...c.field.view());
    result.push(model.metropolis(c, { updates: 12, width: 0.7, key, step: 4 }), ...c.field.view());
  }
  return result;
}

export function configurationOf(space: SpinSpace, values: Float64Array): Configuration {
  const field = space.field();
  field.view().set(values);
  return { space, field, auxiliary: new Map() };
}

/** Fourth-order central difference. */
function difference(f: (h: number) => number, h: number): number {
  return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}

/** All spins turned by the same rotation: about z, and in space about x besides. */
function rotated(values: Float64Array, n: number): Float64Array {
  const out = values.slice();
  const turn = (a: number, b: number, angle: number) => {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    for (let i = 0; i < out.length; i += n) {
      const [x, y] = [out[i + a]!, out[i + b]!];
      out[i + a] = c * x - s * y;
      out[i + b] = s * x + c * y;
    }
  };
  if (n > 1) turn(0, 1, 0.7);
  if (n > 2) turn(1, 2, -1.1);
  return out;
}

type Move = (x: readonly number[]) => readonly number[];

/** A translation, a mirror, and where two sides are equal their exchange. */
function symmetries(extents: readonly number[]): Move[] {
  const wrap = (x: number, n: number) => ((x % n) + n) % n;
  const translation: Move = (x) => x.map((c, mu) => wrap(c + mu + 1, extents[mu]!));
  const mirror: Move = (x) => x.map((c, mu) => (mu === 0 ? wrap(-c, extents[0]!) : c));
  const turn: Move = (x) => [wrap(-x[1]!, extents[1]!), x[0]!, ...x.slice(2)];
  return [translation, mirror, ...(extents.length > 1 && extents[0] === extents[1] ? [turn] : [])];
}

/** The spins carried along by a symmetry of the lattice. */
function moved(values: Float64Array, n: number, extents: readonly number[], move: Move): Float64Array {
  const out = new Float64Array(values.length);
  for (let site = 0; n * site < values.length; site++) {
    const to = move(coordinatesOf(site, extents)).reduceRight((sum, c, mu) => sum * extents[mu]! + c, 0);
    out.set(values.subarray(n * site, n * site + n), n * to);
  }
  return out;
}
