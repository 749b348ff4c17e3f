import type { Field } from "../../lattice/field.ts";
import type { GaugeData } from "../../lattice/gauge-data.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import type { Rng } from "../../lattice/rng.ts";
import { hotLinks } from "./hot.ts";
import { instantonLinks } from "./instanton.ts";

/** Words of the run file for how a chain begins. */
export const startWords = ["cold", "hot", "instanton"] as const;

/**
 * A new field to start from: unit links, Haar-random links (addressed "start", step 0, by site), one instanton, or a
 * loaded configuration. Throws a RangeError where the lattice or the group does not allow it.
 */
export function startField(space: LinkSpace, start: (typeof startWords)[number] | GaugeData, rng: Rng): Field {
  const u = space.field();
  if (start === "cold") return u;
  const { extents } = space.lattice;
  if (start === "hot") space.load(u, hotLinks(space.group, extents, rng));
  else if (start === "instanton") space.load(u, instantonLinks(space.group, extents));
  else space.load(u, start);
  return u;
}
