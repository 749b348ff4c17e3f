import { z } from "zod";
import { linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import { LoopCombination } from "../../../physics/actions/loop-gauge/loop-combination.ts";
import { type LoopFamily, loopFamilies } from "../../../physics/loops/families.ts";
import { isGaugeAction } from "../../../physics/loops/staple.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { needsOneLane } from "../sweep/sweep.ts";
import { innerChain, innerSchema } from "./inner.ts";
import { LoopFit } from "./loop-fit.ts";
import { selfLearning } from "./self-learning.ts";

/** A coupling for each of the loops, as a table. */
const couplingTable = z.strictObject(
  Object.fromEntries(
    loopFamilies.map((family) => [family, z.number().optional().describe(`beta of the family ${family}`)]),
  ) as Record<LoopFamily, z.ZodOptional<z.ZodNumber>>,
);
type Couplings = z.output<typeof couplingTable>;

/** Of a fit that does not say. */
const usual = { first: 10, ridge: 1e-6, forget: 1 } as const;

const keys = z.strictObject({
  loops: z
    .array(z.enum(loopFamilies))
    .min(1)
    .default(["plaquette"])
    .describe("families of loops of the effective action S = -sum (beta/N) sum Re tr"),
  inner: innerSchema
    .prefault({ name: "heatbath" })
    .describe("the chain of the effective action that makes a proposal, as a table { name = …, parameters }"),
  couplings: couplingTable
    .optional()
    .describe("fixed couplings, as a table: nothing is learnt; loops that are left out have 0"),
  start: couplingTable
    .optional()
    .describe("couplings before the fit, as a table; those of the target's own loops where left out"),
  first: z.int().min(1).optional().meta({
    description: "trajectories before the fitted couplings are used; fitting goes on until the end of thermalisation",
    default: usual.first,
  }),
  ridge: z.number().min(0).optional().meta({
    description: "of the regression: added to the correlation matrix of the loops, pulls towards the first couplings",
    default: usual.ridge,
  }),
  forget: z.number().min(0).optional().meta({
    description:
      "of the regression: a configuration of trajectory t weighs t^forget, so that the way to equilibrium is forgotten; 0 counts all alike",
    default: usual.forget,
  }),
});

type Keys = z.output<typeof keys>;

const parameters = keys.check(refuseContradictions).overwrite(withUsualFit);

/** Without fixed couplings there is a fit. */
function withUsualFit(given: Keys): Keys {
  return given.couplings ? given : { ...usual, ...given };
}

function refuseContradictions({ value, issues }: { value: Keys; issues: z.core.$ZodRawIssue[] }): void {
  const say = (path: (string | number)[], message: string) =>
    issues.push({ code: "custom", input: value, path, message });
  const { loops, start, couplings } = value;
  loops.forEach((family, i) => {
    if (loops.indexOf(family) < i) say(["loops", i], `${family} is there twice`);
  });
  if (loops.includes("polyakov") && loops.includes("polyakov-t"))
    say(["loops"], "polyakov and polyakov-t are the same loops; name one of them");
  if (couplings)
    for (const key of ["first", "ridge", "forget", "start"] as const)
      if (value[key] !== undefined)
        say([key], "has no effect beside couplings, which are fixed; leave one of them out");
  for (const [key, table] of Object.entries({ start, couplings }))
    for (const family of Object.keys(table ?? {}))
      if (!loops.includes(family as LoopFamily)) say([key, family], `is not among the loops; add "${family}" to loops`);
}

/** Self-learning Monte Carlo in the run file. */
export const selfLearningDefinition: Definition<typeof parameters, Update, UpdateBench> = {
  name: "self-learning",
  title: "Self-learning Monte Carlo: an effective action of loops proposes, the target decides",
  cite: [
    "J. Liu, Y. Qi, Z. Y. Meng, L. Fu, Phys. Rev. B 95 (2017) 041101",
    "Y. Nagai, A. Tanaka, A. Tomiya, Phys. Rev. D 107 (2023) 054501",
  ],
  parameters,
  oneLane({ loops, inner }, bench) {
    const space = linksOf(bench, "self-learning");
    return inner.name === "heatbath" && needsOneLane([new LoopCombination(space, loops)], space.lattice);
  },
  build({ loops, inner, start, couplings, ...given }, bench) {
    const space = linksOf(bench, "self-learning");
    refusePseudofermions(bench);
    const effective = new LoopCombination(space, loops);
    const chain = innerChain(inner, bench, effective);
    const { label } = bench;
    if (couplings) {
      set(effective, couplings);
      return selfLearning(space, bench.action, effective, chain, {
        label,
        advice: adviceFor(inner, "couplings nearer to the target"),
      });
    }
    if (start) set(effective, start);
    else takeFromTarget(effective, bench);
    const { first = usual.first, ridge = usual.ridge, forget = usual.forget } = given;
    const fit = new LoopFit(effective, { first, ridge, forget });
    const advice = adviceFor(inner, "a longer thermalisation, in which the couplings are fitted");
    return {
      ...selfLearning(space, bench.action, effective, chain, { label, advice, saw: (seen) => fit.see(seen) }),
      tune: () => fit.learn(),
      freeze: () => fit.freeze(),
      tuned: () => fit.save(),
      restore: (saved) => fit.restore(saved),
    };
  },
};

/** What makes proposals that are accepted: they lead less far, or are better founded. */
const adviceFor = ({ name }: Keys["inner"], last: string): string =>
  `${name === "heatbath" ? "fewer sweeps" : "fewer or shorter trajectories"} in inner, more loops in the effective action, or ${last}`;

/** An old pseudofermion weighs a new field wrongly by a large random number: nearly nothing would be accepted. */
function refusePseudofermions({ terms, names }: UpdateBench): void {
  const noisy = names.filter((_, i) => terms[i]?.refresh !== undefined);
  if (noisy.length > 0)
    throw new TypeError(
      `self-learning compares the action itself at far-apart fields, and "${noisy[0]}" has pseudofermions, which belong to one field; write the quarks as [[action]] name = "exact-determinant", or use update name = "hmc"`,
    );
}

const set = (effective: LoopCombination, table: Couplings): void =>
  effective.families.forEach((family, i) => {
    effective.couplings[i] = table[family] ?? 0;
  });

/** The couplings of those of the loops that the target has itself. */
function takeFromTarget(effective: LoopCombination, { terms }: UpdateBench): void {
  const own = terms.filter(isGaugeAction).flatMap((action) => action.staples);
  effective.staples.forEach(({ source }, i) => {
    const same = own.filter((term) => term.source.key === source.key);
    effective.couplings[i] = effective.colours * same.reduce((sum, { coupling }) => sum + coupling, 0);
  });
}
