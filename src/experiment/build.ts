import type { Device } from "../kernels/device.ts";
import type { Bench } from "../lattice/bench.ts";
import type { Definition } from "../lattice/definition.ts";
import type { GaugeData } from "../lattice/gauge-data.ts";
import { parseGroup } from "../lattice/group.ts";
import { Lattice } from "../lattice/lattice.ts";
import { LinkSpace } from "../lattice/links/links.ts";
import { addressedRng } from "../numerics/addressed-random.ts";
import { type Action, sumOf } from "../physics/action.ts";
import type { FieldMap } from "../physics/maps/field-map.ts";
import { through } from "../physics/maps/through.ts";
import type { Observable } from "../physics/observable.ts";
import { startField } from "../physics/starts/index.ts";
import { Chain } from "../sampling/chain/chain.ts";
import type { State, Update } from "../sampling/update.ts";
import { mixture } from "../sampling/updates/mixture/mixture.ts";
import { needsOneLane } from "../sampling/updates/sweep/index.ts";
import { called } from "./called.ts";
import type { Catalogue } from "./catalogue.ts";
import { type ActionPart, type MeasurePart, measuredName, type Part, type RunFile } from "./run-file/index.ts";

/** A chain ready to advance, with what its checkpoints and files need. */
export interface BuiltChain {
  readonly space: LinkSpace;
  readonly state: State;
  readonly chain: Chain;
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
  loaded?: GaugeData,
): BuiltChain {
  const group = parseGroup(runFile.group);
  const make = (lanes?: 1) => {
    const space = new LinkSpace(new Lattice(device, runFile.lattice, lanes), group);
    const bench = { space };
    const terms = runFile.action.map((part, i) =>
      actionOf(part, catalogue, { ...bench, label: `-${i}` }, `action[${i}]`),
    );
    return { space, terms, action: sumOf(terms) };
  };
  let parts = make();
  const local = runFile.update.some((u) => u.name !== "hmc");
  if (local && parts.space.lattice.geometry.lanes > 1 && needsOneLane(parts.terms, parts.space.lattice))
    parts = make(1);
  const { space, terms, action } = parts;
  const names = runFile.action.map((part) => part.name);
  const definitions = runFile.update.map((u) => catalogue.updates.find((d) => d.name === u.name));
  const lonely = definitions[0]?.needsPartner;
  if (lonely !== undefined && definitions.every((d) => d?.needsPartner !== undefined))
    throw new RangeError(`update: ${lonely}`);
  const update = mixture(
    runFile.update.map((part, i) => ({
      update: built<Update>(
        part,
        catalogue.updates,
        { space, action, terms, names, label: i === 0 ? "" : `-${i}` },
        runFile.update.length > 1 ? `update[${i}]` : "update",
      ),
      repeat: part.repeat,
    })),
  );
  const measure = runFile.measure
    .filter((part) => part.every > 0)
    .map((part) => ({ observable: buildObservable(part, space, catalogue), every: part.every }));
  const rng = addressedRng(runFile.seed, chainNumber);
  const field = startField(space, loaded ?? startWord(runFile), rng);
  const state: State = { space, field, auxiliary: new Map(), step: 0 };
  const { thermalise, trajectories } = runFile;
  return { space, state, chain: new Chain(state, update, rng, { thermalise, trajectories, measure }) };
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

/** One term of the action, of smeared links where the run file says so. */
function actionOf(part: ActionPart, catalogue: Catalogue, bench: Bench, where: string): Action {
  const action = built<Action>(part, catalogue.actions, bench, where);
  if (!part.through) return action;
  const at = `${where}.through`;
  const map = built<FieldMap>(part.through, catalogue.maps, bench, at);
  return located(at, () => through(action, map));
}

/** Builds a part; what it refuses is told with the key `where` it stands in the run file. */
function built<Built>(part: Part, list: readonly Definition[], bench: unknown, where: string): Built {
  const definition = list.find((d) => d.name === part.name);
  if (!definition) throw new RangeError(`"${part.name}" is not known; there is ${list.map((d) => d.name).join(", ")}`);
  return located(where, () => definition.build(part.parameters as never, bench) as Built);
}

/** Puts the key `where` in front of what `make` refuses. */
function located<T>(where: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const refused = error instanceof RangeError || error instanceof TypeError;
    // parts that name their key themselves begin with it
    if (refused && !error.message.startsWith(where.replace(/\[.*/, ""))) error.message = `${where}: ${error.message}`;
    throw error;
  }
}
