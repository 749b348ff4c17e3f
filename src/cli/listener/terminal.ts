import { duration } from "../../report/summary.ts";
import { isWeight } from "../../report/training.ts";
import type { RunEvent } from "../../sampling/events.ts";
import { encodeEvent } from "../../storage/run-directory/event-line.ts";
import type { TextStream } from "../command-line/command.ts";
import { block, plainLine, quantities } from "./lines.ts";
import { progress } from "./progress.ts";

export interface ListenerOptions {
  /** Progress goes here; the error stream keeps the output stream free for results. */
  readonly stream: TextStream;
  /** "json" writes every event as one line and nothing else; "quiet" only warnings. */
  readonly mode: "live" | "plain" | "json" | "quiet";
  /** Members of the run; more than one are shown together. */
  readonly chains: number;
  /** Seconds between plain lines; default 5. */
  readonly interval?: number;
}

export interface TerminalListener {
  /** `label` is the member that the event came from. */
  listen(event: RunEvent, label: string): void;
  /** A line for people, which stays above the live block. */
  say(line: string): void;
  /** Takes the live block off the screen. To be called once, however the run ended. */
  close(): void;
}

/** Follows a run on a terminal: a live block, plain lines, or the events themselves. */
export function terminalListener(options: ListenerOptions): TerminalListener {
  const { stream, mode } = options;
  if (mode === "json")
    return {
      listen: (event, label) => {
        const line = { member: label, ...event };
        stream.write(`${encodeEvent(line)}\n`);
      },
      say: () => {},
      close: () => {},
    };
  if (mode === "quiet")
    return {
      listen: (event) => event.type === "warned" && void stream.write(`warning: ${event.message}\n`),
      say: () => {},
      close: () => {},
    };
  return follow(options);
}

/** Redraws of the live block, at most this often. */
const redrawSeconds = 0.1;

function follow({ stream, mode, chains, interval = 5 }: ListenerOptions): TerminalListener {
  const run = progress(chains);
  const live = mode === "live";
  let drawn = 0;
  let begun = false;
  let last = Number.NEGATIVE_INFINITY;

  const erase = () => {
    // To the beginning of the line (a typed ^C stands there), up over the block, then erase to the end of the screen.
    if (drawn > 0) stream.write(`\r\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const say = (line: string) => {
    erase();
    stream.write(`${line}\n`);
  };
  const draw = () => {
    if (!live) return void stream.write(`${plainLine(run.view())}\n`);
    const lines = block(run.view(), stream.columns ?? 80);
    erase();
    stream.write(`${lines.join("\n")}\n`);
    drawn = lines.length;
  };
  return {
    listen(event, label) {
      run.take(event, label);
      const first = event.type === "started" && !begun;
      begun ||= first;
      // Of many chains that start alike the first line tells all.
      const notice =
        event.type === "started" && !first ? undefined : noticeOf(event, chains > 1 && !first ? `${label}: ` : "");
      if (notice !== undefined) say(notice);
      // the first update may take minutes, and nothing is drawn while it does
      if (first && live) draw();
      const due = event.time / 1000 - last >= (live ? redrawSeconds : interval);
      if (!due || (event.type !== "stepped" && event.type !== "measured")) return;
      last = event.time / 1000;
      draw();
    },
    say,
    close() {
      erase();
      const view = run.view();
      if (view.total > 0)
        stream.write(`${[`${view.done} of ${view.total} updates`, ...quantities(view)].join("  ")}\n`);
    },
  };
}

/** Events that deserve a line of their own, above the block. */
function noticeOf(event: RunEvent, prefix: string): string | undefined {
  switch (event.type) {
    case "started": {
      const { seed, workers, version, resumed, trajectory } = event;
      const threads = `${workers} ${workers === 1 ? "worker" : "workers"}`;
      const from = resumed ? `, resumed after update ${trajectory}` : "";
      return `${prefix}plaquette ${version}, seed ${seed}, ${threads}${from}`;
    }
    case "warned":
      return `${prefix}warning: ${event.message}`;
    case "tuned": {
      if (!event.frozen) return undefined;
      const values = Object.entries(event.parameters).filter(([key]) => !isWeight(key));
      const tuned = values.map(([key, value]) => `${key} = ${Number(value.toPrecision(6))}`).join(", ");
      return `${prefix}${tuned === "" ? "trained: the guide is frozen" : `tuned and frozen: ${tuned}`}`;
    }
    case "saved":
      return event.kind === "model" ? `${prefix}the trained guide is in ${event.file}` : undefined;
    case "finished":
      return event.interrupted
        ? `${prefix}stopped after update ${event.trajectory}, checkpoint written`
        : `${prefix}finished in ${duration(event.seconds)}`;
    default:
      return undefined;
  }
}
