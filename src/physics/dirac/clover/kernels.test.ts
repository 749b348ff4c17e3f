import type { Device } from "../../../kernels/device.ts";
import { describeKernel } from "../../../kernels/kernel.contract.ts";
import { parity } from "../../../lattice/geometry.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { derivativeField } from "../../../lattice/links/derivative.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { determinant } from "../../../numerics/complex-matrix.ts";
import { roughLinks } from "../../testing.contract.ts";
import { spins } from "../gamma.ts";
import { siteTerm, termDerivative, timesVector } from "./reference.contract.ts";
import { CloverTerm } from "./term.ts";

interface Shape {
  readonly group: string;
  readonly extents: readonly number[];
}

const shapes: readonly Shape[] = [
  { group: "SU(3)", extents: [4, 2, 2, 4] },
  { group: "SU(2)", extents: [2, 4, 2, 2] },
  { group: "SU(5)", extents: [2, 2, 2, 2] },
  { group: "U(1)", extents: [2, 2, 4, 2] },
  { group: "SU(3)", extents: [6, 4] },
];

const numbers = { kappa: 0.13, cSW: 1.3, r: 1, boundary: [] };
const volumeOf = ({ extents }: Shape) => extents.reduce((a, b) => a * b, 1);
const perSite = ({ group, extents }: Shape) => 2 * spins(extents.length) * parseGroup(group).n;

/** Plain vectors [site][component][re, im]. */
function vector(shape: Shape, purpose: string): Float64Array {
  const stream = addressedRng(purpose, 0).at(purpose, 0, 0);
  return Float64Array.from({ length: volumeOf(shape) * perSite(shape) }, () => stream.normal());
}

function loaded(device: Device, shape: Shape) {
  const links = new LinkSpace(new Lattice(device, shape.extents), parseGroup(shape.group));
  const space = new SpinorSpace(links.lattice, perSite(shape) / 2);
  const term = new CloverTerm(links, space, { ...numbers, inverse: true });
  const u = links.field();
  links.load(u, roughLinks(shape.group, shape.extents));
  term.load(u);
  const field = (purpose: string) => {
    const x = space.field();
    space.load(x, vector(shape, purpose));
    return x;
  };
  return { links, space, term, field };
}

describeKernel<Shape>("A x, x on even and A A^{-1} x on odd sites, log det A_oo", {
  shapes,
  run(device, shape) {
    const { space, term, field } = loaded(device, shape);
    const [x, ax] = [field("x"), space.field()];
    term.apply("all", ax, x);
    term.applyInverse(x, x);
    term.apply("odd", x, x);
    return Float64Array.from([...space.store(ax), ...space.store(x), term.logDeterminant()]);
  },
  reference(shape) {
    const [data, x, size] = [roughLinks(shape.group, shape.extents), vector(shape, "x"), perSite(shape)];
    const out = Float64Array.from([...x, ...x, 0]);
    for (let site = 0; site < volumeOf(shape); site++) {
      const a = siteTerm(data, site, numbers);
      out.set(timesVector(a, x.slice(site * size, (site + 1) * size)), site * size);
      if (parity(site, shape.extents) === 1) out[2 * x.length]! += Math.log(determinant(a)[0]);
    }
    return out;
  },
  tolerance: (expected) => 1e-12 * (1 + Math.abs(expected)),
});

describeKernel<Shape>("derivative of y^dagger A x", {
  shapes,
  run(device, shape) {
    const { links, term, field } = loaded(device, shape);
    const delta = derivativeField(links);
    term.addDerivative(delta, [{ sites: "all", weight: 0.7 }], field("y"), field("x"));
    return links.store(delta).links;
  },
  reference(shape) {
    const data = roughLinks(shape.group, shape.extents);
    return termDerivative(data, numbers, vector(shape, "y"), vector(shape, "x")).map((d) => 0.7 * d);
  },
  tolerance: (expected) => 1e-12 * (1 + Math.abs(expected)),
});
