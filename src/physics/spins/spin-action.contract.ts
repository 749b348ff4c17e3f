import { describe, expect, test } from "vitest";
import { Field } from "../../lattice/field.ts";
import type { SpinSpace } from "../../lattice/spins/spins.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { isSpinAction, type SpinAction } from "./spin-action.ts";
import { uniformSpin } from "./starts.ts";
import {
  permutedSpins,
  reflectedSpins,
  rotatedSpins,
  roughSpins,
  type SpinCase,
  spinConfiguration,
  spinSpace,
  translatedSpins,
} from "./testing.contract.ts";

export interface SpinActionContract {
  /** The action on a space at a temperature. */
  readonly make: (space: SpinSpace, temperature: number) => SpinAction;
  readonly cases: readonly SpinCase[];
  /** T of the tests; 0.7 by default. */
  readonly temperature?: number;
  /** False where a field breaks the invariance under global rotations (reflections) of the spins. */
  readonly rotations?: boolean;
  /** False where the couplings depend on the place or the direction. */
  readonly translations?: boolean;
  /** Largest error of values relative to their size, 1e-12 by default; forces have 1e-8, for their differences. */
  readonly tolerance?: number;
  /** Single-spin changes asked about, 60 by default. */
  readonly changes?: number;
}

/** What every action of spins must satisfy. */
export function describeSpinAction(name: string, contract: SpinActionContract): void {
  const { make, cases, temperature = 0.7, rotations = true, translations = true, tolerance = 1e-12 } = contract;
  const { changes = 60 } = contract;
  describe.each(cases)(`${name}: $spins on $extents`, (where) => {
    const space = spinSpace(where);
    const action = make(space, temperature);
    const data = roughSpins(where);
    const value = action.value(spinConfiguration(space, data));
    const size = Math.max(1, Math.abs(value));
    const expectSame = (s: number, at = space) =>
      expect(Math.abs(s - value), `${s} against ${value}, ${at.kind}`).toBeLessThan(tolerance * size);

    test("it is an action of spins, of its temperature", () => {
      expect(isSpinAction(action)).toBe(true);
      expect(action.temperature).toBe(temperature);
      expect(Number.isFinite(value)).toBe(true);
    });

    test.runIf(rotations)("invariance under global rotations and reflections of the spins", () => {
      expectSame(action.value(spinConfiguration(space, rotatedSpins(data))));
    });

    test.runIf(translations)("invariance under translations, reflections and exchange of directions", () => {
      const step = where.extents.map((_, mu) => mu + 1);
      expectSame(action.value(spinConfiguration(space, translatedSpins(data, step))));
      where.extents.forEach((_, mu) => expectSame(action.value(spinConfiguration(space, reflectedSpins(data, mu)))));
      const turned = permutedSpins(data, where.extents.map((_, mu) => mu).reverse());
      const other = spinSpace({ ...where, extents: turned.extents });
      expectSame(make(other, temperature).value(spinConfiguration(other, turned)), other);
    });

    test("values at several temperatures are those of the action built at each", () => {
      const temperatures = [temperature, 0.5 * temperature, 3 * temperature];
      const c = spinConfiguration(space, data);
      const values = action.valuesAt(c, temperatures);
      expect(values.length).toBe(3);
      temperatures.forEach((t, k) => {
        const alone = make(space, t).value(c);
        expect(Math.abs(values[k]! - alone), `T = ${t}: ${values[k]} against ${alone}`).toBeLessThan(
          tolerance * Math.max(1, Math.abs(alone)),
        );
      });
    });

    test.runIf(where.spins === "Ising")("there is no force on Ising spins, and it says so", () => {
      const c = spinConfiguration(space, data);
      expect(() => action.addForce(c, 1, new Field(space.lattice.device, space.length))).toThrow(TypeError);
    });

    test.runIf(where.spins !== "Ising")("force and gradient are the derivative, to 1e-8", () => {
      const { force, gradient, differences } = spinForces(space, action);
      const scale = Math.max(1e-3, Math.abs(differences));
      expect(Math.abs(force - differences) / scale, `${force} against ${differences}`).toBeLessThan(1e-8);
      expect(Math.abs(gradient - differences) / scale, `${gradient} against ${differences}`).toBeLessThan(1e-8);
    });

    test.runIf(where.spins !== "Ising")("force and gradient are added to what is there, times their weight", () => {
      const c = spinConfiguration(space, data);
      for (const [make, add] of [
        [() => space.momenta(), action.addForce],
        [() => new Field(space.lattice.device, space.length), action.addDerivative],
      ] as const) {
        const [once, more] = [make(), make()];
        add.call(action, c, 1, once);
        more.view().fill(0.25);
        add.call(action, c, -0.3, more);
        const scale = once.view().reduce((most, x) => Math.max(most, Math.abs(x)), 1);
        const worst = once.view().reduce((w, x, i) => Math.max(w, Math.abs(more.view()[i]! - 0.25 + 0.3 * x)), 0);
        expect(worst).toBeLessThan(1e-13 * scale);
      }
    });

    test.runIf(action.local)("single-spin changes are differences of S, before and after they are accepted", () => {
      expect(worstLocalChange(space, action, changes)).toBeLessThan(10 * tolerance * size);
    });

    test("two workers and the JavaScript back end give the same bits as one", () => {
      const results = (["one", "two", "javascript"] as const).map((device) => {
        const there = spinSpace(where, device);
        const act = make(there, temperature);
        const c = spinConfiguration(there, data);
        const g = new Field(there.lattice.device, there.length);
        act.addDerivative(c, 0.7, g);
        return { value: act.value(c), gradient: g.view().slice() };
      });
      for (const result of results.slice(1)) expect(result).toEqual(results[0]);
    });

    test("the spins stay as they were", () => {
      const c = spinConfiguration(space, data);
      action.value(c);
      action.addDerivative(c, 1, new Field(space.lattice.device, space.length));
      action.valuesAt(c, [1, 2]);
      action.local?.begin(c);
      expect(space.store(c.field).values).toEqual(data.values);
    });
  });
}

