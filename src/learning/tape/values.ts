import type { Field } from "../../lattice/field.ts";

/** What the operations of a tape give and take. A value belongs to the tape that made it. */
export type Value = MatrixValue | RealValue | ScalarValue;

/** Whose the numbers are: lent from the pool of the tape, or of somebody else. */
export type Owner = "pool" | "other";

abstract class FieldValue {
  readonly owner: Owner;
  private held: Field | undefined;
  /** What the backward sweep has collected so far; undefined is zero. For the tape and its operations. */
  cotangent: Field | undefined;
  /** Whether the sweep under way wants the cotangent of this value. For the tape and its operations. */
  active = false;

  constructor(field: Field, owner: Owner) {
    this.held = field;
    this.owner = owner;
  }

  /** The numbers. Throws an Error after the tape has given them back. */
  get field(): Field {
    if (!this.held)
      throw new Error(
        "tape: this value is gone: the backward sweep frees values as it goes (keep: true keeps them), and release() frees all",
      );
    return this.held;
  }

  get isGone(): boolean {
    return this.held === undefined;
  }

  /** Ends the value; for the tape. */
  end(): void {
    this.held = undefined;
  }
}

/**
 * d matrices a site in the layout of links (lattice/links/layout.ts), any complex N x N matrices. Its cotangent G, in the
 * same layout, is defined by dS = Re sum_{n, mu} tr[G_mu(n) dX_mu(n)].
 */
export class MatrixValue extends FieldValue {
  readonly kind = "matrix";
}

/** `slots` real numbers a site, [block][slot][lane]; cotangent g with dS = sum g_s(n) dx_s(n). */
export class RealValue extends FieldValue {
  readonly kind = "real";
  readonly slots: number;
  constructor(field: Field, owner: Owner, slots: number) {
    super(field, owner);
    this.slots = slots;
  }
}

/** One real number: a parameter, a sum over the lattice, the value of an action. It stays readable. */
export class ScalarValue {
  readonly kind = "scalar";
  readonly value: number;
  /** Index of the parameter that this is. */
  readonly parameter: number | undefined;
  cotangent = 0;
  active = false;
  constructor(value: number, parameter?: number) {
    this.value = value;
    this.parameter = parameter;
  }
}

/** Where a number is expected, a plain one is a constant. */
export const scalarOf = (s: number | ScalarValue): ScalarValue => (typeof s === "number" ? new ScalarValue(s) : s);
