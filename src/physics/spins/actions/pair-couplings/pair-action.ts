import { Field } from "../../../../lattice/field.ts";
import { firstShells, shellTable } from "../../../../lattice/shells.ts";
import type { Configuration } from "../../../../lattice/space.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import { squaresOf } from "../../../../lattice/squares.ts";
import { forceOf } from "../../force.ts";
import type { LocalAction, SpinAction, SpinCouplings } from "../../spin-action.ts";
import { type PairKernel, pairKernels, SHELL_ENTRY } from "./kernels.ts";
import { localPairAction } from "./local.ts";

/** Energies of a sum over pairs, squares and spins. */
export interface PairEnergies {
  /** J_n at [n - 1], one a shell. */
  readonly shells: ArrayLike<number>;
  /** Coupling of the elementary squares (Ising spins only); 0 by default. */
  readonly square?: number;
  /** Field, as many numbers as a spin has; none by default. */
  readonly field?: readonly number[];
}

/** An action that is nothing but its couplings. */
export interface PairAction extends SpinAction {
  readonly couplings: SpinCouplings;
  readonly local: LocalAction;
}

/**
 * S = -(1/T) [sum_n J_n sum_<ij>_n S_i.S_j + K sum_sq S S S S + h.sum_i S_i]: every unordered pair of distinct sites in
 * the shell of its distance once (lattice/shells.ts), every elementary square of distinct sites once (lattice/squares.ts).
 * J > 0 favours parallel spins. `couplings.shells` is J_n/T and may be written to between updates.
 *
 * @param what the name of the part, for sentences.
 * Throws a RangeError for an extent of 1, more couplings than shells, a temperature that is not positive, a field of
 * another length than a spin, and squares where there are none or the spins are not signs.
 */
export function pairAction(space: SpinSpace, energies: PairEnergies, temperature: number, what: string): PairAction {
  const couplings = checkedCouplings(space, energies, temperature, what);
  const energy = pairSums(space, couplings);
  const value = (c: Configuration) => energy.value(c.field);
  const addDerivative = (c: Configuration, weight: number, gradient: Field) =>
    energy.addGradient(c.field, weight, gradient);
  return {
    couplings,
    temperature,
    local: localPairAction(space, couplings, energy.writeFields),
    value,
    addDerivative,
    addForce: forceOf(space, addDerivative),
    valuesAt(c, temperatures) {
      const s = value(c);
      return Float64Array.from(temperatures, (t) => (s * temperature) / t);
    },
    at: (other) =>
      pairAction(
        space,
        {
          shells: couplings.shells.map((k) => k * temperature),
          square: couplings.square * temperature,
          field: couplings.field.map((h) => h * temperature),
        },
        other,
        what,
      ),
  };
}

function checkedCouplings(space: SpinSpace, energies: PairEnergies, temperature: number, what: string): SpinCouplings {
  const { extents } = space.lattice;
  const { shells, square = 0, field = Array<number>(space.components).fill(0) } = energies;
  const flat = extents.indexOf(1);
  if (flat >= 0)
    throw new RangeError(
      `${what}: lattice [${extents.join(", ")}] has extent 1 in direction ${flat}, where a spin has no neighbour but itself; leave that direction out`,
    );
  if (!(temperature > 0 && Number.isFinite(temperature)))
    throw new RangeError(`${what}: temperature ${temperature}; expected a positive number`);
  firstShells(extents, shells.length, what);
  if (field.length !== space.components)
    throw new RangeError(
      `${what}: a field of ${field.length} numbers; ${space.spins} spins have ${space.components}, so give as many`,
    );
  if (square !== 0 && space.spins !== "Ising")
    throw new RangeError(`${what}: the coupling of squares is for Ising spins; this run has ${space.spins} spins`);
  if (square !== 0 && squaresOf(extents).perSite === 0)
    throw new RangeError(`${what}: no squares in 1 dimension; take two or more, or leave the coupling of squares out`);
  return {
    shells: Float64Array.from(shells, (j) => j / temperature),
    square: square / temperature,
    field: field.map((h) => h / temperature),
  };
}

/** S and its gradient for couplings that may change from call to call. */
function pairSums(space: SpinSpace, couplings: SpinCouplings) {
  const { lattice, components } = space;
  const { device, extents, volume } = lattice;
  const count = couplings.shells.length;
  const squares = couplings.square !== 0;
  const kernels = device.kernels<PairKernel>(`spin pairs/${components}/${squares}`, () =>
    pairKernels(components, squares),
  );
  const shells = lattice.list(`shell entries ${count}`, () => Array<number>((SHELL_ENTRY / 4) * count).fill(0)).address;
  const tables = Array.from({ length: count }, (_, n) => [
    shellTable(lattice, n + 1),
    firstShells(extents, n + 1, "shells")[n]!.coordination,
  ]);
  const { perSite, corners } = squares ? squaresOf(extents) : { perSite: 0, corners: undefined };
  const cornerTable = corners ? lattice.list("corners of squares", () => Array.from(corners)).address : 0;
  const writeShells = () => {
    const heads = device.heap.i32(shells, (SHELL_ENTRY / 4) * count);
    const strengths = device.heap.f64(shells, (SHELL_ENTRY / 8) * count);
    tables.forEach(([table, coordination], n) => {
      heads[4 * n] = table!;
      heads[4 * n + 1] = coordination!;
      strengths[2 * n + 1] = couplings.shells[n]!;
    });
  };
  const addGradient = (s: Field, weight: number, gradient: Field): void => {
    writeShells();
    const [hx = 0, hy = 0, hz = 0] = couplings.field;
    const where = [gradient.address, s.address, shells, count, cornerTable, perSite];
    device.run(kernels.gradient, volume, ...where, couplings.square, hx, hy, hz, weight);
  };
  let scratch: Field | undefined;
  return {
    addGradient,
    writeFields(s: Field, fields: Float64Array): void {
      scratch ??= new Field(device, space.length);
      scratch.zero();
      addGradient(s, -1, scratch);
      fields.set(scratch.view());
    },
    value(s: Field): number {
      writeShells();
      const { energy } = kernels;
      const sums = device.sum(energy, volume, 2 + components, 1, s.address, shells, count, cornerTable, perSite);
      const [pairs, ofSquares, ...spins] = sums;
      const inField = spins.reduce((sum, x, a) => sum + couplings.field[a]! * x, 0);
      return -(pairs! + couplings.square * ofSquares! + inField);
    },
  };
}
