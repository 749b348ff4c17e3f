import { layoutKey } from "../../../lattice/links/layout.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { type AttentionKernel, attentionKernels } from "./attention-kernels.ts";
import { type AttentionPullKernel, attentionPullKernels } from "./attention-pull-kernels.ts";
import { type LineKernel, lineKernels } from "./line-kernels.ts";
import type { LayerMemory, Work } from "./memory.ts";
import type { StoutParts } from "./smearing.ts";

/** The weights of one layer. */
export interface LayerWeights {
  readonly final: Float64Array;
  readonly heads: readonly { readonly query: Float64Array; readonly key: Float64Array; readonly value: Float64Array }[];
}

/** The operations of one layer on a space, on memory that is given with each call. */
export class Layer {
  private readonly space: LinkSpace;
  private readonly range: number;
  private readonly smearing: StoutParts;
  /** Undefined where no smearing comes last. */
  private readonly final: StoutParts | undefined;

  constructor(space: LinkSpace, range: number, smearing: StoutParts, final: StoutParts | undefined) {
    this.space = space;
    this.range = range;
    this.smearing = smearing;
    this.final = final;
  }

  private get forward() {
    const { lattice, layout } = this.space;
    return lattice.device.kernels<AttentionKernel>(`cask/${layoutKey(layout)}`, () => attentionKernels(layout));
  }

  private get back() {
    const { lattice, layout } = this.space;
    return lattice.device.kernels<AttentionPullKernel>(`cask-pull/${layoutKey(layout)}`, () =>
      attentionPullKernels(layout),
    );
  }

  private get lines() {
    const { lattice, layout } = this.space;
    const key = `cask-lines/${layoutKey(layout)}/${this.range}`;
    return lattice.device.kernels<LineKernel>(key, () => lineKernels(layout, this.range));
  }

  private get stride(): number {
    return 8 * this.space.length;
  }

  /** The links that leave the layer, and all between, into `memory`. */
  apply(u: number, memory: LayerMemory, work: Work, weights: LayerWeights): void {
    const { smearing, final } = this;
    const { staples, values, queries, keys, sums, attention, attended, finalStaples, links } = memory;
    const { device, blocks, neighbours } = this.space.lattice;
    const { rectangles, attend, weigh, turn } = this.forward;
    smearing.staples(u, staples.at(0));
    this.eachLine(u, work, (line, s) =>
      device.run(rectangles, blocks, work.rectangles.at(s - 1), u, line, neighbours, s),
    );
    weights.heads.forEach(({ query, key, value }, h) => {
      const [Q, K, V] = [queries.at(h), keys.at(h), values.at(h)];
      smearing.smear({ u, staples: staples.at(0), base: u }, [
        { rho: query, field: Q },
        { rho: key, field: K },
        { rho: value, field: V },
      ]);
      const a = (s: number) => attention.at(h * this.range + s - 1);
      this.eachLine(K, work, (line, s) =>
        device.run(attend, blocks, a(s), work.rectangles.at(s - 1), Q, K, line, neighbours, s),
      );
      this.eachLine(V, work, (line, s) => device.run(weigh, blocks, sums.at(h), a(s), V, line, neighbours, s));
    });
    const { length } = weights.heads;
    device.run(turn, blocks, u, values.at(0), sums.at(0), this.stride, length, attended.at(0));
    if (!final) return;
    final.staples(attended.at(0), finalStaples.at(0));
    const role = { rho: weights.final, field: links.address };
    final.smear({ u: attended.at(0), staples: finalStaples.at(0), base: u }, [role]);
  }

  /**
   * Takes the cotangent `delta` of the links that leave the layer back to those that come in, `u`, into work.du, and adds
   * the derivatives of the weights to `gradient`.
   */
  pull(delta: number, u: number, memory: LayerMemory, work: Work, weights: LayerWeights, gradient: LayerWeights): void {
    const { values, sums, staples } = memory;
    const { device, blocks } = this.space.lattice;
    work.du.field.zero();
    const du = work.du.at(0);
    const dattended = this.final ? this.pullFinal(delta, u, memory, work, weights, gradient) : delta;
    const { turn } = this.back;
    const { length } = weights.heads;
    const lambda = work.lambda.at(0);
    device.run(turn, blocks, u, values.at(0), sums.at(0), this.stride, length, dattended, du, lambda);
    work.drectangles.field.zero();
    work.dstaples.field.zero();
    weights.heads.forEach(({ query, key, value }, h) => {
      this.pullHead(h, memory, work);
      const into = gradient.heads[h]!;
      const roles = [
        { rho: query, field: work.dquery.at(0) },
        { rho: key, field: work.dkey.at(0) },
        { rho: value, field: work.dvalue.at(0) },
      ];
      const smearing = { u, staples: staples.at(0), base: u };
      const derivatives = this.smearing.local(smearing, roles, du, du, work.dstaples.at(0));
      addTo([into.query, into.key, into.value], derivatives);
    });
    const withPlaquettes = this.pullStaples(this.smearing, u, du, work, work.drectangles.at(0));
    const rectangles = { h: u, t: u, weights: work.drectangles, dh: du, dt: du };
    this.pullTraces(rectangles, work, withPlaquettes ? 2 : 1);
  }

