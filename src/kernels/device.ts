import { Heap } from "./heap.ts";
import type { ModuleIr, Width } from "./ir.ts";
import { compileJavascript } from "./javascript/compile.ts";
import { hasRelaxedSimd, hasSimd } from "./simd.ts";
import { RESERVED_BYTES, type Spawn, Team, type TeamOptions } from "./team.ts";
import { encodeModule } from "./wasm/encode.ts";

export { hasRelaxedSimd } from "./simd.ts";

export type Backend = "wasm" | "javascript";

export interface DeviceOptions extends TeamOptions {
  /** Worker threads, the calling one included. Default 1. The results do not depend on it. */
  readonly workers?: number;
  /** How to start a worker (`spawnNodeWorker` of node.ts); without it one thread does everything. */
  readonly spawn?: Spawn;
  /** Use relaxed multiply-add where the engine has it. Changes the last bits. Default false. */
  readonly relaxed?: boolean;
  /**
   * What runs the kernels: WebAssembly SIMD, or scalar JavaScript, which gives the same bits in one thread, several
   * times slower. Default "wasm" where the engine has SIMD.
   */
  readonly backend?: Backend;
}

/** A kernel in the device: its number in the team. */
export interface Kernel {
  readonly name: string;
  readonly number: number;
}

export type Kernels<Name extends string = string> = Readonly<Record<Name, Kernel>>;

/** Most pieces a range is cut into, whatever the number of workers, so that sums have one fixed tree. */
const MAX_CHUNKS = 64;
const MIN_CHUNK = 16;
const MAX_COMPONENTS = 64;
const MAX_LANES = 4;

/** The narrow waist to the hardware: one heap, generated kernels, a team of workers. */
export class Device {
  readonly heap: Heap;
  readonly backend: Backend;
  readonly relaxed: boolean;
  private readonly team: Team;
  private readonly modules = new Map<string, Kernels>();
  private readonly partials: number;
  /** The terms of one sum. */
  private readonly terms = new Float64Array(MAX_LANES * MAX_CHUNKS + 1);

  /** Throws an Error when the workers do not start, or for `backend` "wasm" in an engine without SIMD. */
  constructor(options: DeviceOptions = {}) {
    this.backend = options.backend ?? (hasSimd() ? "wasm" : "javascript");
    if (this.backend === "wasm" && !hasSimd())
      throw new Error('this engine has no WebAssembly SIMD; ask for the backend "javascript"');
    const workers = this.backend === "wasm" ? (options.workers ?? 1) : 1;
    this.heap = new Heap({ shared: workers > 1 && options.spawn !== undefined, reserved: RESERVED_BYTES });
    this.relaxed = this.backend === "wasm" && (options.relaxed ?? false) && hasRelaxedSimd();
    this.team = new Team(this.heap, workers, options.spawn, options);
    this.partials = this.heap.allocate(MAX_CHUNKS * MAX_COMPONENTS * 16);
  }

  get workers(): number {
    return this.team.workers;
  }

  /** The kernels of a module, generated and compiled on first use. `key` must name all that the module depends on. */
  kernels<Name extends string>(key: string, generate: () => ModuleIr): Kernels<Name> {
    const known = this.modules.get(key);
    if (known) return known as Kernels<Name>;
    const { first, names } = this.compile(generate());
    const made = Object.fromEntries(names.map((name, i) => [name, { name, number: first + i }]));
    this.modules.set(key, made);
    return made as Kernels<Name>;
  }

  private compile(ir: ModuleIr): { first: number; names: string[] } {
    const { heap, relaxed, team } = this;
    if (this.backend === "javascript") return team.adopt(compileJavascript(ir, heap.memory));
    const memory = { initial: heap.initialPages, maximum: heap.maximumPages, shared: heap.shared };
    return team.load(encodeModule(ir, { relaxed, memory }));
  }

  /** Runs a kernel over items 0..count-1. Integers and addresses go as i32 parameters, numbers as f64. */
  run(kernel: Kernel, count: number, ...args: number[]): void {
    this.team.run(kernel.number, count, chunkSize(count), args);
  }

  /**
   * Runs a reduction kernel whose first own parameter is the address of partial sums: chunk c writes its
   * `components` vec there at (c * components) vec. Returns the sums, added in an order that depends on nothing
   * but `count`; the numbers of float32 partials too are added in float64. `width` is that of the module, or the lanes
   * of a float64 module.
   */
  sum(kernel: Kernel, count: number, components: number, width: number | Width, ...args: number[]): Float64Array {
    if (components > MAX_COMPONENTS) throw new RangeError(`a reduction has at most ${MAX_COMPONENTS} components`);
    const size = chunkSize(count);
    const chunks = Math.ceil(count / size);
    this.team.run(kernel.number, count, size, [this.partials, ...args]);
    const { lanes } = widthOf(width);
    const partial = this.partialsOf(chunks * components, width);
    const sums = new Float64Array(components);
    for (let c = 0; c < components; c++) {
      let terms = 0;
      for (let chunk = 0; chunk < chunks; chunk++)
        for (let lane = 0; lane < lanes; lane++)
          this.terms[terms++] = partial[(chunk * components + c) * lanes + lane]!;
      sums[c] = treeSum(this.terms, terms);
    }
    return sums;
  }

  /** Largest of the numbers that a kernel leaves in its first partial of every chunk (see `sum`). */
  maximum(kernel: Kernel, count: number, width: number | Width, ...args: number[]): number {
    const size = chunkSize(count);
    this.team.run(kernel.number, count, size, [this.partials, ...args]);
    let worst = Number.NEGATIVE_INFINITY;
    for (const x of this.partialsOf(Math.ceil(count / size), width)) {
      if (Number.isNaN(x)) return x;
      worst = Math.max(worst, x);
    }
    return worst;
  }

  /** The numbers of the first `vecs` vec of partial results. */
  private partialsOf(vecs: number, width: number | Width): Float64Array | Float32Array {
    const { lanes, bytes } = widthOf(width);
    const { heap, partials } = this;
    return bytes === 8 ? heap.f64(partials, vecs * lanes) : heap.f32(partials, vecs * lanes);
  }

  close(): void {
    this.team.close();
  }
}

const widthOf = (width: number | Width) => (typeof width === "number" ? { lanes: width, bytes: 8 } : width);
const chunkSize = (count: number) => Math.max(MIN_CHUNK, Math.ceil(count / MAX_CHUNKS));

/** Sums the first `length` numbers pair by pair, destroying them. */
function treeSum(row: Float64Array, length: number): number {
  for (let left = length; left > 1; left = (left + 1) >> 1) {
    if (left % 2 === 1) row[left] = 0;
    for (let i = 0; i < left; i += 2) row[i >> 1] = row[i]! + row[i + 1]!;
  }
  return length > 0 ? row[0]! : 0;
}
