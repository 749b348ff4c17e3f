import type { Estimated } from "../statistics/index.ts";
import type { Analysis, PointAnalysis } from "./analysis.ts";

/** One quantity followed through a scan. */
export interface ScanColumn {
  readonly name: string;
  /** What it is at one value; undefined where it was not measured there. */
  at(point: PointAnalysis): Estimate | undefined;
}

type Estimate = Pick<Estimated, "mean" | "refused"> & { readonly error?: number; readonly reason?: string };

/** Values of one observable that are followed; there are too many Wilson loops. */
const followed = 4;

/**
 * The quantities to show against the scanned value, in the order of the tables: a few of every observable, and the
 * scales of the gradient flow. What has the same value everywhere, without an error (Im P of SU(2)), is left out.
 */
export function scanColumns({ points }: Analysis): ScanColumn[] {
  const families = new Map<string, Set<string>>();
  for (const { observable, flowTime, name } of points.flatMap(({ quantities }) => quantities)) {
    const family = `${observable} ${flowTime === undefined}`;
    families.set(family, (families.get(family) ?? new Set()).add(name));
  }
  const names = [...families.values()].flatMap((family) => [...family].slice(0, followed));
  const quantities = names.map(
    (name): ScanColumn => ({
      name,
      at: ({ quantities }) => quantities.find((one) => one.name === name)?.estimated,
    }),
  );
  const labels = [...new Set(points.flatMap(({ flow }) => flow.map(({ label }) => label)))];
  const scales = labels.flatMap((label): ScanColumn[] => [
    { name: `t₀ (${label})`, at: ({ flow }) => flow.find((one) => one.label === label)?.t0 },
    { name: `w₀ (${label})`, at: ({ flow }) => flow.find((one) => one.label === label)?.w0 },
  ]);
  return [...quantities, ...scales].filter((column) => varies(points.map((point) => column.at(point))));
}

function varies(estimates: readonly (Estimate | undefined)[]): boolean {
  const first = estimates.find((one) => one !== undefined);
  return estimates.some((one) => one && !(one.error === 0 && one.mean === first?.mean));
}
