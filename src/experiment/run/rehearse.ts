import type { Device } from "../../kernels/device.ts";
import { openDevice } from "../../kernels/node.ts";
import { buildChain } from "../build.ts";
import type { Catalogue } from "../catalogue.ts";
import { type Member, type RunFile, RunFileError } from "../run-file/index.ts";
import { checkSaving, loadStart } from "./field-files.ts";
import { loadModels } from "./models.ts";

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
  const { configurations, format } = runFile.save;
  if (configurations > 0) checkSaving(built.space.store(built.state.field), format, file);
  built.state.field.release();
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
