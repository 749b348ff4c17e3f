import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Catalogue } from "../../experiment/catalogue.ts";
import { catalogue as everything } from "../../experiment/parts.ts";
import { readRunFile } from "../../experiment/run-file/index.ts";
import { openDevice } from "../../kernels/node.ts";
import type { Definition } from "../../lattice/definition.ts";
import { offered, runText, taking, tryingOnce } from "./every-file.contract.ts";
import { interview, type Respondent } from "./interview.ts";
import type { Question } from "./question.ts";
import { writeRunFile } from "./write.ts";

/** What knows quarks by a table, and actions of quarks, which take long to compile: on fewer lattices, below. */
const knowsQuarks = ({ parameters }: Definition) => "fermion" in parameters.shape || "boundary" in parameters.shape;
const gauge: Catalogue = {
  ...everything,
  actions: everything.actions.filter((one) => !knowsQuarks(one)),
  observables: everything.observables.filter((one) => !knowsQuarks(one)),
};
let catalogue = gauge;

// hundreds of run files a test, most with kernels of their own to be generated
vi.setConfig({ testTimeout: 300_000 });

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

/** Files that were run by the test under way: offers that vanish must not pass for offers that run. */
let files = 0;
beforeEach(() => {
  files = 0;
});

const trial = tryingOnce(device);

function run(text: string): void {
  files += 1;
  runText(text, device);
}

async function write(to: Respondent): Promise<string> {
  const plain = await interview(catalogue, to, trial);
  return writeRunFile({ ...plain, thermalise: 1, trajectories: 1 }, "run.toml", catalogue);
}

const groups = ["U(1)", "SU(2)", "SU(3)", "SU(4)"];
const cases: readonly (readonly [number[], readonly string[]])[] = [
  [[4], groups],
  [[4, 4], groups],
  [
    [3, 4],
    ["U(1)", "SU(3)"],
  ],
  [
    [4, 3, 2],
    ["SU(2)", "SU(4)"],
  ],
  [[4, 4, 2, 2], groups],
  [
    [3, 2, 2, 3],
    ["U(1)", "SU(3)"],
  ],
];
const shortFlow = { "measure.gradient-flow.time": 0.02, "measure.gradient-flow.every-time": 0.02 };

describe("every file the wizard writes runs", () => {
  it.each(cases.map(([lattice, groups]) => [lattice.join(" x "), lattice, groups] as const))(
    "on %s",
    async (_, lattice, groups) => {
      for (const group of groups) {
        const seen = new Map<string, Question>();
        await write(taking({ lattice, group, "save.configurations": 1 }, seen));
        const observables = offered(seen, "measure");
        expect(observables).toContain("polyakov-loop");
        expect(observables.includes("topological-charge")).toBe(lattice.length === 4);
        const common = { lattice, group, start: "hot" };
        for (const action of offered(seen, "action")) {
          const withAction = new Map<string, Question>();
          await write(taking({ ...common, action: [action] }, withAction));
          // a family of loops, a named improvement: every word is taken once
          const variants = [...withAction.values()].filter(({ key }) => key.startsWith(`action.${action}.`));
          const words = variants.flatMap(({ key, choices = [] }) => choices.map(({ value }) => ({ [key]: value })));
          for (const variant of words.length > 0 ? words : [{}]) {
            const answers = { ...common, action: [action], ...variant };
            const updates = await offeredUpdates(answers);
            for (const update of updates ?? [])
              run(await write(taking({ ...answers, update: accompanied(update), "update.hmc.steps": 2 })));
          }
        }
        run(await write(taking({ ...common, ...shortFlow, measure: observables, chains: 2, "update.hmc.steps": 2 })));
      }
      expect(files).toBeGreaterThanOrEqual((lattice.length === 1 ? 9 : 30) * groups.length);
    },
  );

  it("with every word that a parameter of an update takes, and in mixtures", async () => {
    const common = { lattice: [4, 4, 4], group: "SU(2)", "update.hmc.steps": 2 };
    // those along a guide need quarks: below
    for (const { name: update } of everything.updates.filter(({ guided }) => !guided)) {
      const seen = new Map<string, Question>();
      await write(taking({ ...common, update: accompanied(update) }, seen));
      const questions = [...seen.values()].filter(({ key }) => key.startsWith(`update.${update}.`));
      for (const { key, choices = [] } of questions)
        for (const { value } of choices)
          run(await write(taking({ ...common, update: accompanied(update), [key]: value })));
      const tune = `update.${update}.tune`;
      if (seen.has(tune)) run(await write(taking({ ...common, update: accompanied(update), [tune]: 0.8 })));
    }
    const mixture = ["heatbath", "overrelaxation", "metropolis"];
    run(await write(taking({ ...common, update: mixture, "update.overrelaxation.repeat": 3 })));
    expect(files).toBeGreaterThanOrEqual(15);
  });

  it("and saves in every format that is offered", async () => {
    for (const [group, lattice] of [
      ["SU(3)", [4, 4, 4, 4]],
      ["SU(2)", [3, 4]],
    ] as const) {
      const seen = new Map<string, Question>();
      run(await write(taking({ lattice, group, "save.configurations": 1, "update.hmc.steps": 2 }, seen)));
      expect(offered(seen, "save.format").includes("openqcd")).toBe(group === "SU(3)");
      for (const format of offered(seen, "save.format"))
        run(
          await write(
            taking({ lattice, group, "save.configurations": 1, "save.format": format, "update.hmc.steps": 2 }),
          ),
        );
    }
  });
});

