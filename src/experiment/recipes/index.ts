import { caskSu2 } from "./cask-su2.ts";
import { doubleExchange } from "./double-exchange.ts";
import { guidesSu2 } from "./guides-su2.ts";
import type { Recipe } from "./recipe.ts";
import { scalingLaw } from "./scaling-law.ts";
import { slhmcSu2 } from "./slhmc-su2.ts";
import { slmcSu2 } from "./slmc-su2.ts";

/** What `plaquette reproduce` obtains again: results of the literature, and what goes beyond them. */
export const recipes: readonly Recipe[] = [slhmcSu2, slmcSu2, caskSu2, guidesSu2, doubleExchange, scalingLaw];

export { type PreparedRun, prepareRecipe, type Scale } from "./prepare.ts";
export {
  type Claim,
  type Expected,
  type Recipe,
  type RecipeFigure,
  type RecipeRun,
  type Reference,
  type Size,
  sizes,
} from "./recipe.ts";
