import type { Device } from "../kernels/device.ts";
import type { Width } from "../kernels/ir.ts";
import { type Geometry, makeGeometry } from "./geometry.ts";

/** A geometry whose tables lie in the heap of a device. */
export class Lattice {
  readonly device: Device;
  readonly geometry: Geometry;
  /** Address of the step tables, see Geometry.neighbours. */
  readonly neighbours: number;
  /** Address of the site numbers, see Geometry.sites. */
  readonly sites: number;
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
