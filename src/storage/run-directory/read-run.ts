import { statSync } from "node:fs";
import { parse } from "smol-toml";
import type { RunEvent } from "../../sampling/events.ts";
import { readEvents } from "./event-log.ts";
import { RunDirectoryError } from "./explain.ts";
import type { RunRecord } from "./record.ts";
import { memberPaths, openRun, type RunPaths, readIfThere } from "./run-directory.ts";

/** Reads all of a run directory, also of one that is still being written. Throws a RunDirectoryError. */
export function readRun(directory: string): RunRecord {
  const { paths, runText, members } = openRun(directory);
  const settings = parseSettings(paths.run, runText);
  if (members.length === 0) {
    const only = { label: "chain-0", chain: 0, scan: {}, runText, events: allEvents(paths) };
    return { directory, runText, settings, members: [only] };
  }
  return {
    directory,
    runText,
    settings,
    members: members.map((member) => {
      const own = memberPaths(directory, member.label);
      return { ...member, runText: readIfThere(own.run) ?? runText, events: allEvents(own) };
    }),
  };
}

const allEvents = ({ events }: RunPaths): RunEvent[] =>
  statSync(events, { throwIfNoEntry: false }) ? [...readEvents(events)] : [];

function parseSettings(path: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    throw new RunDirectoryError(`${path}: ${(error as Error).message}`);
  }
}
