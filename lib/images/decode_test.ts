import assert from "node:assert/strict";
import { join } from "node:path";
import { assertNeverBreaks } from "../../tests/support/mutations.ts";
import { WeftError } from "../errors.ts";
import { inGray } from "../image/decoded_image.ts";
import { decodeImage } from "./decode.ts";

const FOLDER = join(import.meta.dirname!, "../../tests/samples/images");
const file = (name: string) => Deno.readFileSync(join(FOLDER, name));
const expected: Readonly<
  Record<string, { channels: number; shape: readonly number[]; pixels: string }>
> = JSON.parse(Deno.readTextFileSync(join(FOLDER, "expected.json")));

/**
 * How far a decoder may be from Pillow's, in steps of 255. Both round the same transform of JPEG's blocks (and of its colors,
 * which are stored in half the resolution) at other places; what is lossless has none.
 */
function tolerance(name: string): number {
  return name.endsWith(".jpg") ? 2 : name === "lossy.webp" ? 2 : 0;
}

for (const [name, { channels, shape, pixels: encoded }] of Object.entries(expected)) {
  Deno.test(`${name} is decoded as Pillow does, and stands upright`, async () => {
    const image = await decodeImage(file(name), name);
    const pixels = Uint8Array.fromBase64(encoded);
    assert.deepEqual([image.height, image.width, image.channels], [
      shape[0],
      shape[1],
      channels,
    ]);
    assert.equal(image.pixels.length, pixels.length);
    const most = image.pixels.reduce((max, it, i) => Math.max(max, Math.abs(it - pixels[i])), 0);
    assert(most <= tolerance(name), `${most} off`);
  });
}

Deno.test("channels may be asked for", async () => {
  for (const name of ["color.png", "color.jpg", "lossless.webp", "alpha.webp"]) {
    const color = await decodeImage(file(name));
    const gray = await decodeImage(file(name), name, { channels: 1 });
    assert.deepEqual(gray, inGray(color), name);
  }
  for (const name of ["gray.png", "gray.jpg"]) {
    const gray = await decodeImage(file(name));
    const color = await decodeImage(file(name), name, { channels: 3 });
    assert.equal(color.pixels.length, 3 * gray.pixels.length);
    color.pixels.forEach((value, i) => assert.equal(value, gray.pixels[Math.floor(i / 3)]));
  }
  const white = await decodeImage(file("alpha.png"), "a", { background: 255 });
  const webp = await decodeImage(file("alpha.webp"), "a", { background: 255 });
  assert.deepEqual(webp, white);
  assert.deepEqual([...white.pixels.subarray(0, 3)], [255, 255, 255]);
});

Deno.test("what is no image, or none that is decoded, is refused in one line", async () => {
  const color = file("color.jpg");
  const webp = file("lossless.webp");
  const scrambled = webp.slice().fill(0xff, 26);
  const text = new TextEncoder();
  for (
    const [bytes, why] of [
      [
        file("cmyk.jpg"),
        /^Cannot read x as an image: it is in colors of print \(CMYK\); save it in RGB$/,
      ],
      [file("animated.webp"), /: it is animated; save one image of it$/],
      [color.subarray(0, 300), /: it is damaged \(.*\); copy it again, or remove it$/],
      [color.subarray(0, 5), /: it is damaged \(its header breaks off\); copy it again/],
      [color.subarray(0, color.length - 100), /: it breaks off; copy it again, or remove it$/],
      [webp.subarray(0, webp.length - 20), /: it breaks off; copy it again, or remove it$/],
      [scrambled, /: it is damaged \(its pixels cannot be decoded\);/],
      [file("color.png").subarray(0, 120), /^Cannot read x as a PNG .*: it breaks off/],
      [new Uint8Array(0), /: it is empty; save it as PNG$/],
      [text.encode("GIF89a..."), /: it is a GIF image; save it as PNG$/],
      [text.encode("<!DOCTYPE html><html>"), /: it is an HTML page; download the file itself$/],
      [text.encode("no image"), /: it is no PNG, JPEG or WebP; save it as PNG$/],
    ] as const
  ) {
    await assert.rejects(decodeImage(bytes, "x"), (error) => {
      assert(error instanceof WeftError, String(error));
      assert.match(error.message, why);
      return true;
    });
  }
  // A header that promises more pixels than there is memory for.
  const large = color.slice();
  const frame = large.findIndex((byte, i) => byte === 0xff && large[i + 1] === 0xc0);
  large.set([0xff, 0xff, 0xff, 0xff], frame + 5);
  await assert.rejects(
    decodeImage(large, "x"),
    /it is 65535 x 65535 pixels, and at most 33 million/,
  );
  // After all that, a good one is decoded as before.
  assert.equal((await decodeImage(color)).width, 17);
});

for (const name of ["color.jpg", "progressive.jpg", "lossless.webp", "lossy.webp", "color.png"]) {
  Deno.test(`whatever befalls ${name}, it is an image or a line`, async () => {
    await assertNeverBreaks(file(name), 10_000, async (bytes) => void await decodeImage(bytes));
  });
}
