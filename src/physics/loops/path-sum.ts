import { at, type Matrix, multiplyFunction, setZero } from "../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, type ModuleBuilder, Vec } from "../../kernels/builder.ts";
import { SCRATCH_BYTES } from "../../kernels/team.ts";
import { type LinkLayout, linkBytes, Walker } from "../../lattice/links/layout.ts";
import type { Path } from "./path.ts";

/** Paths from one place to one other, each with its factor in the sum. */
export interface Term {
  readonly path: Path;
  readonly weight: number;
}

/** The tree of paths with common beginnings, factored: (weight of the path that ends here) + sum over steps of link * rest. */
export interface Node {
  weight: number;
  readonly next: Map<number, Node>;
}

/** A matrix to multiply with, perhaps daggered. */
interface Operand {
  readonly matrix: Matrix;
  readonly dagger: boolean;
}

export interface PathSum {
  /** (u, neighbours, place, out, scratch): out = sum of the weighted products of links along the paths. */
  readonly function: FunctionRef;
  /** Matrices of scratch used. */
  readonly scratchMatrices: number;
}

/** Two places for links fetched across the seam, before the temporaries. */
const LINK_SLOTS = 2;

/** What the kernels that call the function need themselves. */
const CALLER_MATRICES = 2;

/** Scratch that `pathSum` of these terms needs, in matrices. */
export const pathSumScratch = (terms: readonly Term[]) => LINK_SLOTS + temporaries(factor(terms));

/**
 * The sum of products of links along paths that begin at one place. Common beginnings are multiplied only once:
 * U_1 (U_2 U_3 + U_4 U_5) instead of U_1 U_2 U_3 + U_1 U_4 U_5.
 */
export function pathSum(m: ModuleBuilder, layout: LinkLayout, name: string, terms: readonly Term[]): PathSum {
  const root = factor(terms);
  const scratchMatrices = LINK_SLOTS + temporaries(root);
  if ((scratchMatrices + CALLER_MATRICES) * linkBytes(layout) > SCRATCH_BYTES)
    throw new RangeError(
      `these loops branch too often for ${layout.group.name}: their sum needs ${scratchMatrices} matrices of scratch; give them in several terms`,
    );
  const made = m.helper(name, ["i32", "i32", "i32", "i32", "i32"] as const, (k, u, neighbours, place, out, scratch) => {
    const slot = (i: number) => k.let(scratch.add(i * linkBytes(layout)));
    const slots = Array.from({ length: scratchMatrices }, (_, i) => slot(i));
    const emitter = new Emitter(m, k, layout, u, neighbours, slots.slice(0, LINK_SLOTS));
    emitter.sum(root, place, out, slots.slice(LINK_SLOTS));
  });
  return { function: made, scratchMatrices };
}

/** The tree of the terms. */
export function factor(terms: readonly Term[]): Node {
  const root: Node = { weight: 0, next: new Map() };
  for (const { path, weight } of terms) {
    let node = root;
    for (const step of path) {
      const next = node.next.get(step) ?? { weight: 0, next: new Map() };
      node.next.set(step, next);
      node = next;
    }
    node.weight += weight;
  }
  return root;
}

export const isLeaf = (node: Node) => node.next.size === 0;
/** Only one more link follows, with weight 1: a product takes that link where it lies. */
export const isLink = (node: Node) =>
  node.weight === 0 && node.next.size === 1 && isUnitLeaf([...node.next.values()][0]!);
const isUnitLeaf = (node: Node) => isLeaf(node) && node.weight === 1;

/** The branches that need a temporary, the most demanding first. */
export function branches(node: Node): [number, Node][] {
  return [...node.next]
    .filter(([, child]) => !isLeaf(child) && !isLink(child))
    .sort(([, a], [, b]) => temporaries(b) - temporaries(a));
}

/**
 * Temporaries needed besides the target (Sethi and Ullman, J. ACM 17 (1970) 715): while the first branch is computed
 * the target itself serves as one.
 */
