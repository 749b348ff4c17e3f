#!/usr/bin/env node
// What a clean checkout must pass: the test command of the README, lint, type check, every example and its report, npm start.
// Ends with "N passed, N failed". Uses only what Node brings along.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), "plaquette-ci-"));
let passed = 0;
let failed = 0;

function step(name, program, args, extra = () => true) {
  const begin = Date.now();
  process.stdout.write(`\n=== ${name}\n`);
  const { status } = spawnSync(program, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const ok = status === 0 && extra();
  process.stdout.write(
    `=== ${name}: ${ok ? "passed" : `FAILED (exit code ${status})`}, ${Math.round((Date.now() - begin) / 1000)} s\n`,
  );
  if (ok) passed++;
  else failed++;
  return ok;
}

const results = join(scratch, "tests.json");
step("npm test", "npm", ["test", "--", "--reporter=dot", "--reporter=json", `--outputFile.json=${results}`]);
if (existsSync(results)) {
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(results, "utf8"));
  passed += numPassedTests;
  failed += numFailedTests;
}
step("lint", "npm", ["run", "--silent", "lint"]);
step("type check", "npm", ["run", "--silent", "typecheck"]);
for (const file of readdirSync(join(root, "examples"))
  .filter((name) => name.endsWith(".toml"))
  .sort()) {
  const output = join(scratch, basename(file, ".toml"));
  step(`example ${file}`, join(root, "plaquette"), ["run", join("examples", file), "--output", output], () =>
    existsSync(join(output, "report.html")),
  );
}
// last, and with all its statistics: what the README promises first
const started = join(scratch, "start");
step("npm start", "npm", ["start", "--silent", "--", "--output", started], () =>
  existsSync(join(started, "reproduction.html")),
);
rmSync(scratch, { recursive: true, force: true });
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
