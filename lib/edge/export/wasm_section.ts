/** Wraps bytes as a WebAssembly module that has no code, because that is what Deno and workerd both import. */

/** Magic number and version. */
const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** Of sections that mean nothing to the engine. */
const CUSTOM = 0;

/** @returns a module whose `WebAssembly.Module.customSections(module, name)` are these bytes */
export function wasmWithSection(name: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const label = new TextEncoder().encode(name);
  const length = leb128(label.length);
  const size = leb128(length.length + label.length + bytes.length);
  const head = [...PREAMBLE, CUSTOM, ...size, ...length, ...label];
  const module = new Uint8Array(head.length + bytes.length);
  module.set(head);
  module.set(bytes, head.length);
  return module;
}

/** An unsigned number, seven bits a byte, the lowest first; all bytes but the last have their highest bit set. */
function leb128(value: number): number[] {
  return value < 128 ? [value] : [value & 127 | 128, ...leb128(value >>> 7)];
}
