import type { Expr, ValueType, Width } from "../ir.ts";
import { Bytes } from "./bytes.ts";
import { type Arithmetic, arithmetic, type Code, F64, I32, INT, SIMD, type Single, V128 } from "./opcodes.ts";

const MANTISSA_BITS = 0x000fffffffffffffn;
const ONE_BITS = 0x3ff0000000000000n;
const TWO52_BITS = 0x4330000000000000n;

/** Appends the instructions of expressions of one width to `out`. */
export class ExpressionEncoder {
  protected readonly out = new Bytes();
  protected readonly math: Arithmetic;
  protected readonly vector: boolean;
  private readonly width: Width;
  private readonly relaxed: boolean;
  constructor(width: Width, relaxed: boolean) {
    this.width = width;
    this.relaxed = relaxed;
    this.math = arithmetic(width);
    this.vector = width.lanes > 1;
  }

  protected valueType(type: ValueType): number {
    if (type === "i32") return I32;
    if (type === "f64") return F64;
    if (type === "mask") return this.vector ? V128 : I32;
    return this.math.valueType;
  }

  protected code(code: Code): void {
    this.out.u8(...code);
  }

  /** Moves lane l of the value on the stack to lane l xor `xor`. */
  protected permuteLanes(xor: number): void {
    const { lanes, bytes } = this.width;
    this.out.u8(0x41).signed(0); // a shuffle takes two operands; of the second nothing is used
    this.code(SIMD.i32x4Splat);
    this.code(SIMD.shuffle);
    for (let lane = 0; lane < lanes; lane++) for (let b = 0; b < bytes; b++) this.out.u8((lane ^ xor) * bytes + b);
  }

  /** How float32 are read and written beside the float64 of this width. */
  protected get single(): Single {
    if (!this.math.single) throw new Error("loadSingle and storeSingle are for float64 modules");
    return this.math.single;
  }

  protected expr(e: Expr): void {
    const { out, math } = this;
    switch (e.op) {
      case "local":
        out.u8(0x20).unsigned(e.index);
        return;
      case "i32.const":
        out.u8(0x41).signed(e.value);
        return;
      case "i32.load":
        this.expr(e.pointer);
        out.u8(0x28).unsigned(2).unsigned(e.offset);
        return;
      case "i32.binary":
        this.expr(e.a);
        this.expr(e.b);
        out.u8(INT[e.name]);
        return;
      case "vec.const":
        this.constant(e.value);
        return;
      case "vec.splat":
        this.expr(e.value);
        for (const c of math.splatFromF64) this.code(c);
        return;
      case "vec.load":
        this.expr(e.pointer);
        this.code(math.load);
        out.unsigned(math.align).unsigned(e.offset);
        return;
      case "vec.loadSplat":
        this.expr(e.pointer);
        this.code(math.loadSplat);
        out.unsigned(math.splatAlign).unsigned(e.offset);
        return;
      case "vec.loadSingle":
        this.expr(e.pointer);
        this.code(this.single.load);
        out.unsigned(this.single.align).unsigned(e.offset);
        this.code(this.single.widen);
        return;
      case "vec.unary":
        this.unary(e);
        return;
      case "vec.binary":
        this.expr(e.a);
        this.expr(e.b);
        this.code(math.binary[e.name]);
        return;
      case "vec.madd":
        this.multiplyAdd(e);
        return;
      case "vec.select":
        this.expr(e.a);
        this.expr(e.b);
        this.expr(e.mask);
        if (this.vector) this.code(SIMD.bitselect);
        else out.u8(0x1b);
        return;
      case "mask.compare":
        this.expr(e.a);
        this.expr(e.b);
        this.code(math.compare[e.name]);
        return;
      case "mask.binary":
        this.expr(e.a);
        this.expr(e.b);
        if (this.vector) this.code(e.name === "and" ? SIMD.and : SIMD.or);
        else out.u8(INT[e.name]);
        return;
      case "mask.not":
        this.expr(e.a);
        if (this.vector) this.code(SIMD.not);
        else out.u8(0x45);
        return;
      case "mask.any":
        this.expr(e.a);
        if (this.vector) this.code(SIMD.anyTrue);
    }
  }

  private constant(value: number): void {
    const { out } = this;
    const { lanes, bytes } = this.width;
    if (!this.vector) {
      if (bytes === 8) out.u8(0x44).f64(value);
      else out.u8(0x43).f32(value);
      return;
    }
    this.code(SIMD.const);
    for (let lane = 0; lane < lanes; lane++) bytes === 8 ? out.f64(value) : out.f32(value);
  }

  private multiplyAdd(e: Expr & { op: "vec.madd" }): void {
    const fused = this.relaxed ? (e.sign === 1 ? this.math.madd : this.math.nmadd) : undefined;
    if (fused) {
      this.expr(e.a);
      this.expr(e.b);
      this.expr(e.c);
      this.code(fused);
      return;
    }
    this.expr(e.c);
    this.expr(e.a);
    this.expr(e.b);
    this.code(this.math.binary.mul);
    this.code(e.sign === 1 ? this.math.binary.add : this.math.binary.sub);
  }

  /** Bit surgery of float64 numbers: exponents by the 2^52 trick, so that every step is a SIMD instruction. */
  private unary(e: Expr & { op: "vec.unary" }): void {
    this.expr(e.a);
    switch (e.name) {
      case "exponent": // bits >> 52, or-ed under the exponent of 2^52, minus (2^52 + 1023)
        this.toBits();
        this.shift(52, "right");
        this.bits(TWO52_BITS, "or");
        this.fromBits();
        this.constant(2 ** 52 + 1023);
        this.code(this.math.binary.sub);
        return;
      case "mantissa":
        this.toBits();
        this.bits(MANTISSA_BITS, "and");
        this.bits(ONE_BITS, "or");
        this.fromBits();
        return;
      case "pow2": // (n + 2^52 + 1023) << 52 leaves n + 1023 in the exponent field
        this.constant(2 ** 52 + 1023);
        this.code(this.math.binary.add);
        this.toBits();
        this.shift(52, "left");
        this.fromBits();
        return;
      default:
        this.code(this.math.unary[e.name]);
    }
  }

  private toBits(): void {
    if (this.width.bytes !== 8) throw new Error("exponent, mantissa and pow2 are float64 operations");
    if (!this.vector) this.out.u8(0xbd);
  }
  private fromBits(): void {
    if (!this.vector) this.out.u8(0xbf);
  }
  private shift(by: number, direction: "left" | "right"): void {
    if (this.vector) {
      this.out.u8(0x41).signed(by);
      this.code(direction === "left" ? SIMD.i64x2Shl : SIMD.i64x2ShrU);
    } else
      this.out
        .u8(0x42)
        .signed(by)
        .u8(direction === "left" ? 0x86 : 0x88);
  }
  private bits(pattern: bigint, how: "and" | "or"): void {
    if (this.vector) {
      const raw = new DataView(new ArrayBuffer(16));
      raw.setBigUint64(0, pattern, true);
      raw.setBigUint64(8, pattern, true);
      this.code(SIMD.const);
      this.out.raw(new Uint8Array(raw.buffer));
      this.code(how === "and" ? SIMD.and : SIMD.or);
    } else
      this.out
        .u8(0x42)
        .signed(BigInt.asIntN(64, pattern))
        .u8(how === "and" ? 0x83 : 0x84);
  }
}
