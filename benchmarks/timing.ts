/** Shortest and median seconds of a call, after it was made often enough for the compilers to settle. */
export interface Timing {
  readonly minimum: number;
  readonly median: number;
}

export function time(work: () => void, options: { readonly seconds?: number; readonly rounds?: number } = {}): Timing {
  const { seconds = 0.4, rounds = 15 } = options;
  const once = () => {
    const begin = performance.now();
    work();
    return (performance.now() - begin) / 1000;
  };
  let spent = 0;
  let calls = 0;
  while (spent < seconds || calls < 10) {
    spent += once();
    calls++;
  }
  // group short calls, so that the clock's resolution does not matter
  const group = Math.max(1, Math.ceil(2e-4 / (spent / calls)));
  const times = Array.from({ length: rounds }, () => {
    const begin = performance.now();
    for (let i = 0; i < group; i++) work();
    return (performance.now() - begin) / 1000 / group;
  }).sort((a, b) => a - b);
  return { minimum: times[0]!, median: times[Math.floor(rounds / 2)]! };
}

export const milliseconds = (t: number): string => `${(1000 * t).toPrecision(3)} ms`;
