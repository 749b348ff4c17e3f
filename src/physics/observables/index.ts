import type { Definition } from "../../lattice/definition.ts";
import { chiralCondensate } from "./chiral-condensate/chiral-condensate.ts";
import { eigenvaluesObservable } from "./eigenvalues/eigenvalues.ts";
import { energyDensity } from "./energy-density/energy-density.ts";
import { gradientFlowOf } from "./gradient-flow/gradient-flow.ts";
import { pionCorrelatorObservable } from "./pion-correlator/pion-correlator.ts";
import { plaquette } from "./plaquette/plaquette.ts";
import { polyakovLoopObservable } from "./polyakov-loop/polyakov-loop.ts";
import { rectangle } from "./rectangle/rectangle.ts";
import { topologicalCharge } from "./topological-charge/topological-charge.ts";
import { wilsonLoopObservable } from "./wilson-loop/wilson-loop.ts";

/** Those that can be measured along the gradient flow too. */
const plain: readonly Definition[] = [
  plaquette,
  rectangle,
  polyakovLoopObservable,
  wilsonLoopObservable,
  energyDensity,
  topologicalCharge,
];

/** Every observable that a run file can name. */
export const observables: readonly Definition[] = [
  ...plain,
  chiralCondensate,
  pionCorrelatorObservable,
  eigenvaluesObservable,
  gradientFlowOf(plain),
];
