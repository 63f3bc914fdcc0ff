import assert from "node:assert/strict";
import { crc32, deflateSync } from "node:zlib";
import fc from "fast-check";
import { decodeWithFastPng } from "../../tests/support/png_oracle.ts";

import { decodeBoundedPng } from "./png_bounded.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Channels of each color type, and the depths that it may have. */
const KINDS: readonly (readonly [colorType: number, channels: number, depths: number[]])[] = [
  [0, 1, [1, 2, 4, 8, 16]],
  [2, 3, [8, 16]],
  [3, 1, [1, 2, 4, 8]],
  [4, 2, [8, 16]],
  [6, 4, [8, 16]],
];

interface Image {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colorType: number;
  readonly rowBytes: number;
  readonly interlace?: number;
}

function chunk(type: string, data: ArrayLike<number>): number[] {
  const body = [...new TextEncoder().encode(type), ...Array.from(data)];
  return [...bigEndian(data.length), ...body, ...bigEndian(crc32(new Uint8Array(body)))];
}

function bigEndian(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
}

/** A file; `before` are the chunks between its header and its pixels. */
function png(image: Image, pixels: Uint8Array, before: readonly number[] = []): Uint8Array {
  const { width, height, depth, colorType, interlace = 0 } = image;
  const kind = [depth, colorType, 0, 0, interlace];
  // In two chunks, as encoders write large ones.
  const half = pixels.length >> 1;
  return Uint8Array.from([
    ...SIGNATURE,
    ...chunk("IHDR", [...bigEndian(width), ...bigEndian(height), ...kind]),
    ...before,
    ...chunk("IDAT", pixels.subarray(0, half)),
    ...chunk("tEXt", new TextEncoder().encode("Comment\0none")),
    ...chunk("IDAT", pixels.subarray(half)),
    ...chunk("IEND", []),
  ]);
}

function decode(bytes: Uint8Array, background = 0) {
  return decodeBoundedPng(bytes, "p.png", { background, maxSide: 64 });
}

/** Images of every kind, with any bytes and any filters; palettes have as many colors as there can be. */
const images = fc.record({
  kind: fc.constantFrom(...KINDS).chain(([colorType, channels, depths]) =>
    fc.constantFrom(...depths).map((depth) => ({ colorType, channels, depth }))
  ),
  // With fewer than three pixels the other decoder takes the transparent color for damage.
  width: fc.integer({ min: 3, max: 12 }),
  height: fc.integer({ min: 1, max: 7 }),
  transparent: fc.boolean(),
}).chain(({ kind: { colorType, channels, depth }, width, height, transparent }) => {
  const rowBytes = Math.ceil(width * channels * depth / 8);
  const row = fc.tuple(
    fc.integer({ min: 0, max: 4 }),
    fc.uint8Array({ minLength: rowBytes, maxLength: rowBytes }),
  ).map(([filter, bytes]) => [filter, ...bytes]);
  const colors = 2 ** Math.min(depth, 8);
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  return fc.record({
    rows: fc.array(row, { minLength: height, maxLength: height }),
    palette: bytes(3 * colors),
    trns: bytes(colorType === 3 ? colors >> 1 : 2 * channels),
  }).map(({ rows, palette, trns }) =>
    png(
      { width, height, depth, colorType, rowBytes },
      deflateSync(Uint8Array.from(rows.flat())),
      [
        ...colorType === 3 ? chunk("PLTE", palette) : [],
        ...transparent && ![4, 6].includes(colorType) ? chunk("tRNS", trns) : [],
      ],
    )
  );
});

Deno.test("images of every kind and filter come out as from the other decoder", () => {
  fc.assert(
    fc.property(images, fc.integer({ min: 0, max: 255 }), (bytes, background) => {
      assert.deepEqual(decode(bytes, background), decodeWithFastPng(bytes, background));
    }),
    { seed: 42, numRuns: 400 },
  );
});

const GRAY: Image = { width: 4, height: 2, depth: 8, colorType: 0, rowBytes: 4 };
const rows = Uint8Array.from([0, 1, 2, 3, 4, 0, 5, 6, 7, 8]);
const good = png(GRAY, deflateSync(rows));

Deno.test("what cannot be read is refused, and why is said", () => {
  const cases: [bytes: Uint8Array, why: RegExp][] = [
    [png({ ...GRAY, interlace: 1 }, deflateSync(rows)), /: it is interlaced; save it without /],
    [png(GRAY, deflateSync(rows.subarray(1))), /: it is damaged \(it has fewer pixels than its si/],
    [png(GRAY, deflateSync(new Uint8Array(11))), /: it is damaged \(it has more pixels than its/],
    [png(GRAY, deflateSync(rows).subarray(0, -8)), /: it is damaged \(/],
    [png(GRAY, rows), /: it is damaged \(its pixels cannot be unpacked\)\.$/],
    [png(GRAY, deflateSync(rows.with(5, 9))), /: it is damaged \(row 1 has filter 9\)\.$/],
    [
      png({ ...GRAY, width: 30_000, height: 30_000 }, rows),
      /: it is 30000 x 30000 pixels, and at /,
    ],
    [png({ ...GRAY, colorType: 3 }, deflateSync(rows)), /: it is damaged \(color 1 of 0\)\.$/],
    [good.subarray(0, 50), /: it breaks off/],
    [new TextEncoder().encode("GIF89a"), /: it does not begin as a PNG file does/],
  ];
  for (const [bytes, why] of cases) {
    assert.throws(() => decode(bytes), (error: Error) => {
      assert.equal(error.name, "WeftError");
      assert.match(error.message, /^Cannot read p\.png as a PNG image: [^\n]*\.$/);
      assert.match(error.message, why);
      return true;
    }, String(why));
  }
});

Deno.test("a byte that has changed on the way is noticed", () => {
  const changed = good.slice();
  changed[good.length - 20] ^= 1;
  assert.throws(() => decode(changed), /it is damaged \(the checksum of its IDAT is another\)\.$/);
});

Deno.test("pixels that unfold without end are given up at the size that the header says", () => {
  const bomb = png(GRAY, deflateSync(new Uint8Array(3_000_000)));
  assert.throws(() => decode(bomb), /more pixels than its size says/);
});
