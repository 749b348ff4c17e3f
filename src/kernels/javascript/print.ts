import type { Expr, FunctionIr, ModuleIr, Statement, ValueType } from "../ir.ts";

/**
 * Prints a module as the body of a JavaScript function (memory, runtime) that returns its kernels. A vec is W numbers
 * `v3_0`, `v3_1` …, a mask W booleans, an i32 a number kept in 32 bits. float32 arithmetic is rounded after every
 * operation, which is exact for + - * / and sqrt of numbers that are float32 themselves (S. A. Figueroa, SIGNUM
 * Newsletter 30 (1995) 21), so the bits are those of the SIMD kernels without multiply-add.
 */
export function printModule(ir: ModuleIr): string {
  return new Printer(ir).module();
}

const COMPARE = { lt: "<", le: "<=", gt: ">", ge: ">=" } as const;
const ARITHMETIC = { add: "+", sub: "-", mul: "*", div: "/" } as const;
const UNARY = {
  abs: "Math.abs",
  sqrt: "Math.sqrt",
  floor: "Math.floor",
  nearest: "runtime.nearest",
  exponent: "runtime.exponent",
  mantissa: "runtime.mantissa",
  pow2: "runtime.pow2",
} as const;

class Printer {
  private readonly ir: ModuleIr;
  private readonly lanes: readonly number[];
  private readonly shift: number;
  private readonly lines: string[] = [];
  private depth = 0;
  constructor(ir: ModuleIr) {
    this.ir = ir;
    this.lanes = Array.from({ length: ir.width.lanes }, (_, lane) => lane);
    this.shift = ir.width.bytes === 8 ? 3 : 2;
  }

  module(): string {
    const { functions, width } = this.ir;
    this.line('"use strict";');
    // F: numbers of the module; S: float32 beside them; I: integers and addresses
    this.line("let buffer, F, S, I;");
    this.block("const views = () =>", () => {
      this.line("buffer = memory.buffer;");
      this.line(`F = new Float${8 * width.bytes}Array(buffer);`);
      this.line("S = new Float32Array(buffer);");
      this.line("I = new Int32Array(buffer);");
    });
    functions.forEach((f, index) => this.function(f, index));
    this.block("const kernels =", () => {
      for (const [index, f] of functions.entries())
        if (f.exported) {
          const names = f.parameters.map((_, i) => `a${i}`).join(", ");
          this.line(`${f.name}(${names}) { if (memory.buffer !== buffer) views(); f${index}(${names}); },`);
        }
    });
    this.line("return kernels;");
    return this.lines.join("\n");
  }

  private line(text: string): void {
    this.lines.push("  ".repeat(this.depth) + text);
  }
  private block(head: string, emit: () => void): void {
    this.line(`${head} {`);
    this.depth++;
    emit();
    this.depth--;
    this.line("}");
  }

  /** The JavaScript variables of a local. */
  private names(type: ValueType, index: number): string[] {
    return type === "vec" || type === "mask" ? this.lanes.map((lane) => `v${index}_${lane}`) : [`v${index}`];
  }

  private function(f: FunctionIr, index: number): void {
    const parameters = f.parameters.flatMap((type, i) => this.names(type, i));
    this.block(`const f${index} = (${parameters.join(", ")}) =>`, () => {
      f.parameters.forEach((type, i) => type === "i32" && this.line(`v${i} = v${i} | 0;`));
      f.locals.slice(f.parameters.length).forEach((type, i) => {
        const zero = type === "mask" ? "false" : "0";
        const names = this.names(type, f.parameters.length + i);
        this.line(`let ${names.map((name) => `${name} = ${zero}`).join(", ")};`);
      });
      this.statements(f.body);
    });
  }

  private statements(list: readonly Statement[]): void {
    for (const s of list) this.statement(s);
  }

