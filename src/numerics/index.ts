/**
 * Numerics: addressed random numbers, small complex algebra, dense eigenproblems and determinants, rational
 * approximations, special functions, exact 2D answers. Imports nothing.
 */
export { addressedRng, normalsFromUniforms, streamKey, uniformFromWords } from "./addressed-random.ts";
export { coordinates, fromCoordinates, generators, tracelessAntiHermitian } from "./algebra.ts";
export { besselI, besselIScaled, besselIScaledOrders } from "./bessel.ts";
export { cholesky, choleskyInverse, logDeterminant, traceOfInverse } from "./cholesky.ts";
export type { Matrix } from "./complex-matrix.ts";
export * as matrix from "./complex-matrix.ts";
export { inverseOf, type LogDeterminant, type LU, logDeterminantOf, luDecompose, solve } from "./dense.ts";
export { erf, erfc, normalCdf, normalQuantile } from "./error-function.ts";
export { su2Plaquette2d, su2TorusPlaquette2d, suNPlaquette2d, u1Plaquette2d, u1TorusPlaquette2d } from "./exact-2d.ts";
export { fft } from "./fft.ts";
export { gammaP, gammaQ, lnGamma } from "./gamma-function.ts";
export { eigenvaluesOf, type Schur, schur, schurValues } from "./general-eigen.ts";
export { type HermitianEigen, hermitianEigen, hermitianEigenvalues } from "./hermitian.ts";
export { meanWindow } from "./mean-window.ts";
export { chiSquaredQ, kolmogorovQ } from "./p-values.ts";
export { philox4x32 } from "./philox.ts";
export * as fixedPoint from "./remez/fixed-point.ts";
export {
  evaluate as evaluateRational,
  inverse as inverseRational,
  type PartialFractions,
  type RationalFunction,
  type RationalPower,
} from "./remez/rational-function.ts";
export { degreeFor, minimax, type RationalPowerRequest, rationalPower } from "./remez/rational-power.ts";
export type { Rng, Stream } from "./rng.ts";
export { brent, type RootOptions } from "./roots.ts";
export { orderSchur, schurVectors } from "./schur-order.ts";
export { type TridiagonalEigen, tridiagonalEigen } from "./tridiagonal.ts";
