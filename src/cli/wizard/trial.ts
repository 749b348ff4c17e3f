import type { Catalogue } from "../../experiment/catalogue.ts";
import { rehearse } from "../../experiment/run/rehearse.ts";
import { checkRunFile, members, RunFileError } from "../../experiment/run-file/index.ts";
import type { Device } from "../../kernels/device.ts";
import { locateFiles } from "../run/prepare.ts";
import type { Trial } from "./interview.ts";

/** Large lattices are tried on smaller ones of the same kind: what fits together shows there. */
const largest = 8;
const tried = (extent: number) => (extent > largest ? largest - (extent % 2) : extent);

/** What is tried stays in the heap of its device; beyond this many bytes another one is opened. */
const mostBytes = 5e8;

/**
 * Builds what was answered so far on a device of `open`, on a lattice that takes no time. `file` is where the run file
 * will stand.
 */
export function trialBy(catalogue: Catalogue, file: string, open: () => Device): Trial {
  let device: Device | undefined;
  return (plain) => {
    if (device && device.heap.used > mostBytes) {
      device.close();
      device = undefined;
    }
    device ??= open();
    // a stored configuration fits its own lattice only
    const smaller =
      typeof plain.start === "string" && /[./\\]/.test(plain.start) ? {} : { lattice: small(plain.lattice) };
    try {
      const runFile = locateFiles(checkRunFile({ ...plain, ...smaller, chains: 1 }, file, catalogue), file);
      rehearse(members(runFile, file, catalogue), file, catalogue, device);
      return undefined;
    } catch (error) {
      if (!(error instanceof RunFileError)) throw error;
      return error.problems[0]!.replace(`${file}: `, "");
    }
  };
}

const small = (lattice: unknown) => (lattice as readonly number[]).map(tried);
