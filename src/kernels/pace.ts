/**
 * Decides by measurement whether ranges are shared with the workers. It changes who computes a chunk, never what:
 * results do not depend on it.
 *
 * A range that takes the caller less than `SMALL` is never shared, one above `LARGE` always. Between them sharing is on
 * as long as it pays: the time of the shared ranges of a window is held against what the caller alone would need. Where
 * it does not pay (the cores are busy with something else) it is off, and tried again ever more rarely. It is one
 * decision for all kernels, because what a shared range costs depends on whether the one before has left the workers
 * awake.
 */
export class Pace {
  private on = true;
  private expected = 0;
  private actual = 0;
  /** Shared ranges of this window; negative while the workers wake up. */
  private runs = 0;
  private refused = 0;
  private patience = FIRST_PATIENCE;

  /** Whether sharing is on: the workers shall then stay awake between two ranges. */
  get sharing(): boolean {
    return this.on;
  }

  /** Whether to share a range of `items`. */
  share(cost: Cost, items: number): boolean {
    const alone = cost.of(items);
    if (alone === 0 || alone > LARGE) return true;
    if (alone < SMALL) return false;
    if (this.on) return !cost.due();
    if (++this.refused >= this.patience) this.begin(true, -WAKING);
    return this.on;
  }

  /** A shared range took `time` milliseconds; the caller would have needed `alone`. */
  learn(alone: number, time: number): void {
    if (!this.on || alone < SMALL || alone > LARGE || ++this.runs <= 0) return;
    this.expected += alone;
    this.actual += time;
    if (this.runs < WINDOW) return;
    const pays = this.actual < WORTH * this.expected;
    this.patience = pays ? FIRST_PATIENCE : Math.min(2 * this.patience, LAST_PATIENCE);
    this.begin(pays, 0);
  }

  private begin(on: boolean, runs: number): void {
    this.on = on;
    this.runs = runs;
    this.refused = this.expected = this.actual = 0;
  }
}

/**
 * Milliseconds an item that the calling thread needs for a kernel when it does the whole range. What it needs for its
 * part of a shared range is a first guess only: there the threads wait for each other's memory.
 */
export class Cost {
  private mean = 0;
  private measured = false;
  private asked = 0;
  private interval = FIRST_INTERVAL;

  /** Milliseconds for `items`, 0 before anything was learnt. */
  of(items: number): number {
    return this.mean * items;
  }

  /** Whether to measure again though sharing is on: the engine may have optimised the kernel since. */
  due(): boolean {
    if (this.measured && ++this.asked < this.interval) return false;
    this.asked = 0;
    this.interval = Math.min(2 * this.interval, LAST_INTERVAL);
    return true;
  }

  /** The calling thread did a whole range of `items` in `time`. Interruptions only make it longer, so less is believed. */
  learn(items: number, time: number): void {
    if (items === 0) return;
    const sample = time / items;
    const known = this.measured ? this.mean : sample;
    this.mean = known + (sample < known ? (sample - known) / 2 : (Math.min(sample, 4 * known) - known) / 16);
    this.measured = true;
  }

  /** The calling thread did these of the items of a shared range. */
  guess(items: number, time: number): void {
    if (items > 0 && !this.measured) this.mean = time / items;
  }
}

/**
 * Milliseconds. Waking a worker takes 5-30 microseconds, a shared range with awake workers less than one; a worker that
 * lost its core in the middle of a chunk may be waited for as long as a time slice of the system, some milliseconds.
 */
const SMALL = 0.005;
const LARGE = 0.25;
/** Sharing must gain something. */
const WORTH = 0.85;
/** Shared ranges of a window, and before the first one. */
const WINDOW = 16;
const WAKING = 4;
/** Ranges done alone between two tries. */
const FIRST_PATIENCE = 32;
const LAST_PATIENCE = 256;
/** Shared ranges of a kernel between two measurements of its cost. */
const FIRST_INTERVAL = 16;
const LAST_INTERVAL = 2048;
