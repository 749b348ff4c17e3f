import type { Kernels } from "../../../../kernels/device.ts";
import type { Field } from "../../../../lattice/field.ts";
import { shellsOf } from "../../../../lattice/shells.ts";
import type { Configuration } from "../../../../lattice/space.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import type { LocalAction, SpinChain } from "../../../../physics/spins/spin-action.ts";
import { coefficientAt, couplingAt, ROLES, type TransformerShape, weightAt } from "./shape.ts";
import { siteModule } from "./site-kernels.ts";
import { kernelWeight, type SiteLayout, siteLayout } from "./site-memory.ts";

/**
 * The Transformer on one configuration: its value, and how it changes with one spin. It stands on the configuration last
 * begun with; S here has no constant, which is added outside.
 */
export class SingleConfiguration implements LocalAction {
  private readonly space: SpinSpace;
  readonly layout: SiteLayout;
  /** Names all that kernels of this Transformer depend on. */
  readonly key: string;
  /** Address of the weights, see SiteLayout. */
  readonly weights: number;
  private readonly kernels: Kernels<"begin" | "change" | "put" | "chain" | "capChain">;
  private readonly state: number;
  /** Offset in the torus of every site. */
  private readonly offsets: Int32Array;
  private field: Field | undefined;
  /** Which of the two sets of first maps belongs to the spins as they are. */
  private current: 0 | 1 = 0;
  private action = 0;
  private asked: { site: number; readonly spin: number[]; action: number };

  /**
   * Throws a RangeError where the lattice has fewer shells than the shape asks for.
   * @param shared another one, whose weights this one has.
   */
  constructor(space: SpinSpace, shape: TransformerShape, shared?: SingleConfiguration) {
    const { lattice, components } = space;
    const { device } = lattice;
    this.space = space;
    this.layout = siteLayout(lattice, components, shape);
    this.key = `equivariant-transformer/${lattice.extents.join("x")}/${components}/${Object.values(shape).join("/")}`;
    this.kernels = device.kernels(`${this.key}/sites`, () => siteModule(this.layout));
    this.state = device.heap.allocate(this.layout.stateBytes);
    this.weights = shared?.weights ?? device.heap.allocate(this.layout.weightBytes);
    this.offsets = device.heap.i32(this.layout.torus.offsets, lattice.volume).slice();
    device.heap.f64(this.weights + this.layout.lanes, 2).set([0, 1]);
    device.heap.i32(this.weights + this.layout.words, 2).set([0, 1]);
    this.asked = { site: 0, spin: new Array<number>(components).fill(0), action: 0 };
  }

  /** Takes parameters over; 1/sqrt(n) of the scores goes into the queries, 1/T into the couplings. */
  assign(parameters: Float64Array, temperature: number): void {
    const { layout, weights, space } = this;
    const { shape, components } = layout;
    const { heap } = space.lattice.device;
    const write = (offset: number, length: number) => heap.f64(weights + offset, length);
    const w = write(layout.weights, shape.layers * shape.heads * ROLES * (shape.neighbours + 1));
    const coefficients = write(layout.coefficients, shape.layers * shape.heads * 2);
    for (let l = 0; l < shape.layers; l++)
      for (let h = 0; h < shape.heads; h++) {
        for (let role = 0; role < ROLES; role++)
          for (let n = 0; n <= shape.neighbours; n++)
            w[kernelWeight(shape, l, ROLES * h + role, n)] =
              parameters[weightAt(shape, l, h, role, n)]! / (role === 0 ? Math.sqrt(components) : 1);
        if (shape.attention === "polynomial")
          for (const power of [0, 1])
            coefficients[(l * shape.heads + h) * 2 + power] = parameters[coefficientAt(shape, l, h, power)]!;
      }
    const couplings = write(layout.couplings, shape.head);
    for (let n = 0; n < shape.head; n++) couplings[n] = parameters[couplingAt(shape, n)]! / temperature;
    if (shape.layers > 0) this.fillTables(w);
  }

