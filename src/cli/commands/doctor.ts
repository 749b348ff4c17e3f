import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { command } from "../command-line/command.ts";
import { exit } from "../command-line/errors.ts";
import { build, type Check, cores, memory, nodeVersion, sharedMemory, simd, writeAccess } from "../doctor/checks.ts";
import { columns } from "../format.ts";
import { packageRoot } from "../root.ts";

export const doctor = command({
  name: "doctor",
  summary: "Check whether this machine and this checkout can run simulations",
  args: { json: { type: "boolean", description: "print the checks as JSON" } },
  details: "Exit code 1 where something is missing that runs need; what is merely poor is said and passes.",
  examples: [["plaquette doctor", "Node, WebAssembly SIMD, shared memory, cores, memory, write access, build"]],
  async run(args, terminal) {
    const checks = [
      nodeVersion(process.versions.node),
      simd(),
      sharedMemory(),
      cores(),
      memory(),
      writeAccess(process.cwd()),
      build(packageRoot, await sourceSignature()),
    ];
    terminal.out.write(args.json ? `${JSON.stringify(checks, null, 2)}\n` : `${checkup(checks)}\n`);
    return checks.some((check) => check.state === "bad") ? exit.failed : exit.done;
  },
});

const signs = { good: "ok", poor: "poor", bad: "MISSING" } as const;

/** One line a check, and the remedies. */
export const checkup = (checks: readonly Check[]): string =>
  columns(
    checks.map(({ name, state, finding, remedy }) => [signs[state], name, remedy ? `${finding}; ${remedy}` : finding]),
  );

/** The rule by which the build script tells whether sources have changed, where there is a checkout. */
async function sourceSignature(): Promise<((root: string) => string) | undefined> {
  const script = join(packageRoot, "scripts", "source-signature.mjs");
  if (!existsSync(script)) return undefined;
  const module = (await import(pathToFileURL(script).href)) as { sourceSignature: (root: string) => string };
  return module.sourceSignature;
}
