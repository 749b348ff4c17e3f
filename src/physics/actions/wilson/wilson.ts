import { z } from "zod";
import type { Bench } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { DifferentiableAction } from "../../action.ts";
import { wilsonKeys } from "../../dirac/keys.ts";
import { checkHeavier } from "../../pseudofermions/parameters.ts";
import { linksAndKey, twoFlavourKeys, twoFlavours } from "../../pseudofermions/two-flavours.ts";

const parameters = z.strictObject({
  ...wilsonKeys,
  ...twoFlavourKeys("hopping parameters of heavier quarks, decreasing"),
});

/** Two flavours of Wilson quarks. */
export const wilsonActionDefinition: Definition<typeof parameters, DifferentiableAction, Bench> = {
  name: "wilson",
  title: "Two flavours of Wilson quarks",
  cite: [
    "K. G. Wilson, in New Phenomena in Subnuclear Physics (Plenum, 1977)",
    "M. Hasenbusch, Phys. Lett. B 519 (2001) 177",
  ],
  parameters,
  build(given, bench) {
    const { space, key } = linksAndKey(bench, "wilson");
    const { kappa, r, boundary, hasenbusch } = given;
    checkHeavier("kappa", kappa, hasenbusch, "smaller");
    const fermions = [kappa, ...hasenbusch].map((each) => ({ name: "wilson", kappa: each, r, boundary }) as const);
    return twoFlavours(space, fermions, given, key);
  },
};
