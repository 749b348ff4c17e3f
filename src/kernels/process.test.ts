import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** A process of its own, which shall end by itself: the sources are transpiled, because Node 20 reads no TypeScript. */
const source = dirname(dirname(fileURLToPath(import.meta.url)));
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "plaquette-process-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  for (const room of ["kernels", "numerics"])
    for (const entry of readdirSync(join(source, room), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/(?<!\.test|\.contract)\.ts$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      const target = join(folder, relative(source, path)).replace(/ts$/, "js");
      mkdirSync(dirname(target), { recursive: true });
      const compilerOptions: ts.CompilerOptions = {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        rewriteRelativeImportExtensions: true,
      };
      writeFileSync(target, ts.transpileModule(readFileSync(path, "utf8"), { compilerOptions }).outputText);
    }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = `
import { openDevice } from "./kernels/node.js";
import { ModuleBuilder } from "./kernels/builder.js";
const device = openDevice({ workers: 3, dispatch: "always" });
const m = new ModuleBuilder({ lanes: 2, bytes: 8 });
m.kernel("twice", ["i32"], (k, { begin, end }, p) => k.for(begin, end, (i) => {
  const at = k.let(p.add(i.mul(k.vecBytes)));
  k.store(at, 0, k.load(at).mul(2));
}));
const { twice } = device.kernels("twice", () => m.finish());
const at = device.heap.allocate(16 * 4096);
device.heap.f64(at, 8192).fill(1);
for (let i = 0; i < 10; i++) device.run(twice, 4096, at);
console.log(device.heap.f64(at, 8192).every((x) => x === 1024) ? "right" : "wrong");
`;

/** Runs a script; kills it after 20 s. */
function run(script: string): Promise<{ code: number | null; output: string }> {
  const path = join(folder, `script-${script.length}.js`);
  writeFileSync(path, start + script);
  const child = spawn(process.execPath, [path], { stdio: ["ignore", "pipe", "pipe"], timeout: 20_000 });
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (output += text));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output: output.trim() })));
}

describe("a process with worker threads ends by itself", () => {
  test.each([
    ["when the device is closed", "device.close();"],
    ["when it is not", ""],
    ["when the device is closed later", "setTimeout(() => device.close(), 100);"],
    ["when workers sleep", "await new Promise((resolve) => setTimeout(resolve, 200));"],
  ])("%s", async (_, script) => {
    expect(await run(script)).toEqual({ code: 0, output: "right" });
  });

  test("by an error, with its message", async () => {
    const { code, output } = await run('throw new Error("planted");');
    expect(code).toBe(1);
    expect(output).toMatch(/planted/);
  });
});
