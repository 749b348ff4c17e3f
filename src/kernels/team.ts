import { ARGUMENTS, MAX_ARGUMENTS, MAX_WORKERS, MESSAGE, SCRATCH, SPIN, WORD, WORDS } from "./control.ts";
import type { Heap } from "./heap.ts";
import { Cost, Pace } from "./pace.ts";
import { WORKER_SOURCE } from "./worker.ts";

export { MAX_WORKERS, RESERVED_BYTES, SCRATCH_BYTES } from "./control.ts";

/**
 * Starts a worker that evaluates `source` and calls its `run` with `data`. `failed` is called with a reason when the
 * thread ends by an error or by itself.
 */
export type Spawn = (
  source: string,
  data: { memory: WebAssembly.Memory; index: number },
  failed: (reason: string) => void,
) => { terminate(): void };

/** A compiled kernel: (begin, end, scratch, chunk, …own arguments). */
export type KernelFunction = (...args: number[]) => void;

export interface TeamOptions {
  /** "measured" shares a range where that is quicker (pace.ts); "always" shares all of two or more chunks. */
  readonly dispatch?: "measured" | "always";
  /** Seconds to wait for the threads to start. Default 30. */
  readonly startSeconds?: number;
  /** Seconds without news after which a worker is given up for lost. Default 60. */
  readonly lostSeconds?: number;
}

/** Long-lived workers on the shared heap, by the protocol of control.ts. With one, all runs in the calling thread. */
export class Team {
  readonly workers: number;
  private readonly heap: Heap;
  private readonly always: boolean;
  private readonly lostSeconds: number;
  private readonly threads: { terminate(): void }[] = [];
  private readonly kernels: { readonly name: string; readonly call: KernelFunction; readonly cost: Cost }[] = [];
  private readonly pace = new Pace();
  // Growing a shared memory leaves old views valid, so these are taken once.
  private readonly words: Int32Array;
  private readonly args: Float64Array;
  private generation = 0;
  private lastModule = 0;
  /** Why nothing can be run any more. */
  private closed: string | undefined;

  /** Throws an Error when the worker threads do not start. */
  constructor(heap: Heap, workers: number, spawn: Spawn | undefined, options: TeamOptions = {}) {
    this.heap = heap;
    this.workers = spawn ? Math.max(1, Math.min(workers, MAX_WORKERS)) : 1;
    this.always = options.dispatch === "always";
    this.lostSeconds = options.lostSeconds ?? 60;
    this.words = heap.i32(0, WORDS);
    this.args = heap.f64(ARGUMENTS, MAX_ARGUMENTS);
    try {
      for (let index = 1; index < this.workers; index++)
        this.threads.push(
          spawn!(WORKER_SOURCE, { memory: heap.memory, index }, (reason) => this.lose(`a worker ended: ${reason}`)),
        );
      this.awaitStart(options.startSeconds ?? 30);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      this.lose(why);
      throw new Error(`could not start ${this.workers - 1} worker threads: ${why}; ask for fewer workers`, { cause });
    }
  }

  private awaitStart(seconds: number): void {
    const { words } = this;
    const until = performance.now() + 1000 * seconds;
    for (let ready = 0; (ready = Atomics.load(words, WORD.ready)) < this.workers - 1; ) {
      const left = until - performance.now();
      if (left <= 0) throw new Error(`${ready} of them answered within ${seconds} s`);
      Atomics.wait(words, WORD.ready, ready, left);
    }
  }

  /**
   * Loads a WebAssembly module; returns the number of its first kernel and the kernels' names in order. Workers
   * compile it for themselves before they join any later work.
   */
  load(bytes: Uint8Array): { first: number; names: string[] } {
    const { memory } = this.heap;
    const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    const made = this.adopt(exports as Record<string, KernelFunction>);
    if (this.workers > 1) this.publish(bytes);
    return made;
  }

