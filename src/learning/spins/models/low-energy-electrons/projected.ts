import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import type { HermitianSolver } from "../../../../physics/hermitian/hermitian-solver.ts";
import { hermitianSolver } from "../../../../physics/hermitian/solver.ts";
import { fermi, lnWeight } from "../../../../physics/spins/actions/double-exchange/weight.ts";
import type { Orbitals } from "./orbitals.ts";

/**
 * The electrons in the space of some orbitals, h_P = sum_a eps_a |a><a| + (J/2) sum_i S_i.sigma P|i><i|P, a matrix of twice as
 * many rows as there are orbitals; row 2 a + s is orbital a with spin s.
 */
export class ProjectedElectrons {
  readonly rows: number;
  private readonly space: SpinSpace;
  private readonly orbitals: Orbitals;
  private readonly solver: HermitianSolver;
  /** phi_a(i)^* phi_b(i) for b <= a, (re, im) at [2 (sites pair + i)]. */
  private readonly products: Float64Array;
  private readonly levels: Float64Array;

  constructor(space: SpinSpace, orbitals: Orbitals) {
    this.space = space;
    this.orbitals = orbitals;
    this.rows = 2 * orbitals.count;
    this.solver = hermitianSolver(space.lattice.device, this.rows);
    this.products = productsOf(orbitals, space.lattice.volume);
    this.levels = new Float64Array(this.rows);
  }

  /** Writes h_P, its lower triangle. `spins` must not be a view that an allocation makes stale. */
  private write(spins: Float64Array, J: number): void {
    const { rows, products, space } = this;
    const { count, energies } = this.orbitals;
    const { volume } = space.lattice;
    const n = space.components;
    const matrix = this.solver.matrix();
    let at = 0;
    const sums = new Float64Array(6);
    for (let a = 0; a < count; a++)
      for (let b = 0; b <= a; b++) {
        sums.fill(0);
        for (let i = 0; i < volume; i++) {
          const [re, im] = [products[at++]!, products[at++]!];
          for (let c = 0; c < n; c++) {
            const s = spins[n * i + c]!;
            sums[2 * c]! += re * s;
            sums[2 * c + 1]! += im * s;
          }
        }
        // signs lie along z, plane vectors in the x-y plane
        const [x, y, z] = n === 1 ? [2, 4, 0] : [0, 2, 4];
        const [xr, xi, yr, yi] = [sums[x]!, sums[x + 1]!, sums[y]!, sums[y + 1]!];
        const [zr, zi] = [sums[z]!, sums[z + 1]!];
        const put = (row: number, column: number, re: number, im: number) => {
          matrix[2 * (rows * row + column)] = (J / 2) * re;
          matrix[2 * (rows * row + column) + 1] = (J / 2) * im;
        };
        put(2 * a, 2 * b, zr, zi);
        put(2 * a, 2 * b + 1, xr + yi, xi - yr);
        put(2 * a + 1, 2 * b, xr - yi, xi + yr);
        put(2 * a + 1, 2 * b + 1, -zr, -zi);
      }
    for (let a = 0; a < count; a++) for (const s of [0, 1]) matrix[2 * (rows + 1) * (2 * a + s)]! += energies[a]!;
  }

  /** The levels, ascending; the array is used again. */
  levelsOf(spins: Float64Array, J: number): Float64Array {
    this.write(spins, J);
    this.levels.set(this.solver.eigenvalues());
    return this.levels;
  }

  /** -ln W of these electrons, and its derivative with respect to J (Hellmann and Feynman: <k|dh/dJ|k> = (e_k - <k|h_0|k>)/J). */
  slope(spins: Float64Array, J: number, beta: number, mu: number): { readonly action: number; readonly slope: number } {
    this.write(spins, J);
    const { values, vectors } = this.solver.decompose();
    const { rows } = this;
    const { energies } = this.orbitals;
    let slope = 0;
    for (let k = 0; k < rows; k++) {
      let free = 0;
      for (let r = 0; r < rows; r++) {
        const at = 2 * (rows * k + r);
        free += energies[r >> 1]! * (vectors[at]! ** 2 + vectors[at + 1]! ** 2);
      }
      slope += beta * fermi(values[k]!, beta, mu) * (values[k]! - free);
    }
    return { action: -lnWeight(values, beta, mu), slope: J === 0 ? 0 : slope / J };
  }

  /** out += weight d(-ln W)/dS_i, laid out as the spins. */
  addDerivative(spins: Float64Array, J: number, beta: number, mu: number, weight: number, out: Float64Array): void {
    this.write(spins, J);
    const { values, vectors } = this.solver.decompose();
    const { rows, space } = this;
    const { volume } = space.lattice;
    const { count, states } = this.orbitals;
    const n = space.components;
    const first = n === 1 ? 2 : 0;
    const sigma = new Float64Array(3);
    for (let k = 0; k < rows; k++) {
      const factor = (weight * beta * J * fermi(values[k]!, beta, mu)) / 2;
      for (let i = 0; i < volume; i++) {
        let [ux, uy, dx, dy] = [0, 0, 0, 0];
        for (let a = 0; a < count; a++) {
          const [p, q] = [states[2 * (volume * a + i)]!, states[2 * (volume * a + i) + 1]!];
          const at = 2 * (rows * k + 2 * a);
          ux += p * vectors[at]! - q * vectors[at + 1]!;
          uy += p * vectors[at + 1]! + q * vectors[at]!;
          dx += p * vectors[at + 2]! - q * vectors[at + 3]!;
          dy += p * vectors[at + 3]! + q * vectors[at + 2]!;
        }
        sigma[0] = 2 * (ux * dx + uy * dy);
        sigma[1] = 2 * (ux * dy - uy * dx);
        sigma[2] = ux * ux + uy * uy - dx * dx - dy * dy;
        for (let c = 0; c < n; c++) out[n * i + c]! += factor * sigma[first + c]!;
      }
    }
  }
}

function productsOf({ count, states }: Orbitals, volume: number): Float64Array {
  const products = new Float64Array(volume * count * (count + 1));
  let at = 0;
  for (let a = 0; a < count; a++)
    for (let b = 0; b <= a; b++)
      for (let i = 0; i < volume; i++) {
        const [p, q] = [2 * (volume * a + i), 2 * (volume * b + i)];
        products[at++] = states[p]! * states[q]! + states[p + 1]! * states[q + 1]!;
        products[at++] = states[p]! * states[q + 1]! - states[p + 1]! * states[q]!;
      }
  return products;
}
