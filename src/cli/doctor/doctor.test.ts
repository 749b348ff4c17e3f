import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { plaquette } from "../command-line/terminal.contract.ts";
import { build, cores, memory, nodeVersion, sharedMemory, simd, writeAccess } from "./checks.ts";

describe("doctor", () => {
  it("finds this machine fit", async () => {
    const { code, out } = await plaquette("doctor", "--json");
    expect(code).toBe(0);
    const names = (JSON.parse(out) as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(["Node", "WebAssembly SIMD", "shared memory", "cores", "memory", "write access", "build"]);
    expect((await plaquette("doctor")).out).toMatch(/^ok +Node +\d+\./);
  });

  it("tells what is missing and what to do", () => {
    expect(nodeVersion("20.18.3")).toMatchObject({ state: "bad", remedy: "install Node 20.19 or newer" });
    expect([nodeVersion("20.19.0"), nodeVersion("22.0.0")].map(({ state }) => state)).toEqual(["good", "good"]);
    expect(simd().state).toBe("good");
    expect(simd(() => false).state).toBe("bad");
    expect(sharedMemory().state).toBe("good");
    expect(cores(3, "a cpu")).toMatchObject({ finding: "3 (a cpu)" });
    expect(memory(2 ** 27, 2 ** 33)).toMatchObject({ state: "poor", finding: "128 MiB free of 8.0 GiB" });
    expect(writeAccess("/nowhere/at/all")).toMatchObject({
      state: "poor",
      remedy: "give runs another place with --output",
    });
  });
});

const scripts = fileURLToPath(new URL("../../../scripts/", import.meta.url));
const launcher = fileURLToPath(new URL("../../../plaquette", import.meta.url));

/** A checkout in miniature, whose compiler copies src to dist as it is and counts how often it is asked. */
describe("a checkout", () => {
  let root: string;
  const at = (name: string) => join(root, name);
  const put = (name: string, content: string) => {
    mkdirSync(join(at(name), ".."), { recursive: true });
    writeFileSync(at(name), content);
  };
  const builds = () => (existsSync(at("built.log")) ? readFileSync(at("built.log"), "utf8").length : 0);
  const prepare = () => spawnSync(process.execPath, [at("scripts/prepare.mjs")], { encoding: "utf8" });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "plaquette checkout-"));
    cpSync(scripts, at("scripts"), { recursive: true });
    cpSync(launcher, at("plaquette"));
    put("package.json", '{ "type": "module" }');
    for (const name of ["tsconfig.json", "tsconfig.build.json", "package-lock.json", "node_modules/.package-lock.json"])
      put(name, "{}");
    put("src/main.ts", "1");
    put(
      "node_modules/typescript/bin/tsc",
      `const fs = require("node:fs");
      fs.appendFileSync("built.log", ".");
      if (fs.readFileSync("src/main.ts", "utf8").includes("broken")) { console.log("main.ts: broken"); process.exit(2); }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      fs.mkdirSync("dist/src/cli", { recursive: true });
      fs.writeFileSync("dist/src/cli/main.js", "console.log(process.cwd(), process.argv.slice(2).join(' ')); process.exitCode = 7;");`,
    );
    put("node_modules/typescript/package.json", '{ "type": "commonjs" }');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("is built once, and again when a source changes, comes or goes", () => {
    expect(prepare()).toMatchObject({ status: 0, stdout: "", stderr: "plaquette: building (tsc)\n" });
    expect(prepare()).toMatchObject({ status: 0, stdout: "", stderr: "" });
    put("src/main.ts", "12");
    prepare();
    put("src/more.ts", "1");
    prepare();
    rmSync(at("src/more.ts"));
    prepare();
    expect(builds()).toBe(4);
    utimesSync(at("src/main.ts"), new Date(), new Date(Date.now() + 5000));
    prepare();
    put("src/main.test.ts", "a test is not built");
    prepare();
    expect(builds()).toBe(5);
  });

  it("says what the compiler says, and tries again next time", () => {
    put("src/main.ts", "broken");
    const { status, stderr } = prepare();
    expect(status).toBe(1);
    expect(stderr).toContain("main.ts: broken");
    expect(stderr).toContain("the build failed; mend what it says above and try again");
    put("src/main.ts", "mended");
    expect(prepare().status).toBe(0);
  });

  it("is built once when several start together, also past a lock left behind", async () => {
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    put("dist/.lock/pid", String(gone));
    const codes = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise((resolve) => {
            spawn(process.execPath, [at("scripts/prepare.mjs")]).on("exit", resolve);
          }),
      ),
    );
    expect(codes).toEqual([0, 0, 0]);
    expect(builds()).toBe(1);
    expect(existsSync(at("dist/.lock"))).toBe(false);
  });

  it("runs from anywhere and passes on arguments and exit code", () => {
    const { status, stdout } = spawnSync(at("plaquette"), ["run", "a b"], { encoding: "utf8", cwd: tmpdir() });
    expect({ status, stdout }).toEqual({ status: 7, stdout: `${tmpdir()} run a b\n` });
  });

  it("has its age told by the doctor", async () => {
    const { sourceSignature } = await import(/* @vite-ignore */ at("scripts/source-signature.mjs"));
    expect(build(root, sourceSignature)).toMatchObject({ state: "poor", finding: "not built" });
    prepare();
    expect(build(root, sourceSignature)).toMatchObject({ state: "good", finding: "up to date" });
    put("src/main.ts", "123");
    expect(build(root, sourceSignature)).toMatchObject({ state: "poor", finding: "older than the sources" });
  });
});
