import assert from "node:assert/strict";
import { crc32, deflateSync } from "node:zlib";
import { encode } from "fast-png";
import fc from "fast-check";
import { WeftError } from "../errors.ts";
import { decodePng } from "./png.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function chunk(type: string, data: ArrayLike<number>): number[] {
  const body = [...new TextEncoder().encode(type), ...Array.from(data)];
  return [...bigEndian(data.length), ...body, ...bigEndian(crc32(new Uint8Array(body)))];
}

function bigEndian(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colorType: number;
  readonly interlace?: number;
}

function headerChunk({ width, height, depth, colorType, interlace = 0 }: Header): number[] {
  const kind = [depth, colorType, 0, 0, interlace];
  return chunk("IHDR", [...bigEndian(width), ...bigEndian(height), ...kind]);
}

/** A PNG file made by hand; each row of `rows` holds its packed samples. */
function png(
  header: Header,
  rows: readonly number[][],
  before: readonly number[] = [],
): Uint8Array {
  const filtered = Uint8Array.from(rows.flatMap((row) => [0, ...row]));
  return Uint8Array.from([
    ...SIGNATURE,
    ...headerChunk(header),
    ...before,
    ...chunk("IDAT", deflateSync(filtered)),
    ...chunk("IEND", []),
  ]);
}

function grayOf(bytes: Uint8Array, background?: number): number[] {
  return [...decodePng(bytes, "p.png", background).gray];
}

function refusalOf(bytes: Uint8Array): string {
  try {
    decodePng(bytes, "p.png");
  } catch (error) {
    assert(error instanceof WeftError, `a WeftError, and not ${error}`);
    assert.match(error.message, /^Cannot read p\.png as a PNG image: [^\n]*\.$/);
    return error.message.slice("Cannot read p.png as a PNG image: ".length);
  }
  throw new assert.AssertionError({ message: "the image was not refused" });
}

const small = png({ width: 2, height: 2, depth: 8, colorType: 0 }, [[0, 64], [128, 255]]);

Deno.test("gray of 8 bits comes out as it went in, whatever the file's place in memory", () => {
  assert.deepEqual(decodePng(small, "p.png"), {
    width: 2,
    height: 2,
    gray: new Uint8Array([0, 64, 128, 255]),
  });
  const shifted = new Uint8Array(small.length + 3).subarray(3);
  shifted.set(small);
  assert.deepEqual(grayOf(shifted), [0, 64, 128, 255]);
});

/** The rows of each of Adam7's passes, of the samples of an image. */
function adam7(samples: number[][], depth: number): number[][] {
  const passes = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4]];
  return [...passes, [1, 0, 2, 2], [0, 1, 1, 2]].flatMap(([x0, y0, dx, dy]) =>
    samples.filter((_, y) => y >= y0 && (y - y0) % dy === 0)
      .map((row) => packed(row.filter((_, x) => x >= x0 && (x - x0) % dx === 0), depth))
      .filter((row) => row.length > 0)
  );
}

/** Samples in as few bytes as there can be. */
function packed(samples: number[], depth: number): number[] {
  const bits = samples.map((sample) => sample.toString(2).padStart(depth, "0")).join("");
  return (bits.match(/.{1,8}/g) ?? []).map((byte) => parseInt(byte.padEnd(8, "0"), 2));
}

Deno.test("interlaced images of any size and depth are those that are not interlaced", () => {
  const side = fc.integer({ min: 1, max: 17 });
  const depths = fc.constantFrom(1, 2, 4, 8, 16);
  fc.assert(fc.property(side, side, depths, fc.nat(), (width, height, depth, seed) => {
    const samples = Array.from(
      { length: height },
      (_, y) =>
        Array.from({ length: width }, (_, x) => (seed + x * 40503 + y * 30011) % 2 ** depth),
    );
    const header = { width, height, depth, colorType: 0 };
    const plain = png(header, samples.map((row) => packed(row, depth)));
    const interlaced = png({ ...header, interlace: 1 }, adam7(samples, depth));
    assert.deepEqual(grayOf(interlaced), grayOf(plain));
  }));
});

Deno.test("an empty list of transparent colors makes nothing transparent", () => {
  const header = { width: 2, height: 2, depth: 8, colorType: 0 };
  const rows = [[0, 64], [128, 255]];
  assert.deepEqual(grayOf(png(header, rows, chunk("tRNS", [])), 9), [0, 64, 128, 255]);
});

