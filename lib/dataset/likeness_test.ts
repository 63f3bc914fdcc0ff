import assert from "node:assert/strict";
import fc from "fast-check";
import type { LabelledImages } from "./dataset.ts";
import { LikenessOrder, likenessRanks } from "./likeness.ts";

/** Pictures of 3 x 4 pixels from their bytes. */
function pictures(...bytes: number[][]): LabelledImages {
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

Deno.test("pictures are ranked by the height, then the width of what is not black", () => {
  assert.deepEqual([...likenessRanks(pictures(COLUMN, BLACK, LINE, DOT))], [3, 0, 2, 1]);
});

Deno.test("equal pictures keep their order", () => {
  assert.deepEqual([...likenessRanks(pictures(DOT, LINE, DOT, LINE))], [0, 2, 1, 3]);
});

Deno.test("sorting rows keeps the same rows", () => {
  const picture = fc.array(fc.constantFrom(0, 0, 0, 255), { minLength: 12, maxLength: 12 });
  fc.assert(fc.property(fc.array(picture, { minLength: 1, maxLength: 30 }), (all) => {
    const order = new LikenessOrder(pictures(...all));
    const rows = Uint32Array.from(all, (_, i) => i).reverse();
    const ranks = likenessRanks(pictures(...all));
    order.sort(rows);
    assert.deepEqual([...rows].sort((a, b) => a - b), all.map((_, i) => i));
    rows.forEach((row, i) => assert.equal(ranks[row], i));
  }));
});
