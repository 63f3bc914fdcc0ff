/** Bytes as lower-case hexadecimal digits. `toHex` of `Uint8Array` is missing in Node 24. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
