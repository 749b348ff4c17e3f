import { readFileSync } from "node:fs";
import type { GaugeData } from "../../../lattice/gauge-data.ts";
import { sharedData, storedLinks } from "../../testing.contract.ts";
import type { Fermion } from "../quark.ts";
import type { Eigenvalue } from "./eigenvalues.ts";

/** All 3072 eigenvalues of the Wilson operator of QCDMeasurements.jl on a stored SU(3) configuration. */
export function storedSpectrum(): { eigenvalues: Eigenvalue[]; data: GaugeData; fermion: Fermion } {
  const eigenvalues = readFileSync(`${sharedData}latticeqcd-jl/testwilson.txt`, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const data = storedLinks("latticeqcd-jl/testconf.txt", "SU(3)", [4, 4, 4, 4]);
  return { eigenvalues, data, fermion: { name: "wilson", kappa: 0.141139, r: 1 } };
}
