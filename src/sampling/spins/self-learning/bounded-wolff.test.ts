import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { pairAction } from "../../../physics/spins/actions/pair-couplings/pair-action.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { sourceOf, updateOf } from "../spin-move.ts";
import { describeSpinUpdate } from "../spin-update.contract.ts";
import { makeWolff } from "../wolff/wolff.ts";
import { makeBoundedWolff } from "./bounded-wolff.ts";
import { spinSpace, stateOf } from "./small-systems.contract.ts";

const bounded = (reach: number) => (bench: UpdateBench) =>
  updateOf(makeBoundedWolff(bench.space as SpinSpace, sourceOf(bench, "wolff"), { clusters: 2, reach }));

/** What reflecting a cluster may cost. */
interface Costs {
  readonly border: boolean;
  readonly field: boolean;
}

/** The same clusters of Ising spins on a ring, of reach 1, in plain numbers. */
const plain =
  ({ border, field }: Costs) =>
  (bench: UpdateBench): Update => {
    const { shells, field: h } = sourceOf(bench, "plain").couplings!;
    const volume = bench.space.lattice.volume;
    const distance = (i: number, j: number) => Math.min((i - j + volume) % volume, (j - i + volume) % volume);
    const strength = (i: number, j: number) => shells[distance(i, j) - 1] ?? 0;
    return {
      step(state, rng) {
        const stream = rng.at("plain", state.step);
        const spins = state.field.view();
        const root = stream.below(volume);
        const others = Array.from(spins, (_, j) => j).filter((j) => j !== root);
        const [inside, outside] = [1, 2].map((r) => others.filter((j) => (distance(root, j) === 1) === (r === 1)));
        const cluster = [root];
        for (const i of cluster)
          for (const j of inside!) {
            if (cluster.includes(j)) continue;
            if (stream.uniform() < 1 - Math.exp(-2 * strength(i, j) * spins[i]! * spins[j]!)) cluster.push(j);
          }
        let cost = 0;
        for (const i of cluster) {
          if (field) cost += 2 * h[0]! * spins[i]!;
          if (border) for (const j of outside!) cost += 2 * strength(i, j) * spins[i]! * spins[j]!;
        }
        if (stream.uniform() < Math.exp(-cost)) for (const i of cluster) spins[i] = -spins[i]!;
        state.step += 1;
        return {};
      },
    };
  };

/** The clusters of a source without its field. */
const withoutField = (bench: UpdateBench) => {
  const source = sourceOf(bench, "wolff");
  const couplings = { ...source.couplings!, field: source.couplings!.field.map(() => 0) };
  return updateOf(makeBoundedWolff(bench.space as SpinSpace, { couplings }, { clusters: 2, reach: 1 }));
};

describeSpinUpdate("wolff clusters that end next to their first site", {
  build: bounded(1),
  targets: ["isingRing", "xyRing", "heisenberg", "xyField"],
  draws: 1500,
  reversible: true,
  broken: {
    "the border costs nothing": plain({ border: false, field: true }),
    "the field costs nothing": plain({ border: true, field: false }),
    "the field is not read": withoutField,
  },
});
describeSpinUpdate("the same clusters in plain numbers", {
  build: plain({ border: true, field: true }),
  targets: ["isingRing"],
  draws: 1500,
  reversible: true,
});

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

describe("a bounded cluster", () => {
  const space = spinSpace(device, [16, 16], "Ising");
  const action = pairAction(space, { shells: [0.7] }, 1, "cold");
  const flippedBy = (reach: number) => {
    const state = stateOf(space);
    const rng = addressedRng("bounded");
    makeBoundedWolff(space, action, { clusters: 1, reach }).move(state, rng);
    return Array.from(state.field.view()).flatMap((s, site) => (s < 0 ? [[site % 16, Math.floor(site / 16)]] : []));
  };

  test("stays within its reach", () => {
    const warm = pairAction(space, { shells: [0.3] }, 1, "warm");
    const state = stateOf(space);
    const rng = addressedRng("within");
    const { move } = makeBoundedWolff(space, warm, { clusters: 1, reach: 2.5 });
    for (; state.step < 200; state.step++) {
      const before = state.field.view().slice();
      move(state, rng);
      const root = rng.at("wolff", state.step, 0).below(256);
      const distance = (site: number) => {
        const [x, y] = [(site % 16) - (root % 16), Math.floor(site / 16) - Math.floor(root / 16)].map(Math.abs);
        return Math.hypot(Math.min(x!, 16 - x!), Math.min(y!, 16 - y!));
      };
      state.field.view().forEach((s, site) => {
        if (s !== before[site]) expect(distance(site)).toBeLessThanOrEqual(2.5);
      });
    }
  });

  test("of a wide reach is Wolff's, bit for bit", () => {
    const [one, other] = [stateOf(space), stateOf(space)];
    const rng = addressedRng("wide");
    const wide = makeBoundedWolff(space, action, { clusters: 3, reach: 100 });
    const wolff = makeWolff(space, action, { clusters: 3 });
    for (let i = 0; i < 20; i++) {
      wide.move(one, rng);
      wolff.move(other, rng);
      one.step = other.step = i + 1;
    }
    expect(one.field.view()).toEqual(other.field.view());
  });

  test("that the bonds out of its region hold back is not reflected", () => {
    expect(flippedBy(100).length).toBeGreaterThan(200);
    expect(flippedBy(4)).toEqual([]);
  });

  test("needs a neighbour to reach", () => {
    expect(() => makeBoundedWolff(space, action, { clusters: 1, reach: 0.5 })).toThrow(/give 1 or more/);
  });
});
