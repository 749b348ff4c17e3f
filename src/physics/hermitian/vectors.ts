import { type Complex, letComplex } from "../../kernels/algebra/matrix.ts";
import { type Body, type Int, ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { laneSum, UNIT } from "./lanes.ts";
import { GROUP, STEP, STEP_BYTES, STRIP, SWEEP_BYTES, vectorBytes } from "./layout.ts";

const ROW_BYTES = 8 * STRIP;

/**
 * `rotate(rows, rotations, list, listed)`, over strips: the sweeps of rotations.ts turn rows (layout.ts), so that row i
 * of what began as the unit matrix becomes the eigenvector of value i.
 *
 * `back(out, vectors, rows, order, phases, reflectors, steps, units)`, over groups of vectors: eigenvector k of the
 * Hermitian matrix, Q D z with z = row order[k], D the diagonal of the phases, Q = H_(n-1) ... H_1 the reflections of
 * reduction.ts; (re, im) interleaved in `out`, one vector behind the other. `vectors` is memory for as many.
 */
export function vectorsModule(n: number): ModuleIr {
  const m = new ModuleBuilder({ lanes: 2, bytes: 8 });
  m.kernel("rotate", ["i32", "i32", "i32", "i32"] as const, (k, { begin, end }, rows, rotations, list, listed) =>
    k.for(begin, end, (strip) => {
      const base = k.let(rows.add(strip.mul(n * ROW_BYTES)));
      const rotation = k.let(rotations);
      k.for(0, listed, (sweep) => {
        const entry = k.let(list.add(sweep.mul(SWEEP_BYTES)));
        const from = k.let(k.loadInt(entry));
        rotateRows(k, k.let(base.add(from.mul(ROW_BYTES))), from.sub(k.loadInt(entry, 4)), rotation);
      });
    }),
  );
  const parameters = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  m.kernel("back", parameters, (k, range, out, vectors, rows, order, phases, reflectors, steps, units) =>
    k.for(range.begin, range.end, (group) => {
      const first = k.let(vectors.add(group.mul(GROUP * vectorBytes(n))));
      const at = k.let(order.add(group.mul(4 * GROUP)));
      members((member) => {
        const row = k.let(rows.add(k.loadInt(at, 4 * member).mul(ROW_BYTES)));
        timesPhases(k, n, first, member * vectorBytes(n), row, phases);
      });
      k.for(1, n, (i) => {
        const scale = k.let(k.loadSplat(steps.add(i.mul(STEP_BYTES)), STEP.scale));
        const v = { at: k.let(reflectors.add(i.mul(vectorBytes(n)))), pairs: i.add(1).shr(1), scale };
        reflect(k, n, range.scratch, first, v);
      });
      members((member) => {
        const to = k.let(
          out.add(
            group
              .mul(GROUP)
              .add(member)
              .mul(16 * n),
          ),
        );
        interleave(k, n, to, k.let(first.add(member * vectorBytes(n))), units);
      });
    }),
  );
  return m.finish();
}

const members = (emit: (member: number) => void): void => {
  for (let member = 0; member < GROUP; member++) emit(member);
};
const registers = Array.from({ length: STRIP / 2 }, (_, r) => 16 * r);

/** `count` rotations: (z_(i-1), z_i) <- (c z_(i-1) - s z_i, s z_(i-1) + c z_i) from row i on, upwards. */
function rotateRows(k: Body, row: Int, count: Int, rotation: Int): void {
  const carried = registers.map((offset) => k.let(k.load(row, offset)));
  k.for(0, count, () => {
    const [c, s] = [k.let(k.loadSplat(rotation)), k.let(k.loadSplat(rotation, 8))];
    const above = k.let(row.sub(ROW_BYTES));
    for (const [r, offset] of registers.entries()) {
      const z = k.let(k.load(above, offset));
      k.store(row, offset, c.mul(carried[r]!).plus(s, z));
      k.set(carried[r]!, c.mul(z).minus(s, carried[r]!));
    }
    k.set(row, above);
    k.set(rotation, rotation.add(16));
  });
  for (const [r, offset] of registers.entries()) k.store(row, offset, carried[r]!);
}

/** A real row of the strips, times the phases, as a complex vector at to + offset. */
function timesPhases(k: Body, n: number, to: Int, offset: number, row: Int, phases: Int): void {
  k.for(0, (n + 1) >> 1, (pair) => {
    const strip = pair.shr(2).mul(n * ROW_BYTES);
    const z = k.let(k.load(row.add(strip).add(pair.and(3).shl(4))));
    const phase = k.let(phases.add(pair.shl(5)));
    const at = k.let(to.add(pair.shl(5)));
    k.store(at, offset, z.mul(k.load(phase)));
    k.store(at, offset + 16, z.mul(k.load(phase, 16)));
  });
}

/** x <- x - scale v (v^† x) for the vectors x of a group. */
function reflect(k: Body, n: number, scratch: Int, first: Int, v: { at: Int; pairs: Int; scale: Vec }): void {
  const offsets = Array.from({ length: GROUP }, (_, member) => member * vectorBytes(n));
  const sums = offsets.map(() => ({ re: k.let(Vec.of(0)), im: k.let(Vec.of(0)) }));
  const end = k.let(v.pairs.shl(5));
  const load = (at: Int, offset = 0): Complex => letComplex(k, { re: k.load(at, offset), im: k.load(at, offset + 16) });
  k.for(
    0,
    end,
    (pair) => {
      const a = load(k.let(v.at.add(pair)));
      const at = k.let(first.add(pair));
      for (const [member, offset] of offsets.entries()) {
        const [x, sum] = [load(at, offset), sums[member]!];
        k.set(sum.re, sum.re.plus(a.re, x.re).plus(a.im, x.im));
        k.set(sum.im, sum.im.plus(a.re, x.im).minus(a.im, x.re));
      }
    },
    32,
  );
  const factor = (sum: Vec) => k.let(laneSum(k, scratch, sum).mul(v.scale));
  const factors = sums.map(({ re, im }) => ({ re: factor(re), im: factor(im) }));
  k.for(
    0,
    end,
    (pair) => {
      const a = load(k.let(v.at.add(pair)));
      const at = k.let(first.add(pair));
      for (const [member, offset] of offsets.entries()) {
        const [x, f] = [load(at, offset), factors[member]!];
        k.store(at, offset, x.re.minus(a.re, f.re).plus(a.im, f.im));
        k.store(at, offset + 16, x.im.minus(a.re, f.im).minus(a.im, f.re));
      }
    },
    32,
  );
}

/** Components as (re, im) one after the other. */
function interleave(k: Body, n: number, to: Int, from: Int, units: Int): void {
  const [upper, lower] = [k.let(k.load(units, UNIT)), k.let(k.load(units, UNIT + 16))];
  const component = (at: Int, offset: number) =>
    k
      .loadSplat(at, offset)
      .mul(upper)
      .plus(k.loadSplat(at, offset + 16), lower);
  k.for(0, n >> 1, (pair) => {
    const [source, target] = [k.let(from.add(pair.shl(5))), k.let(to.add(pair.shl(5)))];
    k.store(target, 0, component(source, 0));
    k.store(target, 16, component(source, 8));
  });
  if (n % 2 === 1) k.store(to, 16 * (n - 1), component(from, 16 * (n - 1)));
}
