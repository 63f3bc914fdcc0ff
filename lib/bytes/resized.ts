/** Buffers of another size, in engines without `ArrayBuffer.prototype.transfer` (Node 20), too. */

/** The same bytes in a buffer of `length`, zeros after them; `bytes` are all of their buffer, and not to be used any more. */
export function resized(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  if ("transfer" in bytes.buffer) return new Uint8Array(bytes.buffer.transfer(length));
  const other = new Uint8Array(length);
  other.set((bytes as Uint8Array<ArrayBuffer>).subarray(0, length));
  return other;
}
