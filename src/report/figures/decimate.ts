/** A point of a history. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * At most about `limit` points that look the same: of every stretch the lowest and the highest, in their order, so that
 * no excursion is lost. Points that are not finite are left out.
 */
export function decimate(points: readonly Point[], limit = 1200): Point[] {
  const finite = points.filter(({ y }) => Number.isFinite(y));
  if (finite.length <= limit) return finite;
  const stretch = Math.ceil((2 * finite.length) / limit);
  const kept: Point[] = [];
  for (let begin = 0; begin < finite.length; begin += stretch) {
    const part = finite.slice(begin, begin + stretch);
    const low = part.reduce((a, b) => (b.y < a.y ? b : a));
    const high = part.reduce((a, b) => (b.y > a.y ? b : a));
    kept.push(...(low === high ? [low] : low.x < high.x ? [low, high] : [high, low]));
  }
  return kept;
}
