import type { Field } from "../../lattice/field.ts";
import type { Configuration } from "../../lattice/space.ts";
import { type Action, isDifferentiable, sumOf } from "../../physics/action.ts";
import type { FieldMap, ParameterBlock, Trainable } from "../../physics/maps/field-map.ts";
import { type MappedAction, through } from "../../physics/maps/through.ts";

/** One term of a guide. */
export interface GuideTerm {
  /** The word of the run file; names the parameters of the term. */
  readonly name: string;
  readonly action: Action;
  /** A network that the links go through before the action sees them; each term has its own. */
  readonly map?: FieldMap;
  /** Factor in front of the term. */
  readonly scale: number;
  /** Whether that factor is trained. */
  readonly learnScale: boolean;
}

/** A term with what changes while it is trained. */
interface LiveTerm extends GuideTerm {
  readonly mapped: MappedAction | undefined;
  /** A_k(map(U)), without its factor. */
  readonly bare: Action;
  /** Where its parameters begin: those of the map, then its factor where that is trained. */
  readonly offset: number;
  factor: number;
}

/**
 * A guide action S_theta = sum_k s_k A_k[map_k(U)]: the effective action whose force drives the molecular dynamics of
 * self-learning HMC (Y. Nagai, A. Tomiya, Phys. Rev. D 111 (2025) 074501). Its parameters are those of the maps and, where
 * wanted, the factors s_k, in one array; after writing there call `assign`.
 *
 * Throws a TypeError where a term that is taken through a map does not tell its derivative.
 */
export class Guide implements Trainable {
  readonly parameters: Float64Array;
  readonly layout: readonly ParameterBlock[];
  /** The terms with their factors: what molecular dynamics integrates, in the order and under the names given. */
  readonly terms: readonly Action[];
  readonly names: readonly string[];
  readonly action: Action;
  private readonly live: readonly LiveTerm[];

  constructor(terms: readonly GuideTerm[]) {
    let offset = 0;
    this.live = terms.map((term) => {
      const mapped = term.map ? through(term.action, term.map) : undefined;
      const live = { ...term, mapped, bare: mapped ?? term.action, offset, factor: term.scale };
      offset += countOf(term);
      return live;
    });
    this.layout = terms.flatMap(blocksOf);
    this.parameters = new Float64Array(offset);
    for (const { map, scale, learnScale, offset: at } of this.live) {
      if (map) this.parameters.set(map.parameters, at);
      if (learnScale) this.parameters[at + (map?.parameters.length ?? 0)] = scale;
    }
    this.names = terms.map(({ name }) => name);
    this.terms = this.live.map((term) => scaled(term.bare, term));
    this.action = sumOf(this.terms);
  }

  /** Hands the parameters to the maps and factors. */
  assign(): void {
    for (const term of this.live) {
      const { map, learnScale, offset } = term;
      const size = map?.parameters.length ?? 0;
      map?.parameters.set(this.parameters.subarray(offset, offset + size));
      if (learnScale) term.factor = this.parameters[offset + size]!;
    }
  }

  /** S_theta */
  value(c: Configuration): number {
    return this.action.value(c);
  }

  /** gradient += weight * dS_theta/dparameters. */
  addGradient(c: Configuration, weight: number, gradient: Float64Array): void {
    for (const { mapped, map, bare, learnScale, factor, offset } of this.live) {
      const size = map?.parameters.length ?? 0;
      mapped?.addGradient(c, weight * factor, gradient.subarray(offset, offset + size));
      if (learnScale) gradient[offset + size]! += weight * bare.value(c);
    }
  }
}

const countOf = ({ map, learnScale }: GuideTerm): number => (map?.parameters.length ?? 0) + (learnScale ? 1 : 0);

/** Blocks of parameters under the names they have in files: "guide-2.staggered.rho". */
function blocksOf({ name, map, learnScale }: GuideTerm, i: number): ParameterBlock[] {
  const prefix = `guide-${i + 1}.${name}`;
  const blocks = (map?.layout ?? []).map((block) => ({ ...block, name: `${prefix}.${block.name}` }));
  return learnScale ? [...blocks, { name: `${prefix}.scale`, shape: [] }] : blocks;
}

/** s A with the factor of the moment, part by part where A has parts. */
function scaled(action: Action, live: { readonly factor: number }): Action {
  const { parts } = action;
  return {
    value: (c) => live.factor * action.value(c),
    addForce: (c, weight, p) => action.addForce(c, weight * live.factor, p),
    ...(isDifferentiable(action)
      ? {
          addDerivative: (c: Configuration, w: number, delta: Field) => action.addDerivative(c, w * live.factor, delta),
        }
      : {}),
    ...(parts ? { parts: parts.map((part) => ({ name: part.name, action: scaled(part.action, live) })) } : {}),
  };
}

/** "guide-2.staggered.rho[0][1]" for every parameter, in their order. */
export function parameterNames(layout: Guide["layout"]): string[] {
  return layout.flatMap(({ name, shape }) =>
    shape.reduce((names, n) => names.flatMap((one) => Array.from({ length: n }, (_, i) => `${one}[${i}]`)), [name]),
  );
}
