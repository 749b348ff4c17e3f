import type { Device } from "../kernels/device.ts";
import type { Width } from "../kernels/ir.ts";
import { type Geometry, makeGeometry } from "./geometry.ts";

/** The float32 view of a lattice: the same sites in blocks of four lanes, see Geometry. Addresses are of i32 tables. */
export interface Quads {
  readonly geometry: Geometry;
  /** Number of quads, volume / 4. */
  readonly blocks: number;
  /** Step tables, (quad << 2) | mask, see Geometry.neighbours. */
  readonly neighbours: number;
  /**
   * Where a float64 block b lies: home[b] = (quad << 2) | lane, its first site in that lane and its second (of two
   * lanes) in the one after, never swapped. For two lanes that is (quad << 2) | (half << 1).
   */
  readonly home: number;
  /** float32 in four lanes. */
  readonly width: Width;
}

/** A geometry whose tables lie in the heap of a device. */
export class Lattice {
  readonly device: Device;
  readonly geometry: Geometry;
  /** Address of the step tables, see Geometry.neighbours. */
  readonly neighbours: number;
  /** Address of the site numbers, see Geometry.sites. */
  readonly sites: number;
  private quadsAsked = false;
  private madeQuads: Quads | undefined;
  private readonly lists = new Map<string, { address: number; length: number }>();

  constructor(device: Device, extents: readonly number[], lanes?: 1 | 2) {
    this.device = device;
    this.geometry = makeGeometry(extents, lanes);
    this.neighbours = this.table(this.geometry.neighbours);
    this.sites = this.table(this.geometry.sites);
  }

  get extents(): readonly number[] {
    return this.geometry.extents;
  }
  get dimension(): number {
    return this.geometry.dimension;
  }
  get volume(): number {
    return this.geometry.volume;
  }
  get blocks(): number {
    return this.geometry.blocks;
  }
  /** float64 in the lanes of this lattice. */
  get width(): Width {
    return { lanes: this.geometry.lanes, bytes: 8 };
  }

  /** The quads, made on first use; undefined where the lattice has no two shifts of even parity ([2, 2], [3, 3]). */
  get quads(): Quads | undefined {
    if (!this.quadsAsked) this.madeQuads = this.makeQuads();
    this.quadsAsked = true;
    return this.madeQuads;
  }

  private makeQuads(): Quads | undefined {
    const geometry = makeGeometry(this.extents, 4);
    if (geometry.lanes !== 4) return undefined;
    const placeOf = new Int32Array(this.volume);
    geometry.sites.forEach((site, place) => {
      placeOf[site] = place;
    });
    const { lanes, sites } = this.geometry;
    const home = Int32Array.from({ length: this.blocks }, (_, b) => placeOf[sites[b * lanes]!]!);
    return {
      geometry,
      blocks: geometry.blocks,
      neighbours: this.table(geometry.neighbours),
      home: this.table(home),
      width: { lanes: 4, bytes: 4 },
    };
  }

  /** A list of block numbers in the heap (a colour of a sweep), made once a key. */
  list(key: string, make: () => readonly number[]): { address: number; length: number } {
    const known = this.lists.get(key);
    if (known) return known;
    const numbers = make();
    const made = { address: this.table(Int32Array.from(numbers)), length: numbers.length };
    this.lists.set(key, made);
    return made;
  }

  private table(values: Int32Array): number {
    const { heap } = this.device;
    const address = heap.allocate(values.byteLength);
    heap.i32(address, values.length).set(values);
    return address;
  }
}
