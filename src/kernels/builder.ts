import type { Expr, FunctionIr, ModuleIr, Statement, ValueType, Width } from "./ir.ts";
import { Int, Mask, Vec } from "./values.ts";

export { Int, Mask, Vec } from "./values.ts";

export interface FunctionRef {
  readonly index: number;
  readonly parameters: readonly ValueType[];
}

/** Typed views of a function's parameters: "i32" gives Int, "f64" gives Vec (splatted), "vec" gives Vec. */
export type Parameter<T extends ValueType> = T extends "i32" ? Int : Vec;

/**
 * The body of one function while it is being emitted.
 *
 * An expression is evaluated where the statement that uses it stands, each time it is used: give anything used
 * twice, and any load that must come before a store, a name with `let`.
 */
export class Body {
  readonly width: Width;
  readonly locals: ValueType[];
  private statements: Statement[] = [];
  constructor(width: Width, locals: ValueType[]) {
    this.width = width;
    this.locals = locals;
  }
  /** Bytes of one vec. */
  get vecBytes(): number {
    return this.width.lanes * this.width.bytes;
  }
  private local(type: ValueType): number {
    this.locals.push(type);
    return this.locals.length - 1;
  }
  let(value: Vec): Vec;
  let(value: Int): Int;
  let(value: Mask): Mask;
  let(value: Vec | Int | Mask): Vec | Int | Mask {
    const type = value.expr.type;
    const index = this.local(type);
    this.statements.push({ op: "set", index, value: value.expr });
    const expr: Expr = { op: "local", type, index };
    if (value instanceof Vec) return new Vec(expr);
    return value instanceof Int ? new Int(expr) : new Mask(expr);
  }
  /** Assigns to a local made by `let`. */
  set<T extends Vec | Int | Mask>(target: T, value: T): void {
    if (target.expr.op !== "local") throw new Error("set: the target must be a local made by let");
    this.statements.push({ op: "set", index: target.expr.index, value: value.expr });
  }
  load(pointer: Int, offset = 0): Vec {
    return new Vec({ op: "vec.load", type: "vec", pointer: pointer.expr, offset });
  }
  /** The one number at the address, in every lane. */
  loadSplat(pointer: Int, offset = 0): Vec {
    return new Vec({ op: "vec.loadSplat", type: "vec", pointer: pointer.expr, offset });
  }
  store(pointer: Int, offset: number, value: Vec | number): void {
    this.statements.push({ op: "vec.store", pointer: pointer.expr, offset, value: Vec.of(value).expr });
  }
  /**
   * Stores lane l of the value in lane l xor `xor`; a vec of one lane is stored as it is. Throws a RangeError for an
   * `xor` that is not 1 to lanes - 1.
   */
  storeSwapped(pointer: Int, offset: number, value: Vec, xor = 1): void {
    const { lanes } = this.width;
    if (lanes > 1 && !(Number.isInteger(xor) && xor >= 1 && xor < lanes))
      throw new RangeError(`storeSwapped: xor ${xor} of ${lanes} lanes; expected 1 to ${lanes - 1}`);
    this.statements.push({ op: "vec.storeSwapped", pointer: pointer.expr, offset, value: value.expr, xor });
  }
  /** W consecutive float32 (4 W bytes), exactly widened. Throws in a float32 module, where `load` does this. */
  loadSingle(pointer: Int, offset = 0): Vec {
    this.needsDouble("loadSingle", "load");
    return new Vec({ op: "vec.loadSingle", type: "vec", pointer: pointer.expr, offset });
  }
  /**
   * Stores W consecutive float32 (4 W bytes), rounded to nearest; beyond the range of float32 they are infinite.
   * Throws in a float32 module, where `store` does this.
   */
  storeSingle(pointer: Int, offset: number, value: Vec | number): void {
    this.needsDouble("storeSingle", "store");
    this.statements.push({ op: "vec.storeSingle", pointer: pointer.expr, offset, value: Vec.of(value).expr });
  }
  private needsDouble(name: string, instead: string): void {
    if (this.width.bytes !== 8) throw new Error(`${name} converts float64 vecs; in a module of float32 use ${instead}`);
  }
  loadInt(pointer: Int, offset = 0): Int {
    return new Int({ op: "i32.load", type: "i32", pointer: pointer.expr, offset });
  }
  storeInt(pointer: Int, offset: number, value: Int): void {
    this.statements.push({ op: "i32.store", pointer: pointer.expr, offset, value: value.expr });
  }
  private collect(emit: () => void): Statement[] {
    const outer = this.statements;
    const inner: Statement[] = [];
    this.statements = inner;
    emit();
    this.statements = outer;
    return inner;
  }
  if(condition: Int, then: () => void, otherwise: () => void = () => {}): void {
    this.statements.push({
      op: "if",
      condition: condition.expr,
      body: this.collect(then),
      otherwise: this.collect(otherwise),
    });
  }
  for(from: number | Int, to: number | Int, emit: (index: Int) => void, by = 1): void {
    const index = this.local("i32");
    const body = this.collect(() => emit(new Int({ op: "local", type: "i32", index })));
    this.statements.push({ op: "for", index, from: Int.of(from).expr, to: Int.of(to).expr, by, body });
  }
  /** do { … } while (condition()) */
  repeat(emit: () => void, condition: () => Int): void {
    let last: Int | undefined;
    const body = this.collect(() => {
      emit();
      last = condition();
    });
    this.statements.push({ op: "repeat", body, condition: last!.expr });
  }
  call(callee: FunctionRef, ...args: (Int | Vec)[]): void {
    if (args.length !== callee.parameters.length)
      throw new Error(`call: expected ${callee.parameters.length} arguments, got ${args.length}`);
    this.statements.push({ op: "call", callee: callee.index, args: args.map((a) => a.expr) });
  }
  /** Two uniforms a lane into `out`; see the statement `philox` of ir.ts. */
  philox(key: readonly [Int, Int], c0: Int, sites: Int, c2: Int, c3: Int, out: Int): void {
    this.statements.push({
      op: "philox",
      key: [key[0].expr, key[1].expr],
      c0: c0.expr,
      sites: sites.expr,
      c2: c2.expr,
      c3: c3.expr,
      out: out.expr,
    });
  }
  finish(): readonly Statement[] {
    return this.statements;
  }
}

