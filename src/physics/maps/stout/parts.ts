import { at, setZero } from "../../../kernels/algebra/matrix.ts";
import { type Body, Int, type ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import { blockBytes, type LinkLayout, linkBytes } from "../../../lattice/links/layout.ts";
import { addFunction } from "../../loops/path-sum.ts";
import { gatherFar, PLAQUETTE_MATRICES, plaquetteStaples } from "./plaquettes.ts";
import type { SmearingTerm } from "./terms.ts";

export interface StoutForm {
  readonly layout: LinkLayout;
  readonly terms: readonly SmearingTerm[];
  /** Take plaquettes by sites instead of links (plaquettes.ts): faster, but pulling back needs memory for far links. */
  readonly bySites: boolean;
}

/** The matrices of one term, for all links of a block at once (one after the other at `out`) or for one link. */
export interface Part {
  readonly whole?: (block: Int, out: Int) => void;
  readonly one: (block: Int, mu: number, out: Int) => void;
  readonly directions: readonly number[];
}

/** Scratch memory of a kernel: first what the functions of the terms need, then room for what they find. */
export const termMatrices = ({ terms }: StoutForm): number =>
  Math.max(
    PLAQUETTE_MATRICES,
    ...terms.flatMap(({ source, tangent }) => [source.scratchMatrices, tangent.scratchMatrices]),
  );

export const roomAfterTerms = (k: Body, form: StoutForm, scratch: Int): Int =>
  k.let(scratch.add(termMatrices(form) * linkBytes(form.layout)));

export const isPlaquette = ({ family }: SmearingTerm): boolean => family === "plaquette";

/** The staples A_i at u. */
export function staplesOf(k: Body, m: ModuleBuilder, form: StoutForm, u: Int, neighbours: Int, scratch: Int): Part[] {
  return form.terms.map((term): Part => {
    const { directions } = term;
    if (form.bySites && isPlaquette(term)) {
      const all = plaquetteStaples(m, form.layout);
      const whole = (block: Int, out: Int) => k.call(all, u, neighbours, block, out, scratch);
      return { directions, whole, one: () => {} };
    }
    const one = term.source.emit(m, form.layout);
    return { directions, one: (block, mu, out) => k.call(one, u, neighbours, block, Int.of(mu), out, scratch) };
  });
}

/** How they change along g; of plaquettes by sites, what is still to be gathered. */
export function tangentsOf(
  k: Body,
  m: ModuleBuilder,
  form: StoutForm,
  { u, g, far, neighbours }: { u: Int; g: Int; far: Int; neighbours: Int },
  scratch: Int,
): Part[] {
  return form.terms.map((term): Part => {
    const { directions } = term;
    if (form.bySites && isPlaquette(term)) {
      const all = gatherFar(m, form.layout);
      const whole = (block: Int, out: Int) => k.call(all, far, neighbours, block, out, scratch);
      return { directions, whole, one: () => {} };
    }
    const one = term.tangent.emit(m, form.layout);
    return { directions, one: (block, mu, out) => k.call(one, u, g, neighbours, block, Int.of(mu), out, scratch) };
  });
}

/** Calls `emit` for every link that a part has a matrix for, with where that is. */
export function forMatrices(
  k: Body,
  { layout }: StoutForm,
  { whole, one, directions }: Part,
  block: Int,
  room: Int,
  emit: (mu: number, matrix: Int) => void,
): void {
  whole?.(block, room);
  for (const mu of directions) {
    if (!whole) one(block, mu, room);
    emit(mu, whole ? k.let(room.add(mu * linkBytes(layout))) : room);
  }
}

/** to += sum_i rho_i part_i for all links of a block, by way of `room`. */
export function addParts(
  k: Body,
  m: ModuleBuilder,
  form: StoutForm,
  parts: readonly Part[],
  { block, to, room, rho }: { block: Int; to: Int; room: Int; rho: readonly Vec[] },
): void {
  const add = addFunction(m, form.layout.group.n, false, true);
  parts.forEach((part, i) =>
    forMatrices(k, form, part, block, room, (mu, matrix) =>
      k.call(add, k.let(to.add(mu * linkBytes(form.layout))), matrix, Vec.of(rho[i]!)),
    ),
  );
}

/** The matrices of the only part, put to `to`. */
export function putPart(k: Body, { layout }: StoutForm, { whole, one }: Part, block: Int, to: Int): void {
  if (whole) whole(block, to);
  else for (let mu = 0; mu < layout.dimension; mu++) one(block, mu, k.let(to.add(mu * linkBytes(layout))));
}

/** Calls `emit` for every link of a block, with the distance in bytes of its matrix from the start of a field. */
export function forLinks(k: Body, layout: LinkLayout, block: Int, emit: (shift: Int) => void): void {
  k.for(0, layout.dimension, (mu) => emit(k.let(block.mul(blockBytes(layout)).add(mu.mul(linkBytes(layout))))));
}

export function setBlockZero(k: Body, layout: LinkLayout, field: Int, block: Int): void {
  forLinks(k, layout, block, (shift) => setZero(k, layout.group.n, at(k.let(field.add(shift)))));
}