  /** Weights of the first layer by displacement, which are those by shell. */
  private fillTables(w: Float64Array): void {
    const { layout, weights, space, offsets } = this;
    const { shape, torus } = layout;
    const shells = shellsOf(space.lattice.extents).slice(0, shape.neighbours + 1);
    for (let map = 0; map < shape.heads * ROLES; map++) {
      const address = weights + layout.tables + map * torus.stride;
      const table = space.lattice.device.heap.f64(address, torus.stride / 8);
      shells.forEach(({ coordination, sites }, n) => {
        for (const site of sites.subarray(0, coordination))
          for (const image of torus.images) table[(offsets[site]! + image) / 8] = w[kernelWeight(shape, 0, map, n)]!;
      });
    }
  }

  begin(c: Configuration): void {
    this.field = c.field;
    this.current = 0;
    this.space.lattice.device.run(this.kernels.begin, 1, this.state, this.weights, c.field.address);
    this.action = this.read();
  }

  /** S of a configuration, on which it then stands. */
  value(c: Configuration): number {
    this.begin(c);
    return this.action;
  }

  change(site: number, spin: Float64Array): number {
    const { kernels, state, weights, layout, offsets, asked } = this;
    if (!this.field)
      throw new Error("equivariant-transformer: a change was asked for before `begin` said of which field");
    for (const a of asked.spin.keys()) asked.spin[a] = spin[a]!;
    const [from, to] = this.current === 0 ? [layout.maps[0], layout.maps[1]] : [layout.maps[1], layout.maps[0]];
    const { device } = this.space.lattice;
    device.run(kernels.change, 1, state, weights, state + from, state + to, offsets[site]!, ...asked.spin);
    asked.site = site;
    asked.action = this.read();
    return asked.action - this.action;
  }

  accept(): void {
    const { asked, space, field } = this;
    space.lattice.device.run(this.kernels.put, 1, this.state, this.weights, this.offsets[asked.site]!, ...asked.spin);
    this.current = this.current === 0 ? 1 : 0;
    this.action = asked.action;
    field!.view().set(asked.spin, space.components * asked.site);
  }

  /** A chain of Metropolis updates in one kernel; the field is changed, the number of accepted ones returned. */
  metropolis(c: Configuration, { updates, width, key, step }: SpinChain): number {
    this.begin(c);
    const { kernels, state, weights } = this;
    const three = this.space.components === 3;
    const spread = width === undefined ? 0 : three ? 2 * Math.sin(width / 2) ** 2 : width / (2 * Math.PI);
    const kernel = width === undefined ? kernels.chain : kernels.capChain;
    this.space.lattice.device.run(kernel, 1, state, weights, updates, key[0], key[1], step, spread);
    const accepted = this.read();
    this.copyOut(c.field.view(), this.layout.spins[0]);
    this.field = undefined; // whoever follows begins anew
    return accepted;
  }

  private read(): number {
    return this.space.lattice.device.heap.f64(this.state + this.layout.out, 1)[0]!;
  }

  /** The spins behind the last layer of the configuration begun with, laid out as a spin field. */
  spinsBehind(): Float64Array {
    const { spins, shape, torus, components } = this.layout;
    const values = new Float64Array(components * torus.volume);
    this.copyOut(values, shape.layers === 0 ? spins[0] : spins[1 + ((shape.layers - 1) % 2)]!);
    return values;
  }

  private copyOut(values: Float64Array, spins: number): void {
    const { torus, components } = this.layout;
    const planes = this.space.lattice.device.heap.f64(this.state + spins, (components * torus.stride) / 8);
    for (let site = 0; site < torus.volume; site++)
      for (let a = 0; a < components; a++)
        values[components * site + a] = planes[(a * torus.stride + this.offsets[site]!) / 8]!;
  }
}
