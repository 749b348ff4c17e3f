/**
 * One WebAssembly.Memory for all fields and tables, with a first-fit allocator: freed blocks are merged and used again.
 *
 * Addresses are byte offsets. Views must be taken through the heap each time they are needed (growing the memory
 * replaces its buffer); they are cheap.
 */
export class Heap {
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  readonly maximumPages: number;
  readonly initialPages: number;
  /** Free blocks sorted by address; sizes are multiples of ALIGN. */
  private readonly free: { start: number; size: number }[] = [];
  private readonly sizes = new Map<number, number>();
  private top: number;

  /** @param reserved bytes at the bottom kept for the control words of the worker team. */
  constructor(options: { shared: boolean; reserved: number; maximumPages?: number }) {
    this.shared = options.shared;
    this.maximumPages = options.maximumPages ?? 65536;
    this.initialPages = Math.max(64, Math.ceil(roundUp(options.reserved) / PAGE));
    this.memory = new WebAssembly.Memory({
      initial: this.initialPages,
      maximum: this.maximumPages,
      shared: options.shared,
    });
    this.top = roundUp(options.reserved);
  }

  /**
   * Allocates zeroed memory, aligned to 64 bytes. Throws a RangeError when the 4 GiB of the heap are used up or the
   * machine has no more; the heap is then as before.
   */
  allocate(bytes: number): number {
    if (!(bytes >= 0 && bytes <= MOST)) throw outOfMemory(`${bytes} bytes at once`);
    const size = Math.max(ALIGN, roundUp(bytes));
    const at = this.free.findIndex((block) => block.size >= size);
    const start = at >= 0 ? this.take(at, size) : this.extend(size);
    this.sizes.set(start, size);
    return start;
  }

  private take(at: number, size: number): number {
    const block = this.free[at]!;
    const { start } = block;
    block.start += size;
    block.size -= size;
    if (block.size === 0) this.free.splice(at, 1);
    this.u8(start, size).fill(0);
    return start;
  }

  /** From the end of the heap. Memory never used before is zero already, and stays untouched until it is written. */
  private extend(size: number): number {
    const last = this.free.at(-1);
    const reused = last && last.start + last.size === this.top ? last.size : 0;
    const start = this.top - reused;
    this.growTo(start + size);
    if (reused > 0) {
      this.free.pop();
      this.u8(start, reused).fill(0);
    }
    this.top = start + size;
    return start;
  }

  /** Returns memory. Throws when the address was not allocated (or freed before). */
  release(start: number): void {
    const size = this.sizes.get(start);
    if (size === undefined) throw new Error(`heap: ${start} is not an allocated address (or was released before)`);
    this.sizes.delete(start);
    let at = this.free.findIndex((block) => block.start > start);
    if (at < 0) at = this.free.length;
    this.free.splice(at, 0, { start, size });
    this.mergeWithNext(at);
    this.mergeWithNext(at - 1);
  }

  private mergeWithNext(at: number): void {
    const block = this.free[at];
    const next = this.free[at + 1];
    if (!block || !next || block.start + block.size !== next.start) return;
    block.size += next.size;
    this.free.splice(at + 1, 1);
  }

  private growTo(bytes: number): void {
    const have = this.memory.buffer.byteLength;
    if (bytes <= have) return;
    const limit = this.maximumPages * PAGE;
    if (bytes > limit) throw outOfMemory(`more than ${(limit / 2 ** 30).toFixed(1)} GiB, the limit of this heap,`);
    try {
      this.memory.grow(Math.ceil((bytes - have) / PAGE));
    } catch (cause) {
      throw outOfMemory(`${(bytes / 2 ** 30).toFixed(1)} GiB, more than the system gives,`, cause);
    }
  }

  /** Bytes now allocated. */
  get used(): number {
    let sum = 0;
    for (const size of this.sizes.values()) sum += size;
    return sum;
  }

  f64(start: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, start, length);
  }
  f32(start: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, start, length);
  }
  i32(start: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, start, length);
  }
  u8(start: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, start, length);
  }
}

/** The address space of 32-bit WebAssembly. */
const MOST = 2 ** 32;
const outOfMemory = (what: string, cause?: unknown) =>
  new RangeError(`the run needs ${what} for its fields; use a smaller lattice (32-bit WebAssembly ends at 4 GiB)`, {
    cause,
  });
const ALIGN = 64;
const PAGE = 65536;
const roundUp = (bytes: number) => Math.ceil(bytes / ALIGN) * ALIGN;
