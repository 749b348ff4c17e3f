import type { LinkSpace } from "../../../lattice/links/links.ts";
import { wilsonGauge } from "../../../physics/actions/wilson-gauge/wilson-gauge.ts";
import { nested } from "../../integrators/integrate.ts";
import { schemeNames, schemeOf } from "../../integrators/schemes.ts";
import { describeUpdate } from "../../update.contract.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { heatbathDefinition } from "../heatbath/index.ts";
import { mixture } from "../mixture/mixture.ts";
import { hmc } from "./hmc.ts";
import { hmcDefinition } from "./index.ts";

const build =
  (parameters: object) =>
  (bench: UpdateBench): Update =>
    hmcDefinition.build(hmcDefinition.parameters.parse(parameters), bench);

const withBeta = (beta: number, bench: UpdateBench) => wilsonGauge(bench.space as LinkSpace, beta);

/** A trajectory whose guide is wrong on purpose; `target` decides. */
const guided = (target: (bench: UpdateBench) => UpdateBench["action"], guide: number) => (bench: UpdateBench) => {
  const levels = [{ action: withBeta(guide, bench), scheme: schemeOf("leapfrog"), steps: 4 }];
  return hmc(bench.space, target(bench), { length: 1, integrate: nested(levels) });
};

for (const integrator of schemeNames)
  describeUpdate(`hmc, ${integrator}`, {
    build: build({ integrator, steps: 3 }),
    targets: integrator === "omelyan" ? ["su2", "u1", "su2Odd", "su3"] : ["su2"],
    deltaH: true,
    thereAndBack({ space, action }, state, rng) {
      const p = space.momenta();
      space.drawMomenta(p, rng, 0);
      const work = { field: space.field(), force: space.momenta() };
      const integrate = nested([{ action, scheme: schemeOf(integrator), steps: 5 }], work);
      integrate(state, p, 1);
      p.view().forEach((x, i, all) => {
        all[i] = -x;
      });
      integrate(state, p, 1);
    },
    scaling: {
      order: schemeOf(integrator).order,
      stepSize: 1 / 8,
      build: (bench, stepSize) => build({ integrator, steps: Math.round(1 / stepSize) })(bench),
    },
  });

describeUpdate("hmc with a wrong guide", {
  build: guided(({ action }) => action, 1),
  targets: ["su2", "u1"],
  deltaH: true,
  broken: { "the guide decides in the target's place": guided((bench) => withBeta(1, bench), 1) },
});

describeUpdate("a mixture of hmc and heat bath", {
  build: (bench) =>
    mixture([
      { update: build({ steps: 4 })(bench), repeat: 1 },
      {
        update: heatbathDefinition.build(heatbathDefinition.parameters.parse({}), { ...bench, label: "-1" }),
        repeat: 2,
      },
    ]),
  targets: ["su2"],
  steps: 3,
  broken: {
    "one part for another action": (bench) =>
      mixture([
        { update: build({ steps: 4 })(bench), repeat: 1 },
        { update: build({ steps: 4 })({ ...bench, action: withBeta(2.2, bench) }), repeat: 1 },
      ]),
  },
});
