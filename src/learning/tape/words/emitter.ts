import { at, type Matrix } from "../../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, type ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { ValueType } from "../../../kernels/ir.ts";
import { SCRATCH_BYTES } from "../../../kernels/team.ts";
import { type LinkLayout, linkBytes, vecBytes, Walker } from "../../../lattice/links/layout.ts";
import { chainFunction, LONGEST_CHAIN, rowsBytes, traceFunction } from "./chain.ts";
import { depth, isKept, type Leaf, type Node, treeOf } from "./tree.ts";
import { type Displacement, type Letter, placeName, type RealFactor, type Word, type Words } from "./word.ts";

/** What the kernels hand to the functions made here. */
export interface Fields {
  readonly sources: readonly Int[];
  readonly reals: readonly Int[];
  readonly neighbours: Int;
  readonly constants: readonly Vec[];
}

/** Matrices are summed into the one at `out`, traces into the vec number `output` at `out`. */
export type Result = "matrix" | "traces";

/**
 * The function (block, out, scratch, sources …, reals …, neighbours, constants: vec …) that adds some words of a block to
 * what is at `out`. Throws a RangeError where they need more scratch memory than a worker has.
 */
export function wordFunction(
  m: ModuleBuilder,
  layout: LinkLayout,
  name: string,
  words: Words,
  leaves: readonly Leaf[],
  result: Result,
): FunctionRef {
  const root = treeOf(leaves);
  const matrices = LONGEST_CHAIN + depth(root, LONGEST_CHAIN);
  const rows = rowsBytes({ vecBytes: vecBytes(layout) }, layout.group.n);
  if (matrices * linkBytes(layout) + rows + vecBytes(layout) > SCRATCH_BYTES)
    throw new RangeError(
      `these words branch too often for ${layout.group.name}: they need ${matrices} matrices of scratch; use shorter words`,
    );
  const { sources, reals, constants } = words;
  const pointers = sources + reals.length + 1;
  const types: ValueType[] = [
    ...Array.from({ length: 3 + pointers }, () => "i32" as const),
    ...Array.from({ length: constants }, () => "vec" as const),
  ];
  return m.helper(name, types, (k, ...args) => {
    const [block, out, scratch, ...given] = args as [Int, Int, Int, ...Int[]];
    const fields: Fields = {
      sources: given.slice(0, sources),
      reals: given.slice(sources, pointers - 1),
      neighbours: given[pointers - 1]!,
      constants: args.slice(3 + pointers) as Vec[],
    };
    new Emitter(m, k, layout, words.reals, fields, { block, out, scratch }, result).node(root, [], 0);
  });
}

/** A matrix where it lies. */
interface Operand {
  readonly matrix: Matrix;
  readonly dagger: boolean;
}

class Emitter {
  private readonly m: ModuleBuilder;
  private readonly k: Body;
  private readonly layout: LinkLayout;
  private readonly slots: readonly number[];
  private readonly fields: Fields;
  private readonly out: Int;
  private readonly result: Result;
  private readonly walk: Walker;
  /** Scratch: matrices fetched across the seam and products that are kept, rows, one vec. */
  private readonly scratch: { readonly matrix: (i: number) => Int; readonly rows: Int; readonly vec: Int };
  private readonly places = new Map<string, Int>();
  private readonly factors = new Map<string, Vec>();

  constructor(
    m: ModuleBuilder,
    k: Body,
    layout: LinkLayout,
    slots: readonly number[],
    fields: Fields,
    at: { readonly block: Int; readonly out: Int; readonly scratch: Int },
    result: Result,
  ) {
    this.m = m;
    this.k = k;
    this.layout = layout;
    this.slots = slots;
    this.fields = fields;
    this.out = at.out;
    this.result = result;
    this.walk = new Walker(m, k, layout, fields.neighbours);
    const vec = at.scratch;
    const rows = k.let(vec.add(vecBytes(layout)));
    const matrices = k.let(rows.add(rowsBytes(k, layout.group.n)));
    const made = new Map<number, Int>();
    const matrix = (i: number) => {
      const known = made.get(i) ?? k.let(matrices.add(i * linkBytes(layout)));
      made.set(i, known);
      return known;
    };
    this.scratch = { matrix, rows, vec };
    this.places.set("", this.walk.start(at.block));
  }

