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

describeResume("rational hybrid Monte Carlo on stout links", {
  ...common,
  lattice: [2, 4, 2, 2],
  group: "SU(2)",
  action: [
    { name: "wilson-gauge", beta: 2.3 },
    { name: "staggered", mass: 0.4, flavours: 2, through: { name: "stout", rho: 0.1 } },
  ],
  update: {
    name: "hmc",
    levels: [
      { actions: ["staggered"], steps: 2 },
      { actions: ["wilson-gauge"], steps: 2 },
    ],
  },
  measure: {
    plaquette: 1,
    "chiral-condensate": { every: 2, fermion: { name: "staggered", mass: 0.4 }, sources: 1 },
  },
});

describeResume("split Wilson quarks with chronological guesses", {
  ...common,
  lattice: [2, 2, 2, 4],
  group: "SU(2)",
  action: [
    { name: "wilson-gauge", beta: 2.3 },
    { name: "wilson", kappa: 0.13, hasenbusch: [0.1], history: 3 },
  ],
  update: { name: "hmc", steps: 3, tune: 0.8 },
  measure: { plaquette: 1, "pion-correlator": { every: 3, fermion: { name: "wilson", kappa: 0.13 } } },
});

const withQuarks = {
  ...common,
  lattice: [4, 2, 2, 4],
  group: "SU(2)",
  update: { name: "hmc", steps: 3, length: 0.5, tune: 0.8 },
  measure: { plaquette: 1, "chiral-condensate": { every: 3, sources: 2 } },
};

describeResume("rational HMC for two flavours of stout smeared staggered quarks", {
  ...withQuarks,
  action: [
    { name: "wilson-gauge", beta: 2.3 },
    { name: "staggered", mass: 0.3, flavours: 2, through: { name: "stout", rho: 0.1 } },
  ],
});

describeResume("Wilson quarks with a split determinant, nested time scales and a chronological guess", {
  ...withQuarks,
  action: [
    { name: "wilson-gauge", beta: 2.3 },
    { name: "wilson", kappa: 0.13, hasenbusch: [0.11], history: 4 },
  ],
  update: {
    name: "hmc",
    length: 0.5,
    levels: [
      { actions: ["wilson.hasenbusch-1"], steps: 2 },
      { actions: ["wilson.heaviest", "wilson-gauge"], steps: 2 },
    ],
  },
});
