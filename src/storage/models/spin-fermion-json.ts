import { FormatError } from "../formats/configuration-format.ts";
import { float64Tensor, type Tensor } from "./safetensors/safetensors.ts";

/** A trained Transformer as shared reference data hold it, beside what is known of it. */
export interface TransformerSet {
  readonly layers: number;
  /** n_max: shells in queries, keys and values besides the site itself. */
  readonly neighbours: number;
  /** Shells of the pair action of the last spins. */
  readonly head: number;
  /** w[layer][query, key, value][n], then J_1 … J_head, then E_0, in the unit of the energies. */
  readonly parameters: Float64Array;
  /** T of the data it was trained on, where the name of the list tells it. */
  readonly temperature?: number;
  /** H_eff of named configurations, as written beside the parameters ("golden0", "Neel", "canted"). */
  readonly energies: Readonly<Record<string, number>>;
}

const LIST = /^trained_models_/;

/** Whether a file looks like reference data with sets of parameters of Transformers. */
export const holdsTransformerSets = (text: string): boolean => text.includes('"trained_models_');

/**
 * Reads the sets of parameters `{L, n_max, n_head, params}` under the key "trained_models_…", in their order. Throws a
 * FormatError where there is none, or a set has not the number of parameters that its shape needs.
 */
export function readTransformerSets(text: string): TransformerSet[] {
  const key = Object.keys(asRecord(parsed(text), "the file")).find((name) => LIST.test(name));
  if (!key) throw new FormatError('no key "trained_models_…": this file holds no sets of parameters of Transformers');
  const { models } = asRecord(asRecord(parsed(text), "the file")[key], key);
  if (!Array.isArray(models) || models.length === 0)
    throw new FormatError(`${key}.models: expected a list of sets of parameters`);
  const temperature = Number(/_T([\d.]+)/.exec(key)?.[1] ?? Number.NaN);
  return models.map((model: unknown, i) =>
    setOf(asRecord(model, `${key}.models[${i}]`), `${key}.models[${i}]`, temperature),
  );
}

/** The parameters as the blocks that a Transformer of that shape, of one head, has in files. */
export function transformerTensors({ layers, neighbours, head, parameters }: TransformerSet): Tensor[] {
  const size = 3 * (neighbours + 1);
  const weights = Array.from({ length: layers }, (_, l) =>
    float64Tensor(`layer-${l + 1}.weights`, [1, 3, neighbours + 1], parameters.slice(l * size, (l + 1) * size)),
  );
  const rest = parameters.slice(layers * size);
  return [
    ...weights,
    float64Tensor("couplings", [head], rest.slice(0, head)),
    float64Tensor("constant", [1], rest.slice(head)),
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError(`no JSON: ${cause instanceof Error ? cause.message : cause}`);
  }
}

function asRecord(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new FormatError(`${where}: expected an object`);
}

function setOf(model: Record<string, unknown>, where: string, temperature: number): TransformerSet {
  const whole = (name: string): number => {
    const n = model[name];
    if (typeof n === "number" && Number.isInteger(n) && n >= 0) return n;
    throw new FormatError(`${where}.${name}: expected a whole number`);
  };
  const [layers, neighbours, head] = [whole("L"), whole("n_max"), whole("n_head")];
  const { params } = model;
  const wanted = 3 * (neighbours + 1) * layers + head + 1;
  if (!Array.isArray(params) || params.length !== wanted || !params.every(Number.isFinite))
    throw new FormatError(
      `${where}.params: expected ${wanted} numbers, as L = ${layers}, n_max = ${neighbours}, n_head = ${head} need`,
    );
  const energies = Object.entries(model).flatMap(([name, value]) =>
    name.startsWith("H_eff_") && typeof value === "number" ? [[name.slice("H_eff_".length), value] as const] : [],
  );
  return {
    layers,
    neighbours,
    head,
    parameters: Float64Array.from(params as number[]),
    ...(Number.isFinite(temperature) ? { temperature } : {}),
    energies: Object.fromEntries(energies),
  };
}
