import type { Definition } from "../../../lattice/definition.ts";
import { electrons } from "./electrons/electrons.ts";
import { helicityModulus } from "./helicity-modulus/helicity-modulus.ts";
import { magnetisation } from "./magnetisation/magnetisation.ts";
import { spinCorrelation } from "./spin-correlation/spin-correlation.ts";
import { spinEnergy } from "./spin-energy/spin-energy.ts";
import { staggeredMagnetisation } from "./staggered-magnetisation/staggered-magnetisation.ts";
import { structureFactor } from "./structure-factor/structure-factor.ts";
import { vortices } from "./vortices/vortices.ts";

/** Observables of spins: the list that the run file, `plaquette list` and the wizard read. */
export const spinObservables: readonly Definition[] = [
  magnetisation,
  staggeredMagnetisation,
  spinEnergy,
  spinCorrelation,
  structureFactor,
  helicityModulus,
  vortices,
  electrons,
];