Deno.test("what is another kind of file is said", () => {
  const refusal = (bytes: Uint8Array) => refusalOf(bytes);
  const text = (text: string) => refusal(new TextEncoder().encode(text));
  assert.match(
    text("GIF89a"),
    /^it does not begin as a PNG file does, it is a GIF image; save the/,
  );
  assert.match(text("version https://git-lfs.github.com/spec/v1\n"), /LFS pointer.*git lfs pull/);
  assert.match(
    refusal(Uint8Array.of(255, 216, 255, 224)),
    /it is a JPEG image; save the image as/,
  );
});

Deno.test("gray of any size survives another encoder, interlaced or not", () => {
  const sides = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }));
  const image = sides.chain(([width, height]) =>
    fc.uint8Array({ minLength: width * height, maxLength: width * height })
      .map((data) => ({ width, height, data }))
  );
  fc.assert(fc.property(image, fc.constantFrom("null", "Adam7"), (image, interlace) => {
    const file = encode({ ...image, channels: 1, depth: 8 }, { interlace });
    assert.deepEqual(decodePng(file, "p.png").gray, image.data);
  }));
});

Deno.test("every bit depth is scaled to 0 to 255, and odd rows begin with a new byte", () => {
  const gray = (depth: number, rows: number[][]) =>
    grayOf(png({ width: 3, height: 2, depth, colorType: 0 }, rows));
  assert.deepEqual(gray(1, [[0b10100000], [0b01000000]]), [255, 0, 255, 0, 255, 0]);
  assert.deepEqual(gray(2, [[0b00011000], [0b11000000]]), [0, 85, 170, 255, 0, 0]);
  assert.deepEqual(gray(4, [[0x01, 0xf0], [0x80, 0x70]]), [0, 17, 255, 136, 0, 119]);
  const row = [0, 0, 0x80, 0x00, 0xff, 0xff];
  assert.deepEqual(gray(16, [row, row]), [0, 128, 255, 0, 128, 255]);
});

Deno.test("color becomes the gray that looks as bright", () => {
  const header = { width: 5, height: 1, depth: 8, colorType: 2 };
  const colors = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [90, 90, 90]];
  assert.deepEqual(grayOf(png(header, [colors.flat()])), [76, 150, 29, 255, 90]);
});

Deno.test("transparent pixels show the background, as much as they let through", () => {
  const gray = png({ width: 3, height: 1, depth: 8, colorType: 4 }, [[200, 255, 200, 51, 200, 0]]);
  assert.deepEqual(grayOf(gray), [200, 40, 0]);
  assert.deepEqual(grayOf(gray, 255), [200, 244, 255]);
  const color = png({ width: 2, height: 1, depth: 8, colorType: 6 }, [
    [9, 9, 9, 255, 9, 9, 9, 0],
  ]);
  assert.deepEqual(grayOf(color), [9, 0]);
});

Deno.test("one transparent color is background", () => {
  const gray = png(
    { width: 4, height: 1, depth: 2, colorType: 0 },
    [[0b00011011]],
    chunk("tRNS", [0, 2]),
  );
  assert.deepEqual(grayOf(gray, 7), [0, 85, 7, 255]);
  const color = png(
    { width: 3, height: 1, depth: 8, colorType: 2 },
    [[1, 2, 3, 3, 3, 3, 1, 2, 4]],
    chunk("tRNS", [0, 1, 0, 2, 0, 3]),
  );
  assert.deepEqual(grayOf(color, 99), [99, 3, 2]);
});

Deno.test("a palette is looked up, with its transparency", () => {
  const header = { width: 4, height: 1, depth: 4, colorType: 3 };
  const palette = chunk("PLTE", [10, 10, 10, 255, 255, 255, 200, 200, 200]);
  assert.deepEqual(grayOf(png(header, [[0x01, 0x20]], palette)), [10, 255, 200, 10]);
  const transparent = [...palette, ...chunk("tRNS", [255, 255, 0])];
  assert.deepEqual(grayOf(png(header, [[0x01, 0x20]], transparent), 33), [10, 255, 33, 10]);
  assert.match(refusalOf(png(header, [[0x03, 0x20]], palette)), /damaged \(color 3 of 3\)/);
  assert.match(refusalOf(png(header, [[0x00, 0x00]])), /damaged \(color 0 of 0\)/);
});

