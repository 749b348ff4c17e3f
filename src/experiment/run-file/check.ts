import { parseGroup } from "../../lattice/group.ts";
import { parseSpins, type SpinKind } from "../../lattice/spins/spin-data.ts";
import { spinStartWords } from "../../physics/spins/starts.ts";
import { type Catalogue, type FormatEntry, type Parts, partsFor } from "../catalogue.ts";
import { RunFileError } from "./error.ts";
import { checkGuide } from "./guide.ts";
import { head, startWords, topKeys, usualFormat } from "./head.ts";
import { oddExtent } from "./odd-extent.ts";
import { readActions, readMeasure, readTable, type Say } from "./parts.ts";
import { isTable } from "./schema.ts";
import { show } from "./sentence.ts";
import { closest, didYouMean } from "./suggest.ts";
import { checkTraining, readTraining } from "./training.ts";
import { type RunFile, type Start, thermalisation } from "./types.ts";
import { readUpdates } from "./updates.ts";

/**
 * Validates plain data without `[scan]` (parsed TOML, a translation, answers of a wizard) as a run file and fills the
 * defaults. `file` names it in the sentences. Throws RunFileError with every problem found.
 */
export function checkWithoutScan(
  plain: Readonly<Record<string, unknown>>,
  file: string,
  catalogue: Catalogue,
): RunFile {
  const problems: string[] = [];
  const say: Say = (problem) => problems.push(`${file}: ${problem}`);
  const { action, update, training, measure = usualMeasure(plain), ...rest } = withFormat(plain);
  const parts = partsFor(catalogue, plain);
  const spins = plain.spins !== undefined;
  const known = Object.fromEntries(Object.entries(rest).filter(([key]) => topKeys.includes(key)));
  for (const key of Object.keys(rest)) if (!topKeys.includes(key)) say(unknownTopKey(key, parts));

  const top = readTable(head, known, [], "the run file", say);
  checkField(plain, say);
  const soFar = problems.length;
  const actions = readActions(parts.actions, parts.maps, action, say);
  const updates = readUpdates(parts, update, actions, spins, say);
  // a sentence on how they go together would be false where one of them could not be read
  const whole = problems.length === soFar;
  const read = {
    action: actions,
    update: updates,
    measure: readMeasure(parts.observables, measure, actions, say),
  };
  const trained = training === undefined ? undefined : readTraining(training, spins, say);
  const runFile: RunFile | undefined = top && {
    ...top,
    ...read,
    ...(trained ? { training: trained } : {}),
    ...canonical(top, parts, say),
    seed: String(top.seed),
    scan: {},
  };
  if (runFile) checkMeaning(runFile, parts, say);
  if (runFile && whole) checkGuides(runFile, parts, say);
  if (problems.length > 0 || !runFile) throw new RunFileError(problems);
  return runFile;
}

/** What is measured where the run file does not say: a lattice of one direction has no plaquettes. */
function usualMeasure({ lattice, spins }: Readonly<Record<string, unknown>>) {
  if (spins !== undefined) return { magnetisation: 1 };
  return Array.isArray(lattice) && lattice.length === 1 ? { "polyakov-loop": 1 } : { plaquette: 1 };
}

/** Spins are not saved in a format of links. */
function withFormat(plain: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { spins, save = {} } = plain;
  return spins === undefined || !isTable(save) ? plain : { ...plain, save: { format: usualFormat.spins, ...save } };
}

/** A key that stands at the top by mistake: either misspelt, or a parameter that belongs into a part's table. */
function unknownTopKey(key: string, catalogue: Parts): string {
  const families = { "[[action]]": catalogue.actions, "[update]": catalogue.updates };
  for (const [table, list] of Object.entries(families)) {
    const owner = list.find((definition) => key in definition.parameters.shape);
    if (owner && closest(key, topKeys) === undefined)
      return `${key}: unknown at the top; it belongs into ${table} with name = ${show(owner.name)}`;
  }
  if (catalogue.observables.some((definition) => definition.name === key))
    return `${key}: unknown at the top; observables belong into [measure]`;
  return `${key}: unknown${didYouMean(key, topKeys)} (a run file takes ${topKeys.join(", ")})`;
}

