import { expect, test } from "vitest";
import { Device } from "../../../kernels/device.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import type { State, Step, Update } from "../../update.ts";
import { mixture } from "./mixture.ts";

const space = new LinkSpace(new Lattice(new Device(), [2, 2]), parseGroup("U(1)"));
const state = (): State => ({ space, field: space.field(), auxiliary: new Map(), step: 0 });

function part(deltaH: number, forces: number) {
  const learnt: Step[] = [];
  const update: Update = {
    step(s) {
      s.step += 1;
      return { accepted: true, deltaH, forces };
    },
    tune: (report) => {
      learnt.push(report);
      return { size: deltaH };
    },
    tuned: () => ({ size: deltaH }),
    restore: (saved) => expect(saved).toEqual({ size: deltaH }),
  };
  return { update, learnt };
}

test("every part learns from its own report, and keeps its own parameters", () => {
  const [first, second] = [part(1, 10), part(2, 5)];
  const both = mixture([
    { update: first.update, repeat: 1 },
    { update: second.update, repeat: 2 },
  ]);
  const walk = state();
  const report = both.step(walk, addressedRng("mixture", 0));
  expect(walk.step).toBe(3);
  expect(report).toMatchObject({ deltaH: 2, forces: 20 });
  expect(both.tune!(report)).toEqual({ "0.size": 1, "1.size": 2 });
  expect([first.learnt, second.learnt].map((list) => list.map(({ deltaH }) => deltaH))).toEqual([[1], [2]]);
  both.restore!(both.tuned!());
});

test("the advice is of the part whose acceptance is told", () => {
  const judged = (word: string): Update => ({ ...part(1, 0).update, advice: () => word });
  const sweep: Update = { step: () => ({ acceptance: 0.5 }), advice: () => "none" };
  const three = mixture([judged("first"), judged("second"), sweep].map((update) => ({ update, repeat: 1 })));
  expect(three.advice!()).toBeUndefined();
  three.step(state(), addressedRng("advice", 0));
  expect(three.advice!()).toBe("second");
});
