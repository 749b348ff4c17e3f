import type { LinkSpace } from "../../../lattice/links/links.ts";
import { usualBoundary } from "../boundary.ts";
import { describeSingle, singleCases } from "../hopping/single.contract.ts";
import { Wilson } from "./wilson.ts";

const wilson = (r: number) => (space: LinkSpace, domain: "even" | "all") =>
  new Wilson(space, { kappa: 0.12, r, boundary: usualBoundary(space.lattice.dimension), domain });

describeSingle("Wilson operator", wilson(1));
describeSingle(
  "Wilson operator with r = 0.8",
  wilson(0.8),
  singleCases.filter(({ group, extents }) => group === "SU(2)" && extents.length === 2),
);
