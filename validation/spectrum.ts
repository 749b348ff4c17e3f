import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openDevice } from "../src/kernels/node.ts";
import { parseGroup } from "../src/lattice/group.ts";
import { Lattice } from "../src/lattice/lattice.ts";
import { LinkSpace } from "../src/lattice/links/links.ts";
import { type Eigenvalue, eigenvalues } from "../src/physics/dirac/exact/eigenvalues.ts";
import { diracOperator } from "../src/physics/dirac/quark.ts";
import { readConfiguration } from "../src/storage/formats/index.ts";
import type { Result } from "./quarks.ts";

/** Files of QCDMeasurements.jl; the case is left out where they are not beside the repository. */
const folder = join(process.cwd(), "../shared/configs/latticeqcd-jl");
const name = "Wilson spectrum, SU(3) 4x4x4x4";
const TOLERANCE = 1e-11;

/** All 3072 eigenvalues of a Wilson operator against those that QCDMeasurements.jl found, one by one. */
export function* validateSpectrum(filter = ""): Generator<Result> {
  if (!name.includes(filter) || !existsSync(join(folder, "testwilson.txt"))) return;
  const begin = performance.now();
  const device = openDevice({ workers: 1 });
  try {
    const extents = [4, 4, 4, 4];
    const group = parseGroup("SU(3)");
    const space = new LinkSpace(new Lattice(device, extents), group);
    const u = space.field();
    space.load(
      u,
      readConfiguration(readFileSync(join(folder, "testconf.txt")), "testconf.txt", { group, extents }).data,
    );
    const op = diracOperator(space, { name: "wilson", kappa: 0.141139, r: 1 }, "even");
    op.load(u);
    const stored = readFileSync(join(folder, "testwilson.txt"), "utf8")
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
    const worst = largestDistance(eigenvalues(op), stored);
    const ok = worst < TOLERANCE;
    const seconds = ((performance.now() - begin) / 1000).toFixed(0);
    yield {
      ok,
      line: `${name} ${ok ? "passed" : "FAILED"}: ${stored.length} eigenvalues, the worst ${worst.toExponential(1)} away (QCDMeasurements.jl; ${seconds} s)`,
    };
  } finally {
    device.close();
  }
}

/** Pairs every value with the nearest one that is still free; Infinity where their numbers differ. */
function largestDistance(found: readonly Eigenvalue[], expected: readonly Eigenvalue[]): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  const free = [...found];
  let worst = 0;
  for (const [re, im] of expected) {
    let [nearest, distance] = [-1, Number.POSITIVE_INFINITY];
    free.forEach((value, i) => {
      const apart = Math.hypot(value[0] - re, value[1] - im);
      if (apart < distance) [nearest, distance] = [i, apart];
    });
    free.splice(nearest, 1);
    worst = Math.max(worst, distance);
  }
  return worst;
}
