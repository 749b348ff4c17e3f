import { head } from "../../experiment/run-file/head.ts";
import { describe } from "../../experiment/run-file/schema.ts";
import { parseGroup } from "../../lattice/group.ts";
import { type SpinKind, spinKinds } from "../../lattice/spins/spin-data.ts";
import type { Respondent, Table } from "./interview.ts";
import { type Choice, choiceQuestion, type Facts, type Question } from "./question.ts";

/** Asks for a key at the top of the run file. */
export type Top = (key: keyof typeof head.shape, extra?: Partial<Question>) => Promise<unknown>;

/** What stands on which lattice, and the parts that are offered first; a first update stands in for one that is not chosen yet. */
interface FieldAnswers {
  readonly base: Table;
  readonly facts: Facts;
  readonly first: { readonly action: string; readonly update: string; readonly observable: string };
}

/** Asks what stands on the lattice, links or spins, and on which. */
export async function askField(to: Respondent, of: Top): Promise<FieldAnswers> {
  const kinds = [
    { value: "links", hint: "gauge theory: U(1) or SU(N) on the links" },
    { value: "spins", hint: "Ising, XY or O(3) spins on the sites" },
  ];
  const field = await to.ask(choiceQuestion("field", "what stands on the lattice", "one", kinds, "links"));
  if (field === "links") {
    const lattice = (await of("lattice", { initial: [8, 8, 8, 8], optional: false })) as number[];
    const group = parseGroup((await of("group", { initial: "SU(3)", refuse: refuseGroup, optional: false })) as string);
    const first = { action: "wilson-gauge", update: "hmc", observable: "plaquette" };
    return { base: { lattice, group: group.name }, facts: { lattice, group: group.name }, first };
  }
  const lattice = (await of("lattice", { initial: [8, 8], optional: false })) as number[];
  const options = spinKinds.map((value) => ({ value }));
  const question = choiceQuestion("spins", describe(head.shape.spins), "one", options, spinKinds[0]);
  const spins = (await to.ask(question)) as SpinKind;
  const action = ({ Ising: "ising", XY: "xy", "O(3)": "heisenberg" } as const)[spins];
  const first = { action, update: "metropolis", observable: "magnetisation" };
  return { base: { lattice, spins }, facts: { lattice, spins }, first };
}

function refuseGroup(value: unknown): string | undefined {
  try {
    parseGroup(String(value));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The words a chain may begin with. */
export function startsOf({ lattice, group, spins }: Facts): Choice[] {
  if (spins !== undefined)
    return [
      { value: "cold", hint: "all spins alike" },
      { value: "hot", hint: "random spins" },
      ...(lattice.every((n) => n % 2 === 0) ? [{ value: "neel", hint: "up and down in turn" }] : []),
    ];
  const instanton = lattice.length === 4 && group !== "U(1)" ? [{ value: "instanton", hint: "charge one" }] : [];
  return [{ value: "cold", hint: "unit links" }, { value: "hot", hint: "random links" }, ...instanton];
}
