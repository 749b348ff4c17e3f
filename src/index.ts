/** The library: what a script or a page imports. The command line stands on the same parts. */
export { type BuiltChain, buildChain } from "./experiment/build.ts";
export type { Catalogue } from "./experiment/catalogue.ts";
export { catalogue } from "./experiment/parts.ts";
export { checkRunFile, type RunFile, RunFileError, readRunFile, resolveRunFile } from "./experiment/run-file/index.ts";
export { Device, type DeviceOptions } from "./kernels/device.ts";
export type { Bench } from "./lattice/bench.ts";
export type { Definition } from "./lattice/definition.ts";
export { Field } from "./lattice/field.ts";
export type { GaugeData } from "./lattice/gauge-data.ts";
export { type Group, parseGroup } from "./lattice/group.ts";
export { Lattice } from "./lattice/lattice.ts";
export { LinkSpace } from "./lattice/links/links.ts";
export { firstShells, type Shell, shellsOf } from "./lattice/shells.ts";
export type { Configuration, Space } from "./lattice/space.ts";
export { SpinorSpace } from "./lattice/spinors/spinors.ts";
export { parseSpins, type SpinData, type SpinKind } from "./lattice/spins/spin-data.ts";
export { SpinSpace } from "./lattice/spins/spins.ts";
export { Guide, type GuideTerm } from "./learning/guide/guide.ts";
export { GuideLearner } from "./learning/guide/learner.ts";
export { cask } from "./learning/models/cask/cask.ts";
export { covariantNet } from "./learning/models/covariant-net/covariant-net.ts";
export { objective } from "./learning/objectives/index.ts";
export type { ModelBatch, SpinModel } from "./learning/spins/model.ts";
export { equivariantTransformer } from "./learning/spins/models/equivariant-transformer/equivariant-transformer.ts";
export { linearSpins } from "./learning/spins/models/linear-spins/linear-spins.ts";
export { fitModel, pairsOf, SpinLearner } from "./learning/spins/regression/index.ts";
export {
  along,
  daggered,
  FieldPool,
  letter,
  pathLetters,
  squared,
  Tape,
  tangent,
  WordProgram,
} from "./learning/tape/index.ts";
export { Trainer, trainerOf } from "./learning/training/index.ts";
export { addressedRng } from "./numerics/addressed-random.ts";
export type { Rng, Stream } from "./numerics/rng.ts";
export { type Action, sumOf } from "./physics/action.ts";
export { loopGauge } from "./physics/actions/loop-gauge/loop-gauge.ts";
export { rectangleGauge } from "./physics/actions/rectangle-gauge/rectangle-gauge.ts";
export { staggeredAction } from "./physics/actions/staggered/staggered.ts";
export { wilsonGauge } from "./physics/actions/wilson-gauge/wilson-gauge.ts";
export { Clover } from "./physics/dirac/clover/clover.ts";
export { DomainWall } from "./physics/dirac/domain-wall/domain-wall.ts";
export type { DiracOperator } from "./physics/dirac/operator.ts";
export { buildQuark, type Fermion, type Quark } from "./physics/dirac/quark.ts";
export { NotConverged, type Stopping } from "./physics/dirac/solvers/stopping.ts";
export { Staggered } from "./physics/dirac/staggered/staggered.ts";
export { Wilson } from "./physics/dirac/wilson/wilson.ts";
export type { HermitianSolver } from "./physics/hermitian/hermitian-solver.ts";
export { hermitianSolver } from "./physics/hermitian/solver.ts";
export type { FieldMap, Image } from "./physics/maps/field-map.ts";
export { GradientFlow } from "./physics/maps/gradient-flow/gradient-flow.ts";
export { stout } from "./physics/maps/stout/stout.ts";
export { through } from "./physics/maps/through.ts";
export type { Measurement, Observable } from "./physics/observable.ts";
export { doubleExchange } from "./physics/spins/actions/double-exchange/double-exchange.ts";
export { pairAction } from "./physics/spins/actions/pair-couplings/pair-action.ts";
export type { LocalAction, SpinAction, SpinCouplings } from "./physics/spins/spin-action.ts";
export { spinSum } from "./physics/spins/spin-sum.ts";
export { spinStart } from "./physics/spins/starts.ts";
export { Chain, type Plan, type Progress } from "./sampling/chain/chain.ts";
export type { RunEvent } from "./sampling/events.ts";
export { type Integrator, nested } from "./sampling/integrators/integrate.ts";
export { type Scheme, schemes } from "./sampling/integrators/schemes.ts";
export { makeHeatbath } from "./sampling/spins/heatbath/heatbath.ts";
export { makeMetropolis } from "./sampling/spins/metropolis/metropolis.ts";
export { makeOverrelaxation } from "./sampling/spins/overrelaxation/overrelaxation.ts";
export { selfLearning as selfLearningOfSpins } from "./sampling/spins/self-learning/self-learning.ts";
export type { SpinMove } from "./sampling/spins/spin-move.ts";
export { makeSwendsenWang } from "./sampling/spins/swendsen-wang/swendsen-wang.ts";
export { tempering } from "./sampling/spins/tempering/tempering.ts";
export { makeWolff } from "./sampling/spins/wolff/wolff.ts";
export type { State, Step, Update, UpdateBench } from "./sampling/update.ts";
export { hmc } from "./sampling/updates/hmc/hmc.ts";
export { selfLearning } from "./sampling/updates/self-learning/self-learning.ts";
export { learningHmc } from "./sampling/updates/self-learning-hmc/self-learning-hmc.ts";
export * from "./statistics/index.ts";
export { formats, readConfiguration, writeConfiguration } from "./storage/formats/index.ts";
export { applyWeights, readSafetensors, tensorsOf, writeSafetensors } from "./storage/models/index.ts";
export { readSpins, writeSpins } from "./storage/spins/index.ts";
