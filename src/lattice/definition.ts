import type { z } from "zod";

/**
 * The only thing a contribution exports: its description, and how to build it on a bench (lattice, group, heap …).
 * Description is not instance: the parameters are plain validated data that print, hash and go into the run file.
 *
 * Every key of `parameters` carries a `.describe()` (it becomes the reference page, the wizard's question and the
 * comment in a written run file), and parsing its own output again changes nothing, so that a resolved run file is a
 * fixed point. The keys `name`, `every`, `repeat`, and of an action `through`, belong to the run file and are not parameters.
 *
 * P: the zod schema of the parameters; Built: what is built (an action, an update, …); Bench: what it is built on.
 */
export interface Definition<P extends z.ZodObject = z.ZodObject, Built = unknown, Bench = unknown> {
  /** The word in the run file, kebab-case, equal to the folder's name. */
  readonly name: string;
  /** One line for people. */
  readonly title: string;
  /** Where the formulas come from. */
  readonly cite: readonly string[];
  readonly parameters: P;
  /** For an update that must not be the only one of a run: the sentence that says why. */
  readonly needsPartner?: string;
  /** For an update along a guide: the run file gives it `[[update.guide]]`, and `model` where its weights come from. */
  readonly guided?: true;
  /**
   * For a map whose weights are learnt. The wizard does not offer it as the smearing of a quark of the target; a run file may
   * have it there, with the weights it starts with, since only those of a guide are trained.
   */
  readonly learns?: true;
  /**
   * For an update whose loops are not those of the actions: whether a lattice of one lane must be built for it, because on
   * that of the bench it would renew two links of one loop at once.
   */
  oneLane?(parameters: z.output<P>, bench: Bench): boolean;
  build(parameters: z.output<P>, bench: Bench): Built;
}
