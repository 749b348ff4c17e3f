/** Growing byte buffer with the LEB128 and section encodings of the WebAssembly binary format. */
export class Bytes {
  private data = new Uint8Array(1024);
  length = 0;
  private reserve(extra: number): void {
    if (this.length + extra <= this.data.length) return;
    const grown = new Uint8Array(Math.max(2 * this.data.length, this.length + extra));
    grown.set(this.data.subarray(0, this.length));
    this.data = grown;
  }
  u8(...values: number[]): this {
    this.reserve(values.length);
    for (const v of values) this.data[this.length++] = v;
    return this;
  }
  unsigned(value: number): this {
    let rest = value >>> 0;
    do {
      const low = rest & 0x7f;
      rest >>>= 7;
      this.u8(rest ? low | 0x80 : low);
    } while (rest);
    return this;
  }
  signed(value: number | bigint): this {
    let rest = BigInt(value);
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      const done = (rest === 0n && !(low & 0x40)) || (rest === -1n && (low & 0x40) !== 0);
      this.u8(done ? low : low | 0x80);
      if (done) return this;
    }
  }
  f64(value: number): this {
    const raw = new DataView(new ArrayBuffer(8));
    raw.setFloat64(0, value, true);
    return this.raw(new Uint8Array(raw.buffer));
  }
  f32(value: number): this {
    const raw = new DataView(new ArrayBuffer(4));
    raw.setFloat32(0, value, true);
    return this.raw(new Uint8Array(raw.buffer));
  }
  text(value: string): this {
    const encoded = new TextEncoder().encode(value);
    return this.unsigned(encoded.length).raw(encoded);
  }
  raw(bytes: Uint8Array): this {
    this.reserve(bytes.length);
    this.data.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }
  /** The bytes of `other` preceded by their number. */
  sized(other: Bytes): this {
    return this.unsigned(other.length).raw(other.view());
  }
  view(): Uint8Array {
    return this.data.subarray(0, this.length);
  }
}
