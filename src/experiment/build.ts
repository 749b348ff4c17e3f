import type { Device } from "../kernels/device.ts";
import type { GaugeData } from "../lattice/gauge-data.ts";
import { parseGroup } from "../lattice/group.ts";
import { Lattice } from "../lattice/lattice.ts";
import { LinkSpace } from "../lattice/links/links.ts";
import { addressedRng } from "../numerics/addressed-random.ts";
import { sumOf } from "../physics/action.ts";
import type { Observable } from "../physics/observable.ts";
import { startField } from "../physics/starts/index.ts";
import { Chain } from "../sampling/chain/chain.ts";
import type { State, Update, UpdateBench } from "../sampling/update.ts";
import { mixture } from "../sampling/updates/mixture/mixture.ts";
import { needsOneLane } from "../sampling/updates/sweep/index.ts";
import type { StoredModel } from "../storage/models/directory.ts";
import { type BuiltGuide, buildGuide } from "./build-guide.ts";
import { actionOf, built } from "./build-part.ts";
import { called } from "./called.ts";
import type { Catalogue } from "./catalogue.ts";
import { type MeasurePart, measuredName, type RunFile, thermalisation } from "./run-file/index.ts";

/** A chain ready to advance, with what its checkpoints and files need. */
export interface BuiltChain {
  readonly space: LinkSpace;
  readonly state: State;
  readonly chain: Chain;
  /** The guides of its updates, one an update that has one. */
  readonly guides: readonly BuiltGuide[];
}

/** What a chain takes from files. */
export interface Loaded {
  readonly start?: GaugeData | undefined;
  /** The models of guides, by the number of the update. */
  readonly models?: ReadonlyMap<number, StoredModel> | undefined;
}

/**
 * Builds the chain that a run file describes. A start from a file takes its configuration from `loaded`.
 * Throws a RangeError or TypeError with a sentence for the user where the parts do not fit together.
 */
export function buildChain(
  runFile: RunFile,
  chainNumber: number,
  device: Device,
  catalogue: Catalogue,
  loaded: Loaded = {},
): BuiltChain {
  const { space, terms, action } = actionsOf(runFile, device, catalogue);
  const guides = runFile.update.map((_, i) =>
    buildGuide(i, { runFile, catalogue, space, target: action, model: loaded.models?.get(i) }),
  );
  const update = mixture(
    runFile.update.map((part, i) => {
      const guide = guides[i] ? { guide: guides[i].bench } : {};
      const bench: UpdateBench = {
        space,
        action,
        terms,
        names: namesOf(runFile),
        ...guide,
        label: i === 0 ? "" : `-${i}`,
      };
      const where = runFile.update.length > 1 ? `update[${i}]` : "update";
      return { update: built<Update>(part, catalogue.updates, bench, where), repeat: part.repeat };
    }),
  );
  const measure = runFile.measure
    .filter((part) => part.every > 0)
    .map((part) => ({ observable: buildObservable(part, space, catalogue), every: part.every }));
  const rng = addressedRng(runFile.seed, chainNumber);
  const field = startField(space, loaded.start ?? startWord(runFile), rng);
  const state: State = { space, field, auxiliary: new Map(), step: 0 };
  const plan = { thermalise: thermalisation(runFile), trajectories: runFile.trajectories, measure };
  return {
    space,
    state,
    chain: new Chain(state, update, rng, plan),
    guides: guides.filter((guide) => guide !== undefined),
  };
}

const namesOf = ({ action }: RunFile): string[] => action.map(({ name }) => name);

/**
 * The space and the terms of the action on it, with one lane where an update would otherwise renew two links of one loop
 * at once. Throws a RangeError where no update can be the only one.
 */
function actionsOf(runFile: RunFile, device: Device, catalogue: Catalogue) {
  const group = parseGroup(runFile.group);
  const make = (lanes?: 1) => {
    const space = new LinkSpace(new Lattice(device, runFile.lattice, lanes), group);
    const terms = runFile.action.map((part, i) => actionOf(part, catalogue, { space, label: `-${i}` }, `action[${i}]`));
    return { space, terms, action: sumOf(terms) };
  };
  const parts = make();
  const definitions = runFile.update.map((u) => catalogue.updates.find((d) => d.name === u.name));
  const lonely = definitions[0]?.needsPartner;
  if (lonely !== undefined && definitions.every((d) => d?.needsPartner !== undefined))
    throw new RangeError(`update: ${lonely}`);
  const bench = { ...parts, names: namesOf(runFile), label: "" };
  const oneLane = runFile.update.some((u, i) => {
    const definition = definitions[i];
    if (definition?.oneLane) return definition.oneLane(u.parameters as never, bench as never);
    return u.name !== "hmc" && !definition?.guided && needsOneLane(parts.terms, parts.space.lattice);
  });
  return oneLane && parts.space.lattice.geometry.lanes > 1 ? make(1) : parts;
}

function startWord(runFile: RunFile): "cold" | "hot" | "instanton" {
  if (typeof runFile.start === "string") return runFile.start;
  throw new TypeError(`start: the configuration ${runFile.start.file} was not loaded`);
}

/** An observable of a run file or of `plaquette measure`. Throws as `buildChain`. */
export function buildObservable(part: MeasurePart, space: LinkSpace, catalogue: Catalogue): Observable {
  const observable = built<Observable>(part, catalogue.observables, { space }, `measure.${measuredName(part)}`);
  return part.as === undefined ? observable : called(part.as, observable);
}
