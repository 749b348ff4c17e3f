import { usualBoundary } from "../boundary.ts";
import { describeSingle } from "../hopping/single.contract.ts";
import { Staggered } from "./staggered.ts";

describeSingle(
  "staggered operator",
  (space, domain) => new Staggered(space, { mass: 0.1, boundary: usualBoundary(space.lattice.dimension), domain }),
);
