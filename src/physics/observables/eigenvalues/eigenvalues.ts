import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { Field } from "../../../lattice/field.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { type Eigenvalue, eigenvalues, normalEigenvalues } from "../../dirac/exact/eigenvalues.ts";
import { checkSize, dimensionOf } from "../../dirac/exact/matrix.ts";
import type { DiracOperator } from "../../dirac/operator.ts";
import { diracOperator, fermionSchema, linksSeen, quarkKeys } from "../../dirac/quark.ts";
import type { Observable } from "../../observable.ts";
import { lowestEigenvalues, lowestNormalEigenvalues } from "./krylov.ts";

const parameters = z.object({
  fermion: fermionSchema
    .prefault({ name: "staggered", mass: 0.5 })
    .describe("the quark, as a table { name = …, parameters }"),
  count: z.int().min(1).default(10).describe("how many, those of smallest modulus; all where there are fewer"),
  of: z.enum(["D", "DdaggerD"]).default("D").describe("the Dirac operator D, or the Hermitian D^dagger D"),
  method: z
    .enum(["krylov", "exact"])
    .default("krylov")
    .describe("Krylov spaces for a few eigenvalues of any lattice, or dense linear algebra for small lattices"),
  tolerance: z
    .number()
    .positive()
    .max(1e-3, "tolerance must be at most 1e-3")
    .default(1e-10)
    .describe("|A v - lambda v|/|A| at which a Krylov method is done"),
  through: quarkKeys.through,
});

type Given = z.output<typeof parameters>;

export const eigenvaluesObservable: Definition<typeof parameters, Observable, Bench> = {
  name: "eigenvalues",
  title: "lowest eigenvalues of the Dirac operator, by modulus and then imaginary part",
  cite: [
    "R. B. Lehoucq and D. C. Sorensen, SIAM J. Matrix Anal. Appl. 17 (1996) 789",
    "K. Wu and H. Simon, SIAM J. Matrix Anal. Appl. 22 (2000) 602",
  ],
  parameters,
  build(given, bench) {
    const space = linksOf(bench, "eigenvalues");
    const trial = operatorFor(space, given);
    const count = Math.min(given.count, dimensionOf(trial.space, "all"));
    if (given.method === "exact") checkSize(trial.space, trial.domain);
    trial.release();
    const numbers = Array.from({ length: count }, (_, i) => i);
    const labels =
      given.of === "D" ? numbers.flatMap((i) => [`re(${i})`, `im(${i})`]) : numbers.map((i) => `value(${i})`);
    return {
      name: "eigenvalues",
      measure(c) {
        const values = onOperator(space, given, c.field, (op) =>
          given.of === "D" ? valuesOf(op, given, count).flat() : [...normalValuesOf(op, given, count)],
        );
        return [{ name: "eigenvalues", labels, values: Float64Array.from(values) }];
      },
    };
  },
};

/** The preconditioned operator where the numbers of all sites follow from it, else D on all sites. */
function operatorFor(space: LinkSpace, { fermion, of, method }: Given): DiracOperator {
  const follows = fermion.name === "staggered" || (of === "D" && (method === "krylov" || fermion.name === "wilson"));
  return diracOperator(space, fermion, follows && space.lattice.geometry.checkerboard ? "even" : "all");
}

function onOperator<T>(space: LinkSpace, given: Given, u: Field, work: (op: DiracOperator) => T): T {
  const op = operatorFor(space, given);
  const links = linksSeen(space, given);
  try {
    links.load(op, u);
    return work(op);
  } finally {
    links.release();
    op.release();
  }
}

const valuesOf = (op: DiracOperator, { method, tolerance }: Given, count: number): Eigenvalue[] =>
  method === "exact" ? eigenvalues(op).slice(0, count) : lowestEigenvalues(op, count, tolerance);

const normalValuesOf = (op: DiracOperator, { method, tolerance }: Given, count: number): Float64Array =>
  method === "exact" ? normalEigenvalues(op).slice(0, count) : lowestNormalEigenvalues(op, count, tolerance);
