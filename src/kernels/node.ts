import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { Device, type DeviceOptions } from "./device.ts";
import type { Spawn } from "./team.ts";

/** Starts a worker thread of Node; it does not keep the process alive. */
export const spawnNodeWorker: Spawn = (source, data, failed) => {
  const worker = new Worker(`${source}; run(require("node:worker_threads").workerData);`, {
    eval: true,
    workerData: data,
  });
  worker.on("error", (error) => failed(error instanceof Error ? error.message : String(error)));
  worker.on("exit", (code) => failed(`its thread left with code ${code}`));
  worker.unref();
  return { terminate: () => void worker.terminate() };
};

/** A device on this machine's cores: `workers` 0 means all of them. */
export function openDevice(options: Omit<DeviceOptions, "spawn"> = {}): Device {
  const workers = options.workers === 0 || options.workers === undefined ? availableParallelism() : options.workers;
  return new Device({ ...options, workers, spawn: spawnNodeWorker });
}
