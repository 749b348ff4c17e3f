/** Numerics: addressed random numbers, small complex algebra, special functions, exact 2D answers. Imports nothing. */
export { addressedRng, normalsFromUniforms, streamKey, uniformFromWords } from "./addressed-random.ts";
export { coordinates, fromCoordinates, generators, tracelessAntiHermitian } from "./algebra.ts";
export { besselI, besselIScaled, besselIScaledOrders } from "./bessel.ts";
export type { Matrix } from "./complex-matrix.ts";
export * as matrix from "./complex-matrix.ts";
export { erf, erfc, normalCdf, normalQuantile } from "./error-function.ts";
export { su2Plaquette2d, su2TorusPlaquette2d, suNPlaquette2d, u1Plaquette2d, u1TorusPlaquette2d } from "./exact-2d.ts";
export { fft } from "./fft.ts";
export { gammaP, gammaQ, lnGamma } from "./gamma-function.ts";
export { chiSquaredQ, kolmogorovQ } from "./p-values.ts";
export { philox4x32 } from "./philox.ts";
export type { Rng, Stream } from "./rng.ts";
export { brent, type RootOptions } from "./roots.ts";
