import { layoutKey } from "../../../lattice/links/layout.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { smearingTerm } from "../../../physics/maps/stout/terms.ts";
import { type NetLoop, tiedLoops } from "../covariant-net/loops.ts";
import { isPlaquette, type SmearingKernel, smearingKernels, type Tied } from "./smearing-kernels.ts";

/** Where the links U, B and the staples lie, of smearings exp(-TA(U A)) B: addresses in the heap. */
export interface Smearing {
  readonly u: number;
  /** The A_t, one field after the other. */
  readonly staples: number;
  readonly base: number;
}

/** One role, A = sum_t rho_t A_t: its weights, and the field that it makes or the cotangent of that. */
export interface Role {
  readonly rho: Float64Array;
  readonly field: number;
}

/** Stout smearing with weights that families of loops share, by parts: see smearing-kernels.ts. */
export class StoutParts {
  private readonly space: LinkSpace;
  private readonly tied: readonly Tied[];
  private readonly roles: number;

  /** `roles` smearings are done at a time. Throws a RangeError where the lattice has no such loops. */
  constructor(space: LinkSpace, loops: readonly NetLoop[], roles: number) {
    const { extents, dimension } = space.lattice;
    const { families, owner } = tiedLoops(loops, dimension);
    this.space = space;
    this.roles = roles;
    this.tied = loops.map((_, t) =>
      families.filter((_, i) => owner[i] === t).map((family) => smearingTerm(family, extents)),
    );
  }

  /** How many weights there are. */
  get count(): number {
    return this.tied.length;
  }

  private get kernels() {
    const { lattice, layout } = this.space;
    const terms = this.tied.map((list) => list.map(({ source, multiplicity }) => `${source.key} /${multiplicity}`));
    const key = `stout-parts/${layoutKey(layout)}/${this.roles}/${JSON.stringify(terms)}`;
    return lattice.device.kernels<SmearingKernel>(key, () => smearingKernels(layout, this.tied, this.roles));
  }

  private get stride(): number {
    return 8 * this.space.length;
  }

  /** The A_t of the links. */
  staples(u: number, out: number): void {
    const { device, blocks, neighbours } = this.space.lattice;
    device.run(this.kernels.staples, blocks, u, out, this.stride, neighbours);
  }

  smear({ u, staples, base }: Smearing, roles: readonly Role[]): void {
    const { device, blocks } = this.space.lattice;
    device.run(this.kernels.smear, blocks, u, staples, this.stride, base, ...numbersOf(roles));
  }

  /**
   * Takes the cotangents of what the roles made back to the links where they stand (added to `du`, and to `dbase`) and to
   * the A_t (added to the fields from `g` on). Returns dS/drho, role by role.
   */
  local({ u, staples, base }: Smearing, roles: readonly Role[], du: number, dbase: number, g: number): Float64Array {
    const { device, blocks, width } = this.space.lattice;
    const components = this.roles * this.count;
    const fields = [u, staples, this.stride, base, du, dbase, g, ...numbersOf(roles)];
    return device.sum(this.kernels.local, blocks, components, width.lanes, ...fields).map((x) => -x);
  }

  /** The cotangent of the plaquette staples among those from `g` on; undefined where they have no weight. */
  ofPlaquettes(g: number): number | undefined {
    const t = this.tied.findIndex(isPlaquette);
    return t < 0 ? undefined : g + this.stride * t;
  }

  /** du += what the cotangents g of the A_t are for the links around, but for the plaquettes. */
  gather(u: number, g: number, du: number): void {
    if (this.tied.every(isPlaquette)) return;
    const { device, blocks, neighbours } = this.space.lattice;
    device.run(this.kernels.gather, blocks, u, g, this.stride, du, neighbours);
  }
}

/** Fields, then weights, as the kernels take them. */
const numbersOf = (roles: readonly Role[]): number[] => [
  ...roles.map(({ field }) => field),
  ...roles.flatMap(({ rho }) => [...rho]),
];
