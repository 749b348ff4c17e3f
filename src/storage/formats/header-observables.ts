import type { GaugeData } from "../../lattice/gauge-data.ts";
import { volumeOf } from "./shape.ts";

/*
 * The two numbers that NERSC and openQCD headers carry, straight from their definitions. They check that a file was
 * understood, so they share no code with the kernels that measure.
 */

/** Mean of Re tr P / N over all sites and planes; 0 in one dimension, where there is no plaquette. */
export function plaquetteOf({ group: { n }, extents, links }: GaugeData): number {
  const d = extents.length;
  if (d < 2) return 0;
  const size = 2 * n * n;
  const volume = volumeOf(extents);
  const steps = forwardSteps(extents);
  const there = new Float64Array(size);
  const back = new Float64Array(size);
  const sum = new CompensatedSum();
  for (let site = 0; site < volume; site++)
    for (let mu = 0; mu < d; mu++)
      for (let nu = mu + 1; nu < d; nu++) {
        // Re tr [U_mu(x) U_nu(x + mu)] [U_nu(x) U_mu(x + nu)]^dagger
        multiply(links, (site * d + mu) * size, (steps[mu]![site]! * d + nu) * size, n, there);
        multiply(links, (site * d + nu) * size, (steps[nu]![site]! * d + mu) * size, n, back);
        let trace = 0;
        for (let i = 0; i < size; i++) trace += there[i]! * back[i]!;
        sum.add(trace);
      }
  return sum.value / (n * volume * ((d * (d - 1)) / 2));
}

/** Mean of Re tr U / N over all links. */
export function linkTraceOf({ group: { n }, links }: GaugeData): number {
  const size = 2 * n * n;
  const sum = new CompensatedSum();
  for (let link = 0; link < links.length; link += size)
    for (let a = 0; a < n; a++) sum.add(links[link + 2 * a * (n + 1)]!);
  return sum.value / ((n * links.length) / size);
}

/** out = A B for the matrices at `a` and `b`. */
function multiply(links: Float64Array, a: number, b: number, n: number, out: Float64Array): void {
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < n; k++) {
        const p = a + 2 * (row * n + k);
        const q = b + 2 * (k * n + column);
        re += links[p]! * links[q]! - links[p + 1]! * links[q + 1]!;
        im += links[p]! * links[q + 1]! + links[p + 1]! * links[q]!;
      }
      out[2 * (row * n + column)] = re;
      out[2 * (row * n + column) + 1] = im;
    }
}

/** For every direction the site number one step forwards. */
function forwardSteps(extents: readonly number[]): Int32Array[] {
  let stride = 1;
  return extents.map((extent) => {
    const step = stride;
    stride *= extent;
    const steps = new Int32Array(volumeOf(extents));
    for (let site = 0; site < steps.length; site++) {
      const atEdge = Math.floor(site / step) % extent === extent - 1;
      steps[site] = site + step - (atEdge ? extent * step : 0);
    }
    return steps;
  });
}

/** Neumaier's compensated sum: openQCD accepts a header only if it is right to rounding, 2e-16 sqrt(6 V). */
class CompensatedSum {
  private sum = 0;
  private lost = 0;

  get value(): number {
    return this.sum + this.lost;
  }

  add(x: number): void {
    const next = this.sum + x;
    this.lost += Math.abs(this.sum) >= Math.abs(x) ? this.sum - next + x : x - next + this.sum;
    this.sum = next;
  }
}
