import { z } from "zod";

/**
 * Phases that a quark takes up when it goes once round the lattice, one a direction: +1 periodic, -1 antiperiodic, or an
 * angle theta in units of pi for e^{i pi theta} (twisted boundary conditions).
 */
export type Boundary = readonly number[];

/** Antiperiodic in time, periodic in space: a temperature for quarks. */
export const usualBoundary = (dimension: number): Boundary =>
  Array.from({ length: dimension }, (_, mu) => (mu === dimension - 1 ? -1 : 1));

export const boundarySchema = z
  .array(z.union([z.literal(1), z.literal(-1)]))
  .optional()
  .describe("sign of the quark field round the lattice, one a direction; antiperiodic in time where left out");

/** The signs for a lattice; throws a RangeError where their number is not the dimension. */
export function boundaryFor(given: Boundary | undefined, dimension: number): Boundary {
  const boundary = given ?? usualBoundary(dimension);
  if (boundary.length !== dimension)
    throw new RangeError(`boundary: ${boundary.length} signs for ${dimension} directions; give one a direction`);
  return boundary;
}
