import { z } from "zod";
import type { Bench } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { DifferentiableAction } from "../../action.ts";
import { domainWallKeys } from "../../dirac/keys.ts";
import { checkHeavier } from "../../pseudofermions/parameters.ts";
import { linksAndKey, twoFlavourKeys, twoFlavours } from "../../pseudofermions/two-flavours.ts";

const parameters = z.strictObject({ ...domainWallKeys, ...twoFlavourKeys("heavier masses, increasing") });

/** Two flavours of domain wall quarks, divided by the Pauli-Villars determinant (mass 1). */
export const domainWallActionDefinition: Definition<typeof parameters, DifferentiableAction, Bench> = {
  name: "domain-wall",
  title: "Two flavours of domain wall or Moebius quarks",
  cite: [
    "Y. Shamir, Nucl. Phys. B 406 (1993) 90",
    "R. C. Brower, H. Neff, K. Orginos, Comput. Phys. Commun. 220 (2017) 1",
  ],
  parameters,
  build(given, bench) {
    const { space, key } = linksAndKey(bench, "domain-wall");
    const { mass, height, ls, b, c, boundary, hasenbusch } = given;
    checkHeavier("mass", mass, hasenbusch, "larger");
    const quark = (each: number) => ({ name: "domain-wall", mass: each, height, ls, b, c, boundary }) as const;
    return twoFlavours(space, [mass, ...hasenbusch].map(quark), given, key, quark(1));
  },
};
