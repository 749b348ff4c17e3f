import { cpus } from "node:os";
import { pathToFileURL } from "node:url";
import type { Device } from "../src/kernels/device.ts";
import { openDevice } from "../src/kernels/node.ts";
import { hasRelaxedSimd } from "../src/kernels/simd.ts";
import { CASK_LAYERS, caskTimes } from "./cask.ts";
import { printDoubleExchange } from "./double-exchange.ts";
import { EIGEN_ROWS, eigenFlops, eigenTimes } from "./eigen.ts";
import {
  FORCE_FLOPS,
  gaugeTimes,
  MULTIPLY_FLOPS,
  multiplyTime,
  REFERENCE_FORCE_FLOPS,
  referenceTimes,
  smallTrajectory,
} from "./gauge.ts";
import { type Measured, quarkTimes, quarkTrajectory } from "./quarks.ts";
import { type Roof, roof } from "./roof.ts";
import { spinLines } from "./spins.ts";
import { stoutTimes } from "./stout.ts";
import { milliseconds } from "./timing.ts";
import { BATCH, CHAIN, TRANSFORMER_LAYERS, transformerTimes } from "./transformer.ts";

const LINKS = 4 * 8 ** 4;

/** Prints the speed of every capability beside the roofs of this machine, for one and for all cores. */
export function bench(print: (line: string) => void): void {
  print(`${cpus()[0]?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, Node ${process.versions.node}`);
  print(
    "shortest of 15 rounds or more; float64 where nothing else is said, 128-bit WebAssembly, no fused multiply-add",
  );
  const single = suite(1, print);
  if (cpus().length < 2) {
    relaxed([1], print);
    return;
  }
  const all = suite(0, print);
  print("");
  print(
    `speed-up of all cores over one at 8^4: leapfrog ${(single.leapfrogStep / all.leapfrogStep).toFixed(2)}, heat bath ${(single.heatbathSweep / all.heatbathSweep).toFixed(2)}, overrelaxation ${(single.overrelaxationSweep / all.overrelaxationSweep).toFixed(2)}`,
  );
  relaxed([1, 0], print);
}

/** Hopping terms with the fused multiply-add that an engine may have (Node 20 with --experimental-wasm-relaxed-simd). */
function relaxed(teams: readonly number[], print: (line: string) => void): void {
  if (!hasRelaxedSimd()) return;
  for (const workers of teams) {
    const device = openDevice({ workers, relaxed: true });
    print("");
    print(
      `--- ${device.workers} worker${device.workers > 1 ? "s" : ""}, fused multiply-add (device option relaxed, off by default)`,
    );
    const t = quarkTimes(device);
    const speed = ({ flops, seconds }: Measured) =>
      `${milliseconds(seconds)}, ${(flops / seconds / 1e9).toFixed(1)} GFLOP/s`;
    row(print, "SU(3) 8^4 Wilson hop", speed(t.wilson));
    row(print, "SU(3) 8^4 Wilson hop, float32", speed(t.wilsonSingle));
    row(print, "SU(3) 8^4 staggered hop", speed(t.staggered));
    device.close();
  }
}

function suite(workers: number, print: (line: string) => void) {
  const device = openDevice({ workers });
  try {
    print("");
    print(`--- ${device.workers} worker${device.workers > 1 ? "s" : ""}`);
    const top = roof(device);
    row(print, "roof: multiply and add in registers", `${top.gflops.toFixed(1)} GFLOP/s`);
    row(print, "roof: triad in memory", `${top.triad.toFixed(1)} GB/s`);
    const gflops = (flops: number, seconds: number) => {
      const speed = flops / seconds / 1e9;
      return `${speed.toFixed(1)} GFLOP/s, ${((100 * speed) / top.gflops).toFixed(0)} % of the roof`;
    };
    row(print, "SU(3) product", gflops(MULTIPLY_FLOPS, multiplyTime(device)));
    const t = gaugeTimes(device);
    row(print, "SU(3) 8^4 plaquette force", `${milliseconds(t.force)}, ${gflops(FORCE_FLOPS * LINKS, t.force)}`);
    row(
      print,
      "SU(3) 8^4 leapfrog step",
      `${milliseconds(t.leapfrogStep)}   (bar 4.5 ms on one core, established codes 3.1-6.4)`,
    );
    row(
      print,
      "SU(3) 8^4 heat-bath sweep",
      `${milliseconds(t.heatbathSweep)}   (bar 9 ms on one core, established codes 8.8)`,
    );
    row(
      print,
      "SU(3) 8^4 overrelaxation sweep",
      `${milliseconds(t.overrelaxationSweep)}   (bar 5.5 ms on one core, established codes 5.2)`,
    );
    const smeared = stoutTimes(device);
    row(
      print,
      "SU(3) 8^4 stout layer, plaquettes",
      `forward ${milliseconds(smeared.forward)}, pull-back ${milliseconds(smeared.pull)}, smeared plaquette force ${milliseconds(smeared.force)}`,
    );
    for (const [group, extents] of [
      ["SU(2)", [4, 4, 4, 4]],
      ["SU(3)", [8, 8, 8, 8]],
    ] as const)
      attention(device, group, extents, print);
    row(print, "SU(2) 4^4 HMC trajectory, 20 steps", `${milliseconds(smallTrajectory(device))}   (bar 3 ms)`);
    quarks(device, top, print);
    transformers(device, top, print);
    if (device.workers === 1) {
      for (const [name, value] of spinLines(device)) row(print, name, value);
      for (const n of EIGEN_ROWS) eigenvalues(device, n, print, gflops);
      printDoubleExchange(device, (name, value) => row(print, name, value));
      const r = referenceTimes(device);
      row(print, "plain reference: SU(3) product", gflops(MULTIPLY_FLOPS, r.multiply));
      row(print, "plain reference: plaquette force", gflops(REFERENCE_FORCE_FLOPS, r.force));
    }
    return t;
  } finally {
    device.close();
  }
}

