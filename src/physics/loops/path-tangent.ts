import { at, multiplyFunction, setZero } from "../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, type ModuleBuilder, Vec } from "../../kernels/builder.ts";
import { SCRATCH_BYTES } from "../../kernels/team.ts";
import { type LinkLayout, linkBytes, Walker } from "../../lattice/links/layout.ts";
import { addFunction, branches, factor, isLeaf, isLink, type Node, type Term, temporaries } from "./path-sum.ts";

/**
 * The derivative of a path sum when the links move, U -> U + s V: every link of every path is replaced in turn by the
 * one of the field V (daggered where the path goes backwards). Each branch of the tree of paths carries a pair
 * (value, tangent), so that a path of k links takes 3 k products and not k^2.
 */
export interface PathTangent {
  /** (u, v, neighbours, place, out, scratch): out = d/ds of the path sum at U + s V. */
  readonly function: FunctionRef;
  /** Matrices of scratch used. */
  readonly scratchMatrices: number;
}

/** Places for links fetched across the seam: of both fields, for this step and for the last one. */
const LINK_SLOTS = 4;
/** What the kernels that call the function need themselves. */
const CALLER_MATRICES = 1;

/** Scratch that `pathTangent` of these terms needs, in matrices. */
export const pathTangentScratch = (terms: readonly Term[]) => LINK_SLOTS + 1 + 2 * temporaries(factor(terms));

/** Throws a RangeError where the paths branch too often for the scratch memory of a worker. */
export function pathTangent(m: ModuleBuilder, layout: LinkLayout, name: string, terms: readonly Term[]): PathTangent {
  const root = factor(terms);
  const scratchMatrices = pathTangentScratch(terms);
  if ((scratchMatrices + CALLER_MATRICES) * linkBytes(layout) > SCRATCH_BYTES)
    throw new RangeError(
      `these loops branch too often for ${layout.group.name}: their derivative needs ${scratchMatrices} matrices of scratch; use shorter or fewer loops`,
    );
  const types = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
  const made = m.helper(name, types, (k, u, v, neighbours, place, out, scratch) => {
    const slots = Array.from({ length: scratchMatrices }, (_, i) => k.let(scratch.add(i * linkBytes(layout))));
    const emitter = new Emitter(m, k, layout, { u, v }, neighbours, slots);
    const pairs: Pair[] = [];
    for (let i = LINK_SLOTS + 1; i < scratchMatrices; i += 2)
      pairs.push({ value: slots[i]!, tangent: slots[i + 1]!, wanted: true });
    emitter.sum(root, place, { value: slots[LINK_SLOTS]!, tangent: out, wanted: false }, pairs);
  });
  return { function: made, scratchMatrices };
}

/** Where a value and its tangent go; the value of the whole sum is not wanted, its place serves as a temporary. */
interface Pair {
  readonly value: Int;
  readonly tangent: Int;
  readonly wanted: boolean;
}

/** A link and its tangent where they lie. */
interface Operand {
  readonly value: Int;
  readonly tangent: Int;
  readonly dagger: boolean;
}

class Emitter {
  private readonly m: ModuleBuilder;
  private readonly k: Body;
  private readonly n: number;
  private readonly fields: { readonly u: Int; readonly v: Int };
  private readonly walk: Walker;
  private readonly slots: readonly Int[];
  constructor(
    m: ModuleBuilder,
    k: Body,
    layout: LinkLayout,
    fields: { u: Int; v: Int },
    neighbours: Int,
    slots: readonly Int[],
  ) {
    this.m = m;
    this.k = k;
    this.n = layout.group.n;
    this.fields = fields;
    this.walk = new Walker(m, k, layout, neighbours);
    this.slots = slots;
  }

  /** target = the sum over the paths of `node`, which begin at `place`; `free` are the temporaries it may use. */
  sum(node: Node, place: Int, target: Pair, free: readonly Pair[]): void {
    let begun = false;
    const [spare, ...others] = free;
    for (const [step, child] of branches(node)) {
      const next = this.next(place, step);
      this.sum(child, next, spare!, begun ? others : [{ ...target, wanted: true }, ...others]);
      // fetched now: the paths behind have used the slots
      this.product(target, this.fetched(place, next, step, 0), { ...spare!, dagger: false }, begun);
      begun = true;
    }
    for (const [step, child] of node.next) {
      const next = this.next(place, step);
      if (isLeaf(child)) this.add(target, this.fetched(place, next, step, 0), child.weight, begun);
      else if (isLink(child)) {
        const [last] = [...child.next.keys()];
        const right = this.fetched(next, this.next(next, last!), last!, 2);
        this.product(target, this.fetched(place, next, step, 0), right, begun);
      } else continue;
      begun = true;
    }
    const { k, n } = this;
    if (!begun) for (const out of [target.value, target.tangent]) setZero(k, n, at(out));
    if (node.weight !== 0 && target.wanted)
      for (let i = 0; i < n; i++) {
        const offset = 2 * (i * n + i) * k.vecBytes;
        k.store(target.value, offset, k.load(target.value, offset).add(node.weight));
      }
  }

  private next(place: Int, step: number): Int {
    return this.walk.step(place, Math.abs(step) - 1, step > 0);
  }

  /** The link along a step from `place` to `next`, and its tangent. */
  private fetched(place: Int, next: Int, step: number, slot: number): Operand {
    const where = step > 0 ? place : next;
    const of = (field: Int, i: number) =>
      this.walk.link(field, where, Math.abs(step) - 1, this.slots[slot + i]!).pointer;
    return { value: of(this.fields.u, 0), tangent: of(this.fields.v, 1), dagger: step < 0 };
  }

  /** (value, tangent) = or += (a b, a b' + a' b) */
  private product(target: Pair, a: Operand, b: Operand, accumulate: boolean): void {
    const call = (out: Int, x: Int, y: Int, adding: boolean) => {
      const product = multiplyFunction(this.m, this.n, { daggerA: a.dagger, daggerB: b.dagger, accumulate: adding });
      this.k.call(product, out, x, y);
    };
    if (target.wanted) call(target.value, a.value, b.value, accumulate);
    call(target.tangent, a.value, b.tangent, accumulate);
    call(target.tangent, a.tangent, b.value, true);
  }

  private add(target: Pair, a: Operand, weight: number, accumulate: boolean): void {
    const add = addFunction(this.m, this.n, a.dagger, accumulate);
    if (target.wanted) this.k.call(add, target.value, a.value, Vec.of(weight));
    this.k.call(add, target.tangent, a.tangent, Vec.of(weight));
  }
}
