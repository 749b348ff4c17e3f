// Tells whether the sources have changed since a build, without reading them: number, newest change and total size.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Signature of everything the build depends on, below a checkout's root. */
export function sourceSignature(root) {
  const seen = { files: 0, size: 0, newest: 0 };
  for (const name of ["package.json", "tsconfig.json", "tsconfig.build.json"]) look(join(root, name), seen);
  for (const folder of ["src", "benchmarks", "validation"]) walk(join(root, folder), seen);
  return `${seen.files} files, ${seen.size} bytes, ${seen.newest}`;
}

function walk(folder, seen) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path, seen);
    else if (/\.ts$/.test(entry.name) && !/\.(test|contract)\.ts$/.test(entry.name)) look(path, seen);
  }
}

function look(path, seen) {
  const { size, mtimeMs } = statSync(path);
  seen.files += 1;
  seen.size += size;
  seen.newest = Math.max(seen.newest, mtimeMs);
}
