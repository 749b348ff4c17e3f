export type { Rng, Stream } from "../numerics/rng.ts";
