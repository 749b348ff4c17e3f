import { describeResume } from "./resume.contract.ts";

const common = {
  lattice: [4, 4, 2, 4],
  start: "hot",
  seed: "resume",
  thermalise: 6,
  trajectories: 9,
  measure: { plaquette: 1, "polyakov-loop": 2, "topological-charge": 3 },
  checkpoint: { every: 4 },
  save: { configurations: 5 },
};

describeResume("tuned HMC for SU(3)", {
  ...common,
  group: "SU(3)",
  action: [{ name: "wilson-gauge", beta: 5.7 }],
  update: { name: "hmc", steps: 4, tune: 0.8 },
});

describeResume("heat bath, overrelaxation and Metropolis for SU(2)", {
  ...common,
  group: "SU(2)",
  action: [{ name: "wilson-gauge", beta: 2.3 }],
  update: [{ name: "heatbath" }, { name: "overrelaxation", repeat: 2 }, { name: "metropolis" }],
});
