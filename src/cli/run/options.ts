import type { TextStream } from "../command-line/command.ts";
import type { ListenerOptions } from "../listener/terminal.ts";

/** Options that `run` and `resume` share. */
export const followOptions = {
  json: { type: "boolean", description: "write every event as one JSON line instead of progress" },
  quiet: { type: "boolean", alias: "q", description: "no progress, only warnings and results" },
} as const;

/** How progress is shown: asked for, or a live block where the stream is a terminal that can draw one. */
export function listenerMode(
  args: { readonly json?: boolean | undefined; readonly quiet?: boolean | undefined },
  stream: TextStream,
  env: Readonly<Record<string, string | undefined>>,
): ListenerOptions["mode"] {
  if (args.json) return "json";
  if (args.quiet) return "quiet";
  return stream.isTTY && env.TERM !== "dumb" ? "live" : "plain";
}
