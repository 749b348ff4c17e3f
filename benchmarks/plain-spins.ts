/**
 * The same updates in plain TypeScript over typed arrays, as one writes them by hand for nearest neighbours on a square lattice,
 * with a fast generator that is consumed in an order: what the kernels are compared with.
 */
export interface PlainSpins {
  /** Numbers a spin. */
  readonly n: 1 | 2 | 3;
  readonly values: Float64Array;
  /** Four a site. */
  readonly neighbours: Int32Array;
  /** K = J/T. */
  readonly strength: number;
  random(): number;
}

/** xorshift128 of G. Marsaglia, J. Stat. Softw. 8 (2003) 14, 32 bits a number. */
export function xorshift(): () => number {
  let [x, y, z, w] = [123456789, 362436069, 521288629, 88675123];
  return () => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return (w >>> 0) * 2 ** -32;
  };
}

/** Random sites, proposals uniform on the sphere, as `metropolis` by default. Returns the number accepted. */
export function plainMetropolis({ n, values, neighbours, strength, random }: PlainSpins, updates: number): number {
  const volume = values.length / n;
  const fresh = new Float64Array(n);
  let accepted = 0;
  for (let u = 0; u < updates; u++) {
    const site = Math.floor(random() * volume);
    if (n === 1) fresh[0] = -values[site]!;
    else {
      const z = n === 3 ? 1 - 2 * random() : 0;
      const r = Math.sqrt(1 - z * z);
      const angle = 2 * Math.PI * random();
      fresh[0] = r * Math.cos(angle);
      fresh[1] = r * Math.sin(angle);
      if (n === 3) fresh[2] = z;
    }
    let gain = 0;
    for (let a = 0; a < n; a++) {
      let field = 0;
      for (let k = 4 * site; k < 4 * site + 4; k++) field += values[n * neighbours[k]! + a]!;
      gain += strength * field * (fresh[a]! - values[n * site + a]!);
    }
    if (gain < 0 && random() >= Math.exp(gain)) continue;
    for (let a = 0; a < n; a++) values[n * site + a] = fresh[a]!;
    accepted += 1;
  }
  return accepted;
}

/** One cluster of Ising spins; returns its size. `stack` has room for all sites. */
export function plainWolff({ values, neighbours, strength, random }: PlainSpins, stack: Int32Array): number {
  const bond = 1 - Math.exp(-2 * strength);
  const root = Math.floor(random() * values.length);
  const sign = values[root]!;
  values[root] = -sign;
  let size = 1;
  let top = 0;
  stack[top++] = root;
  while (top > 0) {
    const site = stack[--top]!;
    for (let k = 4 * site; k < 4 * site + 4; k++) {
      const other = neighbours[k]!;
      if (values[other] !== sign || random() >= bond) continue;
      values[other] = -sign;
      stack[top++] = other;
      size += 1;
    }
  }
  return size;
}
