import { models } from "../learning/models/index.ts";
import { spinModels } from "../learning/spins/models/index.ts";
import { actions } from "../physics/actions/index.ts";
import { maps } from "../physics/maps/index.ts";
import { observables } from "../physics/observables/index.ts";
import { spinActions } from "../physics/spins/actions/index.ts";
import { spinObservables } from "../physics/spins/observables/index.ts";
import { spinUpdates } from "../sampling/spins/index.ts";
import { updates } from "../sampling/updates/index.ts";
import { formats } from "../storage/formats/index.ts";
import { spinFormat } from "../storage/spins/index.ts";
import type { Catalogue } from "./catalogue.ts";

/** Everything there is, from the index of each family. */
export const catalogue: Catalogue = {
  actions,
  maps: [...maps, ...models],
  updates,
  observables,
  formats,
  spins: {
    actions: [...spinActions, ...spinModels],
    maps: [],
    updates: spinUpdates,
    observables: spinObservables,
    formats: [spinFormat],
  },
};