type Parameters<T extends readonly ValueType[]> = { [K in keyof T]: Parameter<T[K]> };

/** Collects functions; the first arguments of an exported kernel are (begin, end, scratch, chunk). */
export class ModuleBuilder {
  readonly width: Width;
  private readonly functions: FunctionIr[] = [];
  private readonly memo = new Map<string, FunctionRef>();
  constructor(width: Width) {
    this.width = width;
  }
  private define<T extends readonly ValueType[]>(
    name: string,
    exported: boolean,
    parameters: T,
    emit: (k: Body, ...args: Parameters<T>) => void,
  ): FunctionRef {
    const body = new Body(this.width, [...parameters]);
    const args = parameters.map((type, index) => {
      const local: Expr = { op: "local", type, index };
      if (type === "i32") return new Int(local);
      return type === "f64" ? new Vec({ op: "vec.splat", type: "vec", value: local }) : new Vec(local);
    });
    emit(body, ...(args as unknown as Parameters<T>));
    this.functions.push({ name, exported, parameters, locals: body.locals, body: body.finish() });
    return { index: this.functions.length - 1, parameters };
  }
  /** An internal function, emitted once a name however often it is asked for. */
  helper<T extends readonly ValueType[]>(
    name: string,
    parameters: T,
    emit: (k: Body, ...args: Parameters<T>) => void,
  ): FunctionRef {
    const known = this.memo.get(name);
    if (known) return known;
    const made = this.define(name, false, parameters, emit);
    this.memo.set(name, made);
    return made;
  }
  /**
   * An exported kernel over items begin..end-1. `scratch` is private memory of the worker (SCRATCH_BYTES of team.ts),
   * `chunk` the number of the fixed piece of the range this call does (for reductions).
   */
  kernel<T extends readonly ValueType[]>(
    name: string,
    parameters: T,
    emit: (k: Body, range: { begin: Int; end: Int; scratch: Int; chunk: Int }, ...args: Parameters<T>) => void,
  ): void {
    this.define(name, true, ["i32", "i32", "i32", "i32", ...parameters] as const, (k, ...all) => {
      const [begin, end, scratch, chunk, ...rest] = all as unknown as [Int, Int, Int, Int, ...Parameters<T>];
      emit(k, { begin, end, scratch, chunk }, ...(rest as Parameters<T>));
    });
  }
  finish(): ModuleIr {
    return { width: this.width, functions: this.functions };
  }
}
