import { z } from "zod";
import type { Bench } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { DifferentiableAction } from "../../action.ts";
import { cloverKeys } from "../../dirac/keys.ts";
import { checkHeavier } from "../../pseudofermions/parameters.ts";
import { linksAndKey, twoFlavourKeys, twoFlavours } from "../../pseudofermions/two-flavours.ts";

const parameters = z.strictObject({
  ...cloverKeys,
  ...twoFlavourKeys("hopping parameters of heavier quarks, decreasing"),
});

/** Two flavours of improved Wilson quarks, with the log det of the odd sites where they are preconditioned. */
export const cloverActionDefinition: Definition<typeof parameters, DifferentiableAction, Bench> = {
  name: "clover",
  title: "Two flavours of Wilson quarks with clover term",
  cite: ["B. Sheikholeslami, R. Wohlert, Nucl. Phys. B 259 (1985) 572", "M. Hasenbusch, Phys. Lett. B 519 (2001) 177"],
  parameters,
  build(given, bench) {
    const { space, key } = linksAndKey(bench, "clover");
    const { r, boundary, hasenbusch } = given;
    checkHeavier("kappa", given.kappa, hasenbusch, "smaller");
    const fermions = [given.kappa, ...hasenbusch].map(
      (each) => ({ name: "clover", kappa: each, "c-sw": given["c-sw"], r, boundary }) as const,
    );
    return twoFlavours(space, fermions, given, key);
  },
};
