/** The types of numbers that safetensors files hold, as far as Weft reads them. */
import { float16At } from "../bytes/float16.ts";

/** A type of number, little-endian. */
export interface NumberType {
  /** As safetensors call it. */
  readonly code: string;
  /** As everybody calls it. */
  readonly name: string;
  readonly bytes: number;
  /** The number at a byte of `view`, exactly. */
  readonly read: (view: DataView, offset: number) => number;
}

export const FLOAT32: NumberType = {
  code: "F32",
  name: "float32",
  bytes: 4,
  read: (view, offset) => view.getFloat32(offset, true),
};

export const FLOAT64: NumberType = {
  code: "F64",
  name: "float64",
  bytes: 8,
  read: (view, offset) => view.getFloat64(offset, true),
};

export const FLOAT16: NumberType = {
  code: "F16",
  name: "float16",
  bytes: 2,
  read: (view, offset) => float16At(view, offset, true),
};

const scratch = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
export const BFLOAT16: NumberType = {
  code: "BF16",
  name: "bfloat16",
  bytes: 2,
  read: (view, offset) => {
    scratch.setUint16(0, view.getUint16(offset, true));
    return scratch.getFloat32(0);
  },
};
