import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import { ModuleBuilder } from "./builder.ts";
import { SCRATCH, SCRATCH_BYTES } from "./control.ts";
import { Device, type DeviceOptions } from "./device.ts";
import type { ModuleIr } from "./ir.ts";
import { spawnNodeWorker } from "./node.ts";
import type { Spawn } from "./team.ts";

const opened: Device[] = [];
afterEach(() => {
  for (const device of opened.splice(0)) device.close();
});
function open(options: DeviceOptions): Device {
  const device = new Device({ workers: 2, spawn: spawnNodeWorker, dispatch: "always", ...options });
  opened.push(device);
  return device;
}

type Name = "count" | "who" | "failInWorker" | "failInCaller" | "hangInWorker";

/**
 * count(p): adds one to item's i32. who(p, rounds): the scratch address, which tells the thread, into item's i32, after
 * some work. The others misbehave in the calling thread (scratch = SCRATCH) or in the workers.
 */
function teamModule(): ModuleIr {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  m.kernel("count", ["i32"] as const, (k, { begin, end }, p) =>
    k.for(begin, end, (item) => {
      const at = k.let(p.add(item.mul(4)));
      k.storeInt(at, 0, k.loadInt(at).add(1));
    }),
  );
  const work = (name: Name, misbehave: "caller" | "worker" | "nobody", how: "fail" | "hang") =>
    m.kernel(name, ["i32", "i32"] as const, (k, { begin, end, scratch }, p, rounds) => {
      k.for(0, rounds, (i) => k.storeInt(scratch, 8, k.loadInt(scratch, 8).add(i)));
      k.for(begin, end, (item) => k.storeInt(p.add(item.mul(4)), 0, scratch));
      const wrong = misbehave === "caller" ? scratch.eq(SCRATCH) : scratch.ne(SCRATCH);
      if (misbehave !== "nobody")
        k.if(wrong, () =>
          how === "fail"
            ? k.storeInt(scratch.xor(scratch).sub(64), 0, begin)
            : k.repeat(
                () => k.storeInt(scratch, 16, begin),
                () => scratch.ne(0),
              ),
        );
    });
  work("who", "nobody", "fail");
  work("failInWorker", "worker", "fail");
  work("failInCaller", "caller", "fail");
  work("hangInWorker", "worker", "hang");
  return m.finish();
}
const kernelsOf = (device: Device) => device.kernels<Name>("team", teamModule);

function checkCounting(device: Device, runs: number, items: number): void {
  const at = device.heap.allocate(4 * items);
  for (let i = 0; i < runs; i++) device.run(kernelsOf(device).count, items, at);
  expect(new Set(device.heap.i32(at, items))).toEqual(new Set([runs]));
  device.heap.release(at);
}

/** The threads (0 is the caller) that took part in one of a few runs. */
function participants(device: Device, items = 1024): Set<number> {
  const at = device.heap.allocate(4 * items);
  const seen = new Set<number>();
  for (let i = 0; i < 50 && seen.size < device.workers; i++) {
    device.run(kernelsOf(device).who, items, at, 100_000);
    for (const scratch of device.heap.i32(at, items)) seen.add((scratch - SCRATCH) / SCRATCH_BYTES);
  }
  device.heap.release(at);
  return seen;
}

/** Repeats until it throws: on a busy machine a worker may come too late for one kernel. */
function sometime(run: () => void): void {
  for (let i = 0; i < 1000; i++) run();
}

describe("a team", () => {
  test.each([1, 2, 3, 8])("of %d does every item once", (workers) => {
    const device = open({ workers });
    for (const items of [1, 15, 16, 17, 100, 1024, 5000]) checkCounting(device, 3, items);
  });

  test("uses its workers", () => expect(participants(open({ workers: 2 }))).toEqual(new Set([0, 1])));

  test("keeps in step over 10^5 tiny kernels", () => checkCounting(open({ workers: 2 }), 100_000, 48));

  test("more workers than cores neither lock nor crawl", () => {
    const device = open({ workers: 12 });
    const start = performance.now();
    checkCounting(device, 2000, 256);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  test("leaves no core busy when there is nothing to do", async () => {
    const device = open({ workers: 4 });
    checkCounting(device, 10, 1024);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 400));
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(200); // three spinning threads would take 1200 ms
  });

  test("shares by measurement without changing a result", () =>
    checkCounting(open({ dispatch: "measured" }), 5000, 4096));
});

