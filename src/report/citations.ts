import type { Analysis } from "./analysis.ts";

/** Papers behind the numbers of a report, from what it shows. Those behind actions and updates come with their definitions. */
export function methodCitations({ points }: Analysis): string[] {
  const flowed = points.some(({ flow }) => flow.length > 0);
  const molecular = points.some(({ updates }) => updates.expDeltaH !== undefined);
  const shows = (word: string) => points.some(({ quantities }) => quantities.some((one) => one.observable === word));
  return [
    "U. Wolff, Monte Carlo errors with less errors, Comput. Phys. Commun. 156 (2004) 143, arXiv:hep-lat/0306017",
    ...(molecular
      ? ["M. Creutz, Global Monte Carlo algorithms for many-fermion systems, Phys. Rev. D 38 (1988) 1228"]
      : []),
    ...(flowed
      ? [
          "M. Lüscher, Properties and uses of the Wilson flow in lattice QCD, JHEP 08 (2010) 071, arXiv:1006.4518",
          "S. Borsányi et al., High-precision scale setting in lattice QCD, JHEP 09 (2012) 010, arXiv:1203.4469",
        ]
      : []),
    ...(shows("binder-cumulant")
      ? [
          "K. Binder, Finite size scaling analysis of Ising model block distribution functions, Z. Phys. B 43 (1981) 119",
        ]
      : []),
    ...(shows("correlation-length")
      ? ["F. Cooper, B. Freedman, D. Preston, Solving φ⁴ field theory with Monte Carlo, Nucl. Phys. B 210 (1982) 210"]
      : []),
  ];
}
