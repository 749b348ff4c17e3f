import type { Device } from "../kernels/device.ts";

/** Numbers of one configuration (or of its momenta) in the heap of a device. Float64, in the layout of its space. */
export class Field {
  readonly device: Device;
  readonly address: number;
  /** Number of float64. */
  readonly length: number;
  constructor(device: Device, length: number) {
    this.device = device;
    this.length = length;
    this.address = device.heap.allocate(8 * length);
  }
  /** A view of the numbers; take it anew after anything was allocated. */
  view(): Float64Array {
    return this.device.heap.f64(this.address, this.length);
  }
  assign(other: Field): void {
    if (other.length !== this.length) throw new RangeError(`field of ${this.length} numbers, not ${other.length}`);
    this.view().set(other.view());
  }
  zero(): void {
    this.view().fill(0);
  }
  copy(): Field {
    const made = new Field(this.device, this.length);
    made.assign(this);
    return made;
  }
  release(): void {
    this.device.heap.release(this.address);
  }
}
