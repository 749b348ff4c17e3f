import type { Kernel } from "../../../kernels/device.ts";
import type { Field } from "../../../lattice/field.ts";
import { layoutKey } from "../../../lattice/links/layout.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { type Kind, pullToConstants, pullToReal, pullToSource } from "./derive.ts";
import { type Task, wordKernels, wordSumKernels } from "./kernels.ts";
import { checkWords, type Words, wordsName } from "./word.ts";

/** The fields and numbers that words read. */
export interface Operands {
  /** Matrix fields, each of `space.length` numbers. */
  readonly sources: readonly Field[];
  /** Real fields, of as many slots as the words say: [block][slot][lane]. */
  readonly reals?: readonly Field[];
  readonly constants?: readonly number[];
}

/** Most arguments of a kernel, less those that are not fields or constants. */
const MOST_OPERANDS = 60;

/**
 * Words made into kernels, with their pull-backs: make it once and run it as often as wanted. Kernels are generated on
 * first use.
 *
 * Of kind "sum", list number mu becomes direction mu of a matrix field; of kind "trace", the real traces of list number s
 * become slot s of a real field. Throws a RangeError for words that do not fit the space.
 */
export class WordProgram {
  readonly space: LinkSpace;
  readonly kind: Kind;
  readonly words: Words;
  private readonly kernels = new Map<string, Kernel>();
  private readonly sourcePulls: (Words | undefined)[] = [];
  private readonly realPulls: (Words | undefined)[] = [];
  private constantPull: Words | undefined;

  constructor(space: LinkSpace, kind: Kind, words: Words) {
    const d = space.lattice.dimension;
    const what = kind === "sum" ? "words" : "traces of words";
    if (kind === "sum" && words.lists.length !== d)
      throw new RangeError(
        `${what}: ${words.lists.length} lists for the ${d} directions of the lattice; give one each`,
      );
    if (words.sources + words.reals.length + words.constants > MOST_OPERANDS)
      throw new RangeError(`${what}: they read more than ${MOST_OPERANDS} fields and constants; use several sums`);
    checkWords(what, words, d);
    this.space = space;
    this.kind = kind;
    this.words = words;
  }

  /** The number of slots of the traces. */
  get slots(): number {
    return this.words.lists.length;
  }

  /** out = the words; `out` must be none of the fields they read. */
  run(out: Field, operands: Operands): void {
    this.execute("run", this.words, this.kind === "sum" ? "write" : "write traces", out, operands);
  }

  /** gradient += the cotangent of source number `source`, given the cotangent of the words. */
  pullToSource(source: number, gradient: Field, cotangent: Field, operands: Operands): void {
    const words = (this.sourcePulls[source] ??= pullToSource(
      this.kind,
      this.words,
      source,
      this.space.lattice.dimension,
    ));
    this.execute(`source ${source}`, words, "add", gradient, this.with(cotangent, operands));
  }

  /** gradient += the cotangent of real field number `real`. */
  pullToReal(real: number, gradient: Field, cotangent: Field, operands: Operands): void {
    const words = (this.realPulls[real] ??= pullToReal(this.kind, this.words, real));
    this.execute(`real ${real}`, words, "add traces", gradient, this.with(cotangent, operands));
  }

  /** The derivatives with respect to the constants. */
  pullToConstants(cotangent: Field, operands: Operands): Float64Array {
    const words = (this.constantPull ??= pullToConstants(this.kind, this.words));
    const { device, blocks, width } = this.space.lattice;
    const kernel = this.kernel("constants", words, "totals");
    const args = this.arguments(words, this.with(cotangent, operands));
    return device.sum(kernel, blocks, words.lists.length, width.lanes, ...args.fields, ...args.constants);
  }

  private with(cotangent: Field, operands: Operands): Operands {
    if (this.kind === "sum") return { ...operands, sources: [...operands.sources, cotangent] };
    return { ...operands, reals: [...(operands.reals ?? []), cotangent] };
  }

  private execute(name: string, words: Words, task: Task, out: Field, operands: Operands): void {
    const { device, blocks } = this.space.lattice;
    const { fields, constants } = this.arguments(words, operands);
    device.run(this.kernel(name, words, task), blocks, ...fields, out.address, ...constants);
  }

  private arguments({ sources, reals, constants }: Words, operands: Operands) {
    const given = [operands.sources, operands.reals ?? [], operands.constants ?? []] as const;
    [sources, reals.length, constants].forEach((count, i) => {
      if (given[i]!.length !== count)
        throw new RangeError(
          `words: ${given[i]!.length} ${["matrix fields", "real fields", "constants"][i]} for words that read ${count}`,
        );
    });
    const fields = [...given[0], ...given[1]].map(({ address }) => address);
    return { fields: [...fields, this.space.lattice.neighbours], constants: given[2] };
  }

  private kernel(name: string, words: Words, task: Task | "totals"): Kernel {
    const known = this.kernels.get(name);
    if (known) return known;
    const { lattice, layout } = this.space;
    const generate = () => (task === "totals" ? wordSumKernels(layout, words) : wordKernels(layout, words, task));
    const { run } = lattice.device.kernels<"run">(`${task}/${layoutKey(layout)}/${wordsName(words)}`, generate);
    this.kernels.set(name, run);
    return run;
  }
}
