import type { Definition } from "../../lattice/definition.ts";
import { loopGaugeAction } from "./loop-gauge/loop-gauge.ts";
import { rectangleGaugeAction } from "./rectangle-gauge/rectangle-gauge.ts";
import { wilsonGaugeAction } from "./wilson-gauge/wilson-gauge.ts";

/** Every action that a run file can name. */
export const actions: readonly Definition[] = [wilsonGaugeAction, rectangleGaugeAction, loopGaugeAction];