Deno.test("chunks that pixels do not need cannot spoil an image", () => {
  const header = { width: 1, height: 1, depth: 8, colorType: 0 };
  for (const type of ["iCCP", "tEXt", "pHYs", "eXIf", "weFt"]) {
    assert.deepEqual(grayOf(png(header, [[5]], chunk(type, [1, 2, 3]))), [5], type);
  }
});

Deno.test("an image that is no image is refused", () => {
  for (const text of ["", "no image", "\u0089PNG", "GIF89a"]) {
    assert.match(refusalOf(new TextEncoder().encode(text)), /^it does not begin as a PNG file/);
  }
});

Deno.test("a file cut at any byte is refused", () => {
  for (let length = 0; length < small.length; length++) refusalOf(small.subarray(0, length));
  assert.match(refusalOf(small.subarray(0, 20)), /^it breaks off in its header/);
  assert.match(refusalOf(small.subarray(0, small.length - 1)), /^it breaks off, so it is trunc/);
});

Deno.test("any byte changed gives an image of the same size or a refusal", () => {
  fc.assert(
    fc.property(fc.nat({ max: small.length - 1 }), fc.nat({ max: 255 }), (position, value) => {
      const changed = small.slice();
      changed[position] = value;
      try {
        assert.deepEqual(grayOf(changed), grayOf(small));
      } catch (error) {
        assert(error instanceof WeftError, `a WeftError, and not ${error}`);
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("a header that no image can have is refused before anything is decoded", () => {
  const header = { width: 1, height: 1, depth: 8, colorType: 0 };
  const refusals: readonly (readonly [Partial<Header>, RegExp])[] = [
    [{ width: 4097 }, /^it is 1 x 4097 pixels, and at most 4096 x 4096 are read/],
    [{ height: 2 ** 32 - 1 }, /^it is 4294967295 x 1 pixels/],
    [{ width: 0 }, /^it is 1 x 0 pixels, so it is empty/],
    [{ colorType: 5 }, /^it has 8 bits a sample and color type 5, so it is damaged/],
    [{ depth: 3 }, /^it has 3 bits a sample and color type 0/],
    [{ depth: 4, colorType: 2 }, /^it has 4 bits a sample and color type 2/],
    [{ interlace: 2 }, /^it is damaged \(Interlace method 2 not supported\)/],
  ];
  for (const [change, reason] of refusals) {
    assert.match(refusalOf(png({ ...header, ...change }, [[0]])), reason);
  }
  const second = headerChunk({ ...header, width: 2 ** 31 });
  assert.match(refusalOf(png(header, [[0]], second)), /^it has two headers/);
  const headless = Uint8Array.from([...SIGNATURE, ...chunk("IDAT", new Uint8Array(20))]);
  assert.match(refusalOf(headless), /^it does not begin with a header/);
});

Deno.test("pixels that are missing or far too many are refused", () => {
  const header = { width: 2, height: 2, depth: 8, colorType: 0 };
  assert.match(refusalOf(png(header, [])), /^it is damaged/);
  assert.match(refusalOf(png(header, [[1, 2]])), /^it is damaged/);
  const noise = crypto.getRandomValues(new Uint8Array(5000));
  assert.match(
    refusalOf(png(header, [[...noise]])),
    /bytes of pixels are more than its size can hold/,
  );
});

Deno.test("pixels that end early and filters that do not exist are said in words", () => {
  const header = { width: 2, height: 3, depth: 8, colorType: 0 };
  for (const rows of [[], [[1, 2]], [[1, 2], [3, 4]]]) {
    assert.match(
      refusalOf(png(header, rows)),
      /damaged \(it has fewer pixels than its size says\)\.$/,
    );
  }
  const filtered = Uint8Array.from([0, 1, 2, 7, 1, 2, 0, 1, 2]);
  const bytes = [
    ...SIGNATURE,
    ...headerChunk(header),
    ...chunk("IDAT", deflateSync(filtered)),
    ...chunk("IEND", []),
  ];
  assert.match(
    refusalOf(Uint8Array.from(bytes)),
    /damaged \(row 1 has filter 7\)/,
  );
});
