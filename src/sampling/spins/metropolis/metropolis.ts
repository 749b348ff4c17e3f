import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import type { LocalAction } from "../../../physics/spins/spin-action.ts";
import { CHUNK, makeDraws } from "../local/draws.ts";
import { type LocalOptions, makeLocal } from "../local/local.ts";
import { countOf, isReversible, siteList } from "../local/order.ts";
import type { SpinMove, SpinSource } from "../spin-move.ts";
import { capParameter, metropolisRule, proposalDraws, type Reach } from "./proposals.ts";

export interface MetropolisOptions extends LocalOptions {
  /**
   * Largest angle between the old spin and the proposed one, radians: proposals are uniform on that cap. Left out: uniform
   * on the whole sphere (circle). Ising spins flip.
   */
  readonly width?: number;
}

/** A move whose width may be changed between moves. */
export interface MetropolisMove extends SpinMove {
  width: number;
}

/**
 * Single-spin Metropolis updates (N. Metropolis et al., J. Chem. Phys. 21 (1953) 1087): all of a move in one kernel where
 * the source tells its couplings or brings a chain of its own, else one after another by its local action (with the same
 * numbers as by couplings, see `Uniforms`).
 *
 * Throws a TypeError where the source has none of these, a RangeError for a width that is not positive.
 */
export function makeMetropolis(space: SpinSpace, source: SpinSource, options: MetropolisOptions): MetropolisMove {
  const { width } = options;
  if (width !== undefined && !(width > 0))
    throw new RangeError(`metropolis: width ${width}; give the largest angle of a proposal in radians, above 0`);
  const tuned = { width: width ?? Math.PI };
  const reach: Reach = width === undefined ? "sphere" : "cap";
  const { move, reversible } = moveOf(space, source, options, reach, () => tuned.width);
  return Object.assign(tuned, { move, reversible });
}

function moveOf(
  space: SpinSpace,
  source: SpinSource,
  options: MetropolisOptions,
  reach: Reach,
  width: () => number,
): SpinMove {
  const { spins } = space;
  const parameter = () => capParameter(spins, width());
  if (source.couplings) {
    const rule = metropolisRule(spins, reach);
    return makeLocal(space, "metropolis", () => source.couplings!, rule, options, parameter);
  }
  if (source.metropolis && options.order === "random" && spins !== "Ising")
    return chain(space, (c, spins) => source.metropolis!(c, spins), options, reach, width);
  if (source.local) return stepByStep(space, source.local, options, reach, parameter);
  throw new TypeError(
    "metropolis: the action tells neither its couplings nor how it changes with one spin; use an update that moves all spins at once, hmc or langevin",
  );
}

/** The action's own kernel. */
function chain(
  space: SpinSpace,
  metropolis: NonNullable<SpinSource["metropolis"]>,
  options: MetropolisOptions,
  reach: Reach,
  width: () => number,
): SpinMove {
  const updates = countOf(options, space.lattice.volume);
  const name = `metropolis${options.label ?? ""}`;
  return {
    reversible: true,
    move(state, rng) {
      const cap = reach === "cap" ? { width: Math.min(width(), Math.PI) } : {};
      const accepted = metropolis(state, { updates, key: rng.key(name), step: state.step, ...cap });
      return { proposals: updates, accepted };
    },
  };
}

/** One update after the other. */
function stepByStep(
  space: SpinSpace,
  local: LocalAction,
  options: MetropolisOptions,
  reach: Reach,
  parameter: () => number,
): SpinMove {
  const { spins, components, lattice } = space;
  const { heap } = lattice.device;
  const rule = proposalDraws(spins, reach);
  const draws = makeDraws(space, rule);
  const count = countOf(options, lattice.volume);
  const name = `metropolis${options.label ?? ""}`;
  const list = siteList(options.order, lattice.volume);
  const propose = proposer(components, reach);
  const numbers = new Float64Array(rule.numbers * CHUNK);
  const sites = new Int32Array(CHUNK);
  const drawn = new Float64Array(rule.numbers);
  const fresh = new Float64Array(components);
  const old = new Float64Array(components);
  return {
    reversible: isReversible(options),
    move(state, rng) {
      const key = rng.key(name);
      const site = options.order === "random" ? undefined : list(name, rng, state.step);
      let accepted = 0;
      local.begin(state);
      for (let first = 0; first < count; first += CHUNK) {
        const length = Math.min(CHUNK, count - first);
        draws.fill(key, state.step, first, length, parameter());
        // the local action may allocate: its views and ours would go stale
        numbers.set(heap.f64(draws.base, numbers.length));
        const random = heap.i32(draws.sites, 2 * length);
        for (let u = 0; u < length; u++) sites[u] = site ? site(first + u) : random[2 * u]!;
        for (let u = 0; u < length; u++) {
          for (let n = 0; n < rule.numbers; n++) drawn[n] = numbers[n * CHUNK + u]!;
          const at = components * sites[u]!;
          const view = state.field.view();
          for (let a = 0; a < components; a++) old[a] = view[at + a]!;
          propose(old, drawn, fresh);
          if (!(drawn.at(-1)! < -local.change(sites[u]!, fresh))) continue;
          local.accept();
          accepted += 1;
        }
      }
      return { proposals: count, accepted };
    },
  };
}

type Proposer = (old: Float64Array, drawn: Float64Array, fresh: Float64Array) => void;

/** The proposal from its drawn numbers, as `metropolisRule` makes it. */
function proposer(components: 1 | 2 | 3, reach: Reach): Proposer {
  if (components === 1)
    return (old, _, fresh) => {
      fresh[0] = -old[0]!;
    };
  if (reach === "sphere")
    return (_, drawn, fresh) => {
      for (let a = 0; a < components; a++) fresh[a] = drawn[a]!;
    };
  if (components === 2)
    return (old, [cos, sin], fresh) => {
      const [x, y] = [old[0]!, old[1]!];
      fresh[0] = x * cos! - y * sin!;
      fresh[1] = y * cos! + x * sin!;
      normalise(fresh);
    };
  return (old, [cos, x, y], fresh) => {
    const [nx, ny, nz] = [old[0]!, old[1]!, old[2]!];
    const sign = nz >= 0 ? 1 : -1;
    const a = -1 / (sign + nz);
    const b = nx * ny * a;
    fresh[0] = nx * cos! + (1 + sign * nx * nx * a) * x! + b * y!;
    fresh[1] = ny * cos! + sign * b * x! + (sign + ny * ny * a) * y!;
    fresh[2] = nz * cos! - sign * nx * x! - ny * y!;
    normalise(fresh);
  };
}

function normalise(v: Float64Array): void {
  let norm = 0;
  for (const x of v) norm += x * x;
  const scale = 1.5 - norm / 2;
  for (let a = 0; a < v.length; a++) v[a]! *= scale;
}
