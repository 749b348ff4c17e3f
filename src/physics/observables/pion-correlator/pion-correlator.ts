import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { Field } from "../../../lattice/field.ts";
import { coordinates, type Geometry } from "../../../lattice/geometry.ts";
import { buildQuark, checkQuark, fermionSchema, type Quark, quarkKeys } from "../../dirac/quark.ts";
import type { Observable } from "../../observable.ts";

/** Where the quark starts. */
export interface Source {
  /** Coordinates of its middle. */
  readonly position: readonly number[];
  /** w of exp(-r^2/w^2) over the sites of its time slice, r periodic and in space; a point where left out. */
  readonly width?: number;
}

export interface PionCorrelator {
  /** C(t) = sum_x sum |G(x, t0 + t; source)|^2 over all spins and colours of both ends, t = 0 … T - 1. */
  readonly full: Float64Array;
  /** N_s N_c sum_x sum_a |G_aa|^2: only the elements with the same spin and colour at both ends, as LatticeQCD.jl prints. */
  readonly diagonal: Float64Array;
}

/**
 * The pseudoscalar correlator of a quark at the field that it has loaded; by gamma_5-hermiticity (for staggered quarks the
 * sign (-1)^x) the propagator back is G^dagger, so it is a sum of squares.
 */
export function pionCorrelator(quark: Quark, source: Source): PionCorrelator {
  const { space } = quark;
  const { geometry } = space.lattice;
  const extent = geometry.extents.at(-1)!;
  const times = timesFrom(geometry, source.position.at(-1)!);
  const weights = sourceWeights(geometry, source);
  const [full, diagonal] = [new Float64Array(extent), new Float64Array(extent)];
  const [eta, psi] = [space.field(), space.field()];
  try {
    for (let a = 0; a < space.components; a++) {
      placeSource(eta, weights, space.components, geometry.lanes, a);
      quark.solve(psi, eta);
      const norms = sliceNorms(psi, times, space.components, geometry.lanes, extent);
      for (let t = 0; t < extent; t++) {
        for (const norm of norms) full[t]! += norm[t]!;
        diagonal[t]! += space.components * norms[a]![t]!;
      }
    }
    return { full, diagonal };
  } finally {
    eta.release();
    psi.release();
  }
}

/** Time from the source of lane l of block b, at [b * lanes + l]. */
function timesFrom({ sites, extents }: Geometry, from: number): Int32Array {
  const extent = extents.at(-1)!;
  return sites.map((site) => (coordinates(site, extents).at(-1)! - from + extent) % extent);
}

/** Strength of the source at lane l of block b. */
function sourceWeights({ sites, extents }: Geometry, { position, width }: Source): Float64Array {
  return Float64Array.from(sites, (site) => {
    const distances = coordinates(site, extents).map((x, mu) => {
      const apart = Math.abs(x - position[mu]!);
      return Math.min(apart, extents[mu]! - apart);
    });
    if (width === undefined) return distances.every((r) => r === 0) ? 1 : 0;
    const inSpace = distances.slice(0, -1).reduce((sum, r) => sum + r * r, 0);
    return distances.at(-1) === 0 ? Math.exp(-inSpace / width ** 2) : 0;
  });
}

/** eta = the source in component a. */
function placeSource(eta: Field, weights: Float64Array, components: number, lanes: number, a: number): void {
  eta.zero();
  const values = eta.view();
  weights.forEach((weight, i) => {
    const [block, lane] = [Math.floor(i / lanes), i % lanes];
    values[2 * (block * components + a) * lanes + lane] = weight;
  });
}

/** sum_x |psi|^2 of each component, [component][t]. */
function sliceNorms(psi: Field, times: Int32Array, components: number, lanes: number, extent: number): Float64Array[] {
  const norms = Array.from({ length: components }, () => new Float64Array(extent));
  const values = psi.view();
  for (let block = 0; block * lanes < times.length; block++)
    for (let c = 0; c < components; c++)
      for (let lane = 0; lane < lanes; lane++) {
        const at = 2 * (block * components + c) * lanes + lane;
        norms[c]![times[block * lanes + lane]!]! += values[at]! ** 2 + values[at + lanes]! ** 2;
      }
  return norms;
}

const parameters = z.object({
  fermion: fermionSchema
    .prefault({ name: "wilson", kappa: 0.141139 })
    .describe("the quark, as a table { name = …, parameters }"),
  source: z.array(z.int().min(0)).optional().describe("coordinates of the source; the origin where left out"),
  width: z
    .number()
    .positive("width must be more than 0; leave it out for a point source")
    .optional()
    .describe("w of a Gaussian source exp(-r^2/w^2), for gauge-fixed configurations; a point source where left out"),
  "latticeqcd-jl": z
    .boolean()
    .default(false)
    .describe("measure the source-diagonal correlator that LatticeQCD.jl prints too; it depends on the gauge"),
  ...quarkKeys,
});

export const pionCorrelatorObservable: Definition<typeof parameters, Observable, Bench> = {
  name: "pion-correlator",
  title: "pion correlator C(t) = sum |G(x, t; source)|^2 over space, spins and colours",
  cite: ["I. Montvay and G. Münster, Quantum Fields on a Lattice (1994)"],
  parameters,
  build(given, bench) {
    const space = linksOf(bench, "pion-correlator");
    const { extents } = space.lattice;
    const position = given.source ?? extents.map(() => 0);
    if (position.length !== extents.length || position.some((x, mu) => x >= extents[mu]!))
      throw new RangeError(`source: [${position.join(", ")}] is no site of the lattice [${extents.join(", ")}]`);
    checkQuark(space, given);
    const source = { position, ...(given.width === undefined ? {} : { width: given.width }) };
    const names = ["C", ...(given["latticeqcd-jl"] ? ["latticeqcd-jl"] : [])];
    const labels = names.flatMap((name) => Array.from({ length: extents.at(-1)! }, (_, t) => `${name}(${t})`));
    return {
      name: "pion-correlator",
      measure(c) {
        const quark = buildQuark(space, given);
        try {
          quark.load(c.field);
          const { full, diagonal } = pionCorrelator(quark, source);
          const values = given["latticeqcd-jl"] ? [...full, ...diagonal] : full;
          return [{ name: "pion-correlator", labels, values: Float64Array.from(values) }];
        } finally {
          quark.release();
        }
      },
    };
  },
};