const quarkCases = [
  [[4, 4], "U(1)"],
  [[4, 2, 2, 4], "SU(2)"],
  [[2, 3, 2, 3], "SU(3)"],
] as const;

describe("every file with quarks that the wizard writes runs", () => {
  beforeAll(() => {
    catalogue = everything;
  });

  it.each(quarkCases.map(([lattice, group]) => [`${group} on ${lattice.join(" x ")}`, lattice, group] as const))(
    "for %s",
    async (_, lattice, group) => {
      const common = { lattice: [...lattice], group, "update.hmc.steps": 2 };
      const guided = { "training.trajectories": 1, "update.self-learning-hmc.steps": 2 };
      const seen = new Map<string, Question>();
      await write(taking(common, seen));
      const quarks = offered(seen, "action").filter((name) => !gauge.actions.some((one) => one.name === name));
      const even = lattice.every((extent) => extent % 2 === 0);
      expect(quarks).toEqual(
        even ? ["staggered", "wilson", "clover", "domain-wall"] : ["wilson", "clover", "domain-wall"],
      );
      for (const action of quarks) {
        const withAction = new Map<string, Question>();
        await write(taking({ ...common, action: ["wilson-gauge", action] }, withAction));
        const own = [...withAction.values()].filter(({ key }) => key.startsWith(`action.${action}.`));
        const words = own.flatMap(({ key, choices = [] }) => choices.map(({ value }) => ({ [key]: value })));
        expect(words).toContainEqual({ [`action.${action}.through.name`]: "stout" });
        expect(offered(withAction, "update")).toContain("self-learning-hmc");
        // the guide of one kind of quark is that of any other
        for (const update of action === quarks[0] ? offered(withAction, "update") : ["hmc"])
          run(await write(taking({ ...guided, ...common, action: ["wilson-gauge", action], update: [update] })));
        for (const variant of words) {
          const text = await unlessRefused({ ...common, action: ["wilson-gauge", action], ...variant });
          if (text !== undefined) run(text);
        }
      }
      const observables = offered(seen, "measure").filter((name) => !gauge.observables.some((o) => o.name === name));
      expect(observables).toContain("pion-correlator");
      for (const name of observables) {
        const withObservable = new Map<string, Question>();
        await write(taking({ ...common, measure: [name] }, withObservable));
        const kinds = offered(withObservable, `measure.${name}.fermion.name`);
        expect(kinds).toContain("wilson");
        for (const kind of kinds.filter((one) => even || one !== "staggered"))
          run(await write(taking({ ...common, measure: [name], [`measure.${name}.fermion.name`]: kind })));
        const stout = { [`measure.${name}.through.name`]: "stout" };
        run(
          await write(
            taking({
              ...common,
              measure: [name],
              ...(even ? {} : { [`measure.${name}.fermion.name`]: "wilson" }),
              ...stout,
            }),
          ),
        );
      }
      expect(files).toBeGreaterThanOrEqual(15);
    },
  );

  it("with any number of staggered flavours, split masses and a condensate of its own", async () => {
    const common = { lattice: [4, 4, 2, 2], group: "SU(2)", "update.hmc.steps": 2 };
    for (const quarks of [{ flavours: 2 }, { flavours: 8 }, { hasenbusch: [0.7, 1] }]) {
      const own = Object.entries({ mass: 0.4, ...quarks }).map(([key, value]) => [`action.staggered.${key}`, value]);
      const action = ["wilson-gauge", "staggered"];
      const text = await write(
        taking({ ...common, action, ...Object.fromEntries(own), measure: ["chiral-condensate"] }),
      );
      // the quark offered for the condensate is that of the action
      const [condensate] = readRunFile(text, "run.toml", everything).runFile.measure;
      expect(condensate!.parameters).toMatchObject({ fermion: { name: "staggered", mass: 0.4 } });
      run(text);
    }
  });
});

/** The file for some answers, or undefined where they cannot stand: told by the trial, before anything is written. */
async function unlessRefused(answers: Readonly<Record<string, unknown>>, seen = new Map<string, Question>()) {
  try {
    return await write(taking(answers, seen));
  } catch (error) {
    expect((error as Error).name).toBe("UsageError");
    return undefined;
  }
}

/** The updates that are offered for an action, or undefined where the action cannot stand at all. */
async function offeredUpdates(answers: Readonly<Record<string, unknown>>): Promise<string[] | undefined> {
  const seen = new Map<string, Question>();
  return (await unlessRefused(answers, seen)) === undefined ? undefined : offered(seen, "update");
}

/** An update that must not be alone has a partner that always fits. */
function accompanied(update: string): string[] {
  const needsPartner = everything.updates.find(({ name }) => name === update)?.needsPartner !== undefined;
  return needsPartner ? [update, "hmc"] : [update];
}
