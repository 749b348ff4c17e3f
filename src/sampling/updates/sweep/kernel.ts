import { at, forElements } from "../../../kernels/algebra/matrix.ts";
import { type Body, type Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import { SCRATCH_BYTES } from "../../../kernels/control.ts";
import type { ModuleIr, ValueType } from "../../../kernels/ir.ts";
import { blockBytes, type LinkLayout, linkBytes, vecBytes } from "../../../lattice/links/layout.ts";
import type { StapleSource } from "../../../physics/loops/staple.ts";
import type { LinkRule } from "./rule.ts";

/** Integer parameters of `sweep`, in order; then one coupling a staple source, then the rule's own numbers. */
const INTEGERS = ["partials", "u", "neighbours", "sites", "list", "inner", "mu", "k0", "k1", "step"] as const;
type Each<Names> = { readonly [K in keyof Names]: Int };

/**
 * Kernel sweep: items are groups of `inner` consecutive entries of a list of blocks; their links in direction mu are
 * updated one after another. A rule that counts leaves the sum of each chunk in `partials` (see Device.sum).
 * Throws a RangeError where the matrices do not fit the scratch memory of a worker.
 */
export function sweepModule(layout: LinkLayout, sources: readonly StapleSource[], rule: LinkRule): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const size = linkBytes(layout);
  const combined = combinedStaple(m, layout, sources);
  const update = rule.emit(m, layout);
  const bytes = combined.matrices * size + rule.workVecs * vecBytes(layout);
  if (bytes > SCRATCH_BYTES)
    throw new RangeError(
      `local updates of ${layout.group.name} with this action need ${bytes} bytes a worker, more than the ${SCRATCH_BYTES} there are; use update name = "hmc"`,
    );
  const reals = sources.length + rule.parameters;
  const types: ValueType[] = [...INTEGERS.map(() => "i32" as const), ...Array<"f64">(reals).fill("f64")];
  m.kernel("sweep", types, (k, { begin, end, scratch, chunk }, ...all) => {
    const integers = all.slice(0, INTEGERS.length) as unknown as Each<typeof INTEGERS>;
    const [partials, u, neighbours, sites, list, inner, mu, k0, k1, step] = integers;
    const numbers = all.slice(INTEGERS.length).map((x) => k.let(x as Vec));
    const couplings = numbers.slice(0, sources.length);
    const work = k.let(scratch.add(combined.matrices * size));
    const staple = k.let(scratch.add((combined.matrices - 1) * size));
    const sum = k.let(Vec.of(0));
    k.for(begin.mul(inner), end.mul(inner), (item) => {
      const block = k.let(k.loadInt(list.add(item.shl(2))));
      const scale = combined.emit(k, { u, neighbours, block, mu, out: staple, scratch, couplings });
      const count = update(
        k,
        {
          link: k.let(u.add(block.mul(blockBytes(layout))).add(mu.mul(size))),
          staple,
          scale,
          address: { key: [k0, k1], site: k.let(sites.add(block.mul(4 * layout.width.lanes))), step, mu },
          work,
        },
        numbers.slice(sources.length),
      );
      if (count) k.set(sum, sum.add(count));
    });
    if (rule.counts) k.store(partials.add(chunk.mul(k.vecBytes)), 0, sum);
  });
  return m.finish();
}

interface Place {
  readonly u: Int;
  readonly neighbours: Int;
  readonly block: Int;
  readonly mu: Int;
  readonly out: Int;
  readonly scratch: Int;
  readonly couplings: readonly Vec[];
}

/**
 * The staple of the whole action: `out` = A and the returned scale s such that the weight is exp(s Re tr(U A)). With a
 * single source s is its coupling; with several A is the sum of coupling times staple. Takes `matrices` matrices of
 * scratch, the last of which is free for `out`.
 */
function combinedStaple(m: ModuleBuilder, layout: LinkLayout, sources: readonly StapleSource[]) {
  const functions = sources.map((source) => source.emit(m, layout));
  const own = Math.max(0, ...sources.map((source) => source.scratchMatrices));
  const { n } = layout.group;
  const term = own * linkBytes(layout);
  const emit = (k: Body, { u, neighbours, block, mu, out, scratch, couplings }: Place): Vec => {
    const [only] = functions;
    if (only && functions.length === 1) {
      k.call(only, u, neighbours, block, mu, out, scratch);
      return couplings[0]!;
    }
    forElements(k, n, (p, o) => k.store(p, o, 0), at(out));
    const one = k.let(scratch.add(term));
    functions.forEach((staple, i) => {
      k.call(staple, u, neighbours, block, mu, one, scratch);
      const shift = k.let(one.sub(out));
      forElements(k, n, (p, o) => k.store(p, o, k.load(p, o).plus(couplings[i]!, k.load(p.add(shift), o))), at(out));
    });
    return Vec.of(1);
  };
  return { emit, matrices: own + (functions.length === 1 ? 1 : 2) };
}
