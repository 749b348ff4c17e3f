/**
 * The intermediate form of a kernel: straight-line expressions and a handful of statements over flat memory.
 *
 * A description (a TypeScript function over the builder in `builder.ts`) produces this once; the back ends read it:
 * `wasm/` encodes SIMD, `javascript/` prints scalar source that is its bit-identical oracle, `flops.ts` counts.
 */

/** `vec` is W real numbers, one a site of the block; `mask` is a W-fold truth value. */
export type ValueType = "i32" | "f64" | "vec" | "mask";

export type UnaryVec = "neg" | "abs" | "sqrt" | "floor" | "nearest" | "exponent" | "mantissa" | "pow2";
export type BinaryVec = "add" | "sub" | "mul" | "div" | "min" | "max";
export type Compare = "lt" | "le" | "gt" | "ge";
export type BinaryInt = "add" | "sub" | "mul" | "and" | "or" | "xor" | "shl" | "shr" | "eq" | "ne" | "lt" | "ge";

export type Expr =
  | { readonly op: "local"; readonly type: ValueType; readonly index: number }
  | { readonly op: "i32.const"; readonly type: "i32"; readonly value: number }
  | { readonly op: "i32.load"; readonly type: "i32"; readonly pointer: Expr; readonly offset: number }
  | { readonly op: "i32.binary"; readonly type: "i32"; readonly name: BinaryInt; readonly a: Expr; readonly b: Expr }
  | { readonly op: "vec.const"; readonly type: "vec"; readonly value: number }
  | { readonly op: "vec.splat"; readonly type: "vec"; readonly value: Expr }
  | { readonly op: "vec.load"; readonly type: "vec"; readonly pointer: Expr; readonly offset: number }
  /** One number of memory in every lane. */
  | { readonly op: "vec.loadSplat"; readonly type: "vec"; readonly pointer: Expr; readonly offset: number }
  /** W consecutive float32, widened (float64 modules). */
  | { readonly op: "vec.loadSingle"; readonly type: "vec"; readonly pointer: Expr; readonly offset: number }
  | { readonly op: "vec.unary"; readonly type: "vec"; readonly name: UnaryVec; readonly a: Expr }
  | { readonly op: "vec.binary"; readonly type: "vec"; readonly name: BinaryVec; readonly a: Expr; readonly b: Expr }
  | {
      readonly op: "vec.madd";
      readonly type: "vec";
      readonly sign: 1 | -1;
      readonly a: Expr;
      readonly b: Expr;
      readonly c: Expr;
    }
  | { readonly op: "vec.select"; readonly type: "vec"; readonly mask: Expr; readonly a: Expr; readonly b: Expr }
  | { readonly op: "mask.compare"; readonly type: "mask"; readonly name: Compare; readonly a: Expr; readonly b: Expr }
  | {
      readonly op: "mask.binary";
      readonly type: "mask";
      readonly name: "and" | "or";
      readonly a: Expr;
      readonly b: Expr;
    }
  | { readonly op: "mask.not"; readonly type: "mask"; readonly a: Expr }
  /** 1 if any lane of the mask is set, else 0. */
  | { readonly op: "mask.any"; readonly type: "i32"; readonly a: Expr };

export type Statement =
  | { readonly op: "set"; readonly index: number; readonly value: Expr }
  | { readonly op: "vec.store"; readonly pointer: Expr; readonly offset: number; readonly value: Expr }
  /**
   * Store with lane l of the value in lane l xor `xor`: how a link is fetched across a seam where partner lanes swap.
   * One lane is stored as it is.
   */
  | {
      readonly op: "vec.storeSwapped";
      readonly pointer: Expr;
      readonly offset: number;
      readonly value: Expr;
      readonly xor: number;
    }
  /** Store as W consecutive float32, each rounded to nearest, ties to even (float64 modules). */
  | { readonly op: "vec.storeSingle"; readonly pointer: Expr; readonly offset: number; readonly value: Expr }
  | { readonly op: "i32.store"; readonly pointer: Expr; readonly offset: number; readonly value: Expr }
  | {
      readonly op: "if";
      readonly condition: Expr;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  /** for (index = from; index < to; index += by), `by` > 0; tested before the first round. */
  | {
      readonly op: "for";
      readonly index: number;
      readonly from: Expr;
      readonly to: Expr;
      readonly by: number;
      readonly body: readonly Statement[];
    }
  /** do { body } while (condition) */
  | { readonly op: "repeat"; readonly body: readonly Statement[]; readonly condition: Expr }
  | { readonly op: "call"; readonly callee: number; readonly args: readonly Expr[] }
  /**
   * Two uniforms in [0, 1) a lane by Philox4x32-10 (the convention of numerics/addressed-random.ts): key (k0, k1),
   * counter (c0, sites[lane], c2, c3); stored at `out` as two vec.
   */
  | {
      readonly op: "philox";
      readonly key: readonly [Expr, Expr];
      readonly c0: Expr;
      readonly sites: Expr;
      readonly c2: Expr;
      readonly c3: Expr;
      readonly out: Expr;
    };

export interface FunctionIr {
  readonly name: string;
  readonly exported: boolean;
  readonly parameters: readonly ValueType[];
  /** Types of all locals, parameters first. */
  readonly locals: readonly ValueType[];
  readonly body: readonly Statement[];
}

/** How numbers lie in memory: lanes a vec, bytes a number. f64x1 and f32x1 are the fall-backs for odd extents. */
export interface Width {
  readonly lanes: 1 | 2 | 4;
  readonly bytes: 8 | 4;
}

export interface ModuleIr {
  readonly width: Width;
  readonly functions: readonly FunctionIr[];
}
