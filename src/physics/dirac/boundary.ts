import { z } from "zod";

/**
 * Phases that a quark takes up when it goes once round the lattice, one a direction: +1 periodic, -1 antiperiodic, or
 * { angle } for exp(i pi angle) (twisted boundary conditions; G. M. de Divitiis, R. Petronzio, N. Tantalo, Phys. Lett. B
 * 595 (2004) 408). psi(x + L) = phase psi(x).
 */
export type Phase = number | { readonly angle: number };
export type Boundary = readonly Phase[];

/** [Re, Im] of a phase. Throws a RangeError for a number that is neither 1 nor -1. */
export function complexPhase(phase: Phase): readonly [re: number, im: number] {
  if (phase === 1 || phase === -1) return [phase, 0];
  if (typeof phase === "number") throw new RangeError(`boundary: ${phase} is no phase; write 1, -1, or { angle = … }`);
  return [Math.cos(Math.PI * phase.angle), Math.sin(Math.PI * phase.angle)];
}

/** Antiperiodic in time, periodic in space: a temperature for quarks. */
export const usualBoundary = (dimension: number): Boundary =>
  Array.from({ length: dimension }, (_, mu) => (mu === dimension - 1 ? -1 : 1));

export const boundarySchema = z
  .array(
    z.union([
      z.literal(1),
      z.literal(-1),
      z.strictObject({ angle: z.number().describe("phase exp(i pi angle) of twisted boundary conditions") }),
    ]),
  )
  .optional()
  .describe(
    "phase of the quark field round the lattice, one a direction: 1, -1 or { angle = theta/pi }; antiperiodic in time where left out",
  );

/** The phases for a lattice; throws a RangeError where their number is not the dimension. */
export function boundaryFor(given: Boundary | undefined, dimension: number): Boundary {
  const boundary = given ?? usualBoundary(dimension);
  if (boundary.length !== dimension)
    throw new RangeError(`boundary: ${boundary.length} phases for ${dimension} directions; give one a direction`);
  return boundary;
}