  /** The words below a node, whose beginning is the product of `operands`; `kept` products are in use. */
  node(node: Node, operands: readonly Operand[], kept: number): void {
    for (const leaf of node.ends) this.end(leaf, operands);
    for (const child of node.next.values()) {
      const all = [...operands, this.fetched(child.letter!, operands.length)];
      if (!isKept(child, all.length, LONGEST_CHAIN)) {
        this.node(child, all, kept);
        continue;
      }
      const product = this.scratch.matrix(LONGEST_CHAIN + kept);
      this.multiply(product, all, undefined, false);
      this.node(child, [{ matrix: at(product), dagger: false }], kept + 1);
    }
  }

  private end({ word, output }: Leaf, operands: readonly Operand[]): void {
    const { k, layout, out } = this;
    const { n } = layout.group;
    const coefficient = this.coefficient(word);
    if (this.result === "matrix") {
      if (operands.length > 0) this.multiply(out, operands, coefficient, true);
      else
        for (let i = 0; i < n; i++) {
          const offset = 2 * (i * n + i) * k.vecBytes;
          k.store(out, offset, k.load(out, offset).add(coefficient ?? 1));
        }
      return;
    }
    const sum = k.let(out.add(output * k.vecBytes));
    const one = coefficient ?? Vec.of(1);
    if (operands.length === 0) k.store(sum, 0, k.load(sum).add(one.mul(n)));
    else {
      const daggers = operands.map(({ dagger }) => dagger);
      const pointers = operands.map(({ matrix }) => matrix.pointer);
      k.call(traceFunction(this.m, n, daggers), sum, this.scratch.rows, one, ...pointers);
    }
  }

  private multiply(target: Int, operands: readonly Operand[], coefficient: Vec | undefined, accumulate: boolean): void {
    const daggers = operands.map(({ dagger }) => dagger);
    const how = { scaled: coefficient !== undefined, accumulate };
    const chain = chainFunction(this.m, this.layout.group.n, daggers, how);
    const pointers = operands.map(({ matrix }) => matrix.pointer);
    this.k.call(chain, target, this.scratch.rows, coefficient ?? Vec.of(1), ...pointers);
  }

  /** What multiplies a word; undefined is 1. */
  private coefficient({ factor = 1, constant, reals = [] }: Word): Vec | undefined {
    const parts = [
      ...(factor === 1 ? [] : [Vec.of(factor)]),
      ...(constant === undefined ? [] : [this.fields.constants[constant]!]),
      ...reals.map((real) => this.real(real)),
    ];
    if (parts.length === 0) return undefined;
    return this.k.let(parts.reduce((product, part) => product.mul(part)));
  }

  /** The matrix of a letter; across the seam it is a copy in slot `slot`. */
  private fetched({ source, mu, x, dagger }: Letter, slot: number): Operand {
    const field = this.fields.sources[source]!;
    const place = this.place(x);
    if (placeName(x) !== "") return { matrix: this.walk.link(field, place, mu, this.scratch.matrix(slot)), dagger };
    const { k, layout } = this;
    const bytes = linkBytes(layout);
    const pointer = k.let(field.add(place.shr(1).mul(layout.dimension * bytes)).add(mu * bytes));
    return { matrix: at(pointer), dagger };
  }

  /** A number of a real field, the lanes changed across the seam. */
  private real({ field, slot, x }: RealFactor): Vec {
    const name = `${field}:${slot}:${placeName(x)}`;
    const known = this.factors.get(name);
    if (known) return known;
    const { k } = this;
    const place = this.place(x);
    const block = this.fields.reals[field]!.add(place.shr(1).mul(this.slots[field]! * k.vecBytes));
    const value = k.let(k.load(block, slot * k.vecBytes));
    if (this.layout.width.lanes > 1 && placeName(x) !== "")
      k.if(place.and(1), () => {
        k.storeSwapped(this.scratch.vec, 0, value);
        k.set(value, k.load(this.scratch.vec));
      });
    this.factors.set(name, value);
    return value;
  }

  /** The place x away from the block, reached step by step; places on the way are remembered. */
  private place(x: Displacement): Int {
    const known = this.places.get(placeName(x));
    if (known) return known;
    const mu = x.findLastIndex((c) => c !== 0);
    const forwards = x[mu]! > 0;
    const before = this.place(x.map((c, nu) => (nu === mu ? c - (forwards ? 1 : -1) : c)));
    const place = this.walk.step(before, mu, forwards);
    this.places.set(placeName(x), place);
    return place;
  }
}
