import type { Device } from "../kernels/device.ts";
import type { Field } from "../lattice/field.ts";
import { parseGroup } from "../lattice/group.ts";
import { Lattice } from "../lattice/lattice.ts";
import { LinkSpace } from "../lattice/links/links.ts";
import type { Rng } from "../lattice/rng.ts";
import type { Space } from "../lattice/space.ts";
import { SpinSpace } from "../lattice/spins/spins.ts";
import { addressedRng } from "../numerics/addressed-random.ts";
import { type Action, sumOf } from "../physics/action.ts";
import type { Observable } from "../physics/observable.ts";
import { isSpinAction, type SpinAction } from "../physics/spins/spin-action.ts";
import { spinSum } from "../physics/spins/spin-sum.ts";
import { spinStart } from "../physics/spins/starts.ts";
import { startField } from "../physics/starts/index.ts";
import { Chain } from "../sampling/chain/chain.ts";
import type { State, Update, UpdateBench } from "../sampling/update.ts";
import { mixture } from "../sampling/updates/mixture/mixture.ts";
import { needsOneLane } from "../sampling/updates/sweep/index.ts";
import type { StoredModel } from "../storage/models/directory.ts";
import { type BuiltGuide, buildGuide } from "./build-guide.ts";
import { buildLevels } from "./build-levels.ts";
import { actionOf, built } from "./build-part.ts";
import { called } from "./called.ts";
import { type Catalogue, type Parts, partsFor } from "./catalogue.ts";
import { type FieldData, isSpins } from "./field-data.ts";
import { type MeasurePart, measuredName, type RunFile, thermalisation } from "./run-file/index.ts";

/** A chain ready to advance, with what its checkpoints and files need. */
export interface BuiltChain {
  readonly space: LinkSpace | SpinSpace;
  readonly state: State;
  readonly chain: Chain;
  /** The guides of its updates, one an update that has one. */
  readonly guides: readonly BuiltGuide[];
}

/** What a chain takes from files. */
export interface Loaded {
  readonly start?: FieldData | undefined;
  /** The models of guides, by the number of the update, "0", and of their levels, "0.1". */
  readonly models?: ReadonlyMap<string, StoredModel> | undefined;
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
  const parts = partsFor(catalogue, runFile);
  const theory =
    runFile.spins === undefined ? linkActions(runFile, device, parts) : spinActions(runFile, device, parts);
  const { space, terms, action } = theory;
  const guides = runFile.update.map((_, i) => guideOf(i, theory, runFile, parts, loaded.models));
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
      return { update: built<Update>(part, parts.updates, bench, where), repeat: part.repeat };
    }),
  );
  const measure = runFile.measure
    .filter((part) => part.every > 0)
    .map((part) => ({ observable: buildObservable(part, theory, parts), every: part.every }));
  const rng = addressedRng(runFile.seed, chainNumber);
  const field = beginning(space, runFile, loaded.start, rng);
  const state: State = { space, field, auxiliary: new Map(), step: 0 };
  const plan = { thermalise: thermalisation(runFile), trajectories: runFile.trajectories, measure };
  return {
    space,
    state,
    chain: new Chain(state, update, rng, plan),
    guides: guides.filter((guide) => guide !== undefined),
  };
}

/** The field, its terms and their sum. */
type Theory =
  | { readonly space: LinkSpace; readonly terms: readonly Action[]; readonly action: Action }
  | { readonly space: SpinSpace; readonly terms: readonly SpinAction[]; readonly action: SpinAction };

const ofSpins = (theory: Theory): theory is Extract<Theory, { space: SpinSpace }> => theory.space instanceof SpinSpace;

function guideOf(i: number, theory: Theory, runFile: RunFile, parts: Parts, models: Loaded["models"]) {
  if (!ofSpins(theory))
    return buildGuide(i, { ...theory, runFile, catalogue: parts, target: theory.action, model: models?.get(`${i}`) });
  const modelOf = (level: number) => models?.get(`${i}.${level}`);
  return buildLevels(i, { space: theory.space, runFile, parts, target: theory.action, modelOf });
}

const namesOf = ({ action }: RunFile): string[] => action.map(({ name }) => name);

/**
 * The space and the terms of the action on it, with one lane where an update would otherwise renew two links of one loop
 * at once. Throws a RangeError where no update can be the only one.
 */
function linkActions(runFile: RunFile, device: Device, catalogue: Parts) {
  const group = parseGroup(runFile.group!);
  const make = (lanes?: 1) => {
    const space = new LinkSpace(new Lattice(device, runFile.lattice, lanes), group);
    const terms = runFile.action.map((part, i) => actionOf(part, catalogue, { space, label: `-${i}` }, `action[${i}]`));
    return { space, terms, action: sumOf(terms) };
  };
  const parts = make();
  const definitions = runFile.update.map((u) => catalogue.updates.find((d) => d.name === u.name));
  refuseLonely(runFile, catalogue);
  const bench = { ...parts, names: namesOf(runFile), label: "" };
  const oneLane = runFile.update.some((u, i) => {
    const definition = definitions[i];
    if (definition?.oneLane) return definition.oneLane(u.parameters as never, bench as never);
    return u.name !== "hmc" && !definition?.guided && needsOneLane(parts.terms, parts.space.lattice);
  });
  return oneLane && parts.space.lattice.geometry.lanes > 1 ? make(1) : parts;
}

/** The spins and the terms of the action on them. Throws a RangeError where no update can be the only one. */
function spinActions(runFile: RunFile, device: Device, parts: Parts) {
  const space = new SpinSpace(new Lattice(device, runFile.lattice), runFile.spins!);
  const terms = runFile.action.map((part, i) => {
    const action = actionOf(part, parts, { space, label: `-${i}` }, `action[${i}]`);
    if (isSpinAction(action)) return action;
    throw new TypeError(`action[${i}]: ${part.name} is no action of spins`);
  });
  refuseLonely(runFile, parts);
  return { space, terms, action: spinSum(terms, namesOf(runFile)) };
}

/** Throws a RangeError where every update needs a partner. */
function refuseLonely({ update }: RunFile, { updates }: Parts): void {
  const definitions = update.map((u) => updates.find((d) => d.name === u.name));
  const lonely = definitions[0]?.needsPartner;
  if (lonely !== undefined && definitions.every((d) => d?.needsPartner !== undefined))
    throw new RangeError(`update: ${lonely}`);
}

/** The field that a chain begins with: what was loaded, or what the word of the run file says. */
function beginning(space: LinkSpace | SpinSpace, { start }: RunFile, given: FieldData | undefined, rng: Rng): Field {
  if (!given && typeof start !== "string") throw new TypeError(`start: the configuration ${start.file} was not loaded`);
  const from = given ?? start;
  if (space instanceof SpinSpace) return spinStart(space, from as Parameters<typeof spinStart>[1], rng);
  if (typeof from === "object" && isSpins(from as FieldData))
    throw new TypeError("start: a configuration of spins cannot start a run of gauge links");
  return startField(space, from as Parameters<typeof startField>[1], rng);
}

/** An observable of a run file or of `plaquette measure`. Throws as `buildChain`. */
export function buildObservable(
  part: MeasurePart,
  { space, action }: { readonly space: Space; readonly action?: Action },
  catalogue: Parts,
): Observable {
  const bench = { space, ...(action && { action }) };
  const observable = built<Observable>(part, catalogue.observables, bench, `measure.${measuredName(part)}`);
  return part.as === undefined ? observable : called(part.as, observable);
}
