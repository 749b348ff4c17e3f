/**
 * The first bytes of a shared heap: how the calling thread and its workers talk. Word numbers are those of int32 words
 * at address 0; words that several threads write stand on cache lines of their own.
 *
 * A piece of work is open while `TICKET` = (generation << 8) | joined has an odd generation. A worker joins by
 * adding one to the ticket (compare and exchange: it fails when the work was closed meanwhile), does chunks until none
 * is left, and adds one to `DONE`. The calling thread does chunks too; when none is left it closes the ticket, learns
 * from it how many joined, and waits for those only. So a worker that is asleep, late, or without a core of its own
 * costs nothing: the caller does its chunks. Arguments may be read by whoever joined and be changed when the ticket is
 * closed and all who joined are done.
 */
export const WORD = {
  /** (generation << 8) | joined */
  ticket: 0,
  /** Number of the next chunk to be done. */
  next: 16,
  /** How many of those who joined have finished. */
  done: 32,
  /** Workers in Atomics.wait for a new ticket. */
  asleep: 48,
  /** Workers that have started. */
  ready: 64,
  /** 1 when a kernel threw in a worker; what it said is the text at MESSAGE. */
  failed: 80,
  messageLength: 81,
  /** 1 when the workers shall end. */
  quit: 82,
  /** 1 while the caller shares one range after the other: workers then spin for the next. */
  eager: 83,
  /** The work: see Team.run. */
  chunks: 96,
  chunkSize: 97,
  count: 98,
  kernel: 99,
  arguments: 100,
  /** Number of modules, and the address of the first: a list of blocks (next address, byte length, bytes). */
  modules: 101,
  firstModule: 102,
} as const;
export const WORDS = 128;

/** Address of the float64 arguments of the kernel. */
export const ARGUMENTS = 1024;
export const MAX_ARGUMENTS = 64;
/** Address of the UTF-16 text of an error. */
export const MESSAGE = 2048;
export const MAX_MESSAGE = 500;

/** Address of the private memory of the calling thread; that of worker i comes i times SCRATCH_BYTES later. */
export const SCRATCH = 4096;
/** Private memory of each worker, handed to a kernel as `scratch`. */
export const SCRATCH_BYTES = 64 * 1024;
/** Most workers of a team, the caller included (a ticket counts those who joined in 8 bits). */
export const MAX_WORKERS = 64;
/** Bytes at the bottom of the heap: control words, arguments, scratch of every worker. */
export const RESERVED_BYTES = SCRATCH + MAX_WORKERS * SCRATCH_BYTES;

/** Milliseconds that a thread looks for news before it sleeps: longer than the pause between two kernels of a run. */
export const SPIN = 0.05;
