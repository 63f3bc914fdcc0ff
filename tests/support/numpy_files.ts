/** Files as NumPy writes them: NPY of version 1, and NPZ. */

import { zipSync } from "fflate";

type Values = Uint8Array | Int32Array | Float32Array | Float64Array;

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  Uint8Array: "|u1",
  Int32Array: "<i4",
  Float32Array: "<f4",
  Float64Array: "<f8",
};

/** An array, row-major. */
export function npy(
  shape: readonly number[],
  values: Values,
  descr = DESCRIPTIONS[values.constructor.name],
): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const header = `${text.padEnd(117)}\n`;
  const bytes = new Uint8Array(10 + header.length + values.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    10 + header.length,
  );
  return bytes;
}

/** An archive of arrays, by name. */
export function npz(arrays: Readonly<Record<string, Uint8Array>>): Uint8Array<ArrayBuffer> {
  const files = Object.fromEntries(
    Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes]),
  );
  return Uint8Array.from(zipSync(files));
}
