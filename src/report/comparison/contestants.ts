import type { MemberRecord, RunEvent, RunRecord } from "../../storage/run-directory/record.ts";
import { analyse, groupByScan, type PointAnalysis } from "../analysis.ts";

/** One run, or one value of a scan, that takes part in a comparison; its replicas are merged. */
export interface Contestant {
  /** "su2-hmc"; of a scan "su2-hmc, steps = 10". */
  readonly name: string;
  readonly directory: string;
  /** "SU(2)" */
  readonly group?: string;
  /** Extents, the last is time. */
  readonly lattice?: readonly number[];
  readonly point: PointAnalysis;
  readonly members: readonly MemberRecord[];
}

/**
 * The contestants of a run directory: one, or one for every value of its scan.
 * @param name what the run is called in tables; where the run is the only one its scan speaks for itself, with name "".
 * @param trajectories only so many production updates of every chain are looked at; all where left out.
 */
export function contestantsOf(record: RunRecord, name: string, trajectories?: number): Contestant[] {
  const shown = trajectories === undefined ? record : shortened(record, trajectories);
  const { group, lattice, points } = analyse(shown);
  const groups = groupByScan(shown.members);
  return points.map((point, i) => ({
    name: [name, point.name].filter((part) => part !== "").join(", "),
    directory: record.directory,
    ...(group === undefined ? {} : { group }),
    ...(lattice === undefined ? {} : { lattice }),
    point,
    members: groups[i] ?? [],
  }));
}

/** A run as it stood after so many production updates. */
function shortened(record: RunRecord, trajectories: number): RunRecord {
  return {
    ...record,
    members: record.members.map((member) => {
      const thermalising = member.events.filter((e) => e.type === "stepped" && e.phase === "thermalise");
      const last = thermalising.length + trajectories;
      return { ...member, events: member.events.filter((e) => !beyond(e, last)) };
    }),
  };
}

/** Is this something that was done after so many updates? The end of a run says how it ended, whatever is looked at. */
const beyond = (event: RunEvent, last: number): boolean =>
  "trajectory" in event && event.trajectory > last && event.type !== "finished" && event.type !== "started";
