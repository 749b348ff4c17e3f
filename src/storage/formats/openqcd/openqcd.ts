import type { GaugeData } from "../../../lattice/gauge-data.ts";
import { siteAt } from "../../../lattice/geometry.ts";
import {
  type ConfigurationFormat,
  FormatError,
  type ReadHints,
  type StoredConfiguration,
} from "../configuration-format.ts";
import { plaquetteOf } from "../header-observables.ts";
import { checkExtents, groupOfSize, realsOf, settleShape } from "../shape.ts";

/*
 * Little-endian: i32 N0 (t), N1 (x), N2 (y), N3 (z) @0, f64 mean of Re tr P (not divided by 3) @16; then for every
 * odd site ((t + x + y + z) odd), z fastest, then y, x, t, eight matrices: U_t(n), U_t(n - t), U_x(n), U_x(n - x),
 * and so for y and z, 3x3 row by row. All extents must be even, or some links would be stored twice and others not.
 */
const headerBytes = 24;
const size = 18;
/** Our direction (x, y, z, t) of openQCD's directions 0, 1, 2, 3. */
const directions = [3, 0, 1, 2] as const;
/** Far above rounding, far below what one wrong link does. */
const plaquetteTolerance = 1e-10;

/** The exported ("universal") configurations of openQCD: SU(3), four dimensions, even extents, periodic boundaries. */
export const openqcd: ConfigurationFormat = {
  name: "openqcd",
  title: "openQCD",
  cite: ["openQCD, M. Luescher et al., modules/archive/archive.c and main/README.io"],
  extensions: [".oqcd", ".openqcd"],
  precisions: [64],
  detect,
  read,
  write,
};

/** There is no magic number: four even extents, a possible plaquette, and some data behind. */
function detect(bytes: Uint8Array): boolean {
  if (bytes.length <= headerBytes) return false;
  const { extents, plaquette } = header(bytes);
  return extents.every((n) => n >= 2 && n <= 4096 && n % 2 === 0) && plaquette !== 0 && Math.abs(plaquette) <= 3.001;
}

function header(bytes: Uint8Array): { extents: number[]; plaquette: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const extents = [4, 8, 12, 0].map((at) => view.getInt32(at, true));
  return { extents, plaquette: view.getFloat64(16, true) };
}

function read(bytes: Uint8Array, hints: ReadHints): StoredConfiguration {
  if (bytes.length < headerBytes)
    throw new FormatError(
      `it ends inside the header (${bytes.length} of ${headerBytes} bytes): it is truncated, copy it again`,
    );
  const { extents, plaquette } = header(bytes);
  const declared = { group: groupOfSize(3), extents: checkExtents(extents), precision: 64 } as const;
  const { precision, ...shape } = settleShape(declared, hints, { count: bytes.length - headerBytes, unit: "bytes" });
  if (extents.some((n) => n % 2 === 1)) throw new FormatError(oddExtents(extents));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const links = new Float64Array(realsOf(shape));
  eachLink(extents, (link, slot) => {
    for (let i = 0; i < size; i++) links[link * size + i] = view.getFloat64(headerBytes + 8 * (slot * size + i), true);
  });
  const data = { ...shape, links };
  const found = 3 * plaquetteOf(data);
  // A payload of NaN is for the caller to report.
  if (Math.abs(found - plaquette) > plaquetteTolerance)
    throw new FormatError(
      `the mean plaquette (Re tr) in the header is ${plaquette} but the links give ${found}; the file is damaged, or its boundary conditions are not periodic, which is not supported`,
    );
  return { data, precision, checksum: "absent", records: [`plaquette ${plaquette}`], notes: [] };
}

function write(data: GaugeData): Uint8Array {
  const { group, extents, links } = data;
  if (!group.special || group.n !== 3 || extents.length !== 4)
    throw new FormatError(
      `openQCD files hold SU(3) in four dimensions, not ${group.name} on ${extents.join(",")}; write ildg or nersc instead`,
    );
  if (extents.some((n) => n % 2 === 1)) throw new FormatError(oddExtents(extents));
  const [nx = 0, ny = 0, nz = 0, nt = 0] = extents;
  const file = new Uint8Array(headerBytes + 8 * links.length);
  const view = new DataView(file.buffer);
  for (const [i, n] of [nt, nx, ny, nz].entries()) view.setInt32(4 * i, n, true);
  view.setFloat64(16, 3 * plaquetteOf(data), true);
  eachLink(extents, (link, slot) => {
    for (let i = 0; i < size; i++) view.setFloat64(headerBytes + 8 * (slot * size + i), links[link * size + i]!, true);
  });
  return file;
}

const oddExtents = (extents: readonly number[]): string =>
  `openQCD files need even extents, not ${extents.join(",")}; use ildg or nersc for this lattice`;

/** Every link (site * 4 + direction, as in GaugeData) with its place in the file. */
function eachLink(extents: readonly number[], visit: (link: number, slot: number) => void): void {
  const [nx = 0, ny = 0, nz = 0, nt = 0] = extents;
  let slot = 0;
  for (let t = 0; t < nt; t++)
    for (let x = 0; x < nx; x++)
      for (let y = 0; y < ny; y++)
        for (let z = 1 - ((t + x + y) % 2); z < nz; z += 2) {
          const here = [x, y, z, t];
          const site = siteAt(here, extents);
          for (const mu of directions) {
            visit(site * 4 + mu, slot++);
            const behind = siteAt(
              here.map((c, nu) => (nu === mu ? c - 1 : c)),
              extents,
            );
            visit(behind * 4 + mu, slot++);
          }
        }
}
