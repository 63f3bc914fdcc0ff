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

Deno.test("colors stay where the network takes them, and are inverted one by one", () => {
  const data = Uint8Array.of(10, 20, 30, 200, 210, 220);
  const file = encode({ width: 2, height: 1, data, channels: 3 });
  const input = { height: 2, width: 2, invert: false };
  const [bar, colors] = [[0, 0, 0, 0, 0, 0], [...data]];
  assert.deepEqual([...networkInputOfPng(file, "p.png", input, 3)], [...colors, ...bar]);
  const inverted = networkInputOfPng(file, "p.png", { ...input, invert: true }, 3);
  assert.deepEqual([...inverted], [...colors.map((value) => 255 - value), ...bar]);
  // A gray file has three equal channels.
  const gray = encode({ width: 1, height: 1, data: Uint8Array.of(7), channels: 1 });
  const one = { height: 1, width: 1, invert: false };
  assert.deepEqual([...networkInputOfPng(gray, "p.png", one, 3)], [7, 7, 7]);
});

Deno.test("an image that is no image is named", () => {
  assert.throws(
    () => networkInputOfPng(new Uint8Array(9), "p.png", { height: 1, width: 1, invert: false }),
    (error) => error instanceof WeftError && /^Cannot read p\.png as a PNG/.test(error.message),
  );
});
