import { cosSinTurns } from "../../kernels/algebra/elementary.ts";
import { at, type Complex, letComplex, peek, poke } from "../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, type ModuleBuilder, Vec } from "../../kernels/builder.ts";
import { inverseFactorials } from "./exponential-coefficients.ts";

/**
 * exp(q) = c + s q of a traceless anti-Hermitian 2 x 2 matrix q: with q^2 = t = -r^2, c = cos r and s = sin r/r. Their
 * series in t are good to 1e-17 up to the bounds on the squared norm 2 r^2; beyond, r itself is taken.
 */
const SERIES = [
  { bound: 0.25, terms: 8 },
  { bound: 4, terms: 13 },
] as const;

/** (i y, z; -z^*, -i y) */
interface Algebra {
  readonly y: Vec;
  readonly z: Complex;
}

interface Coefficients {
  readonly c: Vec;
  readonly s: Vec;
  /** ds/dt; dc/dt is s/2. */
  readonly slope?: Vec | undefined;
}

const MOST = 2 * SERIES[1].terms + 4;
const inverse = inverseFactorials(MOST);

/** sum_i weight(i) t^i over `terms` terms, by Horner's scheme. */
function seriesIn(k: Body, t: Vec, weight: (i: number) => number, terms: number): Vec {
  let sum: Vec = Vec.of(weight(terms - 1));
  for (let i = terms - 2; i >= 0; i--) sum = Vec.of(weight(i)).plus(t, sum);
  return k.let(sum);
}

const series = (k: Body, t: Vec, terms: number, withSlope: boolean): Coefficients => ({
  c: seriesIn(k, t, (i) => inverse[2 * i]!, terms),
  s: seriesIn(k, t, (i) => inverse[2 * i + 1]!, terms),
  slope: withSlope ? seriesIn(k, t, (i) => (i + 1) * inverse[2 * i + 3]!, terms) : undefined,
});

/** By way of r; sites with a small r beside large ones keep the series. An infinite t gives no numbers. */
function closed(k: Body, t: Vec, withSlope: boolean): Coefficients {
  const near = series(k, t, SERIES[1].terms, withSlope);
  const small = k.let(t.gt(-1));
  const r = k.let(t.neg().sqrt());
  const { cos, sin } = cosSinTurns(k, r.mul(1 / (2 * Math.PI)));
  const s = k.let(sin.div(r));
  const slope = withSlope ? small.select(near.slope!, cos.sub(s).div(t.mul(2))) : undefined;
  return { c: small.select(near.c, cos), s: small.select(near.s, s), slope };
}

function coefficients(k: Body, t: Vec, norm2: Vec, withSlope: boolean): Coefficients {
  const made = { c: k.let(Vec.of(0)), s: k.let(Vec.of(0)), slope: withSlope ? k.let(Vec.of(0)) : undefined };
  const assign = (found: Coefficients) => {
    k.set(made.c, found.c);
    k.set(made.s, found.s);
    if (made.slope) k.set(made.slope, found.slope!);
  };
  const [small, large] = SERIES;
  k.if(
    norm2.gt(small.bound).any(),
    () =>
      k.if(
        // what is not a number is not below any bound either
        norm2.le(large.bound).not().any(),
        () => assign(closed(k, t, withSlope)),
        () => assign(series(k, t, large.terms, withSlope)),
      ),
    () => assign(series(k, t, small.terms, withSlope)),
  );
  return made;
}

function load(k: Body, q: Int): Algebra & { t: Vec } {
  const y = k.let(peek(k, 2, at(q), 0, 0).im);
  const z = letComplex(k, peek(k, 2, at(q), 0, 1));
  return { y, z, t: k.let(Vec.of(0).minus(y, y).minus(z.re, z.re).minus(z.im, z.im)) };
}

/** out = c + s q */
function store(k: Body, out: Int, c: Vec, s: Vec, { y, z }: Algebra): void {
  const diagonal = k.let(s.mul(y));
  const off = letComplex(k, { re: s.mul(z.re), im: s.mul(z.im) });
  poke(k, 2, at(out), 0, 0, { re: c, im: diagonal });
  poke(k, 2, at(out), 0, 1, off);
  poke(k, 2, at(out), 1, 0, { re: off.re.neg(), im: off.im });
  poke(k, 2, at(out), 1, 1, { re: c, im: diagonal.neg() });
}

/** out = exp(q); norm2 bounds the squared norm of q. */
export function exponential2(k: Body, out: Int, q: Int, norm2: Vec): void {
  const x = load(k, q);
  const { c, s } = coefficients(k, x.t, norm2, false);
  store(k, out, c, s, x);
}

/**
 * The function (e, lambda, q, w, norm2: vec): e = exp(q) and lambda = TA(L), see exponential-pull-back.ts. As
 * dt = tr(q dq), d(exp q) = s dq + (s/2 + ds/dt q) dt, hence
 *
 *   lambda = s TA(w) + (s/2 Re tr w + ds/dt Re tr(w q)) q.
 */
export function exponentialPullBack2(m: ModuleBuilder): FunctionRef {
  const types = ["i32", "i32", "i32", "i32", "vec"] as const;
  return m.helper("exponentialPullBack2", types, (k, e, lambda, q, w, norm2) => {
    const x = load(k, q);
    const { c, s, slope } = coefficients(k, x.t, k.let(norm2), true);
    store(k, e, c, s, x);
    const [a, b, d, f] = [0, 1, 2, 3].map((i) => letComplex(k, peek(k, 2, at(w), i >> 1, i & 1))) as [
      Complex,
      Complex,
      Complex,
      Complex,
    ];
    // twice TA(w), and Re tr(w q)
    const y = k.let(a.im.sub(f.im));
    const z = letComplex(k, { re: b.re.sub(d.re), im: b.im.add(d.im) });
    const trace = k.let(x.y.mul(y).plus(x.z.re, z.re).plus(x.z.im, z.im).neg());
    const half = k.let(s.mul(0.5));
    const onQ = k.let(half.mul(a.re.add(f.re)).plus(slope!, trace));
    const sum = {
      y: k.let(half.mul(y).plus(onQ, x.y)),
      z: letComplex(k, { re: half.mul(z.re).plus(onQ, x.z.re), im: half.mul(z.im).plus(onQ, x.z.im) }),
    };
    store(k, lambda, Vec.of(0), Vec.of(1), sum);
  });
}
