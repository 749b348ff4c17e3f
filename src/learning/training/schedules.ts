import { z } from "zod";

/** The factor on the rate of a step, counted from 0. */
export type Schedule = (step: number) => number;

const warmUp = z.int().min(0).default(0).describe("first steps, over which the rate grows linearly to its full size");

const named = <const N extends string>(name: N) => z.literal(name).describe("name of the schedule");

/** How the rate changes, as tables of a run file. */
const tables = [
  z.strictObject({ name: named("constant"), "warm-up": warmUp }),
  z.strictObject({
    name: named("step"),
    "warm-up": warmUp,
    every: z.int().min(1).optional().describe("steps between two reductions; a quarter of all where left out"),
    factor: z.number().gt(0).lt(1).default(0.5).describe("what every reduction multiplies the rate by"),
  }),
  z.strictObject({
    name: named("exponential"),
    "warm-up": warmUp,
    final: z.number().gt(0).max(1).default(0.01).describe("rate at the end, as a fraction of that at the beginning"),
  }),
  z.strictObject({
    name: named("cosine"),
    "warm-up": warmUp,
    final: z.number().min(0).max(1).default(0).describe("rate at the end, as a fraction of that at the beginning"),
  }),
  z.strictObject({
    name: named("inverse"),
    "warm-up": warmUp,
    half: z
      .number()
      .positive()
      .optional()
      .describe("steps after which the rate has halved; a tenth of all where left out"),
  }),
] as const;

const scheduleTable = z.discriminatedUnion("name", tables);
/** A schedule as plain data. */
export type ScheduleTable = z.output<typeof scheduleTable>;

export const scheduleNames = ["constant", "step", "exponential", "cosine", "inverse"] as const;

/** A schedule in a run file: a word, or a table with the numbers. */
export const scheduleSchema = z.union([z.enum(scheduleNames), scheduleTable]);
export type ScheduleChoice = z.output<typeof scheduleSchema>;

/** A schedule with every number written out, for `steps` planned steps. */
export function fullSchedule(given: ScheduleChoice, steps: number): ScheduleTable {
  const table = typeof given === "string" ? scheduleTable.parse({ name: given }) : given;
  if (table.name === "step") return { ...table, every: table.every ?? Math.max(1, Math.ceil(steps / 4)) };
  if (table.name === "inverse") return { ...table, half: table.half ?? Math.max(1, steps / 10) };
  return table;
}

/**
 * The schedule that a word or a table stands for, over `steps` planned steps. With t the steps after the warm-up and T all of
 * them after it:
 *
 * - constant: 1
 * - step: factor^floor(t / every)
 * - exponential: final^(t/T)
 * - cosine: final + (1 - final)(1 + cos(pi t/T))/2 (I. Loshchilov, F. Hutter, ICLR 2017, arXiv:1608.03983, eq. 5)
 * - inverse: 1/(1 + t/half), whose sum diverges while that of its squares does not, as the convergence of stochastic
 *   approximation asks (H. Robbins, S. Monro, Ann. Math. Stat. 22 (1951) 400)
 *
 * Step s of a warm-up of w steps has (s + 1)/w of the first rate.
 */
export function scheduleOf(given: ScheduleChoice, steps: number): Schedule {
  const table = fullSchedule(given, steps);
  const warm = table["warm-up"];
  const after = decay(table, Math.max(1, steps - warm));
  return (step) => (step < warm ? (step + 1) / warm : after(step - warm));
}

function decay(table: ScheduleTable, all: number): Schedule {
  switch (table.name) {
    case "step":
      return (t) => table.factor ** Math.floor(t / table.every!);
    case "exponential":
      return (t) => table.final ** (t / all);
    case "cosine":
      return (t) => table.final + ((1 - table.final) * (1 + Math.cos((Math.PI * t) / all))) / 2;
    case "inverse":
      return (t) => 1 / (1 + t / table.half!);
    default:
      return () => 1;
  }
}
