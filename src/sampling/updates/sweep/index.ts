/** Local updates of gauge links: orders of a sweep, and the sweep of any rule for one link. */
export { type Order, orderParameter, orders } from "./order.ts";
export type { LinkRule, Visit } from "./rule.ts";
export { makeSweep, needsOneLane, type Sweep } from "./sweep.ts";