  /** Takes kernels that are functions already; only for teams of one, workers would not know them. */
  adopt(functions: Readonly<Record<string, KernelFunction>>): { first: number; names: string[] } {
    const first = this.kernels.length;
    const names = Object.keys(functions);
    for (const name of names) this.kernels.push({ name, call: functions[name]!, cost: new Cost() });
    return { first, names };
  }

  private publish(bytes: Uint8Array): void {
    const { heap, words } = this;
    const at = heap.allocate(8 + bytes.length);
    heap.i32(at, 2).set([0, bytes.length]);
    heap.u8(at + 8, bytes.length).set(bytes);
    if (this.lastModule === 0) words[WORD.firstModule] = at;
    else heap.i32(this.lastModule, 1)[0] = at;
    this.lastModule = at;
    Atomics.add(words, WORD.modules, 1);
    this.turn(2); // nothing to join, but time to compile
  }

  /**
   * Calls kernel `number` on every chunk of 0..count-1. Who does a chunk changes nothing in the result. Throws an
   * Error that names the kernel when it failed anywhere (the team goes on), or when the team is closed.
   */
  run(number: number, count: number, chunkSize: number, args: readonly number[]): void {
    if (this.closed !== undefined) throw new Error(`the device is closed: ${this.closed}`);
    const { name, call, cost } = this.kernels[number]!;
    const chunks = Math.ceil(count / chunkSize);
    try {
      if (this.workers === 1) alone(call, count, chunkSize, chunks, args);
      else if (chunks > 1 && (this.always || this.pace.share(cost, count))) {
        const start = performance.now();
        this.open(number, count, chunkSize, chunks, args);
        this.shared(call, count, chunkSize, chunks, args, cost);
        this.pace.learn(cost.of(count), performance.now() - start);
      } else {
        const start = performance.now();
        alone(call, count, chunkSize, chunks, args);
        cost.learn(count, performance.now() - start);
      }
    } catch (cause) {
      if (this.closed !== undefined) throw cause;
      throw new Error(`kernel ${name} failed: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }

  private open(number: number, count: number, chunkSize: number, chunks: number, args: readonly number[]): void {
    if (args.length > MAX_ARGUMENTS) throw new RangeError(`at most ${MAX_ARGUMENTS} arguments, not ${args.length}`);
    const { words } = this;
    for (let i = 0; i < args.length; i++) this.args[i] = args[i]!;
    words[WORD.arguments] = args.length;
    words[WORD.kernel] = number;
    words[WORD.count] = count;
    words[WORD.chunkSize] = chunkSize;
    words[WORD.chunks] = chunks;
    words[WORD.failed] = 0;
    words[WORD.done] = 0;
    words[WORD.eager] = this.always || this.pace.sharing ? 1 : 0;
    Atomics.store(words, WORD.next, 0);
    this.turn(1);
  }

  /** Moves the ticket by one generation (open to closed or back) or two, and wakes who sleeps. */
  private turn(by: 1 | 2): void {
    this.generation = (this.generation + by) & 0x7fffff;
    Atomics.store(this.words, WORD.ticket, this.generation << 8);
    // A worker counts itself asleep before it looks at the ticket a last time: either we see it here or it sees the
    // new ticket.
    if (Atomics.load(this.words, WORD.asleep) > 0) Atomics.notify(this.words, WORD.ticket);
  }

  /** Does chunks of the open work until it is finished, and learns what the calling thread needs for one. */
  private shared(
    call: KernelFunction,
    count: number,
    chunkSize: number,
    chunks: number,
    args: readonly number[],
    cost: Cost,
  ): void {
    const { words } = this;
    const start = performance.now();
    let items = 0;
    try {
      for (let c = Atomics.add(words, WORD.next, 1); c < chunks; c = Atomics.add(words, WORD.next, 1)) {
        const end = Math.min(count, (c + 1) * chunkSize);
        invoke(call, c * chunkSize, end, c, args);
        items += end - c * chunkSize;
      }
    } catch (error) {
      Atomics.store(words, WORD.next, chunks);
      this.finish(SPIN);
      throw error;
    }
    // Whoever is at work still has at most one chunk to do; where that takes longer than ours, it has lost its core.
    const took = performance.now() - start;
    this.finish(Math.min(SPIN, 0.005 + (2 * took * chunkSize) / Math.max(items, chunkSize)));
    if (Atomics.load(words, WORD.failed)) throw new Error(`${this.message()} (in a worker)`);
    cost.guess(items, took);
  }

  /** Closes the ticket and waits for the workers that joined: looks for `spin` milliseconds, then sleeps. */
  private finish(spin: number): void {
    const { words } = this;
    this.generation = (this.generation + 1) & 0x7fffff;
    const joined = Atomics.exchange(words, WORD.ticket, this.generation << 8) & 0xff;
    if (Atomics.load(words, WORD.done) >= joined) return;
    const until = performance.now() + spin;
    let silent = 0;
    for (let spins = 1, done = 0; (done = Atomics.load(words, WORD.done)) < joined; spins++) {
      if ((spins & 31) !== 0 || performance.now() < until) continue;
      // Slices of time and not one long wait: the seconds in which the whole process was stopped do not count.
      silent = Atomics.wait(words, WORD.done, done, 1000) === "timed-out" ? silent + 1 : 0;
      if (silent < this.lostSeconds) continue;
      this.lose(`a worker has not answered for ${silent} s`);
      throw new Error(`the device is closed: ${this.closed}; its fields are not to be trusted`);
    }
  }

  private message(): string {
    const length = this.words[WORD.messageLength]!;
    return String.fromCharCode(...new Uint16Array(this.words.buffer, MESSAGE, length));
  }

  private lose(reason: string): void {
    if (this.closed !== undefined) return;
    this.end(reason);
  }

  private end(reason: string): void {
    this.closed = reason;
    if (this.workers > 1) {
      Atomics.store(this.words, WORD.quit, 1);
      this.turn(2);
    }
    for (const thread of this.threads) thread.terminate();
    this.threads.length = 0;
  }

  /** Ends the workers. Any later run throws. */
  close(): void {
    if (this.closed === undefined) this.end("close() was called");
  }
}

function alone(call: KernelFunction, count: number, size: number, chunks: number, args: readonly number[]): void {
  for (let c = 0; c < chunks; c++) invoke(call, c * size, Math.min(count, (c + 1) * size), c, args);
}

/** One chunk in the calling thread. Spelt out because a spread triples the cost of a call (33 against 12 ns). */
function invoke(call: KernelFunction, begin: number, end: number, chunk: number, a: readonly number[]): void {
  if (a.length === 1) call(begin, end, SCRATCH, chunk, a[0]!);
  else if (a.length === 2) call(begin, end, SCRATCH, chunk, a[0]!, a[1]!);
  else if (a.length === 3) call(begin, end, SCRATCH, chunk, a[0]!, a[1]!, a[2]!);
  else if (a.length === 4) call(begin, end, SCRATCH, chunk, a[0]!, a[1]!, a[2]!, a[3]!);
  else if (a.length === 5) call(begin, end, SCRATCH, chunk, a[0]!, a[1]!, a[2]!, a[3]!, a[4]!);
  else if (a.length === 6) call(begin, end, SCRATCH, chunk, a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!);
  else if (a.length === 7) call(begin, end, SCRATCH, chunk, a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!);
  else if (a.length === 8) call(begin, end, SCRATCH, chunk, a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!);
  else if (a.length === 9)
    call(begin, end, SCRATCH, chunk, a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!);
  else if (a.length === 10)
    call(begin, end, SCRATCH, chunk, a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!);
  else call(begin, end, SCRATCH, chunk, ...a);
}
