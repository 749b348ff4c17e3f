/** The Greek and other letters by which parameters of a run file are known. */
const letters: Readonly<Record<string, string>> = {
  beta: "β",
  kappa: "κ",
  lambda: "λ",
  temperature: "T",
  mass: "m",
  c1: "c₁",
  alpha: "α",
  epsilon: "ε",
  steps: "steps",
};

/** "beta" as "β"; a key of the run file by its last word: "action.wilson-gauge.beta" as "β". */
export function parameterName(key: string): string {
  const last = key.split(".").pop() as string;
  return letters[last] ?? last;
}

/** A scanned value as it is read: "5.7", "leapfrog", "4 × 4 × 4 × 8"; tables as JSON. */
export function scanValue(value: unknown): string {
  if (Array.isArray(value) && value.every((entry) => typeof entry === "number")) return value.join(" × ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Names for scanned keys, with the whole key where the last word alone would be ambiguous. */
export function scanNames(keys: readonly string[]): string[] {
  const short = keys.map(parameterName);
  return keys.map((key, i) => (short.indexOf(short[i]!) === short.lastIndexOf(short[i]!) ? short[i]! : key));
}

/** "wilson-loop" as "Wilson loop". */
export function observableTitle(name: string): string {
  const words = name.replaceAll("-", " ").replace(/\b(wilson|polyakov)\b/g, (word) => capitalised(word));
  return capitalised(words);
}

const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** How one value of an observable is written: "plaquette", "Re P", "Q (clover)", "W(1,1)"; with the flow time where it has one. */
export function quantityName(observable: string, label: string, flowTime?: number): string {
  const name = atRest(observable, label);
  return flowTime === undefined ? name : `${name} at t = ${Number(flowTime.toPrecision(4))}`;
}

function atRest(observable: string, label: string): string {
  if (label === observable || label === "" || label === "condensate") return observable.replaceAll("-", " ");
  switch (observable) {
    case "polyakov-loop":
      return { re: "Re P", im: "Im P", abs: "|P|" }[label] ?? `P ${label}`;
    case "topological-charge":
      return `Q (${label})`;
    case "topological-susceptibility":
      return `⟨Q²⟩/V (${label})`;
    case "energy-density":
      return `E (${label})`;
    case "t2E":
      return `t²E (${label})`;
    case "wilson-loop":
      return label;
    case "magnetisation":
      return { abs: "|m|", squared: "m²", fourth: "m⁴" }[label] ?? `m ${label}`;
    case "staggered-magnetisation":
      return { abs: "|mₛ|", squared: "mₛ²", fourth: "mₛ⁴" }[label] ?? `mₛ ${label}`;
    case "spin-energy":
      return { energy: "E/N", "free-energy": "Ω/N", bond: "S·S of neighbours" }[label] ?? label;
    case "spin-correlation":
      return `S·S at ${label}`;
    case "structure-factor":
      return `S(q), ${label}`;
    case "helicity-modulus":
      return label === "mean" ? "helicity modulus" : `helicity modulus ${label}`;
    case "specific-heat":
      return `specific heat${ofNamed(label, "spin-energy")}`;
    case "susceptibility":
      return `susceptibility${ofOrder(label)}`;
    case "binder-cumulant":
      return `Binder cumulant${ofOrder(label)}`;
    case "correlation-length":
      return `correlation length${ofNamed(label.replace(/^structure-factor /, ""), "")}`;
    default:
      return `${observable.replaceAll("-", " ")} ${label}`;
  }
}

/** " (mₛ)" for what follows from the staggered magnetisation, " (word)" from one of another name. */
const ofOrder = (label: string) => ofNamed(label === "staggered-magnetisation" ? "mₛ" : label, "magnetisation");

const ofNamed = (label: string, usual: string) => (label === usual ? "" : ` (${label})`);