export function temporaries(node: Node): number {
  return branches(node).reduce(
    (most, [, child], i) => Math.max(most, 1, i === 0 ? temporaries(child) : 1 + temporaries(child)),
    0,
  );
}

class Emitter {
  private readonly m: ModuleBuilder;
  private readonly k: Body;
  private readonly n: number;
  private readonly u: Int;
  private readonly walk: Walker;
  private readonly linkSlots: readonly Int[];
  constructor(m: ModuleBuilder, k: Body, layout: LinkLayout, u: Int, neighbours: Int, linkSlots: readonly Int[]) {
    this.m = m;
    this.k = k;
    this.n = layout.group.n;
    this.u = u;
    this.walk = new Walker(m, k, layout, neighbours);
    this.linkSlots = linkSlots;
  }

  /** target = the sum over the paths of `node`, which begin at `place`; `free` are the temporaries it may use. */
  sum(node: Node, place: Int, target: Int, free: readonly Int[]): void {
    let begun = false;
    const [spare, ...others] = free;
    for (const [step, child] of branches(node)) {
      const { link, next } = this.linkAlong(place, step, 0);
      this.sum(child, next, spare!, begun ? others : [target, ...others]);
      // the temporaries may have been links fetched into slot 0 before
      this.multiply(target, this.fetched(link), { matrix: at(spare!), dagger: false }, begun);
      begun = true;
    }
    for (const [step, child] of node.next) {
      if (isLeaf(child)) this.add(target, this.fetched(this.linkAlong(place, step, 0).link), child.weight, begun);
      else if (isLink(child)) {
        const { link, next } = this.linkAlong(place, step, 0);
        const [last] = [...child.next.keys()];
        const right = this.fetched(this.linkAlong(next, last!, 1).link);
        this.multiply(target, this.fetched(link), right, begun);
      } else continue;
      begun = true;
    }
    if (!begun) setZero(this.k, this.n, at(target));
    if (node.weight !== 0) this.addUnit(target, node.weight);
  }

  /** The link along a step, not fetched yet, and the place the step leads to. */
  private linkAlong(place: Int, step: number, slot: number) {
    const mu = Math.abs(step) - 1;
    const next = this.walk.step(place, mu, step > 0);
    return { link: { place: step > 0 ? place : next, mu, dagger: step < 0, slot }, next };
  }

  private fetched(link: { place: Int; mu: number; dagger: boolean; slot: number }): Operand {
    return { matrix: this.walk.link(this.u, link.place, link.mu, this.linkSlots[link.slot]!), dagger: link.dagger };
  }

  private multiply(target: Int, a: Operand, b: Operand, accumulate: boolean): void {
    const product = multiplyFunction(this.m, this.n, { daggerA: a.dagger, daggerB: b.dagger, accumulate });
    this.k.call(product, target, a.matrix.pointer, b.matrix.pointer);
  }

  private add(target: Int, a: Operand, weight: number, accumulate: boolean): void {
    const add = addFunction(this.m, this.n, a.dagger, accumulate);
    this.k.call(add, target, a.matrix.pointer, Vec.of(weight));
  }

  private addUnit(target: Int, weight: number): void {
    const { k, n } = this;
    for (let i = 0; i < n; i++) {
      const offset = 2 * (i * n + i) * k.vecBytes;
      k.store(target, offset, k.load(target, offset).add(weight));
    }
  }
}

/** The function (out, from, factor: vec): out = or += factor * op(from). */
export function addFunction(m: ModuleBuilder, n: number, dagger: boolean, accumulate: boolean): FunctionRef {
  const name = `add${dagger ? "D" : "N"}${accumulate ? "+" : ""}${n}`;
  return m.helper(name, ["i32", "i32", "vec"] as const, (k, out, from, factor) => {
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const source = 2 * (dagger ? j * n + i : i * n + j);
        for (const part of [0, 1]) {
          const to = (2 * (i * n + j) + part) * k.vecBytes;
          const x = k.load(from, (source + part) * k.vecBytes).mul(part === 1 && dagger ? factor.neg() : factor);
          k.store(out, to, accumulate ? k.load(out, to).add(x) : x);
        }
      }
  });
}
