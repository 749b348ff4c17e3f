import {
  ARGUMENTS,
  MAX_ARGUMENTS,
  MAX_MESSAGE,
  MESSAGE,
  SCRATCH,
  SCRATCH_BYTES,
  SPIN,
  WORD,
  WORDS,
} from "./control.ts";

/**
 * The life of a worker: wait for an open ticket, load new modules, join, do chunks until none is left, report; see
 * control.ts. Plain JavaScript in one string, so that it starts the same from sources, from a bundle and in a browser.
 * Whatever goes wrong outside a kernel ends the thread, before it has joined anything, and is reported by its host.
 *
 * Addresses beyond 2 GiB come out of int32 words negative: `>>> 0`. A memory that another thread has grown shows its
 * new length after grow(0).
 */
export const WORKER_SOURCE = `
"use strict";
const run = ({ memory, index }) => {
  const words = new Int32Array(memory.buffer, 0, ${WORDS});
  const args = new Float64Array(memory.buffer, ${ARGUMENTS}, ${MAX_ARGUMENTS});
  const kernels = [];
  const scratch = ${SCRATCH} + index * ${SCRATCH_BYTES};
  let modules = 0;
  let lastModule = 0;
  // Milliseconds to spin for this ticket to be closed when its chunks are done. A caller that takes longer has lost its
  // core, perhaps to us.
  let linger = 0;

  /** Waits until the ticket is of another generation than \`seen\`; returns it. */
  const news = (seen) => {
    let until = 0;
    for (let spins = 0; ; spins++) {
      const ticket = Atomics.load(words, ${WORD.ticket});
      if (ticket >> 8 !== seen) return ticket;
      if ((spins & 127) !== 127) continue;
      const now = performance.now();
      if (until === 0) until = now + (seen & 1 ? linger : Atomics.load(words, ${WORD.eager}) ? ${SPIN} : 0);
      if (now < until) continue;
      Atomics.add(words, ${WORD.asleep}, 1);
      Atomics.wait(words, ${WORD.ticket}, ticket);
      Atomics.sub(words, ${WORD.asleep}, 1);
      until = 0;
    }
  };

  const view = (View, at, length) => {
    if (at + length * View.BYTES_PER_ELEMENT > memory.buffer.byteLength) memory.grow(0);
    return new View(memory.buffer, at, length);
  };

  const load = () => {
    for (const known = Atomics.load(words, ${WORD.modules}); modules < known; modules++) {
      const at = (modules === 0 ? words[${WORD.firstModule}] : view(Int32Array, lastModule, 1)[0]) >>> 0;
      const length = view(Int32Array, at + 4, 1)[0];
      const bytes = view(Uint8Array, at + 8, length).slice();
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
      kernels.push(...Object.values(exports));
      lastModule = at;
    }
  };

  const work = () => {
    const kernel = kernels[words[${WORD.kernel}]];
    const count = words[${WORD.count}], size = words[${WORD.chunkSize}], chunks = words[${WORD.chunks}];
    const list = Array.from(args.subarray(0, words[${WORD.arguments}]));
    const start = performance.now();
    let did = 0;
    for (let c; (c = Atomics.add(words, ${WORD.next}, 1)) < chunks; did++)
      kernel(c * size, Math.min(count, (c + 1) * size), scratch, c, ...list);
    linger = Math.min(${SPIN}, 0.005 + (2 * (performance.now() - start)) / (did || 1));
  };

  const fail = (error) => {
    if (Atomics.compareExchange(words, ${WORD.failed}, 0, 1) !== 0) return;
    const text = String(error instanceof Error ? error.message : error).slice(0, ${MAX_MESSAGE});
    const units = new Uint16Array(memory.buffer, ${MESSAGE}, ${MAX_MESSAGE});
    for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
    words[${WORD.messageLength}] = text.length;
    Atomics.store(words, ${WORD.next}, words[${WORD.chunks}]);
  };

  Atomics.add(words, ${WORD.ready}, 1);
  Atomics.notify(words, ${WORD.ready});
  for (let seen = 0; ; ) {
    const ticket = news(seen);
    seen = ticket >> 8;
    if (Atomics.load(words, ${WORD.quit})) return;
    load();
    if ((seen & 1) === 0) continue;
    for (let old = ticket; old >> 8 === seen; ) {
      const found = Atomics.compareExchange(words, ${WORD.ticket}, old, old + 1);
      if (found !== old) {
        old = found;
        continue;
      }
      try {
        work();
      } catch (error) {
        fail(error);
      }
      Atomics.add(words, ${WORD.done}, 1);
      Atomics.notify(words, ${WORD.done});
      break;
    }
  }
};
`;
