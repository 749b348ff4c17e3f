import type { BinnedEstimate, Estimate, Refusal } from "../statistics/index.ts";
import type { Analysis, PointAnalysis } from "./analysis.ts";
import type { UpdateSummary } from "./updates.ts";

/** An analysis as plain data for machines: `JSON.stringify` of this is what `plaquette analyse --json` prints. */
export function analysisJson({ title, group, spins, lattice, points }: Analysis) {
  return { title, group, spins, lattice, points: points.map(pointJson) };
}

function pointJson({ scan, members, updates, quantities, flow, correlators }: PointAnalysis) {
  return {
    scan,
    members,
    updates: updatesJson(updates),
    estimates: quantities.map(({ observable, label, flowTime, every, estimated }) => ({
      observable,
      label,
      flowTime,
      every,
      ...estimatedJson(estimated),
    })),
    flow: flow.map(({ t0, w0, ...curve }) => ({ ...curve, t0: estimatedJson(t0), w0: estimatedJson(w0) })),
    effectiveMasses: correlators.map(({ observable, label, times }) => ({
      observable,
      label,
      masses: times.flatMap(({ t, mass }) =>
        mass ? [{ t, cosh: estimatedJson(mass.cosh), log: estimatedJson(mass.log) }] : [],
      ),
    })),
  };
}

/** What the updates did, as plain data. */
export function updatesJson({
  acceptance,
  acceptanceProbability,
  expDeltaH,
  deltaH,
  localAcceptance,
  ...plain
}: UpdateSummary) {
  return {
    ...plain,
    ...(acceptance && { acceptance: { ...acceptance, estimate: estimatedJson(acceptance.estimate) } }),
    ...(acceptanceProbability && { acceptanceProbability: estimatedJson(acceptanceProbability) }),
    ...(localAcceptance && { localAcceptance: estimatedJson(localAcceptance) }),
    ...(deltaH && { deltaH: estimatedJson(deltaH) }),
    ...(expDeltaH && { expDeltaH: { ...estimatedJson(expDeltaH.estimate), pull: expDeltaH.pull } }),
  };
}

/** All but the autocorrelation function, which is as long as the chain. */
export function estimatedJson(estimated: Estimate | BinnedEstimate | Refusal) {
  const { autocorrelation: _, ...rest } = estimated as Estimate;
  return rest;
}