/** CASK layers beside the plaquette force of the same links, on the same workers. */
function attention(device: Device, group: string, extents: readonly number[], print: (line: string) => void): void {
  const t = caskTimes(device, group, extents);
  const forces = (t.forward + t.pull) / CASK_LAYERS / t.force;
  row(
    print,
    `${group} ${extents[0]}^4 CASK, ${CASK_LAYERS} layers`,
    `forward ${milliseconds(t.forward)}, pull-back ${milliseconds(t.pull)}, a layer as much as ${forces.toFixed(0)} plaquette forces   (bar 60)`,
  );
}

/** Milliseconds of LAPACK's zheevd, eigenvalues alone and with vectors: OpenBLAS 0.3.21, one core of an EPYC of Zen 4. */
const LAPACK: Readonly<Record<number, readonly [number, number]>> = { 72: [0.312, 0.636], 128: [1.2, 2.58] };

/** Eigenvalues of dense Hermitian matrices, as for electrons among spins; one core does one matrix. */
function eigenvalues(
  device: Device,
  n: number,
  print: (line: string) => void,
  gflops: (flops: number, seconds: number) => string,
): void {
  const t = eigenTimes(device, n);
  const times = (plain: number, own: number) => `${(plain / own).toFixed(1)} times as fast as plain TypeScript`;
  const [alone, withVectors] = LAPACK[n]!;
  row(
    print,
    `eigenvalues, Hermitian ${n} x ${n}`,
    `${milliseconds(t.values)}, ${gflops(eigenFlops(n), t.values)}, ${times(t.plainValues, t.values)}   (bar ${3 * alone} ms, LAPACK ${alone})`,
  );
  row(
    print,
    "  and eigenvectors",
    `${milliseconds(t.decompose)}, ${times(t.plainDecompose, t.decompose)}   (LAPACK ${withVectors} ms)`,
  );
}

/** The quark lines: every time beside what arithmetic and memory allow at the measured roofs. */
function quarks(device: Device, top: Roof, print: (line: string) => void): void {
  const one = device.workers === 1;
  // four lanes of float32 do twice as much as two of float64
  const bounds = ({ flops, bytes, lanes }: Measured) =>
    `arithmetic allows ${milliseconds(flops / (top.gflops * (lanes / 2)) / 1e9)}, memory without caches ${milliseconds(bytes / top.triad / 1e9)}`;
  const speed = (m: Measured, bar: string) =>
    `${milliseconds(m.seconds)}, ${(m.flops / m.seconds / 1e9).toFixed(1)} GFLOP/s   (${bar}${bounds(m)})`;
  const t = quarkTimes(device);
  row(print, "SU(3) 8^4 Wilson hop", speed(t.wilson, one ? "bar 16; " : "bar 30 on two cores; "));
  row(print, "SU(3) 8^4 Wilson hop, float32", speed(t.wilsonSingle, one ? "bar 28; " : ""));
  row(print, "SU(3) 8^4 staggered hop", speed(t.staggered, ""));
  row(print, "SU(3) 8^4 staggered CG iteration", speed(t.staggeredIteration, one ? "bar 0.3 ms; " : ""));
  row(print, "SU(3) 8^4 staggered CG iteration, float32", speed(t.staggeredIterationSingle, ""));
  row(
    print,
    "SU(2) 4^4 HMC with staggered quarks",
    `${milliseconds(quarkTrajectory(device))}   (bar 25 ms; 5 steps, Omelyan)`,
  );
}

/** The effective model of O(3) spins on 6x6: one evaluation, the inner chain of self-learning, a training pass. */
function transformers(device: Device, top: Roof, print: (line: string) => void): void {
  const t = transformerTimes(device);
  const microseconds = (seconds: number) => `${(1e6 * seconds).toPrecision(3)} us`;
  const share = (flops: number, seconds: number) => `${((100 * flops) / seconds / 1e9 / top.gflops).toFixed(0)} %`;
  // one configuration is one worker's business: beside the roof of all it says nothing
  if (device.workers === 1) {
    for (const { layers, value, change, valueFlops, changeFlops } of t.evaluations)
      row(
        print,
        `O(3) 6x6 Transformer, ${layers} layer${layers > 1 ? "s" : ""}`,
        `from the spins ${microseconds(value)}, ${share(valueFlops, value)} of the roof; one spin changed ${microseconds(change)}, ${share(changeFlops, change)}${layers === TRANSFORMER_LAYERS ? "   (bar 26 us)" : ""}`,
      );
    row(
      print,
      `O(3) 6x6 inner chain, ${TRANSFORMER_LAYERS} layers`,
      `${milliseconds(t.chain)} for ${CHAIN} updates, ${share(t.chainFlops, t.chain)} of the roof   (bar 28 ms)`,
    );
  }
  row(
    print,
    `O(3) 6x6 Transformer, batch of ${BATCH}`,
    `forward ${milliseconds(t.forward)}, pull-back ${milliseconds(t.pull)}   (bar 3 ms together)`,
  );
}

const row = (print: (line: string) => void, name: string, value: string) => print(`${name.padEnd(42)} ${value}`);

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  bench((line) => process.stdout.write(`${line}\n`));
