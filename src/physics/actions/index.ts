import type { Definition } from "../../lattice/definition.ts";
import { cloverActionDefinition } from "./clover/clover.ts";
import { domainWallActionDefinition } from "./domain-wall/domain-wall.ts";
import { exactDeterminantDefinition } from "./exact-determinant/exact-determinant.ts";
import { loopGaugeAction } from "./loop-gauge/loop-gauge.ts";
import { rectangleGaugeAction } from "./rectangle-gauge/rectangle-gauge.ts";
import { staggeredActionDefinition } from "./staggered/staggered.ts";
import { wilsonActionDefinition } from "./wilson/wilson.ts";
import { wilsonGaugeAction } from "./wilson-gauge/wilson-gauge.ts";

/** Every action that a run file can name. */
export const actions: readonly Definition[] = [
  wilsonGaugeAction,
  rectangleGaugeAction,
  loopGaugeAction,
  staggeredActionDefinition,
  wilsonActionDefinition,
  cloverActionDefinition,
  domainWallActionDefinition,
  exactDeterminantDefinition,
];
