import type { Device } from "../../kernels/device.ts";
import { Field } from "../../lattice/field.ts";

/**
 * Fields of a device that are lent and come back, so that work of the same shape, done again, allocates nothing. A pool
 * may serve many tapes (the images of one map), one after the other or side by side.
 */
export class FieldPool {
  readonly device: Device;
  private readonly idle = new Map<number, Field[]>();
  private readonly out = new Set<Field>();

  constructor(device: Device) {
    this.device = device;
  }

  /** How many fields are lent now. */
  get lent(): number {
    return this.out.size;
  }

  /** A field of `length` numbers, whatever they are. */
  borrow(length: number): Field {
    const field = this.idle.get(length)?.pop() ?? new Field(this.device, length);
    this.out.add(field);
    return field;
  }

  /** A field of zeros. */
  borrowZero(length: number): Field {
    const field = this.borrow(length);
    field.zero();
    return field;
  }

  /** Takes a field back. Throws an Error for one that is not lent. */
  giveBack(field: Field): void {
    if (!this.out.delete(field)) throw new Error("pool: this field was given back before, or is not of this pool");
    const list = this.idle.get(field.length);
    if (list) list.push(field);
    else this.idle.set(field.length, [field]);
  }

  /** Returns the memory of all fields that are not lent to the heap. */
  release(): void {
    for (const list of this.idle.values()) for (const field of list.splice(0)) field.release();
  }
}
