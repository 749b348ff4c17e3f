import type { RunEvent } from "../../sampling/events.ts";

type Kind = "number" | "string" | "boolean" | "object" | "numbers" | "strings";

/** What every kind of event must carry; anything more passes through. */
const fields: Readonly<Record<RunEvent["type"], Readonly<Record<string, Kind>>>> = {
  started: { version: "string", hash: "string", seed: "string", trajectory: "number", machine: "object" },
  stepped: { trajectory: "number", phase: "string", seconds: "number" },
  tuned: { trajectory: "number", frozen: "boolean", parameters: "object" },
  measured: { trajectory: "number", phase: "string", name: "string", labels: "strings", values: "numbers" },
  saved: { trajectory: "number", kind: "string", file: "string" },
  warned: { message: "string" },
  finished: { trajectory: "number", seconds: "number", interrupted: "boolean" },
};

const notFinite: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, "-Infinity": -Infinity };

/** Keys whose strings are words even where they spell a number that is not finite. */
const isWord = (key: string) => key === "message" || key === "name" || key === "seed" || key === "file";

const encode = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;

const decode = (key: string, value: unknown): unknown =>
  typeof value === "string" && !isWord(key) && Object.hasOwn(notFinite, value) ? notFinite[value] : value;

/**
 * An event as one line of events.jsonl, without the newline. JSON knows no NaN and no infinity (a trajectory that
 * blew up has one of them as deltaH): they are written as the strings "NaN", "Infinity", "-Infinity".
 */
export const encodeEvent = (event: RunEvent): string => JSON.stringify(event, encode);

/** The event of a line. Throws an Error that says what is wrong with the line; the caller says where it stands. */
export function decodeEvent(line: string): RunEvent {
  let event: unknown;
  try {
    event = JSON.parse(line, decode);
  } catch {
    throw new Error(`not a JSON object: ${abridge(line)}`);
  }
  if (typeof event !== "object" || event === null) throw new Error(`not a JSON object: ${abridge(line)}`);
  const record = event as Record<string, unknown>;
  const type = record.type;
  if (typeof type !== "string" || !Object.hasOwn(fields, type))
    throw new Error(
      `event type ${JSON.stringify(type)} is unknown (known: ${Object.keys(fields).join(", ")}); was it written by a newer version?`,
    );
  for (const [key, kind] of Object.entries({ chain: "number", time: "number", ...fields[type as RunEvent["type"]] }))
    if (!hasKind(record[key], kind as Kind)) throw new Error(`a "${type}" event needs "${key}" (${kind})`);
  if (type === "measured" && (record.labels as string[]).length !== (record.values as number[]).length)
    throw new Error(`a "measured" event has ${String(record.name)} with as many labels as values`);
  return event as RunEvent;
}

function hasKind(value: unknown, kind: Kind): boolean {
  if (kind === "numbers") return Array.isArray(value) && value.every((x) => typeof x === "number");
  if (kind === "strings") return Array.isArray(value) && value.every((x) => typeof x === "string");
  return typeof value === kind && value !== null;
}

const abridge = (line: string) => (line.length > 60 ? `${line.slice(0, 60)}…` : line);