  /** Back through the smearing at the end; returns the cotangent of U^A. */
  private pullFinal(
    delta: number,
    u: number,
    { attended, finalStaples }: LayerMemory,
    work: Work,
    weights: LayerWeights,
    gradient: LayerWeights,
  ): number {
    const { dattended, dstaples } = work;
    for (const stack of [dattended, dstaples]) stack.field.zero();
    const [links, out, g] = [attended.at(0), dattended.at(0), dstaples.at(0)];
    const smearing = { u: links, staples: finalStaples.at(0), base: u };
    const role = { rho: weights.final, field: delta };
    addTo([gradient.final], this.final!.local(smearing, [role], out, work.du.at(0), g));
    this.pullStaples(this.final!, links, out, work);
    return out;
  }

  /**
   * From the cotangents of the staples to the links around; says whether plaquettes were among them, and with them the
   * pull-back of the 1 x 1 rectangles, whose cotangents are at `rectangles`.
   */
  private pullStaples(parts: StoutParts, u: number, du: number, work: Work, rectangles?: number): boolean {
    const { device, blocks, neighbours } = this.space.lattice;
    const { plaquettes, staples, farPlanes } = this.back;
    const [g, far] = [work.dstaples.at(0), work.far.at(0)];
    parts.gather(u, g, du);
    const one = parts.ofPlaquettes(g);
    if (one === undefined) return false;
    this.eachDirection((mu) => {
      if (rectangles) device.run(plaquettes, blocks, u, one, du, far, blocks, neighbours, mu, rectangles);
      else device.run(staples, blocks, u, one, du, far, blocks, neighbours, mu);
      device.run(farPlanes, blocks, du, du, far, blocks, neighbours, mu, 1);
    });
    return true;
  }

  /** The cotangents of query, key and value of one head, and what the attention has for the rectangles of the links. */
  private pullHead(h: number, { values, queries, keys, sums, attention }: LayerMemory, work: Work): void {
    const { device, blocks, neighbours } = this.space.lattice;
    const { share, weigh, farWeights, activation } = this.back;
    const V = values.at(h);
    const [dV, g, far] = [work.dvalue.at(0), work.dsum.at(0), work.far.at(0)];
    device.run(share, blocks, work.lambda.at(0), V, sums.at(h), dV, g);
    work.dlines.field.zero();
    this.eachLine(V, work, (line, s) => {
      const [a, da] = [attention.at(h * this.range + s - 1), work.dattention.at(s - 1)];
      const dline = this.cotangentOfLine(dV, work, s);
      this.eachDirection((mu) => {
        device.run(weigh, blocks, V, line, g, a, da, dV, dline, far, blocks, neighbours, mu, s);
        device.run(farWeights, blocks, dline, dV, far, blocks, neighbours, mu, s, da);
      });
      device.run(activation, blocks, a, da, work.drectangles.at(s - 1));
    });
    this.pullLines(V, dV, work);
    for (const stack of [work.dquery, work.dkey]) stack.field.zero();
    const cotangents = { dh: work.dquery.at(0), dt: work.dkey.at(0) };
    this.pullTraces({ h: queries.at(h), t: keys.at(h), weights: work.dattention, ...cotangents }, work);
  }

  /** Back from numbers Re tr[H_mu V_mu nu], V the extended staples of the links T, from s = first on; adds to dh and dt. */
  private pullTraces(
    { h, t, weights, dh, dt }: { h: number; t: number; weights: Work["dattention"]; dh: number; dt: number },
    work: Work,
    first = 1,
  ): void {
    if (first > this.range) return;
    const { device, blocks, neighbours } = this.space.lattice;
    const { trace, far } = this.back;
    const parts = work.far.at(0);
    work.dlines.field.zero();
    const one = (line: number, s: number) => {
      const dline = this.cotangentOfLine(dt, work, s);
      this.eachDirection((mu) => {
        device.run(trace, blocks, h, t, line, weights.at(s - 1), dh, dline, parts, blocks, neighbours, mu, s);
        device.run(far, blocks, dline, dt, parts, blocks, neighbours, mu, s);
      });
    };
    this.eachLine(t, work, one, first);
    this.pullLines(t, dt, work);
  }

  private eachDirection(emit: (mu: number) => void): void {
    for (let mu = 0; mu < this.space.lattice.dimension; mu++) emit(mu);
  }

  /** Calls `emit` with the address of the straight lines of s links, s = first … range. */
  private eachLine(u: number, { lines }: Work, emit: (line: number, s: number) => void, first = 1): void {
    const { device, blocks, neighbours } = this.space.lattice;
    device.run(this.lines.lines, blocks, u, lines.at(0), this.stride, neighbours);
    for (let s = first; s <= this.range; s++) emit(this.line(u, lines, s), s);
  }

  /** Back from the straight lines that `eachLine` left to the links. */
  private pullLines(u: number, du: number, { lines, dlines }: Work): void {
    const { device, blocks, neighbours } = this.space.lattice;
    device.run(this.lines.linesBack, blocks, u, lines.at(0), dlines.at(0), this.stride, du, neighbours);
  }

  /** A line of one link is the link. */
  private line = (u: number, lines: Work["lines"], s: number): number => (s === 1 ? u : lines.at(s - 2));

  private cotangentOfLine = (du: number, { dlines }: Work, s: number): number => this.line(du, dlines, s);
}

/** Adds terms to arrays, one after the other. */
function addTo(arrays: readonly Float64Array[], terms: Float64Array): void {
  let next = 0;
  for (const out of arrays) for (let i = 0; i < out.length; i++) out[i]! += terms[next++]!;
}
