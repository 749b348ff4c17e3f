/** How much of a recipe is carried out: a taste, something that tells, or statistics as large as those it is compared with. */
export const sizes = ["quick", "usual", "full"] as const;
export type Size = (typeof sizes)[number];

/** A number that somebody else found. */
export interface Reference {
  readonly mean: number;
  /** One standard deviation; left out where none was given. */
  readonly error?: number;
}

/** What is printed of a run, beside the numbers of others where there are some. */
export interface Expected {
  /**
   * "acceptance"; "observable.label" as in the events of a run, "polyakov-loop.re"; the same with "tau_int " before it, in
   * updates; "coupling plaquette", of a fitted effective action; or "mse", of an effective action that proposes.
   */
  readonly quantity: string;
  /** Of the publication. */
  readonly published?: Reference;
  /** Of an independent program that did the same. */
  readonly independent?: Reference;
  /** Differences that are agreement however small the errors are; otherwise only those within three standard deviations. */
  readonly within?: number;
}

/** One quantity that is said to be larger in one run than in another. Nothing is claimed where one of them is not there. */
export interface Claim {
  readonly quantity: string;
  /** Names of runs. */
  readonly greater: string;
  readonly less: string;
  /** Who says so. */
  readonly source: string;
}

/** One run of a recipe. */
export interface RecipeRun {
  /** Name of its run file and directory; what it is called in tables. */
  readonly name: string;
  /** What it is, in half a sentence. */
  readonly about: string;
  /**
   * The run file as plain data. It has a seed of its own. A level of its guide may have `model` = the name of an earlier run, whose
   * trained model it begins with.
   */
  readonly plain: Readonly<Record<string, unknown>>;
  /** Runs of one theory sample one distribution and must agree; a word for file names. All runs are of one where left out. */
  readonly theory?: string;
  readonly expected: readonly Expected[];
}

/** What a figure of runs has on an axis. */
export interface RecipeAxis {
  readonly label: string;
  readonly logarithmic?: boolean;
}

/** A quantity of several runs against a number of each, beside what others found. Runs that are not there are left out. */
export interface RecipeFigure {
  readonly title: string;
  readonly caption: string;
  /** With a quantity where the runs are set against one of their own, and not against the number given with each. */
  readonly x: RecipeAxis & { readonly quantity?: string };
  readonly y: RecipeAxis & { readonly quantity: string };
  readonly series: readonly {
    readonly label: string;
    readonly runs: readonly { readonly run: string; readonly x?: number }[];
  }[];
  readonly curves?: readonly { readonly label: string; readonly at: (x: number) => number }[];
  /** A power law (x0 / x)^alpha through the points of the first series from this x on, and that of a publication. */
  readonly power?: {
    readonly from: number;
    readonly published?: { readonly scale: number; readonly exponent: number };
  };
}

/** A result of the literature that one command obtains again. */
export interface Recipe {
  readonly name: string;
  readonly title: string;
  readonly cite: readonly string[];
  /** What is done, where the numbers come from and how to judge the difference; sentences. */
  readonly about: readonly string[];
  /** Minutes on two idle cores. */
  readonly minutes: Readonly<Record<Size, number>>;
  /** A run file among the examples to start one's own from. */
  readonly example: string;
  runs(size: Size): readonly RecipeRun[];
  readonly claims: readonly Claim[];
  readonly figures?: readonly RecipeFigure[];
}
