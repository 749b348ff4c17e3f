import type { GaugeData } from "../../lattice/gauge-data.ts";
import { coordinates } from "../../lattice/geometry.ts";
import { FormatError, type Precision } from "./configuration-format.ts";

/** max |(U U^dagger - 1)_ab| over all links; not finite where a number is not, or is huge. */
export function unitarityDefectOf({ group: { n }, links }: GaugeData): number {
  const size = 2 * n * n;
  let worst = 0;
  for (let link = 0; link < links.length; link += size)
    for (let a = 0; a < n; a++)
      for (let b = a; b < n; b++) {
        let re = a === b ? -1 : 0;
        let im = 0;
        for (let k = 0; k < n; k++) {
          const p = link + 2 * (a * n + k);
          const q = link + 2 * (b * n + k);
          re += links[p]! * links[q]! + links[p + 1]! * links[q + 1]!;
          im += links[p + 1]! * links[q]! - links[p]! * links[q + 1]!;
        }
        const squared = re * re + im * im;
        if (squared > worst) worst = squared;
        else if (Number.isNaN(squared)) return Number.NaN;
      }
  return Math.sqrt(worst);
}

/** Beyond these a configuration is worth a note; molecular dynamics leaves 1e-10, single precision 1e-6. */
const tolerated: Readonly<Record<Precision, number>> = { 32: 2e-5, 64: 1e-8 };

/**
 * The unitarity defect, and a sentence about it if it is large (converted from single precision, fixed boundaries, no
 * group elements at all). Throws a FormatError that names the first link with a number that is not finite.
 */
export function inspectLinks(data: GaugeData, precision: Precision): { defect: number; notes: string[] } {
  const defect = unitarityDefectOf(data);
  if (!Number.isFinite(defect)) checkFinite(data);
  const notes =
    defect <= tolerated[precision]
      ? []
      : [
          `links are unitary only to ${defect.toExponential(1)} (largest |U U^dagger - 1|); check that this is the right file, and project onto ${data.group.name} before updates`,
        ];
  return { defect, notes };
}

/** Throws a FormatError that names the first link with a number that is not finite. */
export function checkFinite({ group, extents, links }: GaugeData): void {
  for (let i = 0; i < links.length; i++)
    if (!Number.isFinite(links[i]!))
      throw new FormatError(`${place(i)} holds ${links[i]}; do not use this configuration, take an earlier one`);

  function place(i: number): string {
    const link = Math.floor(i / (2 * group.n ** 2));
    const site = coordinates(Math.floor(link / extents.length), extents);
    return `the link in direction ${(link % extents.length) + 1} at site (${site.join(", ")})`;
  }
}
