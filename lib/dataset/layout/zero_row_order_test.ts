import assert from "node:assert/strict";
import fc from "fast-check";
import type { LabeledImages } from "../dataset.ts";
import { LikenessOrder, zeroRowOrderRanks } from "./zero_row_order.ts";

/** Images of 3 x 4 pixels from their bytes. */
function images(...bytes: number[][]): LabeledImages {
  return {
    rows: bytes.length,
    height: 3,
    width: 4,
    pixels: Uint8Array.from(bytes.flat()),
    labels: new Uint8Array(bytes.length),
  };
}

const BLACK = new Array(12).fill(0);
const DOT = [0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0];
const LINE = [0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0];
const COLUMN = [0, 7, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0];

Deno.test("images are ranked by the height, then the width of what is not black", () => {
  assert.deepEqual([...zeroRowOrderRanks(images(COLUMN, BLACK, LINE, DOT))], [3, 0, 2, 1]);
});

Deno.test("equal images keep their order", () => {
  assert.deepEqual([...zeroRowOrderRanks(images(DOT, LINE, DOT, LINE))], [0, 2, 1, 3]);
});

Deno.test("sorting rows keeps the same rows", () => {
  const image = fc.array(fc.constantFrom(0, 0, 0, 255), { minLength: 12, maxLength: 12 });
  fc.assert(fc.property(fc.array(image, { minLength: 1, maxLength: 30 }), (all) => {
    const order = new LikenessOrder(images(...all));
    const rows = Uint32Array.from(all, (_, i) => i).reverse();
    const ranks = zeroRowOrderRanks(images(...all));
    order.sort(rows);
    assert.deepEqual([...rows].sort((a, b) => a - b), all.map((_, i) => i));
    rows.forEach((row, i) => assert.equal(ranks[row], i));
  }));
});
