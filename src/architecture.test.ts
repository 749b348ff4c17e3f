import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

/** Who may import whom (docs/architecture.md). Tests and contract suites may import anything. */
const allowed: Record<string, readonly string[]> = {
  numerics: [],
  kernels: ["numerics"],
  lattice: ["numerics", "kernels"],
  physics: ["numerics", "kernels", "lattice"],
  sampling: ["numerics", "kernels", "lattice", "physics"],
  learning: ["numerics", "kernels", "lattice", "physics"],
  statistics: ["numerics"],
  storage: ["numerics", "lattice", "sampling (types)"],
  report: ["numerics", "lattice", "statistics", "storage", "physics (scales)", "sampling (types)"],
  experiment: ["numerics", "kernels", "lattice", "physics", "sampling", "learning", "statistics", "storage"],
  cli: [
    "numerics",
    "kernels",
    "lattice",
    "physics",
    "sampling",
    "learning",
    "statistics",
    "storage",
    "experiment",
    "report",
    "benchmarks",
  ],
};

/** The only places that may touch node:*; everything else runs in a browser too. */
const nodePlaces = [
  /^kernels\/node\.ts$/,
  /^storage\/(run-directory\/|files\.ts|models\/directory\.ts)/,
  /^experiment\/(schedulers|run)\//,
  /^cli\//,
];

const root = resolve(import.meta.dirname);

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.ts$/.test(name) && !/\.(test|contract)\.ts$/.test(name) ? [path] : [];
  });
}

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function imports(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(/^\s*(import|export)\s+(type\s)?[^"';]*?from\s+"([^"]+)"|import\("([^"]+)"\)/gm);
  return [...found].map((m) => ({ from: relative(root, file), to: m[3] ?? m[4] ?? "", typeOnly: m[2] !== undefined }));
}

const all = sources(root).flatMap(imports);
const room = (path: string) => path.split("/")[0]!;

/** The imports that break the direction. */
function violations(list: readonly Import[]): string[] {
  return list.flatMap(({ from, to, typeOnly }) => {
    if (!to.startsWith(".")) return [];
    const target = relative(root, resolve(root, dirname(from), to));
    const [here, there] = [room(from), target.startsWith("../") ? room(target.slice(3)) : room(target)];
    if (here === there || !allowed[here]) return [];
    if (allowed[here].includes(there)) return [];
    if (typeOnly && allowed[here].includes(`${there} (types)`)) return [];
    if (target === "physics/maps/gradient-flow/scales.ts" && allowed[here].includes("physics (scales)")) return [];
    return [`${from} imports ${target}`];
  });
}

describe("the house", () => {
  test("imports point from the upper rooms to the lower ones", () => {
    expect(all.length).toBeGreaterThan(100);
    expect(violations(all)).toEqual([]);
  });
  test("a wrong import is noticed", () => {
    expect(violations([{ from: "numerics/a.ts", to: "../kernels/heap.ts", typeOnly: true }])).toHaveLength(1);
    expect(violations([{ from: "storage/a.ts", to: "../sampling/chain/chain.ts", typeOnly: false }])).toHaveLength(1);
  });
  test("node is touched only where it must be", () => {
    const outside = all.filter(
      ({ from, to }) => to.startsWith("node:") && !nodePlaces.some((place) => place.test(from)),
    );
    expect(outside.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });
  test("no file is long", () => {
    const long = sources(root).filter((file) => readFileSync(file, "utf8").split("\n").length > 360);
    expect(long.map((file) => relative(root, file))).toEqual([]);
  });
});
