import type { BinaryInt, Expr, FunctionIr, ModuleIr, Statement } from "./ir.ts";

export interface FlopsOptions {
  /**
   * Which side of a branch counts whose condition is not known at emit time: the one with the most operations (the
   * default), the one with the least, or always the first.
   */
  readonly branch?: "most" | "least" | "first";
  /** How often a loop runs whose bounds are not known at emit time (and `repeat`). Default 1. */
  readonly rounds?: number;
  /** Values of the kernel's own i32 parameters that decide what it does, by position. */
  readonly known?: Readonly<Record<number, number>>;
}

/**
 * Floating-point operations of a kernel per item and lane: those of the range 0..1 less those of an empty range, so
 * that what is done once a chunk does not count. Additions, subtractions, products, quotients and square roots count
 * one each, a multiply-add two; sign changes, comparisons, selections, rounding, bit surgery and random bits count
 * nothing. The product of two SU(3) matrices is 198.
 *
 * The function is walked through with the integers it can know; loops with known bounds are walked round by round.
 * Throws a RangeError for a kernel that the module does not have.
 */
export function countFlops(ir: ModuleIr, kernel: string, options: FlopsOptions = {}): number {
  const f = ir.functions.find((candidate) => candidate.exported && candidate.name === kernel);
  if (!f) {
    const names = ir.functions.flatMap((g) => (g.exported ? [g.name] : []));
    throw new RangeError(`no kernel ${kernel} in this module; it has ${names.join(", ")}`);
  }
  const counter = new Counter(ir, options);
  const range = (end: number) => {
    const own = f.parameters.slice(RANGE).map((_, i) => options.known?.[i]);
    return counter.function(f, [0, end, undefined, 0, ...own]);
  };
  return range(1) - range(0);
}

/** begin, end, scratch, chunk: the first parameters of every kernel. */
const RANGE = 4;
/** What is known of the locals of a function: integers only. */
type Known = (number | undefined)[];

class Counter {
  private readonly ir: ModuleIr;
  private readonly branch: NonNullable<FlopsOptions["branch"]>;
  private readonly rounds: number;
  private readonly memo = new WeakMap<Expr, number>();
  constructor(ir: ModuleIr, options: FlopsOptions) {
    this.ir = ir;
    this.branch = options.branch ?? "most";
    this.rounds = options.rounds ?? 1;
  }

  function(f: FunctionIr, args: Known): number {
    const known: Known = f.locals.map((_, i) => (i < args.length ? args[i] : 0));
    return this.statements(f.body, known);
  }

  private statements(list: readonly Statement[], known: Known): number {
    return list.reduce((sum, s) => sum + this.statement(s, known), 0);
  }

  private statement(s: Statement, known: Known): number {
    switch (s.op) {
      case "set":
        known[s.index] = this.int(s.value, known);
        return this.expr(s.value);
      case "vec.store":
      case "vec.storeSwapped":
      case "vec.storeSingle":
      case "i32.store":
        return this.expr(s.pointer) + this.expr(s.value);
      case "if":
        return this.expr(s.condition) + this.if(s, known);
      case "for":
        return this.for(s, known);
      case "repeat":
        forget(s.body, known);
        return this.rounds * (this.statements(s.body, known) + this.expr(s.condition));
      case "call": {
        const args = s.args.map((a) => this.int(a, known));
        const operands = s.args.reduce((sum, a) => sum + this.expr(a), 0);
        return operands + this.function(this.ir.functions[s.callee]!, args);
      }
      case "philox":
        return 0;
    }
  }

  private if(s: Statement & { op: "if" }, known: Known): number {
    const condition = this.int(s.condition, known);
    if (condition !== undefined) return this.statements(condition !== 0 ? s.body : s.otherwise, known);
    const first = this.statements(s.body, [...known]);
    const second = this.statements(s.otherwise, [...known]);
    forget(s.body, known);
    forget(s.otherwise, known);
    if (this.branch === "first") return first;
    return this.branch === "most" ? Math.max(first, second) : Math.min(first, second);
  }

  private for(s: Statement & { op: "for" }, known: Known): number {
    const [from, to] = [this.int(s.from, known), this.int(s.to, known)];
    if (from === undefined || to === undefined) {
      forget([s], known);
      return this.rounds * this.statements(s.body, known);
    }
    let sum = 0;
    known[s.index] = from;
    for (let i: number | undefined = from; i !== undefined && i < to; ) {
      sum += this.statements(s.body, known);
      i = known[s.index];
      known[s.index] = i = i === undefined ? i : i + s.by;
    }
    return sum;
  }

  /** Operations of an expression, each time it is evaluated. */
  private expr(e: Expr): number {
    const counted = this.memo.get(e);
    if (counted !== undefined) return counted;
    let sum = operations(e);
    for (const key of OPERANDS) if (key in e) sum += this.expr((e as unknown as Record<string, Expr>)[key]!);
    if (e.op === "vec.splat") sum += this.expr(e.value);
    this.memo.set(e, sum);
    return sum;
  }

  /** The value of an i32 expression, where it is known. */
  private int(e: Expr, known: Known): number | undefined {
    if (e.type !== "i32") return undefined;
    if (e.op === "i32.const") return e.value;
    if (e.op === "local") return known[e.index];
    if (e.op !== "i32.binary") return undefined;
    const [a, b] = [this.int(e.a, known), this.int(e.b, known)];
    return a === undefined || b === undefined ? undefined : evaluate[e.name](a, b) | 0;
  }
}

const OPERANDS = ["a", "b", "c", "mask", "pointer"] as const;

function operations(e: Expr): number {
  if (e.op === "vec.madd") return 2;
  if (e.op === "vec.binary") return e.name === "min" || e.name === "max" ? 0 : 1;
  return e.op === "vec.unary" && e.name === "sqrt" ? 1 : 0;
}

const evaluate: Readonly<Record<BinaryInt, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: Math.imul,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << b,
  shr: (a, b) => a >>> b,
  eq: (a, b) => Number(a === b),
  ne: (a, b) => Number(a !== b),
  lt: (a, b) => Number(a < b),
  ge: (a, b) => Number(a >= b),
};

/** Nothing is known any more of the locals that these statements set. */
function forget(list: readonly Statement[], known: Known): void {
  for (const s of list) {
    if (s.op === "set" || s.op === "for") known[s.index] = undefined;
    if (s.op === "if" || s.op === "for" || s.op === "repeat") forget(s.body, known);
    if (s.op === "if") forget(s.otherwise, known);
  }
}
