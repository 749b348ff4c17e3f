import type { Device } from "../../kernels/device.ts";
import { openDevice } from "../../kernels/node.ts";
import type { GaugeData } from "../../lattice/gauge-data.ts";
import { writeConfiguration } from "../../storage/formats/index.ts";
import { buildChain } from "../build.ts";
import type { Catalogue } from "../catalogue.ts";
import { type Member, type RunFile, RunFileError } from "../run-file/index.ts";
import { loadModels } from "./models.ts";
import { loadStart } from "./start-configuration.ts";

/**
 * Builds every distinct chain once and writes its start in the format to be saved, so that nothing can fail later that
 * could fail now. Throws a RunFileError that names `file`.
 * @param given a device to build on, which keeps its kernels for the next time; otherwise one is opened and closed.
 */
export function rehearse(list: readonly Member[], file: string, catalogue: Catalogue, given?: Device): void {
  const seen = new Set<RunFile>();
  for (const { runFile, chain } of list) {
    if (seen.has(runFile)) continue;
    seen.add(runFile);
    // one device a value: what a chain allocates must fit by itself, not beside those of all other values
    const device = given ?? openDevice({ workers: 1 });
    try {
      rehearseOne(runFile, chain, device, file, catalogue);
    } finally {
      if (!given) device.close();
    }
  }
}

function rehearseOne(runFile: RunFile, chain: number, device: Device, file: string, catalogue: Catalogue): void {
  const loaded = { start: loadStart(runFile, file), models: loadModels(runFile, file) };
  const built = explained(file, () => buildChain(runFile, chain, device, catalogue, loaded));
  if (runFile.save.configurations > 0) checkFormat(runFile, built.space.store(built.state.field), file);
  built.state.field.release();
}

function checkFormat(runFile: RunFile, data: GaugeData, file: string): void {
  try {
    writeConfiguration(runFile.save.format, data);
  } catch (error) {
    throw new RunFileError([`${file}: save.format: ${(error as Error).message}`]);
  }
}

/** Sentences of the parts, told as what they are: something in the run file. */
function explained<T>(file: string, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError)
      throw new RunFileError([`${file}: ${error.message}`]);
    throw error;
  }
}