  private statement(s: Statement): void {
    switch (s.op) {
      case "set":
        this.assign(this.names(s.value.type, s.index), s.value);
        return;
      case "vec.store":
        this.store(s, this.lanes);
        return;
      case "vec.storeSwapped":
        this.store(s, this.lanes.length === 1 ? this.lanes : this.lanes.map((lane) => lane ^ s.xor));
        return;
      case "vec.storeSingle":
        this.store(s, this.lanes, "S");
        return;
      case "i32.store":
        this.line(`I[${this.address(s.pointer, s.offset, 2)}] = ${this.int(s.value)};`);
        return;
      case "if":
        this.block(`if (${this.int(s.condition)} !== 0)`, () => this.statements(s.body));
        if (s.otherwise.length > 0) this.block("else", () => this.statements(s.otherwise));
        return;
      case "for": {
        const i = `v${s.index}`;
        const head = `for (${i} = ${this.int(s.from)}; ${i} < ${this.int(s.to)}; ${i} = (${i} + ${s.by}) | 0)`;
        this.block(head, () => this.statements(s.body));
        return;
      }
      case "repeat":
        this.block("do", () => this.statements(s.body));
        this.line(`while (${this.int(s.condition)} !== 0);`);
        return;
      case "call":
        this.line(`f${s.callee}(${s.args.flatMap((a) => this.values(a)).join(", ")});`);
        return;
      case "philox":
        this.philox(s);
    }
  }

  private philox(s: Statement & { op: "philox" }): void {
    const [k0, k1, c0, c2, c3] = [...s.key, s.c0, s.c2, s.c3].map((e) => this.int(e));
    const sites = this.address(s.sites, 0, 2);
    const draws = this.lanes.map((l) => `runtime.philox(${k0}, ${k1}, ${c0}, I[${sites} + ${l}], ${c2}, ${c3})`);
    this.block("", () => {
      this.line(`const to = ${this.address(s.out, 0, this.shift)};`);
      this.line(`const ${draws.map((draw, l) => `t${l} = ${draw}`).join(", ")};`);
      for (const l of this.lanes) this.line(`F[to + ${l}] = t${l}[0], F[to + ${this.lanes.length + l}] = t${l}[1];`);
    });
  }

  /** All lanes are computed before any is written: a SIMD instruction reads all of its operands first. */
  private assign(targets: readonly string[], value: Expr): void {
    const values = this.values(value);
    if (targets.length === 1) this.line(`${targets[0]} = ${values[0]};`);
    else
      this.block("", () => {
        this.line(`const ${values.map((v, i) => `t${i} = ${v}`).join(", ")};`);
        targets.forEach((target, i) => this.line(`${target} = t${i};`));
      });
  }

  /** Lane l goes to element order[l] of a view; writing to S rounds to float32. */
  private store(
    s: { pointer: Expr; offset: number; value: Expr },
    order: readonly number[],
    view: "F" | "S" = "F",
  ): void {
    this.block("", () => {
      this.line(`const to = ${this.address(s.pointer, s.offset, view === "F" ? this.shift : 2)};`);
      this.assign(
        order.map((lane) => `${view}[to + ${lane}]`),
        s.value,
      );
    });
  }

  /** Element number of an address, which as an i32 is negative beyond 2 GiB: >>> reads it as unsigned. */
  private address(pointer: Expr, offset: number, shift: number): string {
    return `(${this.int(pointer)} + ${offset} >>> ${shift})`;
  }

  private values(e: Expr): string[] {
    if (e.type === "i32") return [this.int(e)];
    if (e.type === "f64") return [this.number(e, 0)];
    return this.lanes.map((lane) => (e.type === "mask" ? this.mask(e, lane) : this.number(e, lane)));
  }

