import { uniformFromWords } from "../../numerics/addressed-random.ts";
import { philox4x32 } from "../../numerics/philox.ts";
import type { ModuleIr } from "../ir.ts";
import type { KernelFunction } from "../team.ts";
import { printModule } from "./print.ts";

/**
 * The kernels of a module as scalar JavaScript on the same memory: the oracle of the SIMD kernels, bit for bit, and
 * what runs where the engine has no SIMD. Throws where the page's content security policy forbids `new Function`.
 * Addresses outside the memory read NaN and write nothing, where WebAssembly would trap.
 */
export function compileJavascript(
  ir: ModuleIr,
  memory: { readonly buffer: ArrayBufferLike },
): Readonly<Record<string, KernelFunction>> {
  const make = new Function("memory", "runtime", printModule(ir)) as (
    m: typeof memory,
    r: typeof runtime,
  ) => Record<string, KernelFunction>;
  return make(memory, runtime);
}

const double = new Float64Array(1);
/** Low and high half of `double`: the heap of WebAssembly is little-endian, and so is every machine that runs it here. */
const words = new Uint32Array(double.buffer);
const random = new Uint32Array(4);

/** What a printed kernel calls: the operations of ir.ts that JavaScript has no word for. */
const runtime = {
  /** Round to nearest, ties to even, keeping the sign of zero: from 2^52 on every number is whole. */
  nearest(x: number): number {
    if (x > 0) return x < 2 ** 52 ? x + 2 ** 52 - 2 ** 52 : x;
    if (x < 0) return x > -(2 ** 52) ? -(2 ** 52 - x - 2 ** 52) : x;
    return x;
  },
  exponent(x: number): number {
    double[0] = x;
    return (words[1]! >>> 20) - 1023;
  },
  mantissa(x: number): number {
    double[0] = x;
    words[1] = (words[1]! & 0x000fffff) | 0x3ff00000;
    return double[0];
  },
  pow2(n: number): number {
    double[0] = n + (2 ** 52 + 1023);
    words[1] = words[0]! << 20;
    words[0] = 0;
    return double[0];
  },
  philox(k0: number, k1: number, c0: number, site: number, c2: number, c3: number): readonly [number, number] {
    philox4x32(c0, site, c2, c3, k0, k1, random);
    return [uniformFromWords(random[0]!, random[1]!), uniformFromWords(random[2]!, random[3]!)];
  },
};
