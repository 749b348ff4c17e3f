import type { ActionLearner, KeptArray } from "../../learner.ts";

/** Several learners as one, of what they keep each under its own name. */
export function together(learners: Readonly<Record<string, ActionLearner>>): ActionLearner {
  const entries = Object.entries(learners);
  const only = entries[0]?.[1];
  if (entries.length === 1 && only) return only;
  return {
    see: (c, value) => {
      for (const [, learner] of entries) learner.see(c, value);
    },
    learn: (rng, step) =>
      merged(entries.map(([name, learner]) => [name, learner.finished ? {} : learner.learn(rng, step)])),
    get finished() {
      return entries.every(([, { finished }]) => finished);
    },
    freeze: () => merged(entries.map(([name, learner]) => [name, learner.freeze()])) ?? {},
    save: () => merged(entries.map(([name, learner]) => [name, learner.save()])) ?? {},
    restore: (saved) => {
      for (const [name, learner] of entries) learner.restore(below(name, Object.entries(saved)));
    },
    arrays: () =>
      entries.flatMap(([name, learner]) =>
        learner.arrays().map((a): KeptArray => ({ ...a, name: `${name}.${a.name}` })),
      ),
    recall: (arrays) => {
      for (const [name, learner] of entries)
        learner.recall(
          Object.entries(
            below(
              name,
              arrays.map((a) => [a.name, a.data]),
            ),
          ).map(([key, data]) => ({ name: key, data })),
        );
    },
  };
}

type Numbers = Readonly<Record<string, number>>;

function merged(parts: readonly (readonly [string, Numbers | undefined])[]): Numbers | undefined {
  const all = parts.flatMap(([name, told]) =>
    Object.entries(told ?? {}).map(([key, x]) => [`${name}.${key}`, x] as const),
  );
  return all.length > 0 ? Object.fromEntries(all) : undefined;
}

/** What stands under a name, without it. */
const below = <T>(name: string, all: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries(
    all.filter(([key]) => key.startsWith(`${name}.`)).map(([key, x]) => [key.slice(name.length + 1), x]),
  );
