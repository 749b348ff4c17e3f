/** State of a running mean. `error` and `tauInt` are absent until the chain is long enough for them. */
export interface RunningEstimate {
  readonly n: number;
  readonly mean: number;
  readonly error?: number;
  readonly tauInt?: number;
}

/** A mean with an error that follows a chain as it grows. */
export interface RunningMean {
  push(value: number): void;
  estimate(): RunningEstimate;
}

/** Count, mean and sum of squared distances of the blocks of one size (Welford 1962). */
interface Level {
  count: number;
  mean: number;
  squares: number;
  /** A block that waits for its neighbour to become a block of twice the size. */
  waiting: number | undefined;
}

/** Blocks of a size that counts must number at least this many. */
const enoughBlocks = 16;

/**
 * Streaming mean with an error by blocking into sizes 1, 2, 4, … (Flyvbjerg and Petersen, J. Chem. Phys. 91 (1989) 461):
 * O(log n) memory and O(1) time a value. The block size B is the smallest with B^3 > 2 n (error_B/error_1)^4 (Lee et
 * al., PRE 83 (2011) 066706); without one the largest is shown with at least 16 blocks. For live progress: the Gamma
 * method has the last word.
 */
export function runningMean(): RunningMean {
  const levels: Level[] = [];
  return {
    push(value) {
      let block = value;
      for (let k = 0; ; k++) {
        const level = (levels[k] ??= { count: 0, mean: 0, squares: 0, waiting: undefined });
        const distance = block - level.mean;
        level.count++;
        level.mean += distance / level.count;
        level.squares += distance * (block - level.mean);
        if (level.waiting === undefined) {
          level.waiting = block;
          return;
        }
        block = (level.waiting + block) / 2;
        level.waiting = undefined;
      }
    },
    estimate() {
      const n = levels[0]?.count ?? 0;
      const mean = levels[0]?.mean ?? Number.NaN;
      const variances = levels.filter((l) => l.count >= enoughBlocks).map((l) => l.squares / (l.count - 1) / l.count);
      const naive = variances[0];
      if (naive === undefined) return { n, mean };
      if (naive === 0) return { n, mean, error: 0, tauInt: 0.5 };
      const plateau = variances.find((v, k) => 8 ** k > 2 * n * (v / naive) ** 2);
      const variance = plateau ?? Math.max(...variances);
      return { n, mean, error: Math.sqrt(variance), tauInt: variance / naive / 2 };
    },
  };
}
