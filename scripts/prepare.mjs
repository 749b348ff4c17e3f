#!/usr/bin/env node
// Makes a checkout ready to run: installs packages where the lockfile asks for it, and builds where the sources have
// changed. Says one line for what it does and nothing otherwise. Uses only what Node brings along.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { sourceSignature } from "./source-signature.mjs";

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));

/** Prepares the checkout at `root`; throws an Error with a sentence where that fails. */
export async function prepare(root = checkout) {
  if (isReady(root)) return;
  const release = await lock(join(root, "dist"));
  try {
    // Another process may have done it while this one waited.
    if (!isInstalled(root)) install(root);
    if (!isBuilt(root)) build(root);
  } finally {
    release();
  }
}

const isReady = (root) => isInstalled(root) && isBuilt(root);
const stampOf = (root) => join(root, "dist", ".stamp");

/** npm writes node_modules/.package-lock.json at the end of an installation. */
function isInstalled(root) {
  const installed = modified(join(root, "node_modules", ".package-lock.json"));
  return installed !== undefined && installed >= (modified(join(root, "package-lock.json")) ?? 0);
}

const isBuilt = (root) => read(stampOf(root)) === sourceSignature(root);

function install(root) {
  say("installing packages (npm ci)");
  run(root, "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], "npm ci");
}

function build(root) {
  say("building (tsc)");
  // Taken before the build: what changes during it is built again next time.
  const signature = sourceSignature(root);
  // What was deleted from the sources must not live on in the build.
  for (const folder of ["src", "benchmarks", "validation"])
    rmSync(join(root, "dist", folder), { recursive: true, force: true });
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  run(root, process.execPath, [compiler, "-p", "tsconfig.build.json"], "the build");
  writeFileSync(stampOf(root), signature);
}

function run(root, program, args, what) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
  throw new Error(`${what} failed${error ? ` (${error.message})` : ""}; mend what it says above and try again`);
}

/** One process at a time: a folder can be made only once. A lock whose owner is gone is taken over. */
async function lock(dist) {
  const folder = join(dist, ".lock");
  const owner = join(folder, "pid");
  mkdirSync(dist, { recursive: true });
  const release = () => rmSync(folder, { recursive: true, force: true });
  for (let waited = 0; ; waited++) {
    try {
      mkdirSync(folder);
      writeFileSync(owner, String(process.pid));
      return release;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const gone = ownerGone(folder, owner);
    if (gone !== undefined && takeOver(folder, owner, gone)) return release;
    if (waited === 10) say("waiting for another build to finish");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The pid of an owner that is no more, 0 where none was named; undefined while the lock is held. */
function ownerGone(folder, owner) {
  const pid = Number(read(owner)) || 0;
  // Between making the folder and naming its owner there is a moment without a pid.
  if (pid === 0) return Date.now() - (modified(folder) ?? Date.now()) > 5000 ? 0 : undefined;
  try {
    process.kill(pid, 0);
    return undefined;
  } catch (error) {
    return error.code === "ESRCH" ? pid : undefined;
  }
}

/**
 * Whether this process now owns the lock. The folder stays, since to remove it could remove a lock that another process has
 * made meanwhile; of several only one can make the mark, and a new lock does not name the owner that is gone.
 */
function takeOver(folder, owner, gone) {
  const mark = join(folder, `after-${gone}`);
  try {
    mkdirSync(mark);
    if ((Number(read(owner)) || 0) === gone) {
      writeFileSync(owner, String(process.pid));
      return true;
    }
    rmSync(mark, { recursive: true, force: true });
  } catch (error) {
    if (error.code !== "EEXIST" && error.code !== "ENOENT") throw error;
  }
  return false;
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

const say = (line) => process.stderr.write(`plaquette: ${line}\n`);

/** Prepares this checkout, or ends the process with a sentence. */
export async function prepareOrExit() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    say(`Node ${process.versions.node} is too old; install Node 20.19 or newer`);
    process.exit(1);
  }
  await prepare().catch((error) => {
    say(error.message);
    process.exit(1);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await prepareOrExit();
