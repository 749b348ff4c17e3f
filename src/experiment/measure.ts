import { openDevice } from "../kernels/node.ts";
import type { GaugeData } from "../lattice/gauge-data.ts";
import { Lattice } from "../lattice/lattice.ts";
import { LinkSpace } from "../lattice/links/links.ts";
import type { Configuration } from "../lattice/space.ts";
import { addressedRng } from "../numerics/addressed-random.ts";
import type { FlowName } from "../physics/maps/gradient-flow/flow-action.ts";
import { GradientFlow } from "../physics/maps/gradient-flow/gradient-flow.ts";
import type { Measurement, Observable } from "../physics/observable.ts";
import { flowTimes } from "../physics/observables/gradient-flow/gradient-flow.ts";
import { unitarityDefectOf } from "../storage/formats/index.ts";
import { buildObservable } from "./build.ts";
import { catalogue } from "./parts.ts";
import { type MeasurePart, RunFileError } from "./run-file/index.ts";

/** What `plaquette measure` prints of a configuration; null where the dimension has no such number. */
export interface Measured {
  /** Flow time, where it was flowed. */
  readonly flowTime?: number;
  /** Re tr / N. */
  readonly plaquette: number | null;
  readonly rectangle: number | null;
  /** Mean of tr over the spatial volume, not divided by N. */
  readonly polyakovLoop: readonly [re: number, im: number];
  readonly topologicalCharge: { readonly plaquette: number; readonly clover: number; readonly improved: number } | null;
  /** Of the clover leaves, standard normalisation. */
  readonly energyDensity: number | null;
  /** max |(U U^dagger - 1)_ab| over all links. */
  readonly unitarityDefect: number;
  /** What else was asked for, at rest. */
  readonly observables?: readonly Reading[];
}

/** One observable, as it stands in the events of a run. */
export interface Reading {
  readonly name: string;
  readonly labels: readonly string[];
  readonly values: readonly number[];
  readonly flowTime?: number;
}

export interface MeasureOptions {
  /** Worker threads, 0: all cores. */
  readonly workers: number;
  /** Further observables, measured at rest. */
  readonly observables?: readonly MeasurePart[];
  /** Names the random numbers of stochastic observables; the name of the file does, so that no two files share any. */
  readonly seed?: string;
  readonly flow?: { readonly time: number; readonly step: number; readonly every: number; readonly action?: FlowName };
}

/**
 * Measures a configuration at rest, and then along the gradient flow at multiples of `every` up to `time`. Throws a
 * RunFileError where an observable is not for this lattice, and NotConverged where its solver gives up.
 */
export function* measureConfiguration(data: GaugeData, options: MeasureOptions): Generator<Measured> {
  const device = openDevice({ workers: options.workers });
  try {
    const space = new LinkSpace(new Lattice(device, data.extents), data.group);
    const field = space.field();
    space.load(field, data);
    const values = reader(space);
    const atRest = { space, field, auxiliary: new Map() };
    const further = furtherObservables(options.observables ?? [], space);
    const rng = addressedRng(options.seed ?? "measure", 0);
    const observables = further.flatMap((one) => one.measure(atRest, rng, 0).map(reading));
    yield { ...values(atRest), ...(further.length > 0 ? { observables } : {}) };
    if (options.flow === undefined) return;
    const { time, step, every, action = "wilson" } = options.flow;
    const flow = new GradientFlow(space, field, { action, step });
    for (const flowTime of flowTimes(time, every).slice(1)) {
      flow.advance(flowTime);
      yield { flowTime, ...values(flow.configuration) };
    }
  } finally {
    device.close();
  }
}

/** What a lattice refuses is told as what it is: something in the list of observables. */
function furtherObservables(parts: readonly MeasurePart[], space: LinkSpace): Observable[] {
  try {
    return parts.map((part) => buildObservable(part, { space }, catalogue));
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw new RunFileError([error.message]);
    throw error;
  }
}

const reading = ({ name, labels, values, flowTime }: Measurement): Reading => ({
  name,
  labels,
  values: Array.from(values),
  ...(flowTime === undefined ? {} : { flowTime }),
});

/** The numbers of `Measured`, from the observables that this space has. */
function reader(space: LinkSpace): (c: Configuration) => Measured {
  const rng = addressedRng("measure", 0);
  const { dimension } = space.lattice;
  const built = (name: string): Observable => {
    const definition = catalogue.observables.find((one) => one.name === name)!;
    return definition.build(definition.parameters.parse({}), { space }) as Observable;
  };
  const planar = dimension >= 2;
  const plaquette = planar ? built("plaquette") : undefined;
  const rectangle = planar ? built("rectangle") : undefined;
  const energy = planar ? built("energy-density") : undefined;
  const charge = dimension === 4 ? built("topological-charge") : undefined;
  const polyakov = built("polyakov-loop");
  return (c) => {
    const get = (observable: Observable, label: string) => {
      const [measurement] = observable.measure(c, rng, 0);
      return measurement!.values[measurement!.labels.indexOf(label)]!;
    };
    const one = (observable: Observable | undefined, label: string) => (observable ? get(observable, label) : null);
    return {
      plaquette: one(plaquette, "plaquette"),
      rectangle: one(rectangle, "rectangle"),
      polyakovLoop: [get(polyakov, "re"), get(polyakov, "im")],
      topologicalCharge: charge
        ? { plaquette: get(charge, "plaquette"), clover: get(charge, "clover"), improved: get(charge, "improved") }
        : null,
      energyDensity: one(energy, "clover"),
      unitarityDefect: unitarityDefectOf(space.store(c.field)),
    };
  };
}
