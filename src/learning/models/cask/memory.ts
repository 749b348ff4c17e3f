import { Field } from "../../../lattice/field.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { farLength } from "./far.ts";

/** How large a layer is. */
export interface LayerSize {
  readonly heads: number;
  /** Longest side of the staples. */
  readonly range: number;
  /** Weights of each of query, key and value. */
  readonly weights: number;
  /** Weights of the smearing at the end. */
  readonly finalWeights: number;
}

/** Numbers of a field with one number for every site and pair of directions. */
const scalars = ({ lattice }: LinkSpace) => lattice.volume * lattice.dimension * (lattice.dimension - 1);

/** Several fields of equal length, one after the other. */
export class Stack {
  readonly field: Field;
  private readonly each: number;
  constructor(space: LinkSpace, count: number, each: number) {
    this.field = new Field(space.lattice.device, count * each);
    this.each = each;
  }
  at(i: number): number {
    return this.field.address + 8 * this.each * i;
  }
}

/** What the image of one layer keeps for its pull-back. */
export interface LayerMemory {
  readonly staples: Stack;
  /** U^V of all heads, then U^Q and U^K of each. */
  readonly values: Stack;
  readonly queries: Stack;
  readonly keys: Stack;
  /** The weighted staples A of each head. */
  readonly sums: Stack;
  /** a, [head][s]. */
  readonly attention: Stack;
  /** U^A */
  readonly attended: Stack;
  readonly finalStaples: Stack;
  readonly links: Field;
}

export function layerMemory(space: LinkSpace, { heads, range, weights, finalWeights }: LayerSize): LayerMemory {
  const links = (count: number) => new Stack(space, count, space.length);
  const attended = links(1);
  return {
    staples: links(weights),
    values: links(heads),
    queries: links(heads),
    keys: links(heads),
    sums: links(heads),
    attention: new Stack(space, heads * range, scalars(space)),
    attended,
    finalStaples: links(finalWeights),
    links: finalWeights > 0 ? new Field(space.lattice.device, space.length) : attended.field,
  };
}

/** Memory that every layer uses again, forwards and backwards. Cotangents carry a d in front. */
export interface Work {
  /** Straight lines of 2, 3 … links. */
  readonly lines: Stack;
  /** The 1 x s rectangles of the links. */
  readonly rectangles: Stack;
  readonly dlines: Stack;
  readonly far: Stack;
  readonly du: Stack;
  readonly dattended: Stack;
  readonly dquery: Stack;
  readonly dkey: Stack;
  readonly dvalue: Stack;
  readonly dsum: Stack;
  readonly lambda: Stack;
  readonly dstaples: Stack;
  readonly dattention: Stack;
  readonly drectangles: Stack;
}

export function workMemory(space: LinkSpace, { range, weights, finalWeights }: LayerSize): Work {
  const links = (count: number) => new Stack(space, count, space.length);
  const numbers = () => new Stack(space, range, scalars(space));
  return {
    lines: links(range - 1),
    rectangles: numbers(),
    dlines: links(range - 1),
    far: new Stack(space, 1, farLength(space.layout, space.lattice.volume)),
    du: links(1),
    dattended: links(1),
    dquery: links(1),
    dkey: links(1),
    dvalue: links(1),
    dsum: links(1),
    lambda: links(1),
    dstaples: links(Math.max(weights, finalWeights)),
    dattention: numbers(),
    drectangles: numbers(),
  };
}

/** Gives the fields back, each once. */
export function releaseMemory(memory: LayerMemory | Work): void {
  const parts: readonly (Stack | Field)[] = Object.values(memory);
  for (const field of new Set(parts.map((one) => (one instanceof Stack ? one.field : one)))) field.release();
}
