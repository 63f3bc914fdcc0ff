import assert from "node:assert/strict";
import fc from "fast-check";
import { epochKey, transformCount, transformTables } from "./augmentation.ts";
import { PixelOrder } from "./layout/pixel_layout.ts";

const sides = fc.integer({ min: 1, max: 9 });
const shifts = fc.integer({ min: 0, max: 3 });

/** Image `table` of an image whose pixels are 1, 2, ...; black is 0. */
function apply(tables: Uint32Array, table: number, image: readonly number[]): number[] {
  const inputs = image.length;
  const sources = tables.subarray(table * inputs, (table + 1) * inputs);
  return Array.from(sources, (source) => image[source] ?? 0);
}

function counting(inputs: number): number[] {
  return Array.from({ length: inputs }, (_, pixel) => pixel + 1);
}

Deno.test("the transforms of an image of 2 x 3 are as by hand", () => {
  const mirrored = transformTables(2, 3, { flip: true, shift: 0 });
  assert.deepEqual([...mirrored], [0, 1, 2, 3, 4, 5, 2, 1, 0, 5, 4, 3]);
  const shifted = transformTables(2, 3, { flip: false, shift: 1 });
  const images = Array.from({ length: 9 }, (_, table) => apply(shifted, table, counting(6)));
  assert.deepEqual(images[0], [5, 6, 0, 0, 0, 0], "up and to the left");
  assert.deepEqual(images[1], [4, 5, 6, 0, 0, 0], "up");
  assert.deepEqual(images[4], [1, 2, 3, 4, 5, 6], "not at all");
  assert.deepEqual(images[5], [0, 1, 2, 0, 4, 5], "to the right");
  assert.deepEqual(images[6], [0, 0, 0, 2, 3, 0], "down and to the left");
});

Deno.test("the channels of a pixel go with it, each to its own", () => {
  fc.assert(
    fc.property(sides, sides, shifts, fc.integer({ min: 2, max: 4 }), (h, w, shift, channels) => {
      const augmentation = { flip: true, shift };
      const gray = transformTables(h, w, augmentation);
      const color = transformTables(h, w, augmentation, channels);
      assert.equal(color.length, gray.length * channels);
      color.forEach((source, i) => {
        const pixel = gray[Math.floor(i / channels)];
        assert.equal(source, pixel === h * w ? pixel * channels : pixel * channels + i % channels);
      });
    }),
  );
});

Deno.test("to mirror an image twice is to leave it as it is", () => {
  fc.assert(fc.property(sides, sides, (height, width) => {
    const tables = transformTables(height, width, { flip: true, shift: 0 });
    const image = counting(height * width);
    assert.deepEqual(apply(tables, 0, image), image);
    assert.deepEqual(apply(tables, 1, apply(tables, 1, image)), image);
  }));
});

Deno.test("a shift moves every pixel by so much, and never to the other side", () => {
  fc.assert(fc.property(sides, sides, shifts, fc.boolean(), (height, width, shift, flip) => {
    const tables = transformTables(height, width, { flip, shift });
    const across = 2 * shift + 1;
    const inputs = height * width;
    assert.equal(tables.length, transformCount({ flip, shift }) * inputs);
    for (let table = 0; table < tables.length / inputs; table++) {
      const [down, right] = [Math.floor(table / across) % across - shift, table % across - shift];
      const isMirrored = table >= across * across;
      let inside = 0;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const source = tables[table * inputs + y * width + x];
          if (source === inputs) continue;
          inside++;
          const column = isMirrored ? width - 1 - source % width : source % width;
          assert.deepEqual([Math.floor(source / width) + down, column + right], [y, x]);
        }
      }
      const rest = (side: number, by: number) => Math.max(0, side - Math.abs(by));
      assert.equal(inside, rest(height, down) * rest(width, right), "all that stays is there");
    }
  }));
});

Deno.test("tables in a back end's order of pixels do to arranged images what the others do to images", () => {
  fc.assert(fc.property(sides, sides, shifts, (height, width, shift) => {
    const inputs = height * width;
    const order = new PixelOrder(height, width);
    const tables = transformTables(height, width, { flip: true, shift });
    const arranged = order.arrangeSources(tables);
    const image = counting(inputs);
    const arrange = (pixels: number[]) => [...order.arrangePixels(Uint8Array.from(pixels))];
    for (let table = 0; table < tables.length / inputs; table++) {
      assert.deepEqual(
        apply(arranged, table, arrange(image)),
        arrange(apply(tables, table, image)),
      );
    }
  }));
});

Deno.test("keys differ from epoch to epoch and from seed to seed, and are the same each time", () => {
  const keys = [0, 1, 42, 2 ** 32 - 1].flatMap((seed) =>
    Array.from({ length: 500 }, (_, epoch) => epochKey(seed, epoch))
  );
  assert.equal(new Set(keys).size, keys.length);
  assert(keys.every((key) => Number.isInteger(key) && key >= 0 && key < 2 ** 32));
  // Checkpoints of one version continue in the next only as long as these stay as they are.
  assert.deepEqual([epochKey(42, 0), epochKey(42, 1)], [2431472823, 4198257628]);
});
