import { expect, test } from "vitest";
import type { Field } from "../../../lattice/field.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { linkSpace, roughLinks } from "../../testing.contract.ts";
import { Staggered } from "../staggered/staggered.ts";
import { ChronologicalGuess } from "./chronological.ts";
import { ConjugateGradient } from "./conjugate-gradient.ts";
import { noisy, staggered } from "./dense.contract.ts";
import { projected } from "./subspace.ts";

const stopping = { relative: 1e-10, iterations: 2000 };
const at = { group: "SU(3)", extents: [4, 4, 4, 4] };

/** Iterations of the solves along a few small molecular-dynamics steps, with guesses of some depth. */
function along(depth: number): number[] {
  const links = linkSpace(at);
  const [u, p] = [links.field(), links.momenta()];
  links.load(u, roughLinks(at.group, at.extents));
  links.drawMomenta(p, addressedRng("trajectory"), 0);
  const op = new Staggered(links, { mass: 0.2, boundary: [1, 1, 1, -1] });
  const { space, normal } = op;
  const b = noisy(space, "even", 1);
  const x = space.field();
  const guess = new ChronologicalGuess(space, "even", depth);
  const cg = new ConjugateGradient(space, "even");
  return Array.from({ length: 8 }, () => {
    op.load(u);
    guess.guess(normal, x, b);
    const { iterations, residual } = cg.solve(normal, x, b, stopping);
    expect(residual).toBeLessThanOrEqual(1e-10);
    guess.remember(x);
    expect(guess.length).toBeLessThanOrEqual(depth);
    links.drift(u, p, 0.01);
    return iterations;
  });
}

test("solutions of the steps before save iterations", () => {
  const [none, two, six] = [along(0), along(2), along(6)];
  expect(two[0]).toBe(none[0]);
  expect(two[7]!).toBeLessThan(0.8 * none[7]!);
  expect(six[7]!).toBeLessThan(0.6 * none[7]!);
});

test("a known solution needs no iteration; nothing known guesses 0; equal solutions do no harm", () => {
  const { space, normal } = staggered({ ...at, domain: "even", mass: 0.2 });
  const guess = new ChronologicalGuess(space, "even", 3);
  const cg = new ConjugateGradient(space, "even");
  const b = noisy(space, "even", 1);
  const x = noisy(space, "even", 2);
  guess.guess(normal, x, b);
  expect(space.norm2("even", x)).toBe(0);
  cg.solve(normal, x, b, stopping);
  for (let i = 0; i < 3; i++) guess.remember(x);
  guess.guess(normal, x, b);
  expect(cg.solve(normal, x, b, { relative: 1.1e-10, iterations: 1 }).iterations).toBe(0);
  const broken = {
    ...normal,
    apply(out: Field) {
      out.view().fill(Number.NaN);
      return Number.NaN;
    },
  };
  guess.guess(broken, x, b);
  expect(space.norm2("even", x)).toBe(0);
  guess.reset();
  expect(guess.length).toBe(0);
  guess.guess(normal, x, b);
  expect(space.norm2("even", x)).toBe(0);
  expect(() => new ChronologicalGuess(space, "even", -1)).toThrow(/whole number/);
});

test("the projected guess leaves a residual orthogonal to the vectors", () => {
  const { space, normal } = staggered({ ...at, domain: "even", mass: 0.2 });
  const vectors = [1, 2, 3].map((seed) => noisy(space, "even", seed));
  const [b, x, r] = [noisy(space, "even", 4), space.field(), space.field()];
  projected(normal, vectors, x, b, r);
  normal.apply(r, x);
  space.axpby("even", r, 1, b, -1, r);
  for (const v of vectors) {
    const [re, im] = space.dot("even", v, r);
    expect(Math.hypot(re!, im!)).toBeLessThan(1e-12 * space.norm2("even", b));
  }
});
