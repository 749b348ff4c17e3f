import { isTable } from "./schema.ts";
import { inOrder } from "./training.ts";
import type { ActionPart, GuidePart, RunFile } from "./types.ts";

/** A run file as it stands in TOML: the inverse of `checkRunFile`, with every default written out. */
export function toPlain(runFile: RunFile): Record<string, unknown> {
  const { title, start, output, action, update, training, measure, scan, save, checkpoint, ...numbers } = runFile;
  const { lattice, group, spins, seed, ...rest } = numbers;
  const updates = update.map(({ name, repeat, parameters, model, guide }) => ({
    name,
    ...(repeat === 1 ? {} : { repeat }),
    ...parameters,
    model,
    guide: guide?.map(plainGuide),
  }));
  return prune({
    title,
    lattice,
    group,
    spins,
    start: typeof start === "string" || start.format !== undefined ? start : start.file,
    seed,
    ...rest,
    output,
    action: action.map(plainAction),
    update: updates.length === 1 ? updates[0] : updates,
    training: training && inOrder(training, spins !== undefined),
    measure: Object.fromEntries(
      measure.map(({ name, as, every, parameters, follows }) => {
        const own = { ...parameters, ...Object.fromEntries((follows ?? []).map((key) => [key, undefined])) };
        if (as !== undefined) return [as, { observable: name, every, ...own }];
        return [name, Object.values(own).every((value) => value === undefined) ? every : { every, ...own }];
      }),
    ),
    save,
    checkpoint,
    ...(Object.keys(scan).length > 0 ? { scan } : {}),
  });
}

const plainAction = ({ name, parameters, through }: ActionPart) => ({
  name,
  ...parameters,
  ...(through ? { through: { name: through.name, ...through.parameters } } : {}),
});

const plainGuide = ({ scale, learnScale, like, model, grow, follows, ...part }: GuidePart) => ({
  ...plainAction(part),
  ...Object.fromEntries((follows ?? []).map((key) => [key, undefined])),
  scale,
  "learn-scale": learnScale,
  like,
  model,
  grow,
});

/** Without keys that are undefined, at any depth, and with fresh lists and tables throughout. */
function prune<T>(value: T): T {
  if (Array.isArray(value)) return value.map(prune) as T;
  if (!isTable(value)) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries.map(([key, entry]) => [key, prune(entry)])) as T;
}
