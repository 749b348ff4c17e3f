import { type Body, type Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import { SCRATCH_BYTES } from "../../../kernels/control.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import type { SpinCouplings } from "../../../physics/spins/spin-action.ts";
import type { SpinMove } from "../spin-move.ts";
import { couplingTable, type FieldShape, localField, shapeKey, shapeOf } from "./couplings.ts";
import { CHUNK, type DrawRule, makeDraws } from "./draws.ts";
import { countOf, isReversible, siteList, type Visits } from "./order.ts";

/** One spin under update. */
export interface Visit {
  readonly spin: readonly Vec[];
  /** The field it stands in: its weight is exp(h.S). */
  readonly field: readonly Vec[];
  /** The numbers that the rule drew for it. */
  readonly drawn: readonly Vec[];
  /** For rules that need more: key and step, and the number u of the update at the address `update`. */
  readonly key: readonly [Int, Int];
  readonly step: Int;
  readonly update: Int;
  /** Free memory of the worker. */
  readonly work: Int;
}

/** What a local update does to one spin while all others stand still. Must leave exp(h.S) alone. */
export interface SpinRule {
  /** Names the rule; part of the keys of its modules. */
  readonly key: string;
  /** What it draws; nothing where it draws nothing but the site. */
  readonly draw: DrawRule;
  /** The new spin, and 1 where it was accepted, 0 where not. */
  visit(m: ModuleBuilder): (k: Body, visit: Visit) => { readonly spin: readonly Vec[]; readonly accepted: Vec };
}

export interface LocalOptions extends Visits {
  /** Appended to the purposes of its random numbers. */
  readonly label?: string;
}

/**
 * Single-spin updates of a rule, all of one move in one kernel. Sites and spins are drawn in stretches ahead of them.
 * @param purpose of its random numbers.
 * @param couplings read at every move.
 * @param parameter number for the drawing, read at every move.
 */
export function makeLocal(
  space: SpinSpace,
  purpose: string,
  couplings: () => SpinCouplings,
  rule: SpinRule,
  options: LocalOptions,
  parameter: () => number = () => 0,
): SpinMove {
  const { device, volume } = space.lattice;
  const shells = couplings().shells.length;
  const table = couplingTable(space, shells);
  const draws = makeDraws(space, rule.draw);
  const count = countOf(options, volume);
  const random = options.order === "random";
  const list = siteList(options.order, volume);
  const name = `${purpose}${options.label ?? ""}`;
  const kernelFor = (shape: FieldShape) =>
    device.kernels<"visit">(`spins/visit/${rule.key}/${shapeKey(shape)}`, () => visitModule(shape, rule));
  return {
    reversible: isReversible(options),
    move(state, rng) {
      const now = couplings();
      const { visit } = kernelFor(shapeOf(space, now));
      table.write(now);
      const key = rng.key(name);
      const site = random ? undefined : list(name, rng, state.step);
      let accepted = 0;
      for (let first = 0; first < count; first += CHUNK) {
        const length = Math.min(CHUNK, count - first);
        if (random || rule.draw.numbers > 0) draws.fill(key, state.step, first, length, parameter());
        if (site) {
          const sites = device.heap.i32(draws.sites, 2 * length);
          for (let u = 0; u < length; u++) sites[2 * u] = site(first + u);
        }
        const addresses = [state.field.address, table.address, draws.sites, draws.base];
        accepted += device.sum(visit, 1, 1, 1, ...addresses, length, first, ...key, state.step)[0]!;
      }
      return { proposals: count, accepted };
    },
  };
}

/** Kernel visit: `count` updates one after the other, in one item; their number accepted is the partial sum. */
function visitModule(shape: FieldShape, rule: SpinRule) {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  const update = rule.visit(m);
  const { components } = shape;
  const types = Array<"i32">(10).fill("i32");
  m.kernel("visit", types, (k, { scratch }, ...all) => {
    const [partials, spins, table, sites, base, count, first, k0, k1, step] = all as unknown as Tuple;
    const total = k.let(Vec.of(0));
    const number = k.let(scratch.add(SCRATCH_BYTES - 8));
    k.for(0, count, (u) => {
      const offset = k.let(u.shl(3));
      const site = k.let(k.loadInt(sites.add(offset)));
      const at = k.let(spins.add(site.mul(8 * components)));
      const spin = Array.from({ length: components }, (_, a) => k.let(k.load(at, 8 * a)));
      const field = localField(k, shape, table, spins, site);
      const own = k.let(base.add(offset));
      const drawn = Array.from({ length: rule.draw.numbers }, (_, n) => k.let(k.load(own, 8 * CHUNK * n)));
      k.storeInt(number, 0, first.add(u));
      const visit: Visit = { spin, field, drawn, key: [k0, k1], step, update: number, work: scratch };
      const fresh = update(k, visit);
      fresh.spin.forEach((x, a) => k.store(at, 8 * a, x));
      k.set(total, total.add(fresh.accepted));
    });
    k.store(partials, 0, total);
  });
  return m.finish();
}

type Tuple = [Int, Int, Int, Int, Int, Int, Int, Int, Int, Int];
