import { caskSu2 } from "./cask-su2.ts";
import type { Recipe } from "./recipe.ts";
import { slhmcSu2 } from "./slhmc-su2.ts";
import { slmcSu2 } from "./slmc-su2.ts";

/** Every result of the literature that `plaquette reproduce` obtains again. */
export const recipes: readonly Recipe[] = [slhmcSu2, slmcSu2, caskSu2];

export { type PreparedRun, prepareRecipe, type Scale } from "./prepare.ts";
export { type Claim, type Expected, type Recipe, type RecipeRun, type Reference, type Size, sizes } from "./recipe.ts";
