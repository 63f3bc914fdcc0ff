import assert from "node:assert/strict";
import { encode } from "fast-png";
import { WeftError } from "../errors.ts";
import { networkInputOfPng } from "./network_input.ts";

Deno.test("an image becomes one row of a data set", () => {
  const file = encode({ width: 2, height: 2, data: new Uint8Array([1, 2, 3, 4]), channels: 1 });
  assert.deepEqual(
    networkInputOfPng(file, "p.png", { height: 2, width: 4, invert: false }),
    new Uint8Array([0, 1, 2, 0, 0, 3, 4, 0]),
  );
});

Deno.test("what is transparent and what is beside the image is 0, inverted or not", () => {
  const data = new Uint8Array([100, 255, 100, 0]);
  const file = encode({ width: 2, height: 1, data, channels: 2 });
  for (const [invert, expected] of [[false, 100], [true, 155]] as const) {
    assert.deepEqual(
      networkInputOfPng(file, "p.png", { height: 2, width: 2, invert }),
      new Uint8Array([expected, 0, 0, 0]),
    );
  }
});

Deno.test("an image that is no image is named", () => {
  assert.throws(
    () => networkInputOfPng(new Uint8Array(9), "p.png", { height: 1, width: 1, invert: false }),
    (error) => error instanceof WeftError && /^Cannot read p\.png as a PNG/.test(error.message),
  );
});
