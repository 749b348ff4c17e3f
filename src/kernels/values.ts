import type { BinaryInt, BinaryVec, Compare, Expr, UnaryVec } from "./ir.ts";

/** An integer or address at emit time. */
export class Int {
  readonly expr: Expr;
  constructor(expr: Expr) {
    this.expr = expr;
  }
  static of(value: number | Int): Int {
    return typeof value === "number" ? new Int({ op: "i32.const", type: "i32", value: value | 0 }) : value;
  }
  private with(name: BinaryInt, other: number | Int): Int {
    const b = Int.of(other);
    if (this.expr.op === "i32.const" && b.expr.op === "i32.const") {
      if (name === "add") return Int.of(this.expr.value + b.expr.value);
      if (name === "mul") return Int.of(Math.imul(this.expr.value, b.expr.value));
    }
    if (name === "add" && b.expr.op === "i32.const" && b.expr.value === 0) return this;
    if (name === "mul" && b.expr.op === "i32.const" && b.expr.value === 1) return this;
    return new Int({ op: "i32.binary", type: "i32", name, a: this.expr, b: b.expr });
  }
  add(other: number | Int): Int {
    return this.with("add", other);
  }
  sub(other: number | Int): Int {
    return this.with("sub", other);
  }
  mul(other: number | Int): Int {
    return this.with("mul", other);
  }
  and(other: number | Int): Int {
    return this.with("and", other);
  }
  or(other: number | Int): Int {
    return this.with("or", other);
  }
  xor(other: number | Int): Int {
    return this.with("xor", other);
  }
  shl(other: number | Int): Int {
    return this.with("shl", other);
  }
  /** Logical shift right. */
  shr(other: number | Int): Int {
    return this.with("shr", other);
  }
  eq(other: number | Int): Int {
    return this.with("eq", other);
  }
  ne(other: number | Int): Int {
    return this.with("ne", other);
  }
  lt(other: number | Int): Int {
    return this.with("lt", other);
  }
  ge(other: number | Int): Int {
    return this.with("ge", other);
  }
}

/** W truth values at emit time. */
export class Mask {
  readonly expr: Expr;
  constructor(expr: Expr) {
    this.expr = expr;
  }
  and(other: Mask): Mask {
    return new Mask({ op: "mask.binary", type: "mask", name: "and", a: this.expr, b: other.expr });
  }
  or(other: Mask): Mask {
    return new Mask({ op: "mask.binary", type: "mask", name: "or", a: this.expr, b: other.expr });
  }
  not(): Mask {
    return new Mask({ op: "mask.not", type: "mask", a: this.expr });
  }
  any(): Int {
    return new Int({ op: "mask.any", type: "i32", a: this.expr });
  }
  select(a: Vec | number, b: Vec | number): Vec {
    return new Vec({ op: "vec.select", type: "vec", mask: this.expr, a: Vec.of(a).expr, b: Vec.of(b).expr });
  }
}

/** W real numbers at emit time, one a site of the block. */
export class Vec {
  readonly expr: Expr;
  constructor(expr: Expr) {
    this.expr = expr;
  }
  static of(value: number | Vec): Vec {
    return typeof value === "number" ? new Vec({ op: "vec.const", type: "vec", value }) : value;
  }
  private unary(name: UnaryVec): Vec {
    return new Vec({ op: "vec.unary", type: "vec", name, a: this.expr });
  }
  private binary(name: BinaryVec, other: number | Vec): Vec {
    return new Vec({ op: "vec.binary", type: "vec", name, a: this.expr, b: Vec.of(other).expr });
  }
  private compare(name: Compare, other: number | Vec): Mask {
    return new Mask({ op: "mask.compare", type: "mask", name, a: this.expr, b: Vec.of(other).expr });
  }
  add(other: number | Vec): Vec {
    return this.binary("add", other);
  }
  sub(other: number | Vec): Vec {
    return this.binary("sub", other);
  }
  mul(other: number | Vec): Vec {
    return this.binary("mul", other);
  }
  div(other: number | Vec): Vec {
    return this.binary("div", other);
  }
  /** Not a number where either is; -0 is less than 0. */
  min(other: number | Vec): Vec {
    return this.binary("min", other);
  }
  /** Not a number where either is. */
  max(other: number | Vec): Vec {
    return this.binary("max", other);
  }
  /** this + a b, fused where the module allows multiply-add. */
  plus(a: Vec, b: Vec): Vec {
    return new Vec({ op: "vec.madd", type: "vec", sign: 1, a: a.expr, b: b.expr, c: this.expr });
  }
  /** this - a b */
  minus(a: Vec, b: Vec): Vec {
    return new Vec({ op: "vec.madd", type: "vec", sign: -1, a: a.expr, b: b.expr, c: this.expr });
  }
  neg(): Vec {
    return this.unary("neg");
  }
  abs(): Vec {
    return this.unary("abs");
  }
  sqrt(): Vec {
    return this.unary("sqrt");
  }
  floor(): Vec {
    return this.unary("floor");
  }
  /** Round to nearest, ties to even. */
  nearest(): Vec {
    return this.unary("nearest");
  }
  /** e of x = m 2^e, 1 <= m < 2, for positive normal x. float64 only. */
  exponent(): Vec {
    return this.unary("exponent");
  }
  /** m of x = m 2^e, 1 <= m < 2, for positive normal x. float64 only. */
  mantissa(): Vec {
    return this.unary("mantissa");
  }
  /** 2^n for integral n, |n| <= 1022. float64 only. */
  pow2(): Vec {
    return this.unary("pow2");
  }
  lt(other: number | Vec): Mask {
    return this.compare("lt", other);
  }
  le(other: number | Vec): Mask {
    return this.compare("le", other);
  }
  gt(other: number | Vec): Mask {
    return this.compare("gt", other);
  }
  ge(other: number | Vec): Mask {
    return this.compare("ge", other);
  }
  /** Equal; use on a local, it is evaluated twice. */
  eqTo(other: number | Vec): Mask {
    return this.ge(other).and(this.le(other));
  }
}
