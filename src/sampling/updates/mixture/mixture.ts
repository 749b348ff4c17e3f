import type { Step, Update } from "../../update.ts";

/**
 * One pass of a mixture: every update in turn, `repeat` times each. Each leaves exp(-S) invariant, so the pass does.
 * The report has the last deltaH and acceptance there was, and all force evaluations.
 */
export function mixture(parts: readonly { readonly update: Update; readonly repeat: number }[]): Update {
  const only = parts[0];
  if (parts.length === 1 && only?.repeat === 1) return only.update;
  const merged = (list: readonly (Readonly<Record<string, number>> | undefined)[]) => {
    const entries = list.flatMap((record, i) =>
      Object.entries(record ?? {}).map(([key, x]) => [`${i}.${key}`, x] as const),
    );
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  };
  /** The last report of every part: what it learns from. */
  const last: Step[] = parts.map(() => ({}));
  return {
    step(state, rng) {
      let report: Step = {};
      for (const [part, { update, repeat }] of parts.entries())
        for (let i = 0; i < repeat; i++) {
          const step = update.step(state, rng);
          last[part] = step;
          const forces = (report.forces ?? 0) + (step.forces ?? 0);
          report = forces > 0 ? { ...report, ...step, forces } : { ...report, ...step };
        }
      return report;
    },
    tune: () => merged(parts.map(({ update }, part) => update.tune?.(last[part]!))),
    freeze: () => merged(parts.map(({ update }) => update.freeze?.())),
    // the acceptance that is reported is that of the last part with one
    advice: () => parts[last.findLastIndex(({ accepted }) => accepted !== undefined)]?.update.advice?.(),
    tuned: () => merged(parts.map(({ update }) => update.tuned?.())) ?? {},
    kept: () =>
      parts.flatMap(({ update }, i) =>
        (update.kept?.() ?? []).map(({ name, data }) => ({ name: `${i}.${name}`, data })),
      ),
    recall(arrays) {
      parts.forEach(({ update }, i) => {
        const own = arrays.filter(({ name }) => name.startsWith(`${i}.`));
        update.recall?.(own.map(({ name, data }) => ({ name: name.slice(`${i}.`.length), data })));
      });
    },
    restore(saved) {
      parts.forEach(({ update }, i) => {
        const own = Object.entries(saved).filter(([key]) => key.startsWith(`${i}.`));
        update.restore?.(Object.fromEntries(own.map(([key, x]) => [key.slice(`${i}.`.length), x])));
      });
    },
  };
}