  private int(e: Expr): string {
    switch (e.op) {
      case "local":
        return `v${e.index}`;
      case "i32.const":
        return e.value < 0 ? `(${e.value})` : `${e.value}`;
      case "i32.load":
        return `I[${this.address(e.pointer, e.offset, 2)}]`;
      case "mask.any":
        return `(${this.lanes.map((lane) => this.mask(e.a, lane)).join(" || ")} ? 1 : 0)`;
      case "i32.binary": {
        const [a, b] = [this.int(e.a), this.int(e.b)];
        const operator = { add: "+", sub: "-", and: "&", or: "|", xor: "^", shl: "<<" } as const;
        if (e.name === "mul") return `Math.imul(${a}, ${b})`;
        if (e.name === "shr") return `(${a} >>> ${b} | 0)`;
        if (e.name === "eq" || e.name === "ne") return `(${a} ${e.name === "eq" ? "===" : "!=="} ${b} ? 1 : 0)`;
        if (e.name === "lt" || e.name === "ge") return `(${a} ${COMPARE[e.name]} ${b} ? 1 : 0)`;
        return `((${a} ${operator[e.name]} ${b}) | 0)`;
      }
      default:
        throw new TypeError(`${e.op} is no integer`);
    }
  }

  private mask(e: Expr, lane: number): string {
    switch (e.op) {
      case "local":
        return `v${e.index}_${lane}`;
      case "mask.compare":
        return `(${this.number(e.a, lane)} ${COMPARE[e.name]} ${this.number(e.b, lane)})`;
      case "mask.binary":
        return `(${this.mask(e.a, lane)} ${e.name === "and" ? "&&" : "||"} ${this.mask(e.b, lane)})`;
      case "mask.not":
        return `!${this.mask(e.a, lane)}`;
      default:
        throw new TypeError(`${e.op} is no mask`);
    }
  }

  /** Rounds the result of an operation to the precision of the module. */
  private round(text: string): string {
    return this.ir.width.bytes === 8 ? `(${text})` : `Math.fround(${text})`;
  }

  private number(e: Expr, lane: number): string {
    switch (e.op) {
      case "local":
        return e.type === "f64" ? `v${e.index}` : `v${e.index}_${lane}`;
      case "vec.const":
        return literal(this.ir.width.bytes === 8 ? e.value : Math.fround(e.value));
      case "vec.splat":
        return this.round(this.number(e.value, lane));
      case "vec.load":
        return `F[${this.address(e.pointer, e.offset, this.shift)} + ${lane}]`;
      case "vec.loadSplat":
        return `F[${this.address(e.pointer, e.offset, this.shift)}]`;
      case "vec.loadSingle":
        return `S[${this.address(e.pointer, e.offset, 2)} + ${lane}]`;
      case "vec.unary":
        return this.unary(e, lane);
      case "vec.binary": {
        const [a, b] = [this.number(e.a, lane), this.number(e.b, lane)];
        if (e.name === "min" || e.name === "max") return `Math.${e.name}(${a}, ${b})`;
        return this.round(`${a} ${ARITHMETIC[e.name]} ${b}`);
      }
      case "vec.madd": {
        const product = this.round(`${this.number(e.a, lane)} * ${this.number(e.b, lane)}`);
        return this.round(`${this.number(e.c, lane)} ${e.sign === 1 ? "+" : "-"} ${product}`);
      }
      case "vec.select":
        return `(${this.mask(e.mask, lane)} ? ${this.number(e.a, lane)} : ${this.number(e.b, lane)})`;
      default:
        throw new TypeError(`${e.op} is no number`);
    }
  }

  private unary(e: Expr & { op: "vec.unary" }, lane: number): string {
    const a = this.number(e.a, lane);
    if (e.name === "neg") return `(-${a})`;
    if (this.ir.width.bytes !== 8 && (e.name === "exponent" || e.name === "mantissa" || e.name === "pow2"))
      throw new Error("exponent, mantissa and pow2 are float64 operations");
    return e.name === "sqrt" ? this.round(`Math.sqrt(${a})`) : `${UNARY[e.name]}(${a})`;
  }
}

/** A number as source, in parentheses where a sign stands in front. */
function literal(value: number): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  return text.startsWith("-") ? `(${text})` : text;
}
