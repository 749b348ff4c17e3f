/**
 * The candidate a mistyped word most likely meant, or undefined. A word may be off by one edit in three letters
 * (insertion, deletion, substitution, or two neighbours exchanged); case and the choice of "-" or "_" do not count.
 * Failing that, the only candidate that the word is the beginning of ("wilson" for "wilson-gauge").
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const typed = plain(word);
  const all = [...candidates];
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(typed.length / 3)) + 1;
  for (const candidate of all) {
    const distance = editDistance(typed, plain(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  const begun = typed.length < 3 ? [] : all.filter((candidate) => plain(candidate).startsWith(typed));
  return best ?? (begun.length === 1 ? begun[0] : undefined);
}

/** `; did you mean "beta"?`, or nothing when no candidate is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const candidate = closest(word, candidates);
  return candidate === undefined ? "" : `; did you mean ${JSON.stringify(candidate)}?`;
}

const plain = (word: string) => word.toLowerCase().replaceAll("_", "-");

/** Optimal string alignment distance (Damerau 1964, restricted to one transposition per pair). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(substitution, above[j]! + 1, row[j - 1]! + 1);
      const exchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (exchanged) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
