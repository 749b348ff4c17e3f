/** Statistics of Markov chains: errors with their autocorrelation, or a refusal; tests of distributions. */

export { binning, binningCurve } from "./binning.ts";
export { type BinOptions, type Bins, binned } from "./bins.ts";
export { type BootstrapEstimate, type BootstrapOptions, bootstrap, bootstrapDerived } from "./bootstrap.ts";
export { type Chains, countOf, meanOf } from "./chains.ts";
export { type ChiSquared, type ChiSquaredOptions, chiSquaredTest, chiSquaredTwoSamples } from "./chi-squared.ts";
export { type Combined, combine, pull, type ValueWithError } from "./combine.ts";
export { coshMass, type EffectiveMass, effectiveMasses, logMass } from "./effective-mass.ts";
export type {
  Autocorrelation,
  BinnedEstimate,
  Estimate,
  Estimated,
  MethodEstimate,
  Refusal,
  ReplicaConsistency,
} from "./estimate.ts";
export { type Acceptance, acceptance, type ExpDeltaH, expDeltaH, expectedAcceptance } from "./exp-delta-h.ts";
export { formatWithError } from "./format-error.ts";
export { type DerivedOptions, type GammaOptions, gammaMethod, gammaMethodDerived } from "./gamma-method.ts";
export { jackknife, jackknifeDerived, jackknifeSamples } from "./jackknife.ts";
export { type KolmogorovSmirnov, ksTest, ksTestTwoSamples } from "./ks.ts";
export { median, medianWithError } from "./median.ts";
export { type PowerLaw, powerLaw } from "./power-law.ts";
export { type RunningEstimate, type RunningMean, runningMean } from "./running.ts";
