import { type Action, sumOf } from "../../../physics/action.ts";

/** One term of the whole action, as far as it can be taken apart, under the name it has in `levels`. */
interface Leaf {
  readonly name: string;
  /** Number of the action it belongs to. */
  readonly term: number;
  readonly action: Action;
}

/**
 * The action of every time scale. A name stands for all actions of that name ("wilson") or, where an action is a sum, for
 * one of its parts ("wilson.hasenbusch-1"). A level that has all parts of an action takes it as a whole, which may
 * share work between them.
 *
 * Throws a RangeError where a name is unknown, where a term stands in two levels, or where one stands in none.
 */
export function actionsOfLevels(
  levels: readonly { readonly actions: readonly string[] }[],
  terms: readonly Action[],
  names: readonly string[],
): Action[] {
  const leaves = terms.flatMap((action, term) => leavesOf(action, term, names[term]!));
  const level = new Map<Leaf, number>();
  for (const [i, { actions }] of levels.entries())
    for (const name of actions)
      for (const leaf of named(name, leaves, names, `update.levels[${i}].actions`)) {
        const other = level.get(leaf);
        if (other !== undefined)
          throw new RangeError(
            `update.levels[${i}].actions: "${leaf.name}" stands in ${other === i ? "this level twice" : "two levels"}`,
          );
        level.set(leaf, i);
      }
  const missing = [...new Set(leaves.filter((leaf) => !level.has(leaf)).map(({ name }) => name))];
  if (missing.length > 0)
    throw new RangeError(`update.levels: ${missing.join(", ")} stands in no level; name it in one of them`);
  return levels.map((_, i) =>
    sumOf(
      terms.flatMap((whole, term) => {
        const own = leaves.filter((leaf) => leaf.term === term);
        const here = own.filter((leaf) => level.get(leaf) === i);
        return here.length === own.length ? [whole] : here.map(({ action }) => action);
      }),
    ),
  );
}

const leavesOf = (action: Action, term: number, name: string): Leaf[] =>
  (action.parts ?? [{ name: "", action }]).map((part) => ({
    name: part.name === "" ? name : `${name}.${part.name}`,
    term,
    action: part.action,
  }));

/** The leaves that a name in the run file stands for. */
function named(name: string, leaves: readonly Leaf[], names: readonly string[], where: string): Leaf[] {
  const found = leaves.filter((leaf) => leaf.name === name || names[leaf.term] === name);
  if (found.length > 0) return found;
  const parts = leaves.map((leaf) => leaf.name).filter((leaf) => !names.includes(leaf));
  const known = [...new Set([...names, ...parts])];
  throw new RangeError(`${where}: no action "${name}" in this run; there is ${known.join(", ")}`);
}