/**
 * The derivative of an action along a random turn P of all spins, at spins without order: from the force, -<F, P>; from
 * the gradient, <dS/dS, d/dh exp(h P) S>; and by sixth-order differences of S(exp(h P) S).
 */
export function spinForces(space: SpinSpace, action: SpinAction) {
  const where = { spins: space.spins, extents: space.lattice.extents };
  const c = spinConfiguration(space, roughSpins(where, 1));
  const [f, p] = [space.momenta(), space.momenta()];
  const g = new Field(space.lattice.device, space.length);
  action.addForce(c, 1, f);
  action.addDerivative(c, 1, g);
  space.drawMomenta(p, addressedRng("direction", 0), 0);
  // partly along the force, which keeps the derivative away from zero
  const weight = 1 / Math.max(1e-6, ...f.view().map(Math.abs));
  p.view().forEach((x, i, all) => (all[i] = x / 3 + weight * f.view()[i]!));
  const force = -f.view().reduce((sum, x, i) => sum + x * p.view()[i]!, 0);
  const gradient = g.view().reduce((sum, x, i) => sum + x * velocity(space, c.field, p, i), 0);
  const along = (h: number) => {
    const moved = spinConfiguration(space, space.store(c.field));
    space.drift(moved.field, p, h);
    return action.value(moved);
  };
  const h = 4e-3;
  const difference = (k: number) => along(k * h) - along(-k * h);
  const differences = (45 * difference(1) - 9 * difference(2) + difference(3)) / (60 * h);
  return { force, gradient, differences };
}

/** Number i of P x S, the velocity of the spins. */
function velocity(space: SpinSpace, s: Field, p: Field, i: number): number {
  const [x, w] = [s.view(), p.view()];
  if (space.spins === "XY") return i % 2 === 0 ? -w[i >> 1]! * x[i + 1]! : w[i >> 1]! * x[i - 1]!;
  const first = i - (i % 3);
  const [b, d] = [first + ((i + 1) % 3), first + ((i + 2) % 3)];
  return w[b]! * x[d]! - w[d]! * x[b]!;
}

/**
 * Largest disagreement between `local.change` and the difference of `value`, over changes of random spins of which every
 * second one is accepted; and between the spins in the field and those accepted.
 */
export function worstLocalChange(space: SpinSpace, action: SpinAction, changes: number): number {
  const where = { spins: space.spins, extents: space.lattice.extents };
  const rng = addressedRng("local changes", 0);
  const c = spinConfiguration(space, roughSpins(where, 2));
  const other = spinConfiguration(space);
  const local = action.local!;
  const n = space.components;
  local.begin(c);
  let value = action.value(c);
  let worst = 0;
  for (let i = 0; i < changes; i++) {
    const stream = rng.at("change", i);
    const site = stream.below(space.lattice.volume);
    const spin = Float64Array.from(uniformSpin(space.spins, stream));
    const change = local.change(site, spin);
    other.field.assign(c.field);
    other.field.view().set(spin, n * site);
    const there = action.value(other);
    worst = Math.max(worst, Math.abs(change - (there - value)));
    if (i % 2 === 0) continue;
    local.accept();
    worst = Math.max(worst, ...c.field.view().map((x, k) => Math.abs(x - other.field.view()[k]!)));
    value = there;
  }
  return worst;
}
