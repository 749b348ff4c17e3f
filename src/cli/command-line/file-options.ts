import { parseGroup } from "../../lattice/group.ts";
import type { ReadHints } from "../../storage/formats/index.ts";
import { latticeOption } from "./arguments.ts";
import { UsageError } from "./errors.ts";

/** Options that tell what a configuration file does not say about itself. */
export const hintOptions = {
  group: { type: "string", valueHint: "SU(3)", description: "gauge group, where the file does not say it" },
  lattice: {
    type: "string",
    valueHint: "4,4,4,8",
    description: "extents, the last is time, where the file does not say them",
  },
} as const;

/** What the options say, for the reader of a file. Throws UsageError. */
export function hints(
  args: { readonly group?: string | undefined; readonly lattice?: string | undefined },
  format: string | undefined,
): ReadHints {
  return {
    ...(args.group === undefined ? {} : { group: groupOption(args.group) }),
    ...(args.lattice === undefined ? {} : { extents: latticeOption(args.lattice) }),
    ...(format === undefined ? {} : { format }),
  };
}

function groupOption(text: string) {
  try {
    return parseGroup(text);
  } catch (error) {
    throw new UsageError(`--group: ${(error as Error).message}`);
  }
}
