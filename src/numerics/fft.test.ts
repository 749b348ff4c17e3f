import { expect, it } from "vitest";
import { addressedRng } from "./addressed-random.ts";
import { fft } from "./fft.ts";

it("fft equals the sum it stands for, for every power of two to 64", () => {
  const s = addressedRng("fft").at("x", 0);
  for (let n = 1; n <= 64; n *= 2) {
    const re = Float64Array.from({ length: n }, () => s.normal());
    const im = Float64Array.from({ length: n }, () => s.normal());
    const [a, b] = [re.slice(), im.slice()];
    fft(a, b);
    for (let k = 0; k < n; k++) {
      let [x, y] = [0, 0];
      for (let j = 0; j < n; j++) {
        const [c, d] = [Math.cos((2 * Math.PI * j * k) / n), -Math.sin((2 * Math.PI * j * k) / n)];
        x += re[j]! * c - im[j]! * d;
        y += re[j]! * d + im[j]! * c;
      }
      expect(Math.hypot(a[k]! - x, b[k]! - y)).toBeLessThan(1e-13 * n);
    }
  }
  expect(() => fft(new Float64Array(12), new Float64Array(12))).toThrow(/power of two/);
});
