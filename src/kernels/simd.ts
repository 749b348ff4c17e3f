/** Whether the engine compiles WebAssembly SIMD (every engine since 2021-2023). */
export function hasSimd(): boolean {
  return validates([65, 0, 253, 15, 26]); // i32.const 0; i8x16.splat; drop
}

/** Whether the engine compiles f64x2.relaxed_madd. */
export function hasRelaxedSimd(): boolean {
  const splat = [65, 0, 253, 15];
  return validates([...splat, ...splat, ...splat, 253, 135, 2, 26]);
}

/** Validates a module of one function () -> () with these instructions. */
function validates(code: readonly number[]): boolean {
  const size = code.length + 2; // no locals, end
  return (
    typeof WebAssembly === "object" &&
    WebAssembly.validate(
      new Uint8Array([
        ...[0, 97, 115, 109, 1, 0, 0, 0], // magic, version 1
        ...[1, 4, 1, 96, 0, 0], // types: () -> ()
        ...[3, 2, 1, 0], // functions: type 0
        ...[10, size + 2, 1, size, 0, ...code, 11],
      ]),
    )
  );
}
