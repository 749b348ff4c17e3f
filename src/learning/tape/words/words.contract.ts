import type { Device } from "../../../kernels/device.ts";
import { Field } from "../../../lattice/field.ts";
import { coordinates, siteAt } from "../../../lattice/geometry.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { dagger, identity, type Matrix, multiply, scale, trace } from "../../../numerics/complex-matrix.ts";
import type { Displacement, Letter, RealFactor, Word, Words } from "./word.ts";

/** Words on plain arrays, and fields of random numbers: the truth that the kernels are compared with. */

/** A matrix field or a real field as plain numbers, site by site: [site][mu or slot][…]. */
export interface Plain {
  readonly extents: readonly number[];
  /** Numbers of a site. */
  readonly numbers: number;
  readonly values: Float64Array;
}

export const volumeOf = (extents: readonly number[]) => extents.reduce((a, b) => a * b, 1);

/** Normal numbers; a matrix field has 2 d N^2 a site, a real field its slots. */
export function randomPlain(extents: readonly number[], numbers: number, name: string): Plain {
  const stream = addressedRng("words").at(name, 0);
  return {
    extents,
    numbers,
    values: Float64Array.from({ length: volumeOf(extents) * numbers }, () => stream.normal()),
  };
}

/** The numbers in the layout of the blocks of a lattice, and back. */
export function loadPlain(lattice: Lattice, { numbers, values }: Plain): Field {
  const field = new Field(lattice.device, lattice.volume * numbers);
  const view = field.view();
  forPlaces(lattice, numbers, (at, plain) => {
    view[at] = values[plain]!;
  });
  return field;
}

export function storePlain(lattice: Lattice, field: Field, numbers: number): Plain {
  const values = new Float64Array(lattice.volume * numbers);
  const view = field.view();
  forPlaces(lattice, numbers, (at, plain) => {
    values[plain] = view[at]!;
  });
  return { extents: lattice.extents, numbers, values };
}

function forPlaces(lattice: Lattice, numbers: number, visit: (at: number, plain: number) => void): void {
  const { lanes, sites } = lattice.geometry;
  sites.forEach((site, place) => {
    const [block, lane] = [Math.floor(place / lanes), place % lanes];
    for (let i = 0; i < numbers; i++) visit((block * numbers + i) * lanes + lane, site * numbers + i);
  });
}

export const spaceOn = (device: Device, group: string, extents: readonly number[], lanes?: 1) =>
  new LinkSpace(new Lattice(device, extents, lanes), parseGroup(group));

const siteFrom = (site: number, x: Displacement, extents: readonly number[]) =>
  siteAt(
    coordinates(site, extents).map((c, mu) => c + (x[mu] ?? 0)),
    extents,
  );

const matrixOf = ({ extents, numbers, values }: Plain, site: number, mu: number): Matrix => {
  const size = numbers / extents.length;
  return values.slice(site * numbers + mu * size, site * numbers + (mu + 1) * size);
};

const letterAt = (sources: readonly Plain[], site: number, { source, mu, x, dagger: daggers }: Letter): Matrix => {
  const field = sources[source]!;
  const m = matrixOf(field, siteFrom(site, x, field.extents), mu);
  return daggers ? dagger(m) : m;
};

const realAt = (reals: readonly Plain[], site: number, { field, slot, x }: RealFactor): number => {
  const { extents, numbers, values } = reals[field]!;
  return values[siteFrom(site, x, extents) * numbers + slot]!;
};

export interface PlainOperands {
  readonly sources: readonly Plain[];
  readonly reals: readonly Plain[];
  readonly constants: readonly number[];
}

/** The value of one word at a site, as it is written down. */
export function wordAt(word: Word, n: number, site: number, { sources, reals, constants }: PlainOperands): Matrix {
  const product = word.letters.reduce((m, one) => multiply(m, letterAt(sources, site, one)), identity(n));
  const c = word.constant === undefined ? 1 : constants[word.constant]!;
  const r = (word.reals ?? []).reduce((all, real) => all * realAt(reals, site, real), 1);
  return scale(product, (word.factor ?? 1) * c * r);
}

/** The matrix field, or the real field of traces, of all words. */
export function wordsReference(
  kind: "sum" | "trace",
  words: Words,
  n: number,
  extents: readonly number[],
  operands: PlainOperands,
): Plain {
  const numbers = words.lists.length * (kind === "sum" ? 2 * n * n : 1);
  const values = new Float64Array(volumeOf(extents) * numbers);
  for (let site = 0; site < volumeOf(extents); site++)
    words.lists.forEach((list, output) => {
      for (const word of list) {
        const m = wordAt(word, n, site, operands);
        if (kind === "trace") values[site * numbers + output]! += trace(m)[0];
        else
          m.forEach((x, i) => {
            values[site * numbers + output * 2 * n * n + i]! += x;
          });
      }
    });
  return { extents, numbers, values };
}

/** Random words of zero to six letters, many of them with a common beginning, with factors, constants and reals. */
export function randomWords(d: number, lists: number, seed: string): Words {
  const stream = addressedRng("random words").at(seed, 0);
  const below = (count: number) => Math.floor(stream.uniform() * count);
  const x = (): number[] => Array.from({ length: d }, () => below(5) - 2);
  const letter = (): Letter => ({
    source: below(2),
    mu: below(d),
    x: below(3) === 0 ? [] : x(),
    dagger: below(2) === 0,
  });
  const reals = [2, 3];
  const real = (): RealFactor => {
    const field = below(2);
    return { field, slot: below(reals[field]!), x: below(3) === 0 ? [] : x() };
  };
  const beginnings = [[letter(), letter()], [letter()], []];
  const word = (): Word => ({
    letters: [...beginnings[below(3)]!, ...Array.from({ length: below(5) }, letter)],
    reals: Array.from({ length: below(3) }, real),
    ...(below(2) === 0 ? { factor: stream.normal() } : {}),
    ...(below(2) === 0 ? { constant: below(2) } : {}),
  });
  return {
    sources: 2,
    reals,
    constants: 2,
    lists: Array.from({ length: lists }, (_, i) => Array.from({ length: i === 0 ? 28 : below(4) }, word)),
  };
}