describe("memory that grows under a team", () => {
  test("is seen by every thread, and so are modules that lie in it", () => {
    const device = open({ workers: 3 });
    checkCounting(device, 2, 1024);
    for (let round = 0; round < 12; round++) {
      device.heap.allocate(5 << 20);
      checkCounting(device, 3, 2000);
      const late = device.kernels<Name>(`team ${round}`, teamModule);
      const at = device.heap.allocate(4 * 640);
      device.run(late.count, 640, at);
      expect(new Set(device.heap.i32(at, 640))).toEqual(new Set([1]));
    }
  });

  test.each(["wasm", "javascript"] as const)("may pass 2 GiB, where addresses are negative int32 (%s)", (backend) => {
    const device = open({ backend });
    device.heap.allocate(2.1 * 2 ** 30); // never touched, so it costs address space only
    const at = device.heap.allocate(4 * 2048);
    expect(at).toBeGreaterThan(2 ** 31);
    device.run(kernelsOf(device).count, 2048, at);
    expect(new Set(device.heap.i32(at, 2048))).toEqual(new Set([1]));
    device.heap.release(at);
    expect(participants(device)).toEqual(new Set(backend === "wasm" ? [0, 1] : [0]));
  });
});

describe("a failing kernel", () => {
  test.each([
    ["failInWorker", /kernel failInWorker failed: .*memory.* \(in a worker\)/],
    ["failInCaller", /kernel failInCaller failed: .*memory/],
  ] as const)("%s is an error that names it, and the team goes on", (name, message) => {
    const device = open({});
    const at = device.heap.allocate(4 * 1024);
    const kernel = kernelsOf(device)[name];
    for (let again = 0; again < 3; again++) {
      expect(() => sometime(() => device.run(kernel, 1024, at, 100_000))).toThrow(message);
      checkCounting(device, 10, 1024);
    }
  });
});

describe("a worker that is lost", () => {
  const closed = (device: Device) => expect(() => checkCounting(device, 1, 64)).toThrow(/the device is closed: /);

  test("in an endless kernel does not hang the caller", () => {
    const device = open({ lostSeconds: 1 });
    const at = device.heap.allocate(4 * 1024);
    const hang = () => device.run(kernelsOf(device).hangInWorker, 1024, at, 100_000);
    expect(() => sometime(hang)).toThrow(/has not answered for 1 s/);
    closed(device);
  });

  test("with a chunk in its hands does not hang the caller", () => {
    const dying: Spawn = (source, data, failed) =>
      spawnNodeWorker(source.replace("work();", "process.exit(3);"), data, failed);
    const device = open({ lostSeconds: 1, spawn: dying });
    expect(() => participants(device)).toThrow(/has not answered for 1 s/);
    closed(device);
  });

  test("while idle is reported at the next kernel", async () => {
    const dying: Spawn = (source, data, failed) =>
      spawnNodeWorker(source.replace("load();", 'throw new Error("no luck");'), data, failed);
    const device = open({ spawn: dying });
    checkCounting(device, 1, 64);
    await expect
      .poll(() => {
        try {
          checkCounting(device, 1, 64);
          return "";
        } catch (error) {
          return String(error);
        }
      })
      .toMatch(/the device is closed: a worker ended: no luck/);
  });

  test.each<[string, Spawn, RegExp]>([
    [
      "cannot be started",
      () => {
        throw new Error("no more threads");
      },
      /could not start 1 worker thread.*: no more threads/,
    ],
    ["does not answer", () => ({ terminate() {} }), /could not start 1 worker thread.*: 0 of them answered/],
    [
      "has a broken source",
      (_, __, failed) => {
        const worker = new Worker("syntax error", { eval: true });
        worker.on("error", (error) => failed(String(error)));
        return { terminate: () => void worker.terminate() };
      },
      /could not start 1 worker thread/,
    ],
  ])("because it %s is a clear error", (_, spawn, message) => {
    expect(() => open({ spawn, startSeconds: 0.3 })).toThrow(message);
  });

  test("and a closed device says that it is closed", () => {
    const device = open({});
    checkCounting(device, 1, 64);
    device.close();
    device.close();
    closed(device);
  });
});