interface Top {
  readonly group?: string | undefined;
  readonly spins?: string | undefined;
  readonly start: unknown;
}

/** Says so where it is not clear what stands on the lattice. */
function checkField({ group, spins }: Readonly<Record<string, unknown>>, say: Say): void {
  if (group !== undefined && spins !== undefined)
    say("spins: a run has gauge links (group) or spins, not both; leave one of them out");
  if (group === undefined && spins === undefined)
    say('group: missing; the run file needs it (gauge group: "U(1)" or "SU(N)"; or spins: "Ising", "XY" or "O(3)")');
}

/** What the field is, and its start, in their canonical form. */
function canonical({ group, spins, start }: Top, catalogue: Parts, say: Say) {
  const words: readonly string[] = spins === undefined ? startWords : spinStartWords;
  const named = {
    group: group === undefined ? undefined : parsed(group, (text) => parseGroup(text).name, say),
    spins: spins === undefined ? undefined : (parsed(spins, parseSpins, say) as SpinKind),
  };
  return { ...named, start: readStart(start, words, catalogue, say) };
}

/** The canonical name, or the word as it is where it is none, which is told. */
function parsed(text: string, parse: (text: string) => string, say: Say): string {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    say(error.message);
    return text;
  }
}

function readStart(start: unknown, words: readonly string[], catalogue: Parts, say: Say): Start {
  if (isTable(start)) {
    const { file, format } = start as { file: string; format?: string };
    if (format !== undefined) checkFormat("start.format", format, catalogue.formats, say);
    return format === undefined ? { file } : { file, format };
  }
  if (words.includes(String(start))) return start as Start;
  // A bare word is more likely a slip than a file: a file without "." or "/" in its name can be given as "./name".
  if (!/[./\\]/.test(String(start)))
    say(
      `start: ${show(start)} is neither ${words.map(show).join(", ")} nor a path${didYouMean(String(start), words)} ` +
        `(a file of that name is written "./${start}")`,
    );
  return { file: String(start) };
}

function checkFormat(key: string, name: string, formats: readonly FormatEntry[], say: Say): void {
  const names = formats.map((format) => format.name);
  if (!names.includes(name))
    say(`${key}: ${show(name)} is no file format for this${didYouMean(name, names)} (one of ${names.join(", ")})`);
}

/** What no single key can tell: combinations that cannot run. */
function checkMeaning(runFile: RunFile, catalogue: Parts, say: Say): void {
  const { lattice, start, update } = runFile;
  const writable = catalogue.formats.filter((format) => format.write !== undefined);
  checkFormat("save.format", runFile.save.format, writable, say);
  if (thermalisation(runFile) + runFile.trajectories === 0)
    say("trajectories: thermalise and trajectories are both 0, so there is nothing to do; set one of them");
  if (start === "instanton" && (lattice.length !== 4 || !runFile.group?.startsWith("SU")))
    say(
      `start: an instanton needs four directions and SU(N), not ${lattice.length} and ${runFile.group}; start "cold" or "hot"`,
    );
  const odd = oddExtent(lattice);
  update.forEach((part, i) => {
    if (odd === undefined || part.parameters.order !== "even-odd") return;
    const key = update.length > 1 ? `update[${i}].order` : "update.order";
    say(
      `${key}: ${part.name} in "even-odd" order needs even extents, and lattice = ${show(lattice)} has ${odd}; ` +
        `write order = "coloured"`,
    );
  });
}

/** Guides fit the action, and where something is to be trained there is one. */
function checkGuides({ action, update, training, spins }: RunFile, { actions, updates }: Parts, say: Say): void {
  update.forEach(({ guide }, i) => {
    const path = update.length > 1 ? ["update", i, "guide"] : ["update", "guide"];
    if (guide && spins === undefined) checkGuide(guide, action, actions, path, say);
  });
  const guided = updates.filter((one) => one.guided).map(({ name }) => name);
  if (training) checkTraining(update, guided, say);
}
