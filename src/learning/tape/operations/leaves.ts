import type { Configuration } from "../../../lattice/space.ts";
import type { DifferentiableAction } from "../../../physics/action.ts";
import type { FieldMap } from "../../../physics/maps/field-map.ts";
import type { TapeRecord } from "../record.ts";
import { MatrixValue, ScalarValue } from "../values.ts";
import { addScaled } from "./linear.ts";

/** S of the links u; everything else of the configuration (auxiliary fields) stays what it is. */
export function actionOf(
  tape: TapeRecord,
  u: MatrixValue,
  action: DifferentiableAction,
  configuration: Configuration,
): ScalarValue {
  const there = (): Configuration => ({ ...configuration, field: u.field });
  const output = new ScalarValue(action.value(there()));
  return tape.record({
    inputs: [u],
    output,
    pull: () => action.addDerivative(there(), output.cotangent, tape.cotangent(u)),
  }) as ScalarValue;
}

/** Where the parameters of a map lie among those of the tape. */
export interface ParameterSlice {
  readonly parameters: Float64Array;
  /** Index of the first of them. */
  readonly start: number;
}

/**
 * The image of u under a map. With `slice` the parameters of the map are set to those of the slice first, and their
 * derivatives are added to the gradient there; without it they are constants.
 */
export function imageOf(tape: TapeRecord, u: MatrixValue, map: FieldMap, slice?: ParameterSlice): MatrixValue {
  const count = map.parameters.length;
  if (slice && slice.start + count > slice.parameters.length)
    throw new RangeError(
      `map: it has ${count} parameters; only ${slice.parameters.length - slice.start} follow from ${slice.start} on`,
    );
  if (slice) map.parameters.set(slice.parameters.subarray(slice.start, slice.start + count));
  const image = map.apply(u.field);
  const output = new MatrixValue(image.field, "other");
  return tape.record({
    inputs: [u],
    output,
    parametric: slice !== undefined && count > 0,
    pull(gradient) {
      // the cotangent of the output is not needed again: the map works in it
      const delta = output.cotangent!;
      const own = slice && gradient ? [gradient.subarray(slice.start, slice.start + count)] : [];
      image.pull(delta, ...own);
      if (!u.active) return;
      if (u.cotangent) addScaled(tape, u.cotangent, delta, 1);
      else {
        u.cotangent = delta;
        output.cotangent = undefined;
      }
    },
    free: () => image.release(),
  }) as MatrixValue;
}
