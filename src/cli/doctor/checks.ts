import { accessSync, constants, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import { join } from "node:path";
import { bytes } from "../format.ts";

/** One thing that must be right for a run, and what to do where it is not. */
export interface Check {
  readonly name: string;
  readonly state: "good" | "poor" | "bad";
  readonly finding: string;
  readonly remedy?: string;
}

const oldestNode = [20, 19] as const;

export function nodeVersion(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const good = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return good
    ? { name: "Node", state: "good", finding: version }
    : { name: "Node", state: "bad", finding: version, remedy: `install Node ${oldestNode.join(".")} or newer` };
}

/** A module whose function makes a 128-bit constant and drops it: (func v128.const 0 drop). */
const simdModule = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x17, 0x01, 0x15, 0x00, 0xfd, 0x0c, ...new Array<number>(16).fill(0), 0x1a, 0x0b],
]);

export function simd(validate: (module: Uint8Array<ArrayBuffer>) => boolean = WebAssembly.validate): Check {
  return validate(simdModule)
    ? { name: "WebAssembly SIMD", state: "good", finding: "available" }
    : {
        name: "WebAssembly SIMD",
        state: "bad",
        finding: "missing",
        remedy: "the kernels need it; use a newer Node or CPU",
      };
}

export function sharedMemory(): Check {
  const name = "shared memory";
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    if (memory.buffer instanceof SharedArrayBuffer) return { name, state: "good", finding: "available" };
  } catch {
    // falls through to the answer below
  }
  return { name, state: "poor", finding: "missing", remedy: "only one worker thread can be used" };
}

export function cores(available = availableParallelism(), model = cpus()[0]?.model ?? "unknown"): Check {
  return { name: "cores", state: "good", finding: `${available} (${model.trim()})` };
}

/** Configurations of a 32^3 x 64 lattice take half a GiB each, and a run holds a handful. */
export function memory(free = freemem(), total = totalmem()): Check {
  const finding = `${bytes(free)} free of ${bytes(total)}`;
  return free >= 2 ** 28
    ? { name: "memory", state: "good", finding }
    : { name: "memory", state: "poor", finding, remedy: "small lattices only; close other programs" };
}

export function writeAccess(directory: string): Check {
  const name = "write access";
  const probe = join(directory, `.plaquette-probe-${process.pid}`);
  try {
    writeFileSync(probe, "");
    rmSync(probe);
    return { name, state: "good", finding: directory };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      name,
      state: "poor",
      finding: `${directory} cannot be written (${code})`,
      remedy: "give runs another place with --output",
    };
  }
}

/** In a checkout, whether the program that runs was built from the sources beside it. */
export function build(root: string, signature: ((root: string) => string) | undefined): Check {
  const name = "build";
  try {
    accessSync(join(root, "src"), constants.R_OK);
  } catch {
    return { name, state: "good", finding: "installed package" };
  }
  const stamp = readStamp(root);
  if (signature && stamp === signature(root)) return { name, state: "good", finding: "up to date" };
  const finding = stamp === undefined ? "not built" : "older than the sources";
  return { name, state: "poor", finding, remedy: "run ./plaquette or node scripts/prepare.mjs, which build first" };
}

function readStamp(root: string): string | undefined {
  try {
    return readFileSync(join(root, "dist", ".stamp"), "utf8");
  } catch {
    return undefined;
  }
}
