import type { Field } from "../../lattice/field.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import type { Configuration } from "../../lattice/space.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { type Action, sumOf } from "../../physics/action.ts";
import { loopGauge } from "../../physics/actions/loop-gauge/loop-gauge.ts";
import { staggeredAction, staggeredActionDefinition } from "../../physics/actions/staggered/staggered.ts";
import { wilsonGauge } from "../../physics/actions/wilson-gauge/wilson-gauge.ts";
import { loopsOf } from "../../physics/loops/families.ts";
import { stout } from "../../physics/maps/stout/stout.ts";
import { linkSpace, smoothLinks } from "../../physics/testing.contract.ts";
import { Guide } from "./guide.ts";

/** A target of gauge links and staggered quarks on SU(2) 4x4, and a guide with every kind of parameter. */
export interface GuidedToy {
  readonly space: LinkSpace;
  readonly target: Action;
  readonly guide: Guide;
}

export function guidedToy(): GuidedToy {
  const space = linkSpace({ group: "SU(2)", extents: [4, 4] });
  const tight = { solver: { relative: 1e-13 }, "force-solver": { relative: 1e-13 } };
  const quark = (mass: number) =>
    staggeredAction(space, staggeredActionDefinition.parameters.parse({ mass, flavours: 2, ...tight }));
  const gauge = wilsonGauge(space, 2);
  const map = stout(space, { layers: 2, loops: ["plaquette", "polyakov-t"], rho: [0.05, -0.03, 0.02, 0.04] });
  const rectangles = loopGauge(space, 1, loopsOf("rectangle", space.lattice.extents));
  const guide = new Guide([
    { name: "wilson-gauge", action: gauge, scale: 0.9, learnScale: false },
    { name: "staggered", action: quark(0.6), map, scale: 1.2, learnScale: true },
    { name: "loop-gauge", action: rectangles, scale: 0.1, learnScale: true },
  ]);
  return { space, target: sumOf([gauge, quark(0.4)]), guide };
}

/** Two configurations with one pseudofermion, as the ends of a trajectory. */
export function ends({ space, target }: GuidedToy): { start: Configuration; end: Configuration & { field: Field } } {
  const auxiliary = new Map<string, Field>();
  const made = (seed: number) => {
    const field = space.field();
    space.load(field, smoothLinks(space, 0.4, seed));
    return { space, field, auxiliary };
  };
  const [start, end] = [made(1), made(2)];
  target.refresh?.(start, addressedRng("guided toy", 0), 0);
  return { start, end };
}
